"""What a name in a module means: which import it comes from."""

import ast
from collections.abc import Iterator


def imports(tree: ast.Module) -> Iterator[tuple[str, str, ast.stmt]]:
    """Each imported thing as (the name it has here, its full dotted name, the statement). Relative ones keep dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.asname or one.name.partition(".")[0], one.name, node
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            for one in node.names:
                yield one.asname or one.name, f"{source}.{one.name}", node


def meanings(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `import custody.recording` binds `custody` alone."""
    plain = {here for here, full, node in imports(tree) if isinstance(node, ast.Import) and full.startswith(f"{here}.")}
    return {here: here if here in plain else full for here, full, _node in imports(tree)}


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain; empty when it begins with anything but a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (start := dotted(node.value)):
        return f"{start}.{node.attr}"
    return ""


def full_name(node: ast.expr, known: dict[str, str]) -> str:
    """The dotted name of a call's function with its import resolved: `recording.record` → `custody.recording.record`."""
    first, _dot, rest = dotted(node).partition(".")
    start = known.get(first, first)
    return f"{start}.{rest}" if rest else start
