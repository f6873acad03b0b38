"""The rows of accounts: signing in, one's own account, people."""

from tests.matrix.visits import Visit

ACCOUNTS: dict[tuple[str, str], Visit] = {}
