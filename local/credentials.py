"""The secrets and names of one installation, made once, and the environment that they make for each kind of process."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.postgres import new_passwords

ENVIRONMENT = "environment.json"
ROLES = ("web", "worker", "sequencer", "migrate", "eraser")
OF_COMMANDS = {"PROOFROOM_HOME", "PROOFROOM_PORT", "PROOFROOM_URL", "PROOFROOM_TOKEN", "PROOFROOM_CHROMIUM"}
BUCKET = "evidence"
REGION = "us-east-1"


@dataclass(frozen=True)
class Credentials:
    """What is made once for an installation, and kept in `credentials.json` (mode 0600)."""

    installation: str = field(default_factory=lambda: secrets.token_hex(6))
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    ledger_name: str = field(default_factory=lambda: f"proofroom.invalid/{secrets.token_hex(8)}")
    superuser_password: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    role_passwords: dict[str, str] = field(default_factory=new_passwords)
    broker_password: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    s3_access_key: str = field(default_factory=lambda: secrets.token_hex(10))
    s3_secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(30))

    @classmethod
    def of(cls, home: Path) -> "Credentials":
        """Read those of a home, or make them."""
        kept = home / "credentials.json"
        if kept.exists():
            return cls(**json.loads(kept.read_text()))
        made = cls()
        write_private(kept, asdict(made))
        return made


def write_private(path: Path, content: object) -> None:
    """Write JSON that only this user reads; whoever reads meanwhile sees the old or the new, never a half."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(content, out, indent=1)
    temporary.replace(path)


def common(
    home: Path, kept: Credentials, *, sockets: Path, endpoint: str, broker: str, database: str, address: str
) -> dict[str, str]:
    """The environment that all processes of an installation share; docs/operations.md lists it."""
    return {
        "PROOFROOM_HOME": str(home),
        "PROOFROOM_INSTALLATION": kept.installation,
        "PROOFROOM_ADDRESS": address,
        "PROOFROOM_EVALUATION": "1",
        "PROOFROOM_SECRET_KEY": kept.secret_key,
        "PROOFROOM_DB_HOST": str(sockets),
        "PROOFROOM_DB_NAME": database,
        "PROOFROOM_S3_ENDPOINT": endpoint,
        "PROOFROOM_S3_REGION": REGION,
        "PROOFROOM_S3_ACCESS_KEY": kept.s3_access_key,
        "PROOFROOM_S3_SECRET_KEY": kept.s3_secret_key,
        "PROOFROOM_S3_BUCKET": BUCKET,
        "PROOFROOM_BROKER_URL": broker,
        "PROOFROOM_LEDGER_NAME": kept.ledger_name,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LC_ALL": "C.UTF-8",
    }


def of_role(kept: Credentials, role: str) -> dict[str, str]:
    """What one kind of process gets in addition: its own database role, and never another's."""

    def login(short: str) -> dict[str, str]:
        return {"PROOFROOM_DB_USER": f"proofroom_{short}", "PROOFROOM_DB_PASSWORD": kept.role_passwords[short]}

    if role == "migrate":
        return {**login("migrate"), "PROOFROOM_DB_SET_ROLE": "proofroom_owner"}
    if role == "sequencer":  # the steward: sweeps as a worker, signs as the sequencer
        return {**login("worker"), "PROOFROOM_DB_SEQUENCER_PASSWORD": kept.role_passwords["sequencer"]}
    return login(role)


def settings_of_caller() -> dict[str, str]:
    """The settings that whoever starts bin/run put into the environment, such as PROOFROOM_SESSION_IDLE."""
    return {
        name: value for name, value in os.environ.items() if name.startswith("PROOFROOM_") and name not in OF_COMMANDS
    }


def write_environment(home: Path, kept: Credentials, everyone: dict[str, str]) -> None:
    """Leave for bin/manage what each kind of process gets."""
    write_private(home / ENVIRONMENT, {"common": everyone, "roles": {role: of_role(kept, role) for role in ROLES}})
