"""Turning what botocore raises into this package's errors, so that nobody else knows botocore."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from urllib3.exceptions import HTTPError as BrokenConnection

from store.errors import Denied, Exists, Missing, Refused, StoreError, TooShort, Unavailable

_BY_CODE: dict[str, type[StoreError]] = {
    "NoSuchKey": Missing,
    "NoSuchVersion": Missing,
    "NoSuchUpload": Missing,
    "NoSuchBucket": Missing,
    "404": Missing,
    "InvalidRange": TooShort,
    "PreconditionFailed": Exists,
    "ConditionalRequestConflict": Exists,
    "412": Exists,
    "AccessDenied": Denied,
    "InvalidAccessKeyId": Denied,
    "SignatureDoesNotMatch": Denied,
    "403": Denied,
    "RequestTimeout": Unavailable,
    "SlowDown": Unavailable,
    "Throttling": Unavailable,
    "429": Unavailable,
}


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Run one call of the object store; raise Missing, Exists, Denied, Refused or Unavailable in place of its errors."""
    try:
        yield
    except ParamValidationError:
        raise  # ours, not the store's
    except ClientError as error:
        raise _meaning(error, what) from error
    except (BotoCoreError, BrokenConnection, OSError) as error:
        raise Unavailable(what, type(error).__name__) from error


def _meaning(error: ClientError, what: str) -> StoreError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if known := _BY_CODE.get(code):
        return known(what, code)
    if status in (404, 412, 403, 429):
        return _BY_CODE[str(status)](what, code)
    return Unavailable(what, code) if status >= 500 else Refused(what, code or str(status))
