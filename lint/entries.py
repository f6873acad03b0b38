"""A custody entry is written in the transaction of its effect.

`record` stands inside `with transaction.atomic(...)`, or in a function that runs there: one whose every call in its
module is inside, or one whose docstring says "in the caller's transaction". (At run time `record` refuses as well.)
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lint.names import full_name, meanings
from lint.sources import Problem, Source

RECORD = {"custody.recording.record", "custody.record"}
ATOMIC = {"django.db.transaction.atomic", "transaction.atomic"}
DEMANDS = re.compile(r"in\s+the\s+caller's\s+transaction|needs\s+a\s+transaction", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class _Use:
    """A place where a function or `record` is named: in which function, and whether inside `atomic`."""

    node: ast.expr
    within: str
    inside: bool
    is_call: bool


@dataclass
class _Seen:
    functions: dict[str, Function] = field(default_factory=dict)
    uses: dict[str, list[_Use]] = field(default_factory=lambda: defaultdict(list))


class _Reader(ast.NodeVisitor):
    """Walks a module and remembers, of each name, where it is used."""

    def __init__(self, tree: ast.Module) -> None:
        self.known = meanings(tree)
        self.seen = _Seen()
        self.within = ""
        self.inside = False
        self.called: set[int] = set()
        self.visit(tree)

    def _is_atomic(self, node: ast.expr) -> bool:
        function = node.func if isinstance(node, ast.Call) else node
        return full_name(function, self.known) in ATOMIC

    def visit_FunctionDef(self, node: Function) -> None:
        for one in node.decorator_list:
            self.visit(one)
        before = self.within, self.inside
        self.within, self.inside = node.name, any(map(self._is_atomic, node.decorator_list))
        self.seen.functions[node.name] = node
        for statement in node.body:
            self.visit(statement)
        self.within, self.inside = before

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 -- the name that ast calls

    def visit_With(self, node: ast.With) -> None:
        before = self.inside
        self.inside = before or any(self._is_atomic(item.context_expr) for item in node.items)
        for child in ast.iter_child_nodes(node):
            self.visit(child)
        self.inside = before

    def visit_Call(self, node: ast.Call) -> None:
        self.called.add(id(node.func))
        self.generic_visit(node)

    def _use(self, node: ast.Name | ast.Attribute) -> None:
        name = full_name(node, self.known)
        if name in RECORD:
            name = "record"
        elif isinstance(node, ast.Attribute):
            if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}):
                return
            name = node.attr
        self.seen.uses[name].append(_Use(node, self.within, self.inside, id(node) in self.called))

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._use(node)
        self.generic_visit(node)


def _demands(function: Function) -> bool:
    return bool(DEMANDS.search(ast.get_docstring(function) or ""))


def _runs_inside(seen: _Seen) -> set[str]:
    """The functions of a module that only ever run inside a transaction."""
    inside = {name for name, function in seen.functions.items() if _demands(function)}
    while True:
        more = {
            name
            for name in seen.functions
            if name not in inside
            and seen.uses.get(name)
            and all(use.is_call and (use.inside or use.within in inside) for use in seen.uses[name])
        }
        if not more:
            return inside
        inside |= more


def entries_outside_transactions(source: Source) -> Iterator[Problem]:
    """Each `record` that no transaction surely surrounds."""
    if not source.is_ours or source.parts == ("custody", "recording.py"):
        return
    seen = _Reader(source.tree).seen
    if not seen.uses.get("record"):
        return
    inside = _runs_inside(seen)
    for use in seen.uses["record"]:
        if use.is_call and not use.inside and use.within not in inside:
            yield source.problem(
                use.node,
                "a custody entry outside `with transaction.atomic()`; or say in the docstring of "
                f"`{use.within}` that it writes in the caller's transaction",
            )
