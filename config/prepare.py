"""Make the keys of an installation, once: the keyring of the embedded KeyService and the ledger's signing key.

Run as `python -m config.prepare` at the first start, with the installation's environment. A second run changes nothing.
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


if __name__ == "__main__":
    import django

    django.setup()
    make_keys()
