"""Prints how long each kind of test took against what it may take on two cores. Information: nothing fails by it."""

from collections import Counter, defaultdict

import pytest

BUDGETS = {"unit": 60, "integration": 180, "matrix": 120, "e2e": 240, "faults": 60}
UNIT = {"verifier", "client", "lint"}

_seconds: defaultdict[str, float] = defaultdict(float)
_tests: Counter[str] = Counter()


def kind_of(nodeid: str, *, slow: bool) -> str:
    """Which budget a test counts against, by its folder."""
    folder = nodeid.split("/")[1]
    if slow:
        return "slow"
    return folder if folder in BUDGETS else "unit" if folder in UNIT else "integration"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up set-up, call and tear-down."""
    kind = kind_of(report.nodeid, slow="slow" in report.keywords)
    _seconds[kind] += report.duration
    _tests[kind] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a kind."""
    terminalreporter.section("time")
    for kind, seconds in sorted(_seconds.items()):
        budget = BUDGETS.get(kind)
        against = f" of {budget} s" + (", OVER" if seconds > budget else "") if budget else ""
        terminalreporter.write_line(f"{kind:<12} {_tests[kind]:>5} tests {seconds:>7.1f} s{against}")
