"""Measuring two ways of doing the same, in turn, and saying how they compare."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Ratio:
    """How long ours takes for each second of the peer's: medians, and the spread of the rounds."""

    name: str
    peer: str
    bytes: int
    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """Over 1: ours takes longer."""
        return statistics.median(self.ours) / statistics.median(self.theirs)

    def told(self) -> str:
        """Two lines for people."""

        def speed(rounds: list[float]) -> str:
            each = sorted(self.bytes / 2**20 / seconds for seconds in rounds)
            return f"{statistics.median(each):8.0f} MiB/s (from {each[0]:.0f} to {each[-1]:.0f})"

        return (
            f"{self.name}: {self.ratio:.2f} times the time of {self.peer}, median of {len(self.ours)}\n"
            f"  ours   {speed(self.ours)}\n  {self.peer:6} {speed(self.theirs)}"
        )

    def kept(self) -> dict[str, object]:
        """For the file."""
        return asdict(self) | {"ratio": round(self.ratio, 3)}


def compare(
    name: str,
    peer: str,
    size: int,
    ours: Callable[[int], None],
    theirs: Callable[[int], None],
    *,
    settle: Callable[[], None] = lambda: None,
) -> Ratio:
    """Do both in turn, five times each after one of each that does not count. The number of the round is given.

    `settle` waits, uncounted, for what one of them left to be done, so that it does not slow the other.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for kept, work in zip(times, (ours, theirs), strict=True):
            began = time.perf_counter()
            work(number)
            if number:
                kept.append(time.perf_counter() - began)
            settle()
    return Ratio(name, peer, size, *times)
