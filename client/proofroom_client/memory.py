"""Which Proofroom to talk to, and the tokens that `login` stored: mode 0600, keyed by address."""

import json
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from proofroom_client.errors import BadUsage, NotSignedIn
from verifier.canonical import parse_loosely
from verifier.errors import Malformed

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def address(given: str | None) -> str:
    """The address to talk to: given, else PROOFROOM_URL, else that of the last login. Raises BadUsage."""
    url = (given or os.environ.get("PROOFROOM_URL") or _stored()[0]).rstrip("/")
    if not url:
        raise BadUsage(why="No address is known. Set PROOFROOM_URL, or run: proofroom login --url https://…")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise BadUsage(why=f"{url} is not an address like https://evidence.example")
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise BadUsage(why=f"{url} would send your token in the clear. Use https://")
    return url


def token(url: str) -> str:
    """The token for this address. Raises NotSignedIn."""
    found = os.environ.get("PROOFROOM_TOKEN") or _stored()[1].get(url)
    if not found:
        raise NotSignedIn(url=url)
    return found


def remember(url: str, secret: str) -> Path:
    """Keep the token and make this the address that is used by default."""
    tokens = {**_stored()[1], url: secret}
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file 0600 from the start, so that it is never readable by others, not even for an instant.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"last": url, "tokens": tokens}, file)
    Path(temporary).replace(path)
    return path


def _path() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".config") / "proofroom" / "tokens.json"


def _stored() -> tuple[str, dict[str, str]]:
    try:
        found = parse_loosely(_path().read_bytes())
    except (OSError, Malformed):
        return "", {}
    if not isinstance(found, dict) or not isinstance(tokens := found.get("tokens"), dict):
        return "", {}
    return str(found.get("last") or ""), {url: str(secret) for url, secret in tokens.items()}
