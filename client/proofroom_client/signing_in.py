"""`proofroom login`: a device code that a person confirms in the browser (RFC 8628)."""

import platform
import sys
import time

from proofroom_client import memory
from proofroom_client.errors import Refused
from proofroom_client.room import Room

_SLOWER = 5.0


def login(url: str) -> int:
    """Ask for a code, show it, wait until it is confirmed, store the token."""
    with Room(url) as room:
        return _login(room, url)


def _login(room: Room, url: str) -> int:
    begun = room.post("/api/v1/device/", {"name": f"proofroom on {platform.node() or 'a computer'}"[:120]})
    print(f"Open {begun['verification_url']} and enter the code {begun['user_code']}", file=sys.stderr, flush=True)
    secret = _wait(room, str(begun["device_code"]), _number(begun, "interval", 5), _number(begun, "expires_in", 600))
    path = memory.remember(url, secret)
    print(f"Signed in to {url}. The token is in {path}, readable by you alone.", file=sys.stderr)
    return 0


def _wait(room: Room, code: str, interval: float, seconds: float) -> str:
    until = time.monotonic() + seconds
    while True:
        time.sleep(interval)
        try:
            return str(room.post("/api/v1/device/token", {"device_code": code})["token"])
        except Refused as error:
            if error.code == "slow-down":
                interval += _SLOWER
            elif error.code != "authorization-pending" or time.monotonic() > until:
                raise


def _number(found: dict[str, object], name: str, default: float) -> float:
    value = found.get(name)
    return float(value) if isinstance(value, int | float) and value >= 0 else default
