"""No secret reaches a log: what the run used as one is remembered, and at its end looked for in everything it logged."""

import logging
import secrets
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pyotp
import pytest

from tests.plugin import CREDENTIALS
from tests.stack import Stack

_SHORTEST = 12  # what is shorter is found by chance
USED: set[str] = {
    CREDENTIALS.secret_key, CREDENTIALS.superuser_password, CREDENTIALS.broker_password, CREDENTIALS.s3_secret_key,
    *CREDENTIALS.role_passwords.values(),
}  # fmt: skip
_random_text, _random_seed = secrets.token_urlsafe, pyotp.random_base32


def remember(secret: str) -> str:
    """A secret that no log may hold."""
    USED.add(secret)
    return secret


class Heard(logging.Handler):
    """Everything that this process logs, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, with its trace."""
        self.lines.append(self.format(record))


def found_in(text: str) -> list[str]:
    """The first characters of each secret that the text holds, in any of the forms that a URL gives it."""
    return sorted(
        f"{secret[:6]}…" for secret in USED
        if len(secret) >= _SHORTEST and any(form in text for form in (secret, quote(secret), quote_plus(secret)))
    )  # fmt: skip


@pytest.fixture(scope="session")
def nothing_secret_is_logged(stack: Stack) -> Iterator[None]:
    """Around everything with people in it. It ends before the services and their logs do."""
    secrets.token_urlsafe = lambda nbytes=None: remember(_random_text(nbytes))
    pyotp.random_base32 = lambda *args, **kwargs: remember(_random_seed(*args, **kwargs))
    heard = Heard()
    logging.getLogger().addHandler(heard)
    yield
    logging.getLogger().removeHandler(heard)
    secrets.token_urlsafe, pyotp.random_base32 = _random_text, _random_seed
    told = {"this process": found_in("\n".join(heard.lines))}
    for log in sorted(stack.home.path.glob("logs/*")):
        told[log.name] = found_in(log.read_text(errors="replace"))
    assert not (leaks := {name: found for name, found in told.items() if found}), f"secrets in logs: {leaks}"
