import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.samples.bundles.build import HERE as SAMPLES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The client's wheel, built without the network as pip would build it."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("client", "verifier"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    code = "from setuptools import build_meta; build_meta.build_wheel('.')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=copy / "client", capture_output=True, check=True)
    (found,) = (copy / "client").glob("*.whl")
    return found


def test_the_wheel_holds_client_and_verifier_and_nothing_of_the_server(wheel):
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}
        commands = archive.read("proofroom_client-1.0.0.dist-info/entry_points.txt").decode()
    assert folders == {"proofroom_client", "verifier", "proofroom_client-1.0.0.dist-info"}
    assert "proofroom = proofroom_client.cli:main" in commands


def test_the_wheel_alone_verifies_offline(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from proofroom_client.cli import main; sys.exit(main())"
    bundle, key = str(SAMPLES / "good.zip"), str(SAMPLES / "log.vkey")
    words = [sys.executable, "-I", "-c", code, "verify", bundle, "--key", key]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "VERIFIED")
