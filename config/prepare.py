"""Make an installation ready to serve: its keys, its tables, the rights of its database roles.

Run as `python -m config.prepare` at each start, as the migrating role. A second run changes nothing.
"""

from pathlib import Path


def make_keys() -> None:
    """Make what is not there. Needs settings, no database."""
    from django.conf import settings

    for path in (settings.KEYRING, settings.LEDGER_KEY, settings.LEDGER_VKEY):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.KEY_SERVICE == "local" and not settings.KEYRING.exists():
        from store.keys import LocalKeyring

        LocalKeyring.create(settings.KEYRING)
    if not settings.LEDGER_KEY.exists():
        from custody.signing import create_key

        create_key(settings.LEDGER_KEY, settings.LEDGER_VKEY, settings.LEDGER_NAME)


def bring_up_to_date() -> None:
    """Apply the migrations that are missing, then say again what each role may do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    call_command("grant_privileges")


if __name__ == "__main__":
    import django

    django.setup()
    make_keys()
    bring_up_to_date()
