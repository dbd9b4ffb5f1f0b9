"""``rotations intake merge`` and ``rotations intake status``, as a coordinator uses them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import cli
from scheduler.domain.tables import Pin
from scheduler.io import read_instance, write_instance
from scheduler.terminal import intake_merge

ROOT = Path(__file__).parents[2]
SMALL, SOLVED = ROOT / "instances" / "small", ROOT / "solutions" / "small"
HOME = "Student ID,Home town\nn-01,Troy\n"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small instance: schools maple and oak."""
    return Path(shutil.copytree(SMALL, tmp_path / "term"))


def merge(folder: Path, text: str, *more: str, file: str = "students.csv", sender: str = "school=maple") -> int:
    path = folder.parent / file
    path.write_text(text)
    kind, _, name = sender.partition("=")
    return cli.run(["intake", "merge", str(path), "--instance", str(folder), f"--{kind}", name, *more])


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


# -- showing and asking ---------------------------------------------------------------------------------------------------


def test_shows_what_would_change_and_writes_after_yes(folder: Path, capsys: Capture) -> None:
    assert merge(folder, HOME + "x-99,Rome\n", "--yes", "--by", "Ann") == 1  # two programs: which one is the new student's?
    assert "maple-bsn or maple-pa" in capsys.readouterr().out
    assert merge(folder, "Student ID,Program,Home town\nn-01,,Troy\nn-99,maple-bsn,\n", "--yes", "--by", "Ann") == 0
    said = capsys.readouterr().out
    assert "changed: n-01: home '' → 'Troy'" in said and "added: n-99: program maple-bsn" in said
    assert "In all 2 rows: 1 added, 1 changed." in said and "kept as version 1" in said
    assert read_instance(folder).student_by_id["n-01"].home == "Troy"
    changed = [name for name, data in content(folder).items() if data != (SMALL / name).read_bytes()]
    assert changed == ["students.csv"]


def test_nobody_to_ask_is_exit_code_2_and_nothing_is_written(folder: Path, capsys: Capture) -> None:
    before = content(folder)
    assert merge(folder, HOME) == 2
    said = capsys.readouterr()
    assert "changed: n-01" in said.out and "nobody is there to ask; look at it, then add --yes" in said.err
    assert content(folder) == before and not (folder / "intake").exists()


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 3)])
def test_asks_where_somebody_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, code: int) -> None:
    asked = []

    def confirm(text: str, default: bool, err: bool) -> bool:
        asked.append((text, default, err))
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    before = content(folder)
    assert merge(folder, HOME) == code
    assert asked == [("Merge?", False, False)] and (content(folder) != before) is answer


def test_nothing_to_change_asks_nothing_and_keeps_no_version(folder: Path, capsys: Capture) -> None:
    assert merge(folder, HOME, "--yes") == 0
    before = content(folder)
    capsys.readouterr()
    assert merge(folder, HOME) == 0
    assert capsys.readouterr().out == "Nothing to change: the instance says all of this already.\n"
    assert content(folder) == before and [p.name for p in (folder / "intake" / "before").iterdir()] == ["1"]


def test_of_many_rows_the_first_are_shown(folder: Path, capsys: Capture) -> None:
    rows = "".join(f"z-{i:02d},maple-bsn\n" for i in range(25))
    assert merge(folder, f"Student ID,Program\n{rows}", "--yes") == 0
    said = capsys.readouterr().out
    assert said.count("added: z-") == 20 and "… and 5 more rows" in said and "In all 25 rows: 25 added." in said


def test_what_a_program_reads(folder: Path, capsys: Capture) -> None:
    assert merge(folder, HOME, "--yes", "--json") == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["merged"] is True and found["before"] == 1
    assert found["changes"] == [{"table": "students", "what": "changed", "row": "n-01: home '' → 'Troy'"}]
    assert "changed: n-01" in said.err
    assert merge(folder, HOME, "--yes", "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["merged"], again["changes"], again["before"]) == (False, [], 0)
    assert merge(folder, "Student ID,Program\nm-01,maple-bsn\n", "--yes", "--json") == 1
    assert json.loads(capsys.readouterr().out)["merged"] is False


# -- what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "more", "code", "said"),
    [
        ("Student ID,Program\nm-01,maple-bsn\n", (), 1, "m-01"),  # a student of oak
        ("Student ID,Program\nn-01,maple-bsn\nn-01,maple-pa\n", (), 1, "ow 2 is about the same"),
        ("%PDF-1.4", (), 1, "students.csv"),
        (HOME, ("--mapping", "placement-request"), 1, "placement-request"),
        (HOME, ("--unit", "4B"), 2, "Name one sender"),
        (HOME, ("--schedule", "nowhere"), 2, "nowhere"),
    ],
)
def test_what_cannot_be_merged_is_said_and_nothing_written(
    folder: Path, capsys: Capture, text: str, more: tuple[str, ...], code: int, said: str
) -> None:
    before = content(folder)
    assert merge(folder, text, "--yes", *more) == code
    both = capsys.readouterr()
    assert said in both.out + both.err and "Traceback" not in both.err
    assert content(folder) == before


def test_an_unknown_sender_is_said_with_the_nearest_one(folder: Path, capsys: Capture) -> None:
    assert merge(folder, HOME, sender="school=mapel") == 2
    assert "did you mean 'maple'?" in capsys.readouterr().err


# -- what it touches ------------------------------------------------------------------------------------------------------


def test_pins_of_who_changes_or_leaves_are_named(folder: Path, capsys: Capture) -> None:
    instance = read_instance(folder)
    pins = (
        Pin(student="n-01", slot=instance.slots[0].slot),
        Pin(student="n-02", unit=instance.slots[0].unit, pin="must not"),
        Pin(student="n-03", slot=instance.slots[0].slot),
    )
    write_instance(instance.model_copy(update={"pins": pins}), folder)
    # who is in the file and does not change is not touched
    merge(folder, "Student ID,Program,Home town,Remove\nn-01,maple-bsn,,yes\nn-02,maple-bsn,Troy,\nn-03,maple-bsn,,\n")
    said = capsys.readouterr().out.partition("Touched\n")[2].splitlines()
    assert said == [
        f"  pin (must) of n-01: {instance.slots[0].slot}; it goes, as n-01 is removed",
        f"  pin (must not) of n-02: {instance.slots[0].unit}",
    ]


def test_placements_that_cannot_stay_are_named(folder: Path, capsys: Capture) -> None:
    instance = read_instance(folder)
    lines = (SOLVED / "schedule.csv").read_text().splitlines()
    header = lines[0].split(",")
    placed = [dict(zip(header, line.split(","), strict=False)) for line in lines[1:]]
    mine = [
        p
        for p in placed
        if p["student"] and instance.program_by_id[instance.student_by_id[p["student"]].program].school == "maple"
    ]
    leaves, away = mine[0]["student"], next(p for p in mine if p["student"] != mine[0]["student"])
    text = f"Student ID,Remove\n{leaves},yes\n"
    merge(folder, text, "--schedule", str(SOLVED))
    assert f"placement of {leaves} in {mine[0]['slot']} from {mine[0]['start']}: {leaves} is removed" in capsys.readouterr().out
    text = f"ID,First day\n{away['student']},{away['start']}\n"
    merge(folder, text, "--schedule", str(SOLVED), file="time off.csv")
    said = capsys.readouterr().out.partition("Touched\n")[2]
    assert away["student"] in said and "unavailable" in said.lower()


def test_placements_in_a_closed_unit_and_a_slot_that_leaves_are_named(folder: Path, capsys: Capture) -> None:
    lines = (SOLVED / "schedule.csv").read_text().splitlines()
    header = lines[0].split(",")
    first = dict(zip(header, lines[1].split(","), strict=False))
    unit = f"unit={first['unit']}"
    merge(folder, f"First day\n{first['start']}\n", "--schedule", str(SOLVED), file="closures.csv", sender=unit)
    assert first["unit"] in capsys.readouterr().out.partition("Touched\n")[2]
    merge(folder, f"Slot,Remove\n{first['slot']},yes\n", "--schedule", str(SOLVED), file="slots.csv", sender=unit)
    assert f"in {first['slot']} from {first['start']}: {first['slot']} is removed" in capsys.readouterr().out


# -- two at once ----------------------------------------------------------------------------------------------------------


def test_two_schools_at_once_lose_nothing(folder: Path) -> None:
    students = {"maple": ("maple-bsn", "n"), "oak": ("oak-md", "m")}
    processes = []
    for school, (program, letter) in students.items():
        file = folder.parent / f"{school}.csv"
        rows = "".join(f"{letter}-9{i},{program}\n" for i in range(10))
        file.write_text(f"Student ID,Program\n{rows}")
        command = [sys.executable, "cli.py", "intake", "merge", str(file), "--instance", str(folder), "--school", school, "--yes"]
        processes.append(
            subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
        )
    assert [p.wait(120) for p in processes] == [0, 0]
    found = set(read_instance(folder).student_by_id)
    assert found == {s.student for s in read_instance(SMALL).students} | {f"{x}-9{i}" for x in "nm" for i in range(10)}
    assert sorted(p.name for p in (folder / "intake" / "before").iterdir()) == ["1", "2"]


def test_what_changed_while_somebody_looked_is_shown_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def agreed(as_json: bool) -> bool:
        with monkeypatch.context() as patch:
            patch.setattr(intake_merge, "_agreed", lambda as_json: True)
            assert merge(folder, "Student ID,Home town\nn-01,Rome\n", file="other.csv") == 0
        return True

    monkeypatch.setattr(intake_merge, "_agreed", agreed)
    assert merge(folder, HOME) == 2
    assert "run the command again and look at what it shows" in " ".join(capsys.readouterr().err.split())
    assert read_instance(folder).student_by_id["n-01"].home == "Rome"


# -- status ---------------------------------------------------------------------------------------------------------------


def status(folder: Path, capsys: Capture) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert cli.run(["intake", "status", str(folder), "--json"]) == 0
    return {row["id"]: row for row in json.loads(capsys.readouterr().out)["senders"]}


def test_status_says_who_has_sent_what(folder: Path, capsys: Capture) -> None:
    assert {name: (row["state"], row["rows"] != 0) for name, row in status(folder, capsys).items()} == {
        "maple": ("nothing yet", True),
        "oak": ("nothing yet", True),
    }
    merge(folder, HOME, "--yes", "--by", "Ann")
    bad = folder.parent / "bad.csv"
    bad.write_text("Student ID,Program\nn-01,oak-md\n")
    assert cli.run(["intake", "check", str(bad), "--instance", str(folder), "--school", "oak"]) == 1
    rows = status(folder, capsys)
    maple, oak = rows["maple"], rows["oak"]
    assert (maple["file"], maple["by"], maple["state"], maple["open"]) == ("students.csv", "Ann", "merged", 0)
    assert (oak["file"], oak["state"]) == ("bad.csv", "checked, not merged") and oak["open"]
    there = read_instance(folder)
    programs = {p.program for p in there.programs if p.school == "maple"}
    parties = [s.program for s in there.students] + [g.program for g in there.groups]
    assert maple["rows"] == sum(program in programs for program in parties)
    # checked once more after it was merged, it is still merged; another file is not
    good = folder.parent / "students.csv"
    cli.run(["intake", "check", str(good), "--instance", str(folder), "--school", "maple"])
    assert status(folder, capsys)["maple"]["state"] == "merged"
    good.write_text("Student ID,Home town\nn-01,Rome\n")
    cli.run(["intake", "check", str(good), "--instance", str(folder), "--school", "maple"])
    assert status(folder, capsys)["maple"]["state"] == "checked, not merged"


def test_units_and_preceptors_are_listed_once_they_have_sent_something(folder: Path, capsys: Capture) -> None:
    unit = read_instance(folder).slots[0].unit
    merge(folder, "First day\n2026-12-01\n", "--yes", file="closures.csv", sender=f"unit={unit}")
    assert list(status(folder, capsys)) == ["maple", "oak", unit]
    assert cli.run(["intake", "status", str(folder)]) == 0
    assert f"unit {unit}" in capsys.readouterr().out


def test_with_a_schedule_units_that_have_not_answered_are_listed(folder: Path, capsys: Capture) -> None:
    assert cli.run(["intake", "status", str(folder), "--schedule", str(SOLVED), "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["senders"]}
    placed = (SOLVED / "schedule.csv").read_text().splitlines()[1:]
    # nobody has answered: every placement waits for its school and for its unit
    for kind in ("school", "unit"):
        assert sum(row["unanswered"] for row in rows.values() if row["kind"] == kind) == len(placed)
    assert cli.run(["intake", "status", str(folder), "--schedule", str(SOLVED)]) == 0
    assert "Unanswered" in capsys.readouterr().out
    assert cli.run(["intake", "status", str(folder), "--schedule", str(folder)]) == 2


def test_a_log_that_somebody_spoilt_is_no_traceback(folder: Path, capsys: Capture) -> None:
    (folder / "intake").mkdir()
    (folder / "intake" / "log.csv").write_text('garbage "\nmore')
    assert status(folder, capsys)["maple"]["state"] == "nothing yet"
    merge(folder, HOME, "--yes")
    assert status(folder, capsys)["maple"]["state"] == "merged"
