"""bin/lint: every check that needs no running service. `--quick` runs ruff and our own checks alone."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from lint import borders, doors, entries, sizes, texts
from lint.sources import ROOT, Problem, Source, sources

PYTHON_CHECKS: tuple[Callable[[Source], Iterator[Problem]], ...] = (
    entries.entries_outside_transactions, doors.rules_in_doors, borders.forbidden_imports, sizes.too_long,
)  # fmt: skip
TEXT_CHECKS: tuple[Callable[[Source], Iterator[Problem]], ...] = (
    texts.inline_code, texts.disabled_triggers, texts.registry_hosts,
)  # fmt: skip
TEXTS = (".py", ".html", ".sql", ".js", ".md", ".toml", ".txt", ".in", ".json", ".sh", ".yml")
QUICK = {
    "ruff": ["ruff", "check", "--quiet", "--output-format=concise"],
    "format": ["ruff", "format", "--check", "--quiet", "--output-format=concise"],
}
WHOLE = {
    "types": ["mypy", "."],
    "floors": ["importlinter.cli", "lint"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
}


def own() -> list[Problem]:
    """What our own checks find."""
    found: list[Problem] = []
    for source in sources(*TEXTS):
        for check in TEXT_CHECKS:
            found += check(source)
        if source.path.endswith(".py"):
            for check in PYTHON_CHECKS:
                found += check(source)
    return found


def _runs(name: str, words: list[str]) -> bool:
    environment = {
        **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'client'}", "PROOFROOM_SECRET_KEY": "unused",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    how = ["-c", "from importlinter.cli import lint_imports_command as run; run()"] if name == "floors" else (
        words if words[0].endswith(".py") else ["-m", *words])  # fmt: skip
    done = subprocess.run(
        [sys.executable, *how], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Run the checks and say what each found. Returns the exit code."""
    bad = []
    for name, words in (QUICK if "--quick" in arguments else {**QUICK, **WHOLE}).items():
        begun = time.monotonic()
        well = _runs(name, words)
        print(f"{name:<10} {'well' if well else 'WRONG'}   {time.monotonic() - begun:.1f} s", flush=True)
        if not well:
            bad.append(name)
    problems = own()
    for problem in problems:
        print(problem)
    print(f"{'own':<10} {'WRONG' if problems else 'well'}")
    if problems:
        bad.append("own")
    print("bin/lint: " + (f"wrong: {', '.join(bad)}" if bad else "all well"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
