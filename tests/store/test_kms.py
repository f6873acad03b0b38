"""AWS KMS, with moto in its place."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from store.errors import KeyRefused
from store.kms import AwsKms

REGION = "us-gov-west-1"
FOR = {"object": "one"}


@pytest.fixture
def arn(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An agency's key."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]["Arn"]


def test_it_makes_and_unwraps_a_data_key(arn: str) -> None:
    service = AwsKms(REGION, fips=False)
    plain, wrapped = service.generate(arn, FOR)
    assert len(plain) == 32
    assert service.unwrap(arn, wrapped, FOR) == plain


def test_it_refuses_another_context(arn: str) -> None:
    service = AwsKms(REGION, fips=False)
    _, wrapped = service.generate(arn, FOR)
    with pytest.raises(KeyRefused):
        service.unwrap(arn, wrapped, {"object": "two"})


def test_it_seals_a_secret(arn: str) -> None:
    service = AwsKms(REGION, fips=False)
    assert service.open_secret(arn, service.seal_secret(arn, b"seed", FOR), FOR) == b"seed"


def test_it_says_that_there_is_no_such_key(arn: str) -> None:
    with pytest.raises(KeyRefused):
        AwsKms(REGION, fips=False).generate(arn[:-3] + "000", FOR)


def test_in_govcloud_it_talks_to_the_fips_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert AwsKms(REGION).endpoint == "https://kms-fips.us-gov-west-1.amazonaws.com"
