"""What must not stand in a file is found."""

import pytest

from lint.sizes import too_long
from lint.sources import Source
from lint.texts import disabled_triggers, inline_code, registry_hosts


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<a\n  href='x' onclick='go()'>",
        "<script>go()</script>",
        "<style>p {}</style>",
        '<p {% if x %}class="a"{% endif %} style="x">',
    ],
)
def test_it_finds_inline_code(line: str) -> None:
    assert list(inline_code(Source("templates/base.html", line)))


@pytest.mark.parametrize(
    "line",
    [
        '<script src="x.js" defer></script>',
        "<p>Nothing on = here</p>",
        '{% include "x" with style="a" %}',
        '<button data-on="x" class="styled">',
    ],
)
def test_it_lets_other_markup_pass(line: str) -> None:
    assert not list(inline_code(Source("templates/base.html", line)))


@pytest.mark.parametrize("line", ["ALTER TABLE x DISABLE TRIGGER ALL", "SET session_replication_role = replica"])
def test_it_finds_a_switched_off_trigger(line: str) -> None:
    assert list(disabled_triggers(Source("tests/custody/test_ledger.py", line)))
    assert not list(disabled_triggers(Source("tests/custody/test_forgery.py", line)))


def test_it_finds_the_name_of_a_registry() -> None:
    assert list(registry_hosts(Source("package-lock.json", "https://registry." + "npmjs.org/x")))


def test_it_finds_a_file_of_more_than_one_room() -> None:
    assert list(too_long(Source("evidence/x.py", "x = 1\n" * 401)))
    assert not list(too_long(Source("evidence/x.py", "x = 1\n" * 400)))


def test_it_finds_a_function_that_does_too_much() -> None:
    assert list(too_long(Source("evidence/x.py", "def f():\n" + "    x = 1\n" * 60)))
    assert not list(too_long(Source("evidence/x.py", "def f():\n" + "    x = 1\n" * 59)))
