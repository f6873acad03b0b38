"""The contract of an outside object store: any S3 with versioning and Object Lock. The only importer of its client.

What it guarantees: a write is durable when the function returns; a version never changes; every call names the version
it means; `only_new` writes happen once. What it raises: store.errors, nothing of botocore.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, cast

import boto3
from botocore.config import Config
from django.conf import settings

from store.errors import Missing, Unavailable
from store.translating import translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

CONNECT_SECONDS = 5
READ_SECONDS = 60
TRIES = 3
CONNECTIONS = 48  # more than the threads of a process, so that none waits for another's stream


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one object. A marker is what a deletion without a version leaves; it hides, it has no bytes."""

    key: str
    version_id: str
    bytes: int
    latest: bool
    marker: bool
    modified: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """A multipart upload that was begun and neither completed nor aborted."""

    key: str
    upload_id: str
    begun: datetime


class Stream:
    """The bytes of one answer, to be closed by `with`. Raises Unavailable when the connection breaks."""

    def __init__(self, body: Any, what: str, length: int) -> None:
        self._body, self._what, self.length = body, what, length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._body.close()

    def read(self, amount: int) -> bytes:
        """Exactly `amount` bytes, or fewer at the end."""
        with translated(self._what):
            first: bytes = self._body.read(amount)
            if not first or len(first) == amount:
                return first
            gathered = bytearray(first)
            while len(gathered) < amount and (more := self._body.read(amount - len(gathered))):
                gathered += more
            return bytes(gathered)


class ObjectStore:
    """One bucket. Keys and versions are plain strings; the methods say what each means."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self.client, self.bucket = client, bucket

    def in_bucket(self, bucket: str) -> "ObjectStore":
        """The same service, another bucket: rows name theirs."""
        return self if bucket == self.bucket else ObjectStore(self.client, bucket)

    def put(self, key: str, body: bytes | bytearray, *, held: bool = False, only_new: bool = False) -> str:
        """Write a small object; returns its VersionId. `held`: under legal hold from the start. May raise Exists."""
        wanted: dict[str, Any] = {"ObjectLockLegalHoldStatus": "ON"} if held else {}
        if only_new:
            wanted["IfNoneMatch"] = "*"
        with translated(key):
            answer = self.client.put_object(
                Bucket=self.bucket, Key=key, Body=cast("bytes", body), ChecksumAlgorithm="SHA256", **wanted
            )
        return _version_in(answer, key)

    def get(self, key: str, version_id: str, first: int = 0, last: int | None = None) -> Stream:
        """Bytes first..last (inclusive) of a version. Raises Missing, and TooShort when it ends before `first`."""
        wanted = {"Range": f"bytes={first}-{'' if last is None else last}"} if first or last is not None else {}
        with translated(f"{key} version {version_id}"):
            answer = self.client.get_object(Bucket=self.bucket, Key=key, VersionId=version_id, **wanted)  # type: ignore[arg-type]
        return Stream(answer["Body"], f"{key} version {version_id}", answer["ContentLength"])

    def size(self, key: str, version_id: str) -> int:
        """How many bytes a version has. Raises Missing."""
        with translated(f"{key} version {version_id}"):
            return self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version_id)["ContentLength"]

    def delete(self, key: str, version_id: str) -> None:
        """Delete a version for good. Idempotent. Raises Denied when it is held or retained."""
        try:
            with translated(f"{key} version {version_id}"):
                self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version_id)
        except Missing:
            return

    def versions(self, prefix: str) -> Iterator[Version]:
        """Every version and marker of every key that begins with `prefix`."""
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=prefix)
        with translated(prefix):
            for page in pages:
                for found in page.get("Versions", []):
                    yield Version(found["Key"], found["VersionId"], found["Size"], found["IsLatest"], False,
                                  found["LastModified"])  # fmt: skip
                for mark in page.get("DeleteMarkers", []):
                    yield Version(mark["Key"], mark["VersionId"], 0, mark["IsLatest"], True, mark["LastModified"])

    def versions_of(self, key: str) -> list[Version]:
        """The versions of exactly this key, without markers."""
        return [found for found in self.versions(key) if found.key == key and not found.marker]

    def hold(self, key: str, version_id: str) -> None:
        """Place a legal hold on a version. Idempotent."""
        self._set_hold(key, version_id, "ON")

    def release(self, key: str, version_id: str) -> None:
        """Take the legal hold off a version. Idempotent."""
        self._set_hold(key, version_id, "OFF")

    def _set_hold(self, key: str, version_id: str, status: Any) -> None:
        with translated(f"{key} version {version_id}"):
            self.client.put_object_legal_hold(
                Bucket=self.bucket, Key=key, VersionId=version_id, LegalHold={"Status": status}
            )

    def held(self, key: str, version_id: str) -> bool:
        """Whether a legal hold lies on a version. Raises Missing when there is no such version."""
        self.size(key, version_id)
        try:
            with translated(f"{key} version {version_id}"):
                answer = self.client.get_object_legal_hold(Bucket=self.bucket, Key=key, VersionId=version_id)
        except Missing:
            return False  # a version that never had one
        return answer["LegalHold"].get("Status") == "ON"

    def begin(self, key: str) -> str:
        """Begin a multipart upload; returns its id."""
        with translated(key):
            return self.client.create_multipart_upload(Bucket=self.bucket, Key=key)["UploadId"]

    def part(self, key: str, upload_id: str, number: int, body: bytes | bytearray) -> str:
        """Send one part; returns its ETag. The request's signature covers its SHA-256, so damage on the way is refused."""
        with translated(f"part {number} of {key}"):
            return self.client.upload_part(
                Bucket=self.bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=cast("bytes", body)
            )["ETag"]

    def complete(self, key: str, upload_id: str, parts: Sequence[tuple[int, str]], *, only_new: bool = True) -> str:
        """Put together exactly these (number, ETag); returns the VersionId. `only_new`: raises Exists for a used key."""
        named: Any = [{"PartNumber": number, "ETag": etag} for number, etag in parts]
        wanted: dict[str, Any] = {"IfNoneMatch": "*"} if only_new else {}
        with translated(key):
            answer = self.client.complete_multipart_upload(
                Bucket=self.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": named}, **wanted
            )
        return _version_in(answer, key)

    def abort(self, key: str, upload_id: str) -> None:
        """Give up a multipart upload and its parts. Idempotent."""
        try:
            with translated(key):
                self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)
        except Missing:
            return

    def pending(self, prefix: str) -> Iterable[Pending]:
        """The multipart uploads under a prefix that are neither completed nor aborted."""
        with translated(prefix):
            pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=prefix)
            return [
                Pending(found["Key"], found["UploadId"], found["Initiated"])
                for page in pages
                for found in page.get("Uploads", [])
            ]

    def check(self) -> None:
        """Ask whether the bucket answers and keeps versions. Raises Unavailable, Missing, Denied."""
        with translated(self.bucket):
            answer = self.client.get_bucket_versioning(Bucket=self.bucket)
        if answer.get("Status") != "Enabled":
            raise Unavailable(self.bucket, "the bucket keeps no versions")


def _version_in(answer: Any, key: str) -> str:
    if not (version := answer.get("VersionId")):
        raise Unavailable(key, "the bucket keeps no versions")
    return str(version)


def connect() -> ObjectStore:
    """A client for the bucket that the settings name."""
    endpoint = settings.S3_ENDPOINT or None
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=settings.S3_REGION,
        # Without keys in the settings the machine's own role is used, as on AWS.
        aws_access_key_id=settings.S3_ACCESS_KEY or None,
        aws_secret_access_key=settings.S3_SECRET_KEY or None,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            max_pool_connections=CONNECTIONS,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            use_fips_endpoint=None if endpoint else settings.S3_REGION.startswith("us-gov"),
            s3={"addressing_style": "path" if endpoint else "auto", "payload_signing_enabled": True},
        ),
    )
    return ObjectStore(client, settings.S3_BUCKET)


@lru_cache(maxsize=1)
def _of_process(_pid: int, _where: tuple[str, ...]) -> ObjectStore:
    return connect()


def store() -> ObjectStore:
    """The one client of this process, made when first asked for: never before a fork, again when the settings change."""
    where = (settings.S3_ENDPOINT, settings.S3_REGION, settings.S3_ACCESS_KEY, settings.S3_BUCKET)
    return _of_process(os.getpid(), where)
