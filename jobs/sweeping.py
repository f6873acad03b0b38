"""What is done again and again: registered by any app in `ready()`, called by the steward."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count

from jobs import bell
from jobs.models import Job
from jobs.running import due

_RINGS = 20  # a queue with this many unheard rings needs no more: its worker is busy, not deaf

Sweep = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep and the seconds between two of its runs."""

    seconds: float
    sweep: Sweep

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"{self.sweep.__module__}.{self.sweep.__name__}"


REGISTERED: dict[str, Swept] = {}


def every(seconds: float) -> Callable[[Sweep], Sweep]:
    """Register a function without arguments that the steward calls, the same one once.

    It may be called by two stewards at once and may be broken off anywhere; it must be idempotent and short.
    """

    def register(sweep: Sweep) -> Sweep:
        swept = Swept(seconds, sweep)
        REGISTERED[swept.name] = swept
        return sweep

    return register


@every(2)
def ring_due_jobs() -> int:
    """Ring for jobs that are due and that nobody heard: delayed ones, lost rings, leases of dead workers."""
    rung = 0
    for queue in Job.objects.filter(due()).values("queue").annotate(jobs=Count("id")).values_list("queue", flat=True):
        unheard = bell.unheard(queue)
        if unheard is None or unheard >= _RINGS:
            continue
        for job in Job.objects.filter(due(), queue=queue).order_by("not_before", "id")[: _RINGS - unheard]:
            rung += bell.ring(job.id, queue)
    return rung
