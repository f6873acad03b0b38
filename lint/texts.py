"""What must not stand in a file, whatever its language."""

import re
from collections.abc import Iterator

from lint.sources import Problem, Source

INLINE = re.compile(r"<[a-zA-Z][^>]*?\s(style|on[a-z]+)\s*=", re.DOTALL)
TEMPLATE_TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
BLOCK = re.compile(r"<(script(?![^>]*\bsrc=)|style)\b[^>]*>", re.DOTALL)
TRIGGERS_OFF = re.compile(r"disable\s+trigger|session_replication_role", re.IGNORECASE)
FORGERY = "tests/custody/test_forgery.py"
HOSTS = re.compile(r"(registr[y]\.npmjs|pyp[i]\.org|pythonhoste[d])", re.IGNORECASE)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def inline_code(source: Source) -> Iterator[Problem]:
    """`style=`, `on…=`, and scripts or styles in the page: the content policy refuses them."""
    if not source.path.endswith(".html") or source.path.startswith("tests/"):
        return
    text = TEMPLATE_TAGS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source.text)
    for found in INLINE.finditer(text):
        yield source.problem(_line(text, found.start(1)), f"`{found[1]}=` is refused by the content policy")
    for found in BLOCK.finditer(text):
        yield source.problem(_line(text, found.start()), f"an inline {found[1]} is refused by the content policy")


def disabled_triggers(source: Source) -> Iterator[Problem]:
    """Switching off what guards the ledger, anywhere but in the test that forges it."""
    if source.path == FORGERY or source.parts[0] in {"docs", "lint"} or source.path.startswith("tests/lint/"):
        return
    for found in TRIGGERS_OFF.finditer(source.text):
        yield source.problem(_line(source.text, found.start()), f"only {FORGERY} may switch off a trigger")


def registry_hosts(source: Source) -> Iterator[Problem]:
    """The name of a package registry: pip's and npm's own configuration says where packages come from."""
    for found in HOSTS.finditer(source.text):
        yield source.problem(_line(source.text, found.start()), "names a package registry")
