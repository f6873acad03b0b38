"""What is said to a machine that won't do."""

import platform
import sys
from pathlib import Path

import pytest

from local import preflight


def test_this_machine_will_do(tmp_path: Path) -> None:
    preflight.check(str(tmp_path), setup_needed=True)


def test_an_old_python_is_told_which_one_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preflight, "OLDEST_PYTHON", (3, 99))
    with pytest.raises(preflight.Unfit, match="apt-get install python3"):
        preflight.check(str(tmp_path), setup_needed=False)


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_another_system_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(preflight.Unfit, match="WSL 2"):
        preflight.check(str(tmp_path), setup_needed=False)


def test_another_c_library_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.17"))
    with pytest.raises(preflight.Unfit, match=r"glibc 2\.28"):
        preflight.check(str(tmp_path), setup_needed=False)


def test_a_full_disk_is_told_before_the_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preflight, "SETUP_BYTES", 1 << 62)
    with pytest.raises(preflight.Unfit, match="GB free"):
        preflight.check(str(tmp_path), setup_needed=True)


def test_a_missing_venv_module_is_told_with_its_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preflight.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(preflight.shutil, "which", lambda _name: None)
    with pytest.raises(preflight.Unfit, match=r"apt-get install -y python3\.\d+-venv"):
        preflight.check(str(tmp_path), setup_needed=True)
