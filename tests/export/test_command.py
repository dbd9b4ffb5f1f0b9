"""``rotations export``: what is written where, what is left alone, and what is said."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import click
import pytest

import cli
from scheduler.domain import Policy, Schedule, Status
from scheduler.io import load_solution, read_instance, read_origin, read_solution, write_instance, write_solution
from scheduler.io.exports import LEDGER, write_export
from scheduler.terminal.failures import MOST_PROBLEMS
from tests.export.test_pseudonyms import hidden, secretive

ROOT = Path(__file__).parents[2]
TINY, SOLVED = ROOT / "instances" / "tiny", ROOT / "solutions" / "tiny"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    """A copy of the solution of tiny, beside a copy of its instance."""
    shutil.copytree(TINY, tmp_path / "term")
    instance = read_instance(tmp_path / "term")
    write_solution(read_solution(SOLVED, instance), instance, tmp_path / "out" / "fall", source=tmp_path / "term")
    return tmp_path / "out" / "fall"


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own key would be."""
    monkeypatch.setattr(click, "get_app_dir", lambda name: str(tmp_path / "settings" / name))
    return tmp_path / "settings" / "rotations" / "deidentify.key"


def export(solution: Path, *arguments: str) -> int:
    return cli.run(["export", str(solution), *arguments])


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


# ------------------------------------------------------------------------------------------------------------------ where


def test_everything_goes_into_the_solution_folder(solution: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(solution.parent)
    before = tree(solution)
    assert cli.run(["export", "fall", "--to", "all"]) == 0
    made = tree(solution)
    assert {name: made[name] for name in before} == before, "the schedule itself is not touched"
    assert {"tables/by_student.csv", "schedule.xlsx", "schedule.html", "schedule.json", "calendars/unit-clinic.ics"} <= set(made)
    shown = capsys.readouterr()
    assert [line.split()[0] for line in shown.out.splitlines()] == ["Tables", "Workbook", "Calendars", "Page", "Data"]
    assert max(map(len, shown.out.splitlines())) <= 80
    assert shown.err == ""


def test_charts_stand_beside_other_formats_and_are_replaced_as_a_set(solution: Path, capsys: Capture) -> None:
    assert export(solution, "--charts", "svg", "--charts", "png", "--to", "json") == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown if line[0] != " "] == ["Data", "Charts", "Charts"]
    names = {path.name for path in (solution / "charts").iterdir()} - {LEDGER}
    assert {"board.svg", "board.png", "occupancy.svg", "equity.png"} <= names
    (solution / "charts" / "mine.svg").write_text("mine")
    ledger = json.loads((solution / "charts" / LEDGER).read_text())
    (solution / "charts" / "board-old.svg").write_bytes(b"old")
    ledger["files"]["svg"]["board-old.svg"] = hashlib.sha256(b"old").hexdigest()
    (solution / "charts" / LEDGER).write_text(json.dumps(ledger))
    assert export(solution, "--charts", "svg") == 0
    assert {path.name for path in (solution / "charts").iterdir()} - {LEDGER} == names | {"mine.svg"}, "old pages are gone"
    assert export(solution, "--charts", "svg", "--for", "unit", "clinic") == 0
    assert (solution / "for" / "unit-clinic" / "charts" / "occupancy.svg").is_file()
    assert not (solution / "for" / "unit-clinic" / "charts" / "equity.svg").exists()


def test_packs_have_no_charts(solution: Path, capsys: Capture) -> None:
    assert export(solution, "--packs", "--charts", "svg") == 2
    assert "leave --to and --charts out" in " ".join(capsys.readouterr().err.split())


def test_one_reader_gets_a_folder(solution: Path) -> None:
    assert export(solution, "--to", "csv", "--to", "json", "--for", "school", "maple") == 0
    folder = solution / "for" / "school-maple"
    assert (folder / "schedule.json").is_file()
    assert {row["school"] for row in table(folder / "tables" / "by_student.csv")} == {
        read_instance(TINY).school_by_id["maple"].name or "maple"
    }
    assert not (solution / "tables").exists()


def test_another_folder(solution: Path, tmp_path: Path) -> None:
    before = tree(solution)
    assert export(solution, "--to", "csv", "--out", str(tmp_path / "mine" / "deep")) == 0
    assert tree(solution) == before
    assert (tmp_path / "mine" / "deep" / "tables" / "summary.csv").is_file()


def test_json_names_every_file(solution: Path, capsys: Capture) -> None:
    assert export(solution, "--to", "csv", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["ok"] is True and data["violations"] == []
    (written,) = data["written"]
    assert written["format"] == "csv"
    assert {str(Path(written["folder"]) / name) for name in written["files"]} == {
        str(p) for p in (solution / "tables").glob("*.csv")
    }


def test_a_schedule_alone_is_enough_where_the_instance_is_named(tmp_path: Path, capsys: Capture) -> None:
    shutil.copy(SOLVED / "schedule.csv", tmp_path / "mine.csv")
    assert export(tmp_path / "mine.csv", "--to", "csv", "--instance", str(TINY)) == 0
    assert (tmp_path / "tables" / "by_student.csv").is_file()
    capsys.readouterr()


# --------------------------------------------------------------------------------------------------------- which instance


def test_a_moved_pair_is_found_and_a_lost_instance_is_asked_for(solution: Path, tmp_path: Path, capsys: Capture) -> None:
    summary = json.loads((solution / "solution.json").read_text("utf-8"))
    assert summary["instance_path"] == "../../term"
    shutil.move(tmp_path / "out", tmp_path / "moved" / "out")
    shutil.move(tmp_path / "term", tmp_path / "moved" / "term")
    moved = tmp_path / "moved" / "out" / "fall"
    assert export(moved, "--to", "json") == 0
    (tmp_path / "moved" / "term").rename(tmp_path / "elsewhere")
    capsys.readouterr()
    assert export(moved, "--to", "json") == 2
    said = capsys.readouterr().err
    assert f"the instance is no longer at {tmp_path / 'moved' / 'term'};" in " ".join(said.split()) and "--instance" in said
    assert export(moved, "--to", "json", "--instance", str(tmp_path / "elsewhere")) == 0


def test_a_solution_that_says_nothing_of_its_instance(solution: Path, capsys: Capture) -> None:
    (solution / "solution.json").unlink()
    assert export(solution, "--to", "json") == 2
    assert "nothing here says which instance it was made from" in capsys.readouterr().err


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: Capture) -> None:
    assert export(tmp_path / "nowhere", "--to", "json") == 2
    assert "there is no such folder or file" in capsys.readouterr().err


def test_a_changed_instance_is_said_and_exported(solution: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "term" / "sites.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Mercy Hospital", "Mercy Medical Center"), "utf-8")
    assert path.read_text("utf-8") != text
    assert export(solution, "--to", "csv") == 0
    assert "another version of the instance" in capsys.readouterr().err
    (proof,) = [row["value"] for row in table(solution / "tables" / "summary.csv") if row["what"] == "Proof"]
    assert proof == "how many more could be placed is not proved"


def test_a_policy_given_to_solve_is_remembered(solution: Path, tmp_path: Path, capsys: Capture) -> None:
    instance = read_instance(tmp_path / "term")
    policy = Policy.model_validate({"rules": {"waiting": {"weight": 7}, "worst_off": {"rules": ["waiting", "site_change"]}}})
    other = instance.model_copy(update={"policy": instance.policy.merged(policy)})
    schedule = Schedule(status=Status.FEASIBLE, placements=read_solution(SOLVED, instance).placements)
    write_solution(schedule, other, solution, source=tmp_path / "term")
    assert read_origin(solution).policy == other.policy
    assert export(solution, "--to", "csv") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["{", "[]", '{"instance_path": 3, "policy": {"rules": 1}}', '{"policy": {"x": {}}}'])
def test_a_damaged_summary_names_no_instance(solution: Path, text: str) -> None:
    (solution / "solution.json").write_text(text, "utf-8")
    assert read_origin(solution).instance is None
    assert read_origin(solution).policy is None
    assert export(solution, "--to", "json") == 2


def test_workbooks_are_found_too(tmp_path: Path) -> None:
    instance = read_instance(TINY)
    write_instance(instance, tmp_path / "term.xlsx")
    write_solution(read_solution(SOLVED, instance), instance, tmp_path / "s", source=tmp_path / "term.xlsx")
    assert export(tmp_path / "s", "--to", "json") == 0


# ---------------------------------------------------------------------------------------------------------- broken rules


def test_a_schedule_that_breaks_rules_is_exported_with_a_warning(solution: Path, capsys: Capture) -> None:
    path = solution / "schedule.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")  # the last placement twice
    assert export(solution, "--to", "csv", "--to", "html", "--to", "json") == 1
    shown = capsys.readouterr()
    assert "The schedule breaks rules" in shown.err and "one_place:" in shown.err
    assert "BROKEN" in (solution / "tables" / "summary.csv").read_text("utf-8-sig")
    assert json.loads((solution / "schedule.json").read_text("utf-8"))["every_rule_holds"] is False
    assert "is in two places" in (solution / "schedule.html").read_text("utf-8")
    assert "The schedule breaks rules. It was" in shown.err and "more violation" not in shown.err
    assert export(solution, "--to", "csv", "--for", "school", "oak") == 1


def test_many_broken_rules_are_counted(solution: Path, capsys: Capture) -> None:
    path = solution / "schedule.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, *lines[1:] * 5]) + "\n", "utf-8")
    assert export(solution, "--to", "json") == 1
    data = json.loads((solution / "schedule.json").read_text("utf-8"))
    more = len(data["violations"]) - MOST_PROBLEMS
    assert more > 1
    assert f"… and {more} more violations; rotations verify lists all." in capsys.readouterr().err


def test_wrong_rows_are_refused_and_nothing_is_written(solution: Path, capsys: Capture) -> None:
    path = solution / "schedule.csv"
    path.write_text(path.read_text("utf-8").replace("clinic-2w", "nowhere"), "utf-8")
    before = tree(solution)
    assert export(solution, "--to", "all") == 2
    assert tree(solution) == before
    assert "unknown" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--to", "csv", "--for", "school", "mapel"], "there is no school 'mapel'; did you mean 'maple'?"),
        (["--to", "pdf"], "pdf"),
        ([], "--to"),
        (["--to", "csv", "--for", "town", "x"], "town"),
    ],
)
def test_wrong_usage(solution: Path, arguments: list[str], says: str, capsys: Capture) -> None:
    before = tree(solution)
    assert export(solution, *arguments) == 2
    assert says in capsys.readouterr().err
    assert tree(solution) == before


# ------------------------------------------------------------------------------------------------------------ again, safely


def test_exports_outlive_a_new_solve_and_are_replaced_by_the_next_export(solution: Path, tmp_path: Path) -> None:
    instance = read_instance(tmp_path / "term")
    schedule = read_solution(solution, instance)
    assert export(solution, "--to", "csv", "--to", "ics", "--to", "json") == 0
    before = tree(solution)
    fewer = schedule.placements[:1]
    write_solution(Schedule(status=Status.FEASIBLE, placements=fewer), instance, solution, source=tmp_path / "term")
    after = tree(solution)
    exported = {name for name in before if "/" in name or name in ("schedule.json", LEDGER)}
    assert {name: after[name] for name in exported} == {name: before[name] for name in exported}
    assert export(solution, "--to", "csv", "--to", "ics") == 0
    assert len(table(solution / "tables" / "by_student.csv")) == 1
    left = {p.name for p in (solution / "calendars").glob("student-*.ics")}
    assert left == {f"student-{fewer[0].student}.ics"}, "calendars of those who are no longer placed are gone"
    assert tree(solution)["schedule.json"] == before["schedule.json"], "what was not asked for stays"


def test_files_of_the_user_stay(solution: Path, capsys: Capture) -> None:
    assert export(solution, "--to", "ics") == 0
    (solution / "calendars" / "notes.txt").write_text("mine", "utf-8")
    stale = next((solution / "calendars").glob("student-*.ics"))
    folder = solution / "calendars"
    write_export(folder, "ics", {"new.ics": b"new"})
    assert sorted(p.name for p in folder.iterdir()) == sorted([LEDGER, "new.ics", "notes.txt"])
    stale.write_text("mine now", "utf-8")
    capsys.readouterr()
    assert export(solution, "--to", "ics") == 2, "a file that no export wrote is not replaced"
    said = capsys.readouterr().err
    assert stale.name in said and "is there and was not written by an export" in said
    assert stale.read_text("utf-8") == "mine now"


def test_notes_in_an_exported_workbook_are_not_lost_and_nothing_is_written_beside(solution: Path, capsys: Capture) -> None:
    assert export(solution, "--to", "xlsx") == 0
    assert export(solution, "--to", "xlsx") == 0, "as it was written, it is replaced"
    workbook = solution / "schedule.xlsx"
    workbook.write_bytes(workbook.read_bytes() + b"notes")
    before = tree(solution)
    capsys.readouterr()
    assert export(solution, "--to", "all") == 2
    assert "was changed since it was exported, so it was left alone" in capsys.readouterr().err
    assert tree(solution) == before


def test_what_was_changed_since_is_not_removed(tmp_path: Path) -> None:
    write_export(tmp_path / "f", "ics", {"a.ics": b"a", "b.ics": b"b"})
    (tmp_path / "f" / "a.ics").write_bytes(b"with notes")
    write_export(tmp_path / "f", "ics", {"c.ics": b"c"})
    assert set(tree(tmp_path / "f")) == {"a.ics", "c.ics", LEDGER}


def test_a_hostile_ledger_reaches_no_file_outside(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"a")
    write_export(tmp_path / "f", "ics", {"a.ics": b"a"})
    ledger = tmp_path / "f" / LEDGER
    ledger.write_text(ledger.read_text("utf-8").replace('"a.ics"', '"../precious"'), "utf-8")
    write_export(tmp_path / "f", "ics", {"b.ics": b"b"})
    assert (tmp_path / "precious").read_bytes() == b"a"
    ledger.write_text("[]", "utf-8")
    write_export(tmp_path / "f", "csv", {"c.csv": b"c"})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(solution: Path, tmp_path: Path, capsys: Capture) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert export(solution, "--to", "csv", "--out", str(closed)) == 2
    assert "nothing may be written here" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------------- without names


def test_what_tells_names_and_what_does_not_never_mix(solution: Path, tmp_path: Path, capsys: Capture) -> None:
    assert export(solution, "--to", "csv", "--deidentify") == 0
    assert (solution / "deidentified" / "tables" / "by_student.csv").is_file()
    assert export(solution, "--to", "csv") == 0, "beside each other, not in one folder"
    shared = str(tmp_path / "shared")
    assert export(solution, "--to", "csv", "--out", shared) == 0
    capsys.readouterr()
    assert export(solution, "--to", "json", "--out", shared, "--deidentify") == 2
    assert "already holds files that say who people are" in capsys.readouterr().err
    assert export(solution, "--to", "json", "--out", str(solution), "--deidentify") == 2
    assert export(solution, "--to", "json", "--out", str(solution / "deidentified")) == 2
    assert "without names" in capsys.readouterr().err


def test_file_names_tell_no_names_either(solution: Path) -> None:
    instance = read_instance(TINY)
    student = instance.students[0].student
    assert export(solution, "--to", "all", "--for", "student", student, "--deidentify") == 0
    names = " ".join(tree(solution / "deidentified"))
    assert re.search(r"for/student-[2-9a-z]{8}/calendars/student-[2-9a-z]{8}\.ics", names)
    assert not any(s.student in names for s in instance.students)


def test_a_key_is_made_once_and_found_again(solution: Path, own_key: Path, capsys: Capture) -> None:
    assert export(solution, "--to", "json", "--deidentify") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert str(own_key) in said.replace(" ", "") and "(new; keep it, and to yourself" in said
    key, first = own_key.read_bytes(), tree(solution / "deidentified")
    assert export(solution, "--to", "json", "--deidentify", "--json") == 0
    assert json.loads(capsys.readouterr().out)["key"] == {"file": str(own_key), "new": False}
    assert own_key.read_bytes() == key and tree(solution / "deidentified") == first
    assert key.strip() not in b"".join(tree(solution).values())


def test_a_named_key_gives_the_same_everywhere_and_another_one_others(solution: Path, tmp_path: Path, own_key: Path) -> None:
    (tmp_path / "k1").write_text("00112233445566778899aabbccddeeff\n", "utf-8")
    (tmp_path / "k2").write_bytes(bytes.fromhex("00112233445566778899aabbccddeeff"))
    (tmp_path / "k3").write_bytes(bytes(range(16)))
    for name in ("k1", "k2", "k3"):
        key = str(tmp_path / name)
        assert export(solution, "--to", "csv", "--deidentify", "--key", key, "--out", str(tmp_path / f"out-{name}")) == 0
    made = {name: tree(tmp_path / f"out-{name}" / "tables")["by_student.csv"] for name in ("k1", "k2", "k3")}
    assert made["k1"] == made["k2"] != made["k3"]
    assert not own_key.exists(), "no key is made where one is named"


def test_no_key_where_the_data_is(solution: Path, tmp_path: Path, own_key: Path, capsys: Capture) -> None:
    before = tree(tmp_path)
    for folder, what in ((solution, "the solution's"), (tmp_path / "term", "the instance's")):
        (folder / "k").write_bytes(bytes(range(16)))
        assert export(solution, "--to", "csv", "--deidentify", "--key", str(folder / "k"), "--out", str(tmp_path / "o")) == 2
        assert f"the key lies inside of {what} folder" in " ".join(capsys.readouterr().err.split())
        schedule = str(solution / "schedule.csv")
        assert cli.run(["export", schedule, "--to", "csv", "--deidentify", "--key", str(folder / "k")]) == 2
        capsys.readouterr()
        (folder / "k").unlink()
    assert export(solution, "--to", "csv", "--deidentify", "--out", str(own_key.parents[1])) == 2
    assert "the key lies inside of the folder that is exported to" in " ".join(capsys.readouterr().err.split())
    assert tree(tmp_path) == before, "nothing was written, and no key was made"


def test_what_is_wrong_with_a_key_is_said(solution: Path, tmp_path: Path, own_key: Path, capsys: Capture) -> None:
    assert export(solution, "--to", "csv", "--key", "k") == 2
    assert "--key is the key of pseudonyms: give --deidentify as well" in capsys.readouterr().err
    assert export(solution, "--to", "csv", "--deidentify", "--key", str(tmp_path / "none")) == 2
    assert "there is no such key file" in capsys.readouterr().err
    own_key.parent.mkdir(parents=True)
    own_key.write_text("cut off", "utf-8")
    assert export(solution, "--to", "csv", "--deidentify") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "too short" in said and "move this file away: a new key is made, with other pseudonyms" in said
    assert own_key.read_text("utf-8") == "cut off"
    assert not (solution / "deidentified").exists()


def test_no_byte_of_an_export_without_names_says_who_somebody_is(tmp_path: Path) -> None:
    """As a user makes it, with every file that is written, also those that nobody asked for."""
    instance, schedule = secretive(read_instance(ROOT / "instances" / "small"), read_solution_of("small"))
    write_instance(instance, tmp_path / "term")
    write_solution(schedule, instance, tmp_path / "out", source=tmp_path / "term")
    assert hidden_in(tree(tmp_path / "out")), "the same test finds them where they are"
    assert export(tmp_path / "out", "--to", "all", "--deidentify", "--out", str(tmp_path / "shared")) == 0
    assert (
        export(tmp_path / "out", "--to", "all", "--deidentify", "--for", "school", "oak", "--out", str(tmp_path / "shared")) == 0
    )
    made = tree(tmp_path / "shared")
    assert {"schedule.xlsx", "schedule.html", "schedule.json", LEDGER, "tables/unplaced.csv"} <= set(made)
    assert "for/school-oak/schedule.xlsx" in made
    assert hidden_in(made) == []


def read_solution_of(name: str) -> Schedule:
    return read_solution(ROOT / "solutions" / name, read_instance(ROOT / "instances" / name))


def hidden_in(files: dict[str, bytes]) -> list[str]:
    """What is found of ids and free text in names and contents of files, in archives as well."""
    found = []
    for name, content in files.items():
        contents = [name.encode(), content]
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                contents += [part for member in archive.namelist() for part in (member.encode(), archive.read(member))]
        found += [hit for part in contents for hit in hidden(part.decode("utf-8", "replace").replace("\r\n ", ""))]
    return found


def test_the_solution_reads_as_before_after_an_export(solution: Path) -> None:
    instance = read_instance(TINY)
    assert export(solution, "--to", "all") == 0
    schedule, problems = load_solution(solution, instance)
    assert schedule == read_solution(SOLVED, instance) and problems == []


def test_what_was_written_stands_apart_from_what_it_is(solution: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(solution.parent)  # a short path, in one line
    here = Path(solution.name)
    assert export(here, "--to", "all") == export(here, "--charts", "svg", "--charts", "png") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert [line for line in lines if not re.fullmatch(r"[A-Z]\w+ {2,}\S.*", line)] == []
    assert lines[-1].endswith("png files)")
