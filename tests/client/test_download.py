import os

import pytest

from proofroom_client.names import MOST_BYTES, free_name, safe_name

CONTENT = os.urandom(3_000_000)


def test_it_fetches_an_item_by_number_or_id_and_compares_it(fake, run, tmp_path):
    item = fake.add_item("RPD-2026-00017-001", "cam4.mp4", CONTENT)
    for name, folder in (("RPD-2026-00017-001", "one"), (item, "two")):
        code, lines = run("download", name, "--to", tmp_path / folder, "--json")
        assert (code, lines[0]["verified"]) == (0, "the same as sealed")
        assert (tmp_path / folder / "cam4.mp4").read_bytes() == CONTENT


def test_a_cut_is_continued_by_range(fake, run, tmp_path):
    fake.add_item("N-1", "cam4.mp4", CONTENT)
    fake.cut_content = [1_200_000]
    assert run("download", "N-1", "--to", tmp_path, "--json")[0] == 0
    assert (tmp_path / "cam4.mp4").read_bytes() == CONTENT
    assert fake.ranges[0] is None
    assert 0 < int(fake.ranges[1][6:-1]) <= 1_200_000


def test_a_later_run_continues_what_an_earlier_one_left(fake, run, tmp_path):
    item = fake.add_item("N-1", "cam4.mp4", CONTENT)
    (tmp_path / f".{item}.part").write_bytes(CONTENT[:2_000_000])
    assert run("download", "N-1", "--to", tmp_path, "--json")[0] == 0
    assert fake.ranges == ["bytes=2000000-"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cam4.mp4"]


def test_a_server_that_ignores_ranges_is_understood(fake, run, tmp_path):
    item = fake.add_item("N-1", "cam4.mp4", CONTENT)
    fake.ignores_ranges = True
    (tmp_path / f".{item}.part").write_bytes(CONTENT[:2_000_000])
    assert run("download", "N-1", "--to", tmp_path, "--json")[0] == 0
    assert (tmp_path / "cam4.mp4").read_bytes() == CONTENT


def test_what_differs_from_the_seal_is_not_kept(fake, run, tmp_path):
    fake.add_item("N-1", "cam4.mp4", CONTENT, sha256="0" * 64)
    code, lines = run("download", "N-1", "--to", tmp_path, "--json")
    assert (code, lines[0]["code"]) == (4, "download-differs")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_lies_there_already_is_not_fetched_again(fake, run, tmp_path):
    fake.add_item("N-1", "cam4.mp4", CONTENT)
    (tmp_path / "cam4.mp4").write_bytes(CONTENT)
    assert run("download", "N-1", "--to", tmp_path, "--json")[1][0]["verified"] == "was there already, unchanged"
    assert fake.ranges == []


def test_another_file_of_that_name_is_never_overwritten(fake, run, tmp_path):
    fake.add_item("N-1", "cam4.mp4", CONTENT)
    (tmp_path / "cam4.mp4").write_bytes(b"mine")
    run("download", "N-1", "--to", tmp_path, "--json")
    assert (tmp_path / "cam4.mp4").read_bytes() == b"mine"
    assert (tmp_path / "cam4 (N-1).mp4").read_bytes() == CONTENT


def test_an_unknown_item_is_told_and_the_rest_goes_on(fake, run, tmp_path):
    fake.add_item("N-1", "cam4.mp4", CONTENT)
    code, lines = run("download", "N-9", "N-1", "--to", tmp_path, "--json")
    assert (code, lines[0]["code"], lines[1]["verified"]) == (1, "nothing-found", "the same as sealed")


def test_a_link_in_the_place_of_the_part_is_not_followed(fake, run, tmp_path):
    item = fake.add_item("N-1", "cam4.mp4", CONTENT)
    (tmp_path / f".{item}.part").symlink_to(tmp_path / "precious")
    code, lines = run("download", "N-1", "--to", tmp_path, "--json")
    assert (code, lines[0]["code"]) == (1, "not-written")
    assert not (tmp_path / "precious").exists()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("cam4.mp4", "cam4.mp4"), ("../../etc/passwd", "_.._etc_passwd"), ("/etc/passwd", "_etc_passwd"),
        ("a\nb\x00c", "a_b_c"), ("\u202egpj.exe", "_gpj.exe"), ("..", "N"), ("", "N"), (None, "N"), ("...", "N"),
        ("con", "N_con"), ("NUL.txt", "N_NUL.txt"), (".bashrc", "bashrc"), ("C:\\x", "C__x"), ("x.mp4. ", "x.mp4"),
    ],
)  # fmt: skip
def test_a_servers_name_is_made_safe(given, safe):
    assert safe_name(given, "N") == safe


def test_a_long_name_keeps_its_suffix():
    found = safe_name("ü" * 400 + ".mp4", "N")
    assert len(found.encode()) <= MOST_BYTES
    assert found.endswith("ü.mp4")


def test_names_that_are_taken_are_passed_over(tmp_path):
    for name in ("a.txt", "a (N).txt"):
        (tmp_path / name).touch()
    (tmp_path / "a (N) 2.txt").symlink_to("nowhere")
    assert free_name(tmp_path, "a.txt", "N").name == "a (N) 3.txt"
