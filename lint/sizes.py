"""How long a room may get. Most files have 60 to 150 lines, most functions about 8."""

import ast
from collections.abc import Iterator

from lint.sources import Problem, Source

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def too_long(source: Source) -> Iterator[Problem]:
    """Files over 400 lines and functions over 60."""
    if "migrations" in source.parts:
        return
    lines = source.text.count("\n")
    if lines > LONGEST_FILE:
        yield source.problem(1, f"{lines} lines; over {LONGEST_FILE} a file is more than one room")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield source.problem(
                    node, f"`{node.name}` has {length} lines; over {LONGEST_FUNCTION} it does too much"
                )
