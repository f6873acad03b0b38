"""Who may import what, beyond the floors that import-linter knows."""

import ast
from collections.abc import Iterator

from lint.names import imports
from lint.sources import Problem, Source

# Each: what is guarded, who may import it all the same (path beginnings), and why.
GUARDED = (
    (("boto3", "botocore"), ("store/", "local/", "bench/", "tests/"), "S3 and KMS are spoken to in store/ alone"),
    (
        ("av", "pypdfium2", "rawpy", "pillow_heif", "PIL"),
        ("evidence/media/inside/", "tests/"),
        "codecs are hostile: native readers are imported in the sandbox alone (evidence/media/inside/)",
    ),
    (("vault.reading",), ("vault/", "evidence/reading.py", "tests/", "bench/"), "whoever takes bytes opens a reading"),
    (("config.logs",), ("tests/",), "the request id is for logs; everything else is passed"),
    (("contextvars", "_threading_local"), ("config/logs.py", "tests/"), "nothing is taken from a context; pass it"),
)


def _touches(full: str, guarded: str) -> bool:
    return full == guarded or full.startswith(guarded + ".")


def forbidden_imports(source: Source) -> Iterator[Problem]:
    """Each import across a guarded border, and each use of thread-locals."""
    for _here, full, statement in imports(source.tree):
        for names, allowed, why in GUARDED:
            if any(_touches(full, name) for name in names) and not source.path.startswith(allowed):
                yield source.problem(statement, f"may not import {full}: {why}")
        if full in {"threading.local", "asgiref.local.Local"} and not source.path.startswith("tests/"):
            yield source.problem(statement, "no thread-locals: the actor and everything else is passed")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "threading.local":
            yield source.problem(node, "no thread-locals: the actor and everything else is passed")
