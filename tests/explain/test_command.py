"""The command: what it says of a schedule, to whom, and in which form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import run
from scheduler.io import read_instance, read_solution, write_instance
from scheduler.verify import verify
from tests.verify.world import slot, world

ROOT = Path(__file__).parents[2]
RIVERBEND = [str(ROOT / "instances" / "riverbend"), str(ROOT / "solutions" / "riverbend")]


def explained(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    assert run(["explain", *RIVERBEND, *options, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_an_unplaced_rotation_is_explained_with_numbers_that_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    found, *_ = explained(capsys, "--student", "dpt-1", "--requirement", "PT-12")
    assert found["missing"] == 12
    assert sum(step["offers"] for step in found["steps"]) + found["left"] == found["offers"] == 52
    first = found["changes"][0]
    assert first["edits"][0]["table"] == "capacity"
    assert first["price"] == min(change["price"] for change in found["changes"])


def test_sentences_name_change_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *RIVERBEND, "--student", "dpt-1", "--requirement", "PT-12"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "dpt-1, PT-12: 12 weeks unplaced 52 offers teach PT-12:" in out
    assert "one more place in unit MIL-RHB from 2026-09-14 to 2026-12-08" in out


def test_a_school_never_reads_who_others_are(capsys: pytest.CaptureFixture[str]) -> None:
    instance = read_instance(RIVERBEND[0])
    others = [s.student for s in instance.students if instance.program_by_id[s.program].school != "blu"]
    others += [g.group for g in instance.groups if instance.program_by_id[g.program].school != "blu"]
    said = ""
    for options in (["--student", "RT-05"], ["--slot", "NIMG-wk"], ["--rule", "preference"], ["--preceptor", "p-ames"]):
        if options[0] == "--slot":
            options[1] = next(s.slot for s in instance.slots if s.unit == "RMC-IMG")
        assert run(["explain", *RIVERBEND, *options, "--for", "blu"]) == 0
        captured = capsys.readouterr()
        said += captured.out + captured.err
    words = set(said.replace(",", " ").replace(":", " ").replace(".", " ").replace(";", " ").split())
    assert "RT-05" in words
    assert not words & set(others)


def test_another_schools_student_is_not_there_for_a_school(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *RIVERBEND, "--student", "dpt-1", "--for", "blu"]) == 2
    assert "no student or group 'dpt-1' of blu" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--student", "--requirement", "--slot", "--preceptor", "--rule", "--for"])
def test_an_unknown_name_is_one_sentence(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *RIVERBEND, option, "nobody-at-all"]) == 2
    assert "there is no" in capsys.readouterr().err


def test_a_placed_student_reads_ranks_and_points(capsys: pytest.CaptureFixture[str]) -> None:
    found = explained(capsys, "--student", "md28-08", "--requirement", "CC")
    assert found[0]["unit"] == "NOR-PC"
    assert found[0]["rank"] == 2
    assert any("Choice 1, site lak" in line for line in found[0]["lines"])
    instance = read_instance(RIVERBEND[0])
    report = verify(instance, read_solution(RIVERBEND[1], instance))
    assert report.ok
    assert found[-1]["points"] > 0


def test_without_a_solution_it_says_what_contradicts_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pins = [{"student": who, "requirement": "MS", "slot": "ward"} for who in ("ann", "bob")]
    ward = slot("ward", last_start=None, most_students=1)
    write_instance(world(slots=[ward, slot("clinic")], pins=pins), tmp_path / "full")
    assert run(["explain", str(tmp_path / "full")]) == 0
    out = capsys.readouterr().out
    assert "row 1 of pins: student ann" in out
    assert "(slot_maximum)" in out
