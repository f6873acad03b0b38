"""A rule in a door is found."""

import pytest

from lint.doors import rules_in_doors
from lint.sources import Source


def found(text: str, path: str = "evidence/views/items.py") -> list[str]:
    return [problem.says for problem in rules_in_doors(Source(path, text))]


@pytest.mark.parametrize(
    "line",
    [
        "from custody.recording import record",
        "from custody import recording",
        "from django.db import transaction",
        "from django.db.transaction import atomic",
    ],
)
def test_it_finds_what_a_door_may_not_import(line: str) -> None:
    assert found(line)


@pytest.mark.parametrize(
    "line",
    [
        "item.save()",
        "item.delete()",
        "Item.objects.create(name='x')",
        "Item.objects.filter(id=1).update(name='x')",
        "case.items.all().delete()",
        "Item.objects.bulk_create([])",
        "Item.objects.select_for_update().get(id=1)",
    ],
)
def test_it_finds_a_write(line: str) -> None:
    assert found(line)


@pytest.mark.parametrize("line", ["context.update(a=1)", "form.is_valid()", "Item.objects.filter(id=1).first()"])
def test_it_lets_reading_pass(line: str) -> None:
    assert not found(line)


def test_it_lets_a_rule_of_that_name_pass() -> None:
    assert not found("from evidence import cases\ncases.delete(actor, 1)")


@pytest.mark.parametrize(
    "path",
    [
        "accounts/views.py",
        "jobs/tasks.py",
        "home/management/commands/seed_demo.py",
        "evidence/api/items.py",
    ],
)
def test_it_knows_every_kind_of_door(path: str) -> None:
    assert found("item.save()", path)


def test_it_leaves_rules_alone() -> None:
    assert not found("item.save()", "evidence/filing.py")
