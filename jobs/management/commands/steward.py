"""`bin/manage steward`: the sequencer and the sweepers, until SIGTERM or Ctrl-C."""

import signal
from types import FrameType

from django.core.management.base import BaseCommand

from jobs.steward import Steward


class Command(BaseCommand):
    """Runs what apps registered with `jobs.sweeping.every`."""

    help = "Call every registered sweep again and again, until SIGTERM."

    def handle(self, *_args: object, **_options: object) -> None:
        steward = Steward()

        def stop(_number: int, _frame: FrameType | None) -> None:
            steward.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        steward.start()
        steward.wait()
