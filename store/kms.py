"""AWS KMS as the key service: a key ARN for each agency, encryption context, FIPS endpoints."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from store.errors import KeyRefused, KeysUnavailable

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

LARGEST_SECRET = 4096  # kms:Encrypt takes no more
_REFUSALS = frozenset({
    "AccessDeniedException", "InvalidCiphertextException", "IncorrectKeyException", "NotFoundException",
    "DisabledException", "KMSInvalidStateException", "InvalidKeyUsageException", "ValidationException",
})  # fmt: skip


class AwsKms:
    """Thin: the wrapped form is KMS's own. A `key_name` is a key's ARN."""

    def __init__(self, region: str, *, fips: bool = True) -> None:
        self._client: KMSClient = boto3.session.Session().client(
            "kms",
            region_name=region,
            config=Config(
                connect_timeout=5,
                read_timeout=10,
                retries={"total_max_attempts": 3, "mode": "standard"},
                use_fips_endpoint=fips,
            ),
        )

    @property
    def endpoint(self) -> str:
        """Where it asks."""
        return self._client.meta.endpoint_url

    def generate(self, key_name: str, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """A new data key, plain and wrapped."""
        with _translated(key_name):
            made = self._client.generate_data_key(KeyId=key_name, KeySpec="AES_256", EncryptionContext=context)
        return made["Plaintext"], made["CiphertextBlob"]

    def unwrap(self, key_name: str, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """The plain data key. Raises KeyRefused."""
        return self.open_secret(key_name, wrapped, context)

    def seal_secret(self, key_name: str, secret: bytes, context: Mapping[str, str]) -> bytes:
        """A secret under the key of this name."""
        if len(secret) > LARGEST_SECRET:
            raise KeyRefused(key_name, "a secret may have 4,096 bytes at the most")
        with _translated(key_name):
            made = self._client.encrypt(KeyId=key_name, Plaintext=secret, EncryptionContext=context)
        return made["CiphertextBlob"]

    def open_secret(self, key_name: str, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """The secret. Raises KeyRefused."""
        with _translated(key_name):
            opened = self._client.decrypt(KeyId=key_name, CiphertextBlob=bytes(sealed), EncryptionContext=context)
        return opened["Plaintext"]


@contextmanager
def _translated(key_name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _REFUSALS:
            raise KeyRefused(key_name, code) from error
        raise KeysUnavailable(key_name, code) from error
    except BotoCoreError as error:
        raise KeysUnavailable(key_name, type(error).__name__) from error
