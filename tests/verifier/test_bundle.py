import io
import json
import struct
import zipfile

import pytest

from tests.samples.bundles import build
from verifier.errors import VerificationFailed
from verifier.notes import VerifierKey
from verifier.recipe import verify

KEY = VerifierKey.parse((build.HERE / "log.vkey").read_text())
GOOD = (build.HERE / "good.zip").read_bytes()


@pytest.fixture
def refused(tmp_path):
    """The code with which these bytes are refused as a bundle."""

    def code_of(raw: bytes) -> str:
        path = tmp_path / "bundle.zip"
        path.write_bytes(raw)
        with pytest.raises(VerificationFailed) as refusal:
            verify(path, KEY)
        return refusal.value.code

    return code_of


def changed(**replaced: bytes | None) -> bytes:
    members = {**build._members(GOOD), **{name.replace("__", "."): raw for name, raw in replaced.items()}}
    return build._packed({name: raw for name, raw in members.items() if raw is not None})


def with_line(name: str, change) -> bytes:
    lines = build._members(GOOD)[name].splitlines(keepends=True)
    return build._packed({**build._members(GOOD), name: b"".join([change(lines[0]), *lines[1:]])})


@pytest.mark.parametrize("raw", [b"", b"PK", GOOD[:-30], GOOD[: len(GOOD) // 2], b"\x00" * 1000])
def test_it_refuses_what_is_no_zip(refused, raw):
    assert refused(raw) == "bundle-unreadable"


def test_it_refuses_a_path_without_anything(tmp_path):
    with pytest.raises(VerificationFailed, match="no such file"):
        verify(tmp_path / "nothing.zip", KEY)


def test_it_refuses_every_cut_and_survives_every_flip(refused):
    for at in range(0, len(GOOD), 97):
        raw = bytearray(GOOD)
        raw[at] ^= 0x20
        try:
            refused(bytes(raw))
        except pytest.fail.Exception:
            # Some bytes of a ZIP say nothing (times, modes); then the content is the good one.
            assert build._members(bytes(raw)) == build._members(GOOD)


@pytest.mark.parametrize("name", ["leaves__jsonl", "openings__jsonl", "proofs__jsonl", "bundle__json"])
def test_it_refuses_a_bundle_without_one_of_its_files(refused, name):
    assert refused(changed(**{name: None})) == "member-missing"


@pytest.mark.parametrize(
    "name",
    [
        "../bundle.json", "/etc/passwd", "entries/../../x", "entries/01.json", "entries/-1.json", "entries/1.JSON",
        "entries/٣.json", "entries\\1.json", "files/a/b", "files/..", "files/", "timestamps/x.exe", ".hidden",
        "entries/99999999999999999.json", "files/a\nb",
    ],
)  # fmt: skip
def test_it_refuses_a_name_that_no_bundle_has(refused, name):
    assert refused(build._packed({**build._members(GOOD), name: b"x"})) == "unexpected-member"


def test_a_stray_entry_is_refused(refused):
    assert refused(build._packed({**build._members(GOOD), "entries/77.json": b"{}"})) == "entry-unconnected"


def test_an_entry_that_unpacks_to_too_much_is_refused_before_it_is_read(refused):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in build._members(GOOD).items():
            archive.writestr(name, raw if name != "entries/2.json" else bytes(100_000_000))
    assert refused(target.getvalue()) == "bundle-unreadable"


def test_a_size_that_lies_is_refused(refused):
    """The directory tells 10 bytes, the data unpack to a megabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in build._members(GOOD).items():
            archive.writestr(name, raw if name != "entries/2.json" else bytes(1_000_000))
    raw = target.getvalue().replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10))
    assert refused(raw) in ("bundle-unreadable", "entry-altered")


def test_an_encrypted_member_is_refused(refused):
    raw = bytearray(GOOD)
    raw[GOOD.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(raw)) == "bundle-unreadable"


@pytest.mark.parametrize(
    "line",
    [
        b'{"leaf":1,"leaf":2}\n', b"[]\n", b"\n", b"1e5\n", b'{"leaf":NaN}\n', b"9" * 600_000 + b"\n", b'{"leaf":1}',
        b'{"leaf":' + b"9" * 5000 + b"}\n", b"[" * 200_000 + b"\n", b"\xff\xfe\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["leaves.jsonl", "proofs.jsonl", "openings.jsonl"])
def test_a_line_of_another_form_is_refused(refused, name, line):
    assert refused(with_line(name, lambda _: line)) == "malformed"


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("leaves.jsonl", "record", "zz"), ("leaves.jsonl", "record", ""), ("leaves.jsonl", "at", [7]),
        ("leaves.jsonl", "at", []), ("leaves.jsonl", "at", [-1]), ("leaves.jsonl", "at", [True]),
        ("leaves.jsonl", "at", None), ("leaves.jsonl", "leaf", 3), ("leaves.jsonl", "leaf", None),
        ("proofs.jsonl", "leaf", 7), ("openings.jsonl", "leaf", "1"), ("openings.jsonl", "salt", "0"),
        ("openings.jsonl", "value", 1),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_refused(refused, name, key, value):
    raw = with_line(name, lambda line: json.dumps({**json.loads(line), key: value}).encode() + b"\n")
    assert refused(raw) == "malformed"


@pytest.mark.parametrize("path", [[], ["00"], None, [1], "x", ["zz"]])
def test_a_proof_of_another_form_is_refused(refused, path):
    raw = with_line("proofs.jsonl", lambda line: json.dumps({**json.loads(line), "path": path}).encode() + b"\n")
    assert refused(raw) == "not-in-tree"


@pytest.mark.parametrize(
    ("key", "value"),
    [("scope", []), ("scope", {}), ("scope", [{"kind": "item"}]), ("withheld", {}), ("withheld", [{}]), ("checkpoint", 1),
     ("vkey", None), ("more", 1)],
)  # fmt: skip
def test_a_manifest_of_another_form_is_refused(refused, key, value):
    manifest = {**json.loads(build._members(GOOD)["bundle.json"]), key: value}
    assert refused(changed(bundle__json=json.dumps(manifest).encode())) == "malformed"


def test_the_same_opening_twice_is_refused(refused):
    assert refused(with_line("openings.jsonl", lambda line: line * 2)) == "opening-unknown"


def test_a_bundle_without_any_leaf_is_refused(refused):
    empty = {name: raw for name, raw in build._members(GOOD).items() if not name.startswith("entries/")}
    assert refused(build._packed({**empty, **dict.fromkeys(("leaves.jsonl", "proofs.jsonl"), b"")})) == "tail-cut"


def test_a_link_in_a_folder_is_not_followed(tmp_path):
    for name, raw in build._members(GOOD).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "cam4.mp4").symlink_to("/etc/hostname")
    with pytest.raises(VerificationFailed) as refusal:
        verify(tmp_path, KEY)
    assert refusal.value.code == "unexpected-member"
