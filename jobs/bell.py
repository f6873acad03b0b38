"""The doorbell: telling a worker that a job is due. Losing a ring costs seconds, never a job."""

import logging
import time
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings

log = logging.getLogger("proofroom.jobs")
_PATIENCE = 5.0  # seconds without a try after one that failed, so that a broker that hangs doesn't slow every page
_ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class _Quiet:
    """Until when nobody tries to ring, by the monotonic clock."""

    until = 0.0


def ring(job: UUID, queue: str) -> bool:
    """Ring once. Never raises; False when the broker did not take it, and then the sweeper rings again."""
    if not settings.BROKER_URL or time.monotonic() < _Quiet.until:
        return False
    try:
        current_app.send_task(
            "jobs.run", args=[str(job)], queue=queue, ignore_result=True, retry=True, retry_policy=_ONCE_MORE
        )
    except Exception as error:  # noqa: BLE001 - whatever the broker's library raises, the row is there
        _Quiet.until = time.monotonic() + _PATIENCE
        log.warning("The broker did not take a ring: %s", type(error).__name__)
        return False
    return True


def unheard(queue: str) -> int | None:
    """How many rings of the queue no worker has taken yet; None when the broker does not answer."""
    if not settings.BROKER_URL:
        return None
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
            channel: Any = connection.default_channel
            try:
                return int(channel.queue_declare(queue, passive=True).message_count)
            except connection.channel_errors:
                return 0  # nobody ever rang it, or the broker lost its memory
    except Exception as error:  # noqa: BLE001 - whatever the broker's library raises, the jobs are there
        log.warning("The broker does not answer: %s", type(error).__name__)
        return None
