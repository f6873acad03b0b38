"""Secrets that a person or machine carries, and the digests that are stored instead of them."""

import hashlib
import hmac
import secrets

from django.conf import settings

# No 0, 1, I, L, O, U: people read these codes to each other (Crockford's base 32, without U).
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_secret() -> str:
    """256 random bits, in the alphabet of URLs."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 as hex. For secrets of 80 random bits or more, which need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code(groups: int, letters: int = 4) -> str:
    """A random code to be read and typed: `ABCD-EFGH`. About 4.9 bits a letter."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(letters)) for _ in range(groups))


def plain_code(typed: str) -> str:
    """A code as it was given out, however it was typed."""
    letters = "".join(c for c in typed.upper() if c.isalnum())[:64]
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def name_digest(name: str) -> str:
    """An HMAC of an unknown sign-in name, since people type passwords into that field."""
    return hmac.new(settings.SECRET_KEY.encode(), b"sign-in name\0" + name.encode(), hashlib.sha256).hexdigest()
