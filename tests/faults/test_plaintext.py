"""Evidence never rests in the clear: a marker in every kind of file, and everything that the installation wrote."""

import io
import mmap
import os
import secrets
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import requests
from django.conf import settings
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from accounts import sessions
from custody.actors import Actor
from evidence.models import Case, Derivative, Item
from store.objects import store
from tests.cast import bearer, person_of
from tests.faults.test_processes import Remote
from tests.live import Live, WaitFor
from tests.stack import Stack

MIB = 1024 * 1024
MARKER = f"plaintext-{secrets.token_hex(24)}".encode()
CONTROL = f"control-{secrets.token_hex(24)}".encode()


def forms_of(marker: bytes) -> list[bytes]:
    """The marker as it is, in UTF-16, in hex, and in the three ways in which base64 may cut it."""
    in_base64 = [b64encode(b"\0" * skip + marker)[4:-4] for skip in range(3)]
    return [marker, marker.decode().encode("utf-16-le"), marker.hex().encode(), *in_base64]


def written(stack: Stack, since: float) -> Iterator[Path]:
    """Every file of the run's home and database, and every newer one in the folders for temporary files."""
    ours = [stack.home.path, *([stack.memory] if stack.memory else [])]
    for folder in [*ours, Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/shm")]:
        for base, _folders, names in os.walk(folder):
            for path in (Path(base, name) for name in names):
                try:
                    if path.is_symlink() or not path.is_file() or not path.stat().st_size:
                        continue
                    if folder in ours or path.stat().st_mtime >= since:
                        yield path
                except OSError:  # gone by now, or another user's
                    continue


def open_by(pids: list[int]) -> Iterator[Path]:
    """Regular files that processes hold open, deleted ones too."""
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                if link.is_file() and 0 < link.stat().st_size < 512 * MIB:
                    yield link
            except OSError:
                continue


def holding(paths: Iterator[Path], *markers: bytes) -> list[str]:
    """The files that hold one of the markers in any form."""
    found, wanted = [], [form for marker in markers for form in forms_of(marker)]
    for path in paths:
        try:
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                if any(content.find(form) >= 0 for form in wanted):
                    found.append(str(path))
        except (OSError, ValueError):
            continue
    return found


def with_children(pids: list[int]) -> list[int]:
    """The processes and those that they forked."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = list(pids)
    for pid in found:
        found += parents.get(pid, [])
    return found


def video() -> bytes:
    """Forty megabytes, no kilobyte of which is without the marker."""
    block = MARKER + os.urandom(512)
    return block * (40 * MIB // len(block))


def picture() -> bytes:
    """A photograph that carries the marker in its metadata."""
    info, out = PngInfo(), io.BytesIO()
    info.add_text("Comment", MARKER.decode())
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "PNG", pnginfo=info)
    return out.getvalue() + MARKER


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process logs all that it can."""
    usual = Stack.environment

    def loud(stack: Stack, *args: str) -> dict[str, str]:
        return {**usual(stack, *args), "PROOFROOM_LOG_LEVEL": "DEBUG"}

    monkeypatch.setattr(Stack, "environment", loud)


def preview_of(url: str, actor: Actor, item: str) -> bytes:
    """The preview as a page shows it."""
    _session, secret = sessions.open_session(person_of(actor))
    browser = requests.Session()
    browser.cookies.set(settings.SESSION_COOKIE_NAME, secret)
    page = browser.get(f"{url}/items/{item}/", timeout=60).text
    token = page.split('name="csrf-token" content="')[1].split('"', maxsplit=1)[0]
    headers = {"X-CSRFToken": token, "Referer": url}
    shown = browser.post(f"{url}/items/{item}/play/", headers=headers, timeout=60).json()
    answer = browser.get(url + shown["url"], timeout=60)
    assert answer.status_code == 200, shown
    return answer.content


def test_nothing_of_a_file_rests_in_the_clear(
    talkative: None, live_stack: Live, alice: Actor, case: Case, bucket: str, wait_for: WaitFor
) -> None:  # fmt: skip
    began = time.time() - 2
    live_stack.url = url = live_stack.web()
    live_stack.worker()
    store().put(f"control/{secrets.token_hex(4)}", CONTROL + os.urandom(4096))

    film, note, photo = video(), MARKER + b"\n" + b"They left by the back door.\n" * 40, picture()
    in_pieces = Remote(alice, len(film), url, case=case.number, filename="film.mp4")
    cuts = [0, 7 * MIB, 15 * MIB + 3, len(film)]
    for first, last in pairwise(cuts):
        assert in_pieces.send(url, first, film[first:last]).status_code == 204
    whole = []
    for data, name in ((note, "note.txt"), (photo, "photo.png")):
        whole.append(Remote(alice, len(data), url, case=case.number, filename=name))
        assert whole[-1].send(url, 0, data).status_code == 204
    unfinished = Remote(alice, len(film), url, case=case.number, filename="unfinished.mp4")
    assert unfinished.send(url, 0, film[: 5 * MIB]).status_code == 204

    def done() -> bool:
        items = Item.objects.exclude(pk=unfinished.item)
        return not items.exclude(state="sealed", processing__in=["done", "failed"]).exists()

    wait_for(done, 90)  # type: ignore[call-arg]
    assert Derivative.objects.filter(item=whole[1].item, kind="preview").exists()
    assert MARKER not in preview_of(url, alice, whole[1].item)
    back = requests.get(f"{url}/api/v1/items/{in_pieces.item}/content", headers=bearer(alice), timeout=60, stream=True)
    taken = back.raw.read(3 * MIB)  # and while it streams
    pids = with_children([process.pid for process in live_stack.processes])
    assert holding(open_by(pids), MARKER) == []
    assert taken + back.raw.read() == film

    assert holding(written(live_stack.stack, began), CONTROL), "the search would not even find what is in the clear"
    assert holding(written(live_stack.stack, began), MARKER) == []
