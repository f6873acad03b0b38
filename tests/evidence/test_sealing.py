"""Sealing: what S3 gives back is compared with what came in and with what the source says."""

import hashlib
import os
from collections.abc import Callable

from custody.actors import Actor
from evidence.models import Item
from tests.evidence.sending import sent


def test_a_file_comes_in_and_is_sealed(alice: Actor, bucket: str, run_jobs: Callable[[], int]) -> None:
    data = os.urandom(100_000)
    sender = sent(alice, data)
    assert sender.item.state == Item.State.RECEIVED
    run_jobs()
    assert sender.item.state == Item.State.SEALED
    assert sender.item.sha256 == hashlib.sha256(data).hexdigest()
