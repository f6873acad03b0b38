"""PostgreSQL on a socket of its own: one cluster a home, one role a kind of process."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from local import confinement
from local.binaries import POSTGRES
from local.homes import Home
from local.processes import Known, plain_environment, start, until

SUPERUSER = "proofroom_root"
OWNER = "proofroom_owner"
LOGINS = ("migrate", "web", "worker", "sequencer", "eraser")
HBA = """# Written at each start. Passwords for all, since peers can't be told apart inside a user namespace.
local all all scram-sha-256
"""
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # of tests alone: a crash loses everything


class Postgres:
    """One cluster. Without `passwords` for the login roles it makes random ones at the first start."""

    def __init__(
        self, home: Home, *, passwords: dict[str, str], superuser_password: str, data: Path | None = None,
        forgetful: bool = False,
    ) -> None:  # fmt: skip
        self.home = home
        self.passwords = passwords
        self.superuser_password = superuser_password
        self.forgetful = forgetful
        self.data = data or home.path / "postgres"
        self.sockets = home.runtime() / "pg"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster at the first start, then serve. Returns when it answers."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        (self.data / "pg_hba.conf").write_text(HBA)
        if confinement.needs_own_uid():
            confinement.give(confinement.UNUSED_UID, self.data, self.sockets)
        elif os.geteuid() == 0:
            confinement.give(0, self.data)
        self._serve()
        with self.superuser() as connection:
            self._roles(connection)

    def _initialise(self) -> None:
        # A folder of another name until it is whole: an initdb that was interrupted is begun again.
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self.home.path / "postgres.password"
        password.write_text(self.superuser_password)
        if confinement.needs_own_uid():
            confinement.give(confinement.NOBODY, fresh)
            os.chown(password, confinement.NOBODY, confinement.NOBODY)
        command: list[str | Path] = [
            POSTGRES / "initdb", "-D", fresh, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password}",
            "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
            *(["--no-sync"] if self.forgetful else []),
        ]  # fmt: skip
        done = subprocess.run(
            confinement.as_postgres(self.home.path, command, initial=True),
            check=False, capture_output=True, text=True, cwd=self.home.path, env=plain_environment(),
        )  # fmt: skip
        password.unlink()
        if done.returncode != 0:
            raise RuntimeError(f"PostgreSQL could not make its cluster: {done.stderr.strip() or done.stdout.strip()}")
        fresh.rename(self.data)

    def _serve(self) -> None:
        settings = [
            "listen_addresses=", f"unix_socket_directories={self.sockets}", "unix_socket_permissions=0700",
            "timezone=UTC", "log_timezone=UTC", "max_connections=120", "log_min_duration_statement=2s",
            "log_parameter_max_length=0", "log_parameter_max_length_on_error=0",  # names and hashes stay out of logs
            *(FORGETFUL if self.forgetful else ()),
        ]  # fmt: skip
        command = [POSTGRES / "postgres", "-D", self.data, *(part for one in settings for part in ("-c", one))]
        # After kill -9 the old server may not be reaped yet; PostgreSQL then refuses its data for up to a second.
        for _attempt in range(100):
            self.process = start(
                confinement.as_postgres(self.home.path, command),
                log=self.home.log("postgres"), environment=plain_environment(), directory=self.home.path,
            )  # fmt: skip
            if until(lambda: self._answers() or self._ended(), 60) and not self._ended():
                return
            until(lambda: False, 0.1)
        raise RuntimeError(f"PostgreSQL did not start; see {self.home.path / 'logs' / 'postgres.log'}.")

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _answers(self) -> bool:
        try:
            self.superuser().close()
        except psycopg.OperationalError:
            return False
        return True

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that may do anything, for the making of roles and databases."""
        return psycopg.connect(
            host=str(self.sockets), dbname=database, user=SUPERUSER, password=self.superuser_password, autocommit=True
        )

    def _roles(self, connection: psycopg.Connection) -> None:
        there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in there:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(OWNER)))
        for short in LOGINS:
            role = f"proofroom_{short}"
            if role not in there:
                statement = "CREATE ROLE {} LOGIN PASSWORD {} {}"
                member = sql.SQL("IN ROLE {}").format(sql.Identifier(OWNER)) if short == "migrate" else sql.SQL("")
                connection.execute(
                    sql.SQL(statement).format(sql.Identifier(role), sql.Literal(self.passwords[short]), member)
                )

    def create_database(self, name: str) -> None:
        """A database owned by the owner role, closed to everybody but our roles. Does nothing when it is there."""
        with self.superuser() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            owner, database = sql.Identifier(OWNER), sql.Identifier(name)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
            roles = sql.SQL(", ").join(sql.Identifier(f"proofroom_{short}") for short in LOGINS)
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, roles))
        with self.superuser(name) as connection:
            connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
            connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(roles))

    def clone(self, template: str, name: str) -> None:
        """A copy of a database that nobody is connected to, in some 20 ms."""
        with self.superuser() as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy OWNER {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)))

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def known(self) -> Known | None:
        """The server itself, which as root is a child of bubblewrap: its first line names the pid."""
        try:
            return Known.of(int((self.data / "postmaster.pid").read_text().splitlines()[0]))
        except (FileNotFoundError, ValueError, IndexError):
            return None

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything committed is kept."""
        if self.process is None:
            return
        if server := self.known():
            server.send(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def new_passwords() -> dict[str, str]:
    """A random password for each role that logs in."""
    return {short: secrets.token_urlsafe(32) for short in LOGINS}


def socket_folder(home: Home) -> Path:
    """Where `Postgres` puts its socket; what PROOFROOM_DB_HOST says."""
    return home.runtime() / "pg"
