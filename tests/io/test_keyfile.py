"""Keys of pseudonyms: read in every form, made once, never where the data is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.io.keyfile import MOST_BYTES, check_key_apart, make_key, read_key

RAW = bytes(range(100, 116)) + b"\xff"
HEX = "000102030405060708090a0b0c0d0e0f"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (HEX.encode(), bytes(range(16))),
        (f"{HEX.upper()}\n".encode(), bytes(range(16))),
        (f"\ufeff{HEX}\r\n".encode(), bytes(range(16))),
        (RAW, RAW),
        (RAW + b"\n", RAW + b"\n"),
        (b"a long sentence of mine\n", b"a long sentence of mine"),
    ],
)
def test_a_key_is_hex_or_the_bytes_themselves(tmp_path: Path, content: bytes, key: bytes) -> None:
    (tmp_path / "k").write_bytes(content)
    assert read_key(tmp_path / "k") == key


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "too short: 0 bytes, and at least 16"),
        (b"my key\n", "too short: 6 bytes"),
        (HEX[:30].encode(), "too short: 30 hex digits, and at least 32"),
        (HEX.encode() + b"a", "an odd number of hex digits (33)"),
        (b"0" * 64, "repeats itself"),
        (bytes(MOST_BYTES + 1), "is no key: a key has at most 4096 bytes"),
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "k").write_bytes(content)
    with pytest.raises(InputError) as error:
        read_key(tmp_path / "k", "do that")
    assert says in str(error.value) and "do that" in str(error.value) and str(tmp_path / "k") in str(error.value)


def test_no_file_and_a_folder_are_no_keys(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such key file"):
        read_key(tmp_path / "k")
    with pytest.raises(InputError, match="cannot be read"):
        read_key(tmp_path)


def test_a_key_is_made_once_and_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "config" / "rotations" / "k"
    key = make_key(path)
    assert len(key) == 32 and read_key(path) == key
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert make_key(path) == key, "another run that was slower takes the same"
    assert [p.name for p in path.parent.iterdir()] == ["k"]


def test_where_no_key_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError, match=r"no key can be made there .*name a key file with --key"):
        make_key(tmp_path / "file" / "k")


def test_a_key_lies_apart_from_the_data(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    for folder in (data / "deep", elsewhere):
        folder.mkdir(parents=True)
    (elsewhere / "k").write_text(HEX, "utf-8")
    (data / "link").symlink_to(elsewhere / "k")
    (elsewhere / "shortcut").symlink_to(data)
    (data / "k").write_text(HEX, "utf-8")
    (elsewhere / "way").symlink_to(data / "k")
    folders = {"the solution's folder": data}
    check_key_apart(elsewhere / "k", folders)
    check_key_apart(data / ".." / "elsewhere" / "k", folders)
    check_key_apart(tmp_path / "data2" / "k", folders)
    inside = ("data/k", "data/deep/new", "data/link", "elsewhere/shortcut/k", "elsewhere/way", "elsewhere/../data/k")
    for path in inside:
        with pytest.raises(InputError, match="the key lies inside of the solution's folder"):
            check_key_apart(tmp_path / path, folders)
