"""The whole way, over real services and a real web server: in by the command line, sealed, out again, and proven."""

import json
import os
import subprocess
import sys
import urllib.request
from hashlib import sha256
from pathlib import Path

import pytest

from accounts import devices
from custody import signing
from evidence.models import Item, Upload
from proofroom_client.tus import PART
from tests.cast import acting, bearer, person_of

ROOT = Path(__file__).resolve().parents[2]
BYTES = 2 * PART + 5_000_000


@pytest.fixture
def signed_in(live, live_stack, alice):
    """The environment of a command line that Alice is signed in on; workers and steward run."""
    live_stack.worker()
    live_stack.steward()
    token = bearer(alice)["Authorization"].removeprefix("Bearer ")
    return {"PATH": os.environ["PATH"], "PROOFROOM_URL": live, "PROOFROOM_TOKEN": token, "HOME": "/nonexistent"}


def command(environment, *words, **more):
    line = [sys.executable, ROOT / "bin/proofroom", *words]
    return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def done(environment, *words):
    process = command(environment, *words)
    out, err = process.communicate(timeout=110)
    return process.returncode, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def folder(tmp_path):
    """A folder with a large file and a nested small one."""
    (tmp_path / "seized" / "phone ü").mkdir(parents=True)
    with (tmp_path / "seized" / "cam4.mp4").open("wb") as file:
        file.write(os.urandom(1 << 20) * (BYTES >> 20) + os.urandom(BYTES % (1 << 20)))
    (tmp_path / "seized" / "phone ü" / "note.txt").write_text("Twelve seconds.\n")
    return tmp_path / "seized"


def bundle_of(environment, item, path):
    url = f"{environment['PROOFROOM_URL']}/api/v1/items/{item}/bundle/"
    request = urllib.request.Request(url, b"", {"Authorization": f"Bearer {environment['PROOFROOM_TOKEN']}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        path.write_bytes(answer.read())
    return path


def test_a_folder_goes_in_interrupted_and_comes_out_proven(signed_in, case, folder, wait_for, tmp_path):
    upload = ["upload", folder, "--case", case.number, "--json"]
    first = command(signed_in, *upload, "--parallel", "1")
    wait_for(lambda: Upload.objects.filter(offset__gte=PART, item__name="cam4.mp4").exists())
    first.kill()
    first.communicate()
    assert Upload.objects.get(item__name="cam4.mp4").offset < BYTES

    code, lines, err = done(signed_in, *upload, "--wait")
    assert code in (0, 3), err  # random bytes are no video: sealed, and not playable
    told = {Path(line["path"]).name: line for line in lines}
    assert {line["state"] for line in lines} == {"sealed"}
    assert told["cam4.mp4"]["sha256"] == sha256((folder / "cam4.mp4").read_bytes()).hexdigest()
    assert Item.objects.filter(name="cam4.mp4").count() == 1
    assert Upload.objects.get(item__name="note.txt").source_path == "seized/phone ü/note.txt"

    numbers = [line["number"] for line in lines]
    code, fetched, err = done(signed_in, "download", *numbers, "--to", tmp_path / "out", "--json")
    assert (code, {one["verified"] for one in fetched}) == (0, {"the same as sealed"}), err
    assert (tmp_path / "out" / "cam4.mp4").read_bytes() == (folder / "cam4.mp4").read_bytes()

    bundle = bundle_of(signed_in, told["cam4.mp4"]["item"], tmp_path / "custody.zip")
    key = str(signing.verifier_key())
    words = ["verify", bundle, "--key", key, "--file", tmp_path / "out" / "cam4.mp4", "--json"]
    code, (proven,), err = done({"PATH": os.environ["PATH"]}, *words)
    assert code == 0, proven
    said = [entry["said"] for entry in proven["entries"]]
    for what in (
        "began to upload cam4.mp4",
        "resumed the upload",
        "uploaded cam4.mp4",
        "sealed cam4.mp4",
        "downloaded",
    ):
        assert any(what in sentence for sentence in said), (what, said)
    assert proven["files"][0]["sha256"] == told["cam4.mp4"]["sha256"]


def test_a_device_signs_in_by_a_code_that_a_person_confirms(live, alice, tmp_path):
    environment = {"PATH": os.environ["PATH"], "XDG_CONFIG_HOME": str(tmp_path)}
    process = command(environment, "login", "--url", live)
    asked = process.stderr.readline()
    devices.confirm(acting(alice), person_of(alice), asked.split()[-1])
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert done(environment, "show", "RPD-1999-00001-001")[0] == 1
    stored = json.loads((tmp_path / "proofroom" / "tokens.json").read_text())
    assert list(stored["tokens"]) == [live]
