import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from proofroom_client.cli import main
from tests.client.server import TOKEN
from tests.samples.bundles.build import HERE as SAMPLES

ROOT = Path(__file__).resolve().parents[2]


def test_login_stores_a_token_that_only_its_owner_reads(fake, monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("PROOFROOM_TOKEN")
    monkeypatch.delenv("PROOFROOM_URL")
    fake.pending = 2
    fake.add_item("N-1", "cam4.mp4", b"x")
    assert main(["login", "--url", fake.url]) == 0
    assert "WDJB-MJHT" in capsys.readouterr().err
    path = tmp_path / "config" / "proofroom" / "tokens.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["tokens"] == {fake.url: TOKEN}
    assert main(["show", "N-1"]) == 0
    assert "cam4.mp4" in capsys.readouterr().out


def test_login_ends_when_the_person_refuses(fake, monkeypatch, capsys):
    fake.answers = [("POST", 400, {})]
    assert main(["login"]) == 1
    assert "told-400" in capsys.readouterr().err


def test_show_prints_what_the_server_says(fake, run):
    item = fake.add_item("N-1", "cam4.mp4", b"x")
    assert run("show", "N-1", "--json") == (0, [fake.items[item]])


def test_a_wrong_token_is_told(fake, monkeypatch, capsys):
    monkeypatch.setenv("PROOFROOM_TOKEN", "wrong")
    assert main(["show", "N-1"]) == 1
    assert "not-authenticated" in capsys.readouterr().err


def test_without_a_token_it_says_how_to_sign_in(fake, monkeypatch, capsys):
    monkeypatch.delenv("PROOFROOM_TOKEN")
    assert main(["show", "N-1"]) == 1
    assert f"proofroom login --url {fake.url}" in capsys.readouterr().err


def test_a_server_that_is_not_there_has_its_own_exit_code(fake, monkeypatch, capsys):
    monkeypatch.setenv("PROOFROOM_URL", "http://127.0.0.1:9")
    assert main(["show", "N-1"]) == 5
    assert "can't be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["", "ftp://x", "http://evidence.example", "https://", "localhost:8000", "https://a:b@c.example"]
)
def test_an_address_that_can_not_be_right_is_a_usage_error(fake, monkeypatch, url):
    monkeypatch.setenv("PROOFROOM_URL", url)
    assert main(["show", "N-1"]) == 2


def test_a_path_that_does_not_exist_is_a_usage_error(fake):
    assert main(["upload", "/nonexistent/cam4.mp4"]) == 2


@pytest.mark.parametrize("words", [[], ["fly"], ["upload"], ["download", "N-1"], ["upload", "x", "--parallel", "99"]])
def test_words_that_make_no_sense_are_a_usage_error(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2


def test_verify_says_what_is_proven_and_what_is_not(capsys):
    key, bundle, file = SAMPLES / "log.vkey", SAMPLES / "good.zip", SAMPLES / "cam4.mp4"
    assert main(["verify", str(bundle), "--key", str(key), "--file", str(file), "--entries"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("VERIFIED\n")
    assert "D. Marlowe uploaded cam4.mp4" in said
    assert main(["verify", str(bundle), "--key", key.read_text()]) == 0
    assert "The file itself was not checked." in capsys.readouterr().out
    assert main(["verify", str(bundle)]) == 0
    assert "integrity, not origin" in capsys.readouterr().out


def test_a_failed_verification_has_its_own_exit_code_and_the_errors_code(run):
    code, lines = run("verify", SAMPLES / "tail-cut.zip", "--key", SAMPLES / "log.vkey", "--json")
    assert (code, lines[0]["verified"], lines[0]["code"]) == (4, False, "tail-cut")


def test_a_text_that_is_no_key_is_a_usage_error(capsys):
    assert main(["verify", str(SAMPLES / "good.zip"), "--key", "nonsense"]) == 2
    assert "/log/vkey" in capsys.readouterr().err


def test_verify_in_json_tells_every_entry(run):
    code, lines = run("verify", SAMPLES / "good.zip", "--key", SAMPLES / "log.vkey", "--json")
    assert (code, len(lines[0]["entries"]), lines[0]["files"]) == (0, 7, [])


def test_it_runs_from_the_checkout_without_django():
    bundle, key = str(SAMPLES / "good.zip"), str(SAMPLES / "log.vkey")
    words = [sys.executable, str(ROOT / "bin/proofroom"), "verify", bundle, "--key", key]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "VERIFIED")


def test_nothing_of_the_server_is_imported():
    code = "import sys, proofroom_client.cli as c; c.main(['verify', sys.argv[1]]); print(sorted(sys.modules))"
    words = [sys.executable, "-c", code, str(SAMPLES / "good.zip")]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, env={"PYTHONPATH": f"{ROOT}/client:{ROOT}"}
    )
    assert "django" not in done.stdout
    assert "'config" not in done.stdout
