import json

import pytest

from proofroom_client import patience, tus
from proofroom_client.cli import main
from tests.client.server import TOKEN, serve


@pytest.fixture
def fake(monkeypatch, tmp_path):
    """A server at the socket, and an environment that knows it."""
    fake, server = serve()
    monkeypatch.setenv("PROOFROOM_URL", fake.url)
    monkeypatch.setenv("PROOFROOM_TOKEN", TOKEN)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Parts of 100 kB and short waits, so that a test has many of them in no time."""
    monkeypatch.setattr(tus, "PART", 100_000)
    monkeypatch.setattr(patience, "_LONGEST", 0.02)


@pytest.fixture
def run(capsys):
    """Run a command; gives its exit code and its lines of JSON."""

    def run(*words):
        code = main([str(word) for word in words])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run
