"""The commands: what they say of a schedule, to whom, and what they write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import run
from scheduler.domain import Instance, Schedule
from scheduler.domain.baseline import against as against_published
from scheduler.io import read_solution, write_instance, write_solution
from scheduler.solve import Settings, solve
from scheduler.terminal.suggesting import most_shown
from scheduler.verify import verify
from tests.verify.world import requirement, slot, world

ROOT = Path(__file__).parents[2]
RIVERBEND = [str(ROOT / "instances" / "riverbend"), str(ROOT / "solutions" / "riverbend")]


def suggested(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert run(["suggest", *RIVERBEND, *options, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


#: Folders of an instance and its solution, and both as they were read.
Term = tuple[Path, Path, Instance, Schedule]


@pytest.fixture
def full(tmp_path: Path) -> Term:
    """One place in the ward, and only MS is asked: ann has it, cyd of another school is next, then bob."""
    people = (("ann", "nurs", 3), ("bob", "nurs", 1), ("cyd", "med", 2))
    students = [{"student": who, "program": of, "priority": n} for who, of, n in people]
    asked = [requirement(program=p) for p in ("nurs", "med")]
    slots = [slot("ward", last_start=None, most_students=1), slot("clinic")]
    instance = world(slots=slots, students=students, requirements=asked)
    schedule = solve(instance, Settings(workers=1))
    write_instance(instance, tmp_path / "full")
    write_solution(schedule, instance, tmp_path / "out", source=tmp_path / "full")
    return tmp_path / "full", tmp_path / "out", instance, schedule


def test_a_late_student_reads_where_to_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["suggest", *RIVERBEND, "--student", "late-1", "--like", "pa27-04"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "late-1, IM: 5 weeks unplaced 2 placements fit, nobody moving." in out
    assert "1. NOR-IM, 2026-08-24 to 2026-09-25: costs 1,000 points less" in out
    assert "takes the last of 3 places in slot NIM-pa" in out
    assert "at risk: bls due 2026-07-25 (not yet due)" in out
    assert "late-1: 3 rotations together" in out


def test_programs_read_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    first, *_, together = suggested(capsys, "--student", "late-1", "--like", "pa27-04", "--top", "1")
    assert (first["requirement"], first["fits"], len(first["suggestions"])) == ("IM", 2, 1)
    best = first["suggestions"][0]
    assert best["gets"][0]["unit"] == "NOR-IM"
    assert sum(best["cost"]) == sum(best["rules"].values()) == -1000
    assert best["effects"][0]["at_risk"][0]["item"] == "bls"
    assert {p["requirement"] for p in together["together"]["gets"]} == {"IM", "SURG"}


def test_large_terms_are_told_fewer_but_never_nothing() -> None:
    assert [most_shown(*sizes) for sizes in ((300, 1), (3_500, 1), (3_500, 4), (3_500, 8), (40_000, 8), (0, 0))] == [
        5,
        5,
        2,
        1,
        1,
        5,
    ]


def test_what_is_placed_may_go_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = suggested(capsys, "--student", "md28-08", "--requirement", "CC", "--instead")
    assert found["now"]["unit"] == "NOR-PC"
    assert found["suggestions"][0]["gives_up"] == [found["now"]]


def test_everything_is_placed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["suggest", *RIVERBEND, "--student", "md28-08", "--requirement", "CC"]) == 0
    assert "--instead" in capsys.readouterr().out


def test_a_new_student_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["suggest", *RIVERBEND, "--student", "dpt-1", "--like", "dpt-2"]) == 2
    assert "is in the tables already" in capsys.readouterr().err
    assert run(["suggest", *RIVERBEND, "--student", "new", "--like", "nobody-at-all"]) == 2
    assert "there is no student" in capsys.readouterr().err


def test_a_school_never_reads_who_others_are(full: Term, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out, *_ = full
    both = [str(folder), str(out)]
    assert run(["waiting", *both, "--returned", "ann", "MS", "--for", "maple"]) == 0
    assert run(["waiting", *both, "--returned", "ann", "MS", "--for", "maple", "--student", "bob", "--json"]) == 0
    assert run(["suggest", *both, "--student", "bob", "--requirement", "MS", "--move", "--for", "maple"]) == 0
    captured = capsys.readouterr()
    assert "a student of another school" in captured.out
    assert "a student of higher priority" in captured.out
    assert "2. bob, MS" in captured.out
    assert "cyd" not in captured.out + captured.err
    assert run(["suggest", *both, "--student", "cyd", "--for", "maple"]) == 2


def test_what_comes_free_is_given_to_who_is_next(full: Term, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out, instance, schedule = full
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert [p.student for p in schedule.placements] == ["ann"]
    command = ["waiting", str(folder), str(out), "--returned", "ann", "MS"]
    assert run([*command, "--give", "--out", str(out.parent / "next"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["given"]["student"], found["given"]["requirement"]) == ("cyd", "MS")
    new = read_solution(out.parent / "next", instance)
    assert verify(instance, new).ok
    assert {p.student: p.status for p in new.placements} == {"ann": "withdrawn", "cyd": "proposed"}
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert run([*command, "--give", "--out", str(out)]) == 0
    assert "Given cyd, MS: ward, 2026-01-05 to 2026-01-16" in " ".join(capsys.readouterr().out.split())
    assert read_solution(out, instance).placements == new.placements


def test_what_a_schedule_was_counted_against_goes_with_it(full: Term) -> None:
    """A solution that was counted against an earlier one has it beside it; so has the one in which a place was given."""
    folder, out, instance, schedule = full
    against = against_published(instance, schedule.placements)
    write_solution(solve(against, Settings(workers=1)), against, out, source=folder, with_baseline=True)
    assert run(["waiting", str(folder), str(out), "--returned", "ann", "MS", "--give", "--out", str(out.parent / "next")]) == 0
    assert (out.parent / "next" / "baseline.csv").read_bytes() == (out / "baseline.csv").read_bytes()
    assert run(["verify", str(folder), str(out.parent / "next")]) == 0


def test_giving_needs_a_place_to_write_to(full: Term, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out, *_ = full
    assert run(["waiting", str(folder), str(out), "--give"]) == 2
    assert "--give needs --out" in capsys.readouterr().err
    assert run(["waiting", str(folder), str(out), "--give", "--out", str(folder)]) == 2
    assert "holds an instance" in capsys.readouterr().err


def test_only_the_places_that_one_waits_for(full: Term, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out, *_ = full
    command = ["waiting", str(folder), str(out), "--returned", "ann", "MS"]
    assert run([*command, "--student", "bob"]) == 0
    said = capsys.readouterr().out
    assert "2. bob, MS" in said
    assert "1. cyd" not in said
    assert run([*command, "--unit", "clinic"]) == 0
    assert "No place is free" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--slot", "--unit", "--student", "--for"])
def test_an_unknown_name_is_one_sentence(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["waiting", *RIVERBEND, option, "nobody-at-all"]) == 2
    assert "there is no" in capsys.readouterr().err
