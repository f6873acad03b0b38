"""An entry outside the transaction of its effect is found."""

from textwrap import dedent

import pytest

from lint.entries import entries_outside_transactions
from lint.sources import Source

HEAD = "from custody.recording import record\nfrom django.db import transaction\n"


def found(body: str, path: str = "evidence/filing.py", head: str = HEAD) -> list[str]:
    return [problem.says for problem in entries_outside_transactions(Source(path, head + dedent(body)))]


def test_it_finds_an_entry_outside_atomic() -> None:
    assert found("""
        def move(actor):
            record(actor)
    """)


def test_it_finds_an_entry_after_atomic() -> None:
    assert found("""
        def move(actor):
            with transaction.atomic():
                pass
            record(actor)
    """)


@pytest.mark.parametrize(
    "way", ["transaction.atomic()", "transaction.atomic(durable=True)", "other() as x, transaction.atomic()"]
)
def test_it_lets_an_entry_inside_atomic_pass(way: str) -> None:
    assert not found(f"""
        def move(actor):
            with {way}:
                if actor:
                    record(actor)
    """)


@pytest.mark.parametrize(
    "head",
    [
        "from custody import recording\nfrom django.db import transaction\n",
        "import custody.recording\nfrom django.db import transaction\n",
    ],
)
def test_it_sees_through_the_way_it_was_imported(head: str) -> None:
    call = "recording.record" if "from custody" in head else "custody.recording.record"
    assert found(f"def move(actor):\n    {call}(actor)\n", head=head)


def test_it_lets_a_helper_pass_that_only_runs_inside() -> None:
    assert not found("""
        def move(actor):
            with transaction.atomic():
                _between(actor)
        def _between(actor):
            _tell(actor)
        def _tell(actor):
            record(actor)
    """)


def test_it_finds_a_helper_that_also_runs_outside() -> None:
    assert found("""
        def move(actor):
            with transaction.atomic():
                _tell(actor)
            _tell(actor)
        def _tell(actor):
            record(actor)
    """)


def test_it_finds_a_helper_that_is_handed_on() -> None:
    assert found("""
        def move(actor):
            with transaction.atomic():
                _tell(actor)
            later(_tell)
        def _tell(actor):
            record(actor)
    """)


def test_it_believes_a_docstring_that_demands_the_callers_transaction() -> None:
    assert not found('''
        def tell(actor):
            """Write the entry, in the caller's transaction."""
            record(actor)
    ''')


def test_it_leaves_tests_alone() -> None:
    assert not found("def test(): record(1)", path="tests/custody/test_recording.py")
