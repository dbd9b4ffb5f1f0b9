"""What nobody should send is refused with the right sentence, in bounded memory, and never runs."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.intake import opening
from scheduler.intake.catalogue import say
from scheduler.intake.findings import Refused
from scheduler.intake.opening import open_received
from scheduler.words import LANGUAGES
from tests.intake.bombs import BOMBS, HARMLESS, pack, xlsx

OLD = Path(__file__).parent / "files" / "types.xls"

#: Opens files with little memory and prints the code with which each is refused.
_ALONE = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from scheduler.intake.findings import Refused
from scheduler.intake.opening import open_received
for name in sys.argv[1:]:
    try:
        open_received(Path(name))
        print("read")
    except Refused as refused:
        print(refused.finding.code)
used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
assert sum(used) < 1_000_000, used
"""


def refused(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        open_received(path)
    for language in LANGUAGES:
        message, fix = say(caught.value.finding, language)
        assert message and fix and "{" not in message + fix
    return caught.value.finding.code


@pytest.mark.parametrize("name", BOMBS)
def test_refused(name: str, tmp_path: Path) -> None:
    write, code = BOMBS[name]
    write(tmp_path / name)
    assert refused(tmp_path / name) == code


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_empty_is_no_reason_to_refuse(name: str, tmp_path: Path) -> None:
    HARMLESS[name](tmp_path / name)
    assert open_received(tmp_path / name).grids[0].rows == [["x"]]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of memory on Windows")
def test_memory(tmp_path: Path) -> None:
    names = [
        "bomb.xlsx",
        "lying.xlsx",
        "shared-long.xlsx",
        "repeated.ods",
        "corner.xlsx",
        "commas.csv",
        "columns.csv",
        "quote.csv",
    ]
    for name in names:
        BOMBS[name][0](tmp_path / name)
    paths = [str(tmp_path / name) for name in names]
    done = subprocess.run([sys.executable, "-c", _ALONE, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [BOMBS[name][1] for name in names]


def test_files_that_were_sent_are_never_taken_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(tmp_path / "a.xlsx", xlsx())
    for module in ("zipfile", "python_calamine", "resource", "scheduler", "sitecustomize"):
        (tmp_path / f"{module}.py").write_text("open('ran', 'w').close()")
    monkeypatch.chdir(tmp_path)
    assert open_received(Path("a.xlsx")).grids[0].rows == [["x"]]
    assert not (tmp_path / "ran").exists()


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(tmp_path / "a.xlsx", xlsx())
    monkeypatch.setattr(opening, "MOST_SECONDS", 0.001)
    assert refused(tmp_path / "a.xlsx") == "too_costly"


def test_a_reader_that_dies_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(tmp_path / "a.xlsx", xlsx())
    monkeypatch.setattr(subprocess, "run", lambda *args, **more: subprocess.CompletedProcess(args, -6, b"", b"aborted"))
    assert refused(tmp_path / "a.xlsx") == "too_costly"


def test_an_answer_of_another_kind_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(tmp_path / "a.xlsx", xlsx())
    answer = b"cos\nsystem\n(S'touch ran'\ntR."
    monkeypatch.setattr(subprocess, "run", lambda *args, **more: subprocess.CompletedProcess(args, 0, answer, b""))
    monkeypatch.chdir(tmp_path)
    assert refused(tmp_path / "a.xlsx") == "damaged"
    assert not (tmp_path / "ran").exists()


# -- not a file ----------------------------------------------------------------------------------------------------------


def test_what_is_no_ordinary_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == "not_a_file"
    assert refused(tmp_path / "none.csv") == "no_file"
    assert refused(Path("x\0.csv")) == "unreadable"
    (tmp_path / "empty.csv").touch()
    assert refused(tmp_path / "empty.csv") == "empty_file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes as files here")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "pipe.csv") == "not_a_file"
    assert refused(Path("/dev/zero")) == "not_a_file"


def test_a_link_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.csv").symlink_to(tmp_path / "secret.csv")
    (inbox / "round.csv").symlink_to(inbox / "round.csv")
    assert refused(inbox / "a.csv") == "link"
    assert refused(inbox / "round.csv") in ("link", "unreadable")


# -- old workbooks -------------------------------------------------------------------------------------------------------


def renamed(data: bytes, old: str, new: str) -> bytes:
    """A container in which a stream has another name."""
    at = data.index(old.encode("utf-16-le"))
    name = (new.encode("utf-16-le") + bytes(64))[:64] + struct.pack("<H", 2 * len(new) + 2)
    return data[:at] + name + data[at + 66 :]


def record(data: bytes, old: int, new: int, content: bytes = b"") -> bytes:
    """A workbook in which the first record of a kind is of another, and begins with some content."""
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    while struct.unpack_from("<H", data, at)[0] != old:
        at += 4 + struct.unpack_from("<H", data, at + 2)[0]
    return data[:at] + struct.pack("<H", new) + data[at + 2 : at + 4] + content + data[at + 4 + len(content) :]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: renamed(d, "\x05SummaryInformation", "_VBA_PROJECT_CUR"), "macros"),
        (lambda d: renamed(d, "\x05SummaryInformation", "\x01Ole10Native"), "embedded"),
        (lambda d: renamed(d, "\x05SummaryInformation", "MBD0012ABCD"), "embedded"),
        (lambda d: renamed(d, "\x05SummaryInformation", "EncryptedPackage"), "password"),
        (lambda d: renamed(d, "\x05SummaryInformation", "WordDocument"), "document"),
        (lambda d: renamed(d, "Workbook", "Contents"), "not_a_table"),
        (lambda d: record(d, 0x0042, 0x002F), "password"),
        (lambda d: record(d, 0x003D, 0x01AE, b"\x01\x00\x0a\x00"), "external_links"),
        (lambda d: record(d, 0x0085, 0x0085, struct.pack("<IBB", 0, 0, 1)), "macros"),
        (lambda d: d[:3000], "damaged"),
        (lambda d: d[:76] + b"\x05\x00\x00\x00" * 109 + d[512:], "damaged"),
        (lambda d: d[:200], "damaged"),
    ],
)
def test_old_workbooks(change: object, code: str, tmp_path: Path) -> None:
    assert callable(change)
    (tmp_path / "a.xls").write_bytes(change(OLD.read_bytes()))
    assert refused(tmp_path / "a.xls") == code
