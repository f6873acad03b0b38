"""bin/manage: one of Django's commands in the environment of an installation."""

import json
import os
import sys
from pathlib import Path

from local.credentials import ENVIRONMENT
from local.setting_up import ROOT, STATIC

AS_OWNER = {"migrate", "grant_privileges", "sqlmigrate", "showmigrations"}
AS_STEWARD = {"steward"}
WITHOUT = {"makemigrations", "check", "collectstatic", "spectacular", "help", "--help", "--version", "diffsettings"}


def environment_for(command: str, home: Path) -> dict[str, str]:
    """What the command gets: the installation's common variables and those of the one role that it needs.

    Raises FileNotFoundError when the home has no installation yet.
    """
    kept = json.loads((home / ENVIRONMENT).read_text())
    role = "migrate" if command in AS_OWNER else "sequencer" if command in AS_STEWARD else "web"
    return {**kept["common"], **kept["roles"][role]}


def main(arguments: list[str]) -> None:
    """Become manage.py. A deployment that sets PROOFROOM_SECRET_KEY itself brings its whole environment."""
    command = arguments[0] if arguments else "help"
    if "PROOFROOM_SECRET_KEY" not in os.environ:
        home = Path(os.environ.get("PROOFROOM_HOME") or ROOT / "var").absolute()
        try:
            os.environ.update(environment_for(command, home))
        except FileNotFoundError:
            if command not in WITHOUT:
                sys.exit(f"There is no installation in {home} yet. Start bin/run once, or set PROOFROOM_HOME.")
            os.environ.update(PROOFROOM_SECRET_KEY="unused", PROOFROOM_STATIC_ROOT=str(STATIC))  # noqa: S106
    os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments])  # noqa: S606 -- ourselves


if __name__ == "__main__":
    main(sys.argv[1:])
