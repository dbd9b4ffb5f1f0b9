"""Merging into the files of an instance: logged, one at a time, at once or not at all."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.domain import Instance
from scheduler.domain.tables import Availability, Pin
from scheduler.errors import InputError
from scheduler.intake import ledger
from scheduler.intake.ledger import Logged, Merged, line_of, merge, read_log, rows_text, write_log
from scheduler.intake.merging import Plan, plan
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Submission
from scheduler.io import load_instance, read_instance, write_instance
from scheduler.io.folder import write_folder
from scheduler.io.intake_folder import intake_folder
from scheduler.io.locked import LOCK, locked
from tests.intake.given import MAPLE, read, term

ROOT = Path(__file__).parents[2]
WHEN = datetime(2026, 6, 1, 12, 30, 5, tzinfo=UTC)
#: Two tables change: students and, with what leaves, pins.
FILE = "Student ID,Program,Home town,Remove\n0041,maple-bsn,Troy,\nm-002,maple-bsn,,yes\n"
LAKE = Sender("school", "lake")
Make = Callable[[Instance], tuple[Submission, Plan]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "term"
    write_instance(term(pins=(Pin(student="m-002", slot="4B-TuTh"), Pin(group="mA", slot="4B-TuTh"))), path)
    (path / "notes.txt").write_text("mine")
    return path


def making(text: str = FILE, file: str = "students.csv", sender: Sender = MAPLE, complete: bool = False) -> Make:
    def make(instance: Instance) -> tuple[Submission, Plan]:
        submission = read(text, file=file, sender=sender, instance=instance)
        return submission, plan(instance, submission, complete)

    return make


def run(path: Path, make: Make | None = None) -> Merged:
    make = make or making()
    return merge(path, make, make(read_instance(path))[1], "ann", WHEN)


def content(path: Path) -> dict[str, bytes]:
    """All files of an instance but those that say what came in."""
    own = (p for p in path.rglob("*") if p.is_file() and "intake" not in p.parts)
    return {str(p.relative_to(path)): p.read_bytes() for p in own}


# -- what is written ------------------------------------------------------------------------------------------------------


def test_only_tables_that_change_are_written_and_what_was_there_is_kept(folder: Path) -> None:
    before = content(folder)
    done = run(folder)
    after = content(folder)
    assert {name for name in before if before[name] != after.get(name)} == {
        "students.csv",
        "availability.csv",
        "clearances.csv",
        "pins.csv",
    }
    assert read_instance(folder) == done.plan.instance and done.before == 1
    # the only rows of these tables are gone, and with them the files
    assert set(before) - set(after) == {"availability.csv", "clearances.csv"}
    kept = folder / "intake" / "before" / "1"
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == {
        name: before[name] for name in before if before[name] != after.get(name)
    }
    assert load_instance(folder)[1] == []  # the folder with the log is not in the way


def test_rows_of_others_keep_their_text(folder: Path) -> None:
    students = folder / "students.csv"
    by_hand = b'\xef\xbb\xbfstudent,program,priority,home,named\r\n0041,maple-bsn,3,Salem,yes\r\n\r\n"l-001",lake-bsn,,,yes\r\n'
    students.write_bytes(by_hand)
    (folder / "pins.csv").unlink()
    (folder / "availability.csv").unlink()
    (folder / "clearances.csv").unlink()
    run(folder, making("Student ID,Home town\n0041,Troy\n"))
    assert students.read_bytes() == by_hand.replace(b"Salem", b"Troy")


def test_the_same_file_again_changes_nothing_and_keeps_no_version(folder: Path) -> None:
    run(folder)
    before = content(folder)
    assert run(folder).before == 0
    assert content(folder) == before
    assert [p.name for p in (folder / "intake" / "before").iterdir()] == ["1"]
    assert [(line.action, line.before) for line in read_log(folder)] == [("merged", "1")]


def test_a_workbook_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "fall.xlsx"
    write_instance(term(), path)
    before = path.read_bytes()
    done = run(path)
    assert intake_folder(path) == tmp_path / "fall.intake"
    assert (tmp_path / "fall.intake" / "before" / "1.xlsx").read_bytes() == before
    assert read_instance(path) == done.plan.instance
    assert len(read_log(path)) == 1


def test_versions_are_counted_on(folder: Path) -> None:
    assert run(folder).before == 1
    assert run(folder, making("Student ID,Home town\n0041,Rome\n")).before == 2
    assert b"Troy" in (folder / "intake" / "before" / "2" / "students.csv").read_bytes()


# -- what is not written --------------------------------------------------------------------------------------------------


def test_what_was_not_shown_is_not_written(folder: Path) -> None:
    make = making()
    shown = make(read_instance(folder))[1]
    run(folder, making("Student ID,Home town\n0041,Rome\n"))
    before = content(folder)
    with pytest.raises(InputError, match=r"changed meanwhile.*run the command again"):
        merge(folder, make, shown, "ann", WHEN)
    assert content(folder) == before and len(read_log(folder)) == 1


def test_what_another_school_merged_meanwhile_is_not_in_the_way(folder: Path) -> None:
    make = making()
    shown = make(read_instance(folder))[1]
    run(folder, making("Student ID,Home town\nl-001,Rome\n", sender=LAKE))
    done = merge(folder, make, shown, "ann", WHEN)
    homes = {s.student: s.home for s in read_instance(folder).students}
    assert homes == {"0041": "Troy", "l-001": "Rome", "m-003": ""} and done.before == 2


def test_an_instance_that_would_have_errors_is_not_written(folder: Path) -> None:
    before = content(folder)
    text = "ID,First day,Last day\n0041,2026-09-01,2026-09-02\n"

    def make(instance: Instance) -> tuple[Submission, Plan]:
        submission = read(text, file="time off.csv", instance=instance)
        found = plan(instance, submission)
        wrong = Availability(who_kind="student", who="0041", shift="dawn")
        return submission, Plan(found.changes, found.instance.model_copy(update={"availability": (wrong,)}), found.leaving)

    with pytest.raises(InputError, match=r"availability\.csv row 2, column shift"):
        run(folder, make)
    assert content(folder) == before and read_log(folder) == []


def test_another_writer_is_waited_for_and_then_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "WAIT_S", 0.1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(intake_folder(folder)):
            held.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    before = content(folder)
    try:
        with pytest.raises(InputError, match="another command is writing here; try again when it is done"):
            run(folder)
    finally:
        done.set()
        thread.join()
    assert content(folder) == before
    assert run(folder).before == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from scheduler.intake import ledger
from scheduler.io import publish
from tests.intake import test_ledger

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

at = sys.argv[2]
if at == "moving":
    moves, replace = [], Path.replace
    def one(self, target):
        if publish.COMMIT in self.parts and moves:
            die()
        moves.extend([self] if publish.COMMIT in self.parts else [])
        return replace(self, target)
    Path.replace = one
else:
    where, name = at.split(".")
    setattr({"ledger": ledger, "publish": publish}[where], name, die)
test_ledger.run(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("at", ["ledger._keep", "publish._commit_inside", "publish._finish", "moving", "ledger._append"])
def test_a_kill_leaves_the_old_instance_or_the_new_one(folder: Path, tmp_path: Path, at: str) -> None:
    old, new = read_instance(folder), making()(read_instance(folder))[1].instance
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), at], cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    left = read_instance(folder)
    assert left == (old if at in ("ledger._keep", "publish._commit_inside") else new)
    # nobody holds the lock, and the same command finishes what was begun
    run(folder)
    whole = tmp_path / "whole"
    write_folder(old, whole)
    run(whole)
    assert read_instance(folder) == new == read_instance(whole)
    assert [line.action for line in read_log(folder)] == ["merged"]
    assert (folder / "notes.txt").read_text() == "mine"


def test_what_a_kill_left_half_moved_is_what_is_kept_next(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(folder), "publish._finish"], cwd=ROOT, capture_output=True, check=False)
    assert b"Salem" in (folder / "students.csv").read_bytes()  # not moved yet
    done = run(folder, making("Student ID,Home town\n0041,Rome\n"))
    assert b"Troy" in (folder / "intake" / "before" / str(done.before) / "students.csv").read_bytes()
    assert {s.student: s.home for s in read_instance(folder).students}["0041"] == "Rome"


# -- the log --------------------------------------------------------------------------------------------------------------


def test_a_line_says_who_merged_what_and_when(folder: Path) -> None:
    run(folder)
    assert read_log(folder) == [
        Logged(
            when="2026-06-01T12:30:05Z",
            action="merged",
            sender_kind="school",
            sender="maple",
            by="ann",
            file="students.csv",
            sha256="0" * 64,
            mapping="",
            errors="0",
            warnings="0",
            rows="students +0 ~1 -1; availability +0 ~0 -1; clearances +0 ~0 -1; pins +0 ~0 -1",
            before="1",
        )
    ]


def test_rows_are_counted_by_table() -> None:
    assert rows_text(making("Student ID,Program,Home town\n0041,,Troy\nm-9,maple-bsn,\n")(term())[1]) == "students +1 ~1 -0"


@pytest.mark.parametrize("name", ["=1+1.csv", "@x.csv", "-x.csv", "+x.csv", "'x.csv", 'a,b".csv'])
def test_no_cell_of_the_log_is_a_formula_and_all_are_read_as_they_were(folder: Path, name: str) -> None:
    write_log(folder, line_of(read(FILE, file=name), "checked", "=cmd|' /C calc'!A0", WHEN))
    with (folder / "intake" / "log.csv").open(newline="") as file:
        cells = list(csv.reader(file))[1]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    line = read_log(folder)[0]
    assert (line.file, line.by) == (name, "=cmd|' /C calc'!A0")


def test_a_line_that_somebody_spoilt_takes_no_other_along(folder: Path) -> None:
    for name in ("one.csv", "two\nlines.csv", "three.csv"):
        write_log(folder, line_of(read(FILE, file=name), "checked", "ann", WHEN))
    log = folder / "intake" / "log.csv"
    lines = log.read_text().splitlines()
    lines[1:1] = ['"never closed', "short,line", "\x00"]
    log.write_text("\n".join(lines))  # and no end of the last line
    write_log(folder, line_of(read(FILE, file="four.csv"), "checked", "ann", WHEN))
    assert [line.file for line in read_log(folder)] == ["one.csv", "two lines.csv", "three.csv", "four.csv"]


def test_an_instance_without_a_log_has_no_lines(folder: Path) -> None:
    assert read_log(folder) == [] and not intake_folder(folder).exists()


def test_lines_of_processes_that_write_at_once_are_all_there(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.intake.test_ledger import *\n"
        "for i in range(10): write_log(Path(sys.argv[1]), line_of(read(FILE, file=f'{sys.argv[2]}-{i}'), 'checked', 'ann', WHEN))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(folder), name], cwd=ROOT) for name in "ab"]
    assert [p.wait(60) for p in processes] == [0, 0]
    found = [line.file for line in read_log(folder)]
    assert sorted(found) == sorted(f"{name}-{i}" for name in "ab" for i in range(10))
    assert {p.name for p in intake_folder(folder).iterdir()} == {"log.csv", LOCK}
