"""Doors (pages, API, tasks, commands) hold no rule: they write nothing and open no transaction."""

import ast
from collections.abc import Iterator

from lint.names import imports
from lint.sources import Problem, Source

FORBIDDEN = ("custody.recording", "django.db.transaction", "custody.record")
WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "select_for_update"}
WRITES_ON_QUERIES = {"create", "update"}  # dictionaries and hashes have them too
QUERIES = {"objects", "filter", "exclude", "all", "order_by", "select_related"}


def _chain(node: ast.expr) -> set[str]:
    """The attribute names on the way to a method: `Case.objects.filter(...)` → objects, filter."""
    found = set()
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
            node = node.value
        else:
            node = node.func
    return found


def _writes(call: ast.Call, modules: set[str]) -> bool:
    method = call.func
    if not isinstance(method, ast.Attribute):
        return False
    if isinstance(method.value, ast.Name) and method.value.id in modules:
        return False  # a rule of that name in an imported module
    return method.attr in WRITES or (method.attr in WRITES_ON_QUERIES and bool(_chain(method.value) & QUERIES))


def rules_in_doors(source: Source) -> Iterator[Problem]:
    """Each import and each write that a door may not have."""
    if not source.is_door:
        return
    modules = set()
    for here, full, statement in imports(source.tree):
        if full.startswith(FORBIDDEN):
            yield source.problem(statement, f"a door may not import {full}: the rule that it calls writes the entry")
        if here.islower():
            modules.add(here)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _writes(node, modules):
            name = ast.unparse(node.func).split(".")[-1]
            yield source.problem(node, f"a door may not write (`{name}`): call a rule that takes the actor")
