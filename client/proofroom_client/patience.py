"""Trying again: how long to wait, and when to stop."""

import random
import threading
from http import HTTPStatus

from proofroom_client.errors import CantReach, Refused, Stopped

_WORTH_WAITING = frozenset({
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.LOCKED, HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
})  # fmt: skip
_CHECKSUM_MISMATCH = 460  # tus: the chunk arrived damaged
_TRIES = 9  # without any progress: a little over a minute
_LONGEST = 15.0


class Patience:
    """Counts failures in a row. `stop` ends every wait at once."""

    def __init__(self, stop: threading.Event, tries: int = _TRIES) -> None:
        self._stop, self._tries, self._failures = stop, tries, 0

    def progressed(self) -> None:
        """Something moved: the count begins anew."""
        self._failures = 0

    def endure(self, error: CantReach | Refused) -> None:
        """Wait for the next try, or raise the error when there should be none. Raises Stopped."""
        self._failures += 1
        if not _worth_waiting(error) or self._failures >= self._tries:
            raise error
        asked = error.retry_after if isinstance(error, Refused) else None
        growing = min(_LONGEST, 0.25 * 2**self._failures) * random.uniform(0.7, 1.0)  # noqa: S311 - no secret
        if self._stop.wait(min(60.0, asked) if asked is not None else growing):
            raise Stopped from error


def _worth_waiting(error: CantReach | Refused) -> bool:
    return isinstance(error, CantReach) or error.answered in _WORTH_WAITING or error.answered == _CHECKSUM_MISMATCH
