"""``rotations scorecard``: what is written where, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.io import instance_hash, write_instance, write_solution
from scheduler.io.exports import LEDGER
from tests.scorecard.test_terms import past, solved
from tests.verify.world import put, week

ROOT = Path(__file__).parents[2]
SOLVED = ROOT / "solutions" / "riverbend"
Capture = pytest.CaptureFixture[str]


def saved(folder: Path, instance: Instance, *placements: Placement) -> Path:
    """A solution of an instance beside it."""
    write_instance(instance, folder / "instance")
    rows = [p.model_copy(update={"program": instance.student_by_id[p.student].program}) for p in placements]
    schedule = Schedule(status=Status.FEASIBLE, placements=tuple(rows), instance_hash=instance_hash(instance))
    write_solution(schedule, instance, folder / "solution", source=folder / "instance")
    return folder / "solution"


@pytest.fixture
def terms(tmp_path: Path) -> tuple[Path, Path]:
    spring, autumn = solved(history=[past()]).instance, solved("autumn", 30).instance
    return saved(tmp_path / "b", spring), saved(tmp_path / "a", autumn)


def run(*arguments: object) -> int:
    return cli.run(["scorecard", *map(str, arguments)])


def test_figures_are_shown(capsys: Capture) -> None:
    assert run(SOLVED) == 0
    shown = capsys.readouterr()
    assert "  Rotations placed                     97.3% (290 of 298)\n" in shown.out
    assert "  Competencies covered                 no data\n" in shown.out
    assert "fall25: from Aug 25, 2025\n" in shown.out
    assert shown.err == ""


def test_terms_may_come_in_any_order_and_the_latest_has_the_files(terms: tuple[Path, Path], capsys: Capture) -> None:
    spring, autumn = terms
    assert run(autumn, spring, "--to", "json", "--to", "csv") == 0
    folder = autumn / "scorecard"
    assert {p.name for p in folder.iterdir()} == {
        *("scorecard.json", "whole.csv", "schools.csv", "sites.csv", "figures.csv", LEDGER)
    }
    assert not (spring / "scorecard").exists()
    found = json.loads((folder / "scorecard.json").read_bytes())
    assert [t["term"] for t in found["terms"]] == ["fall25", "spring", "autumn"]
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[0] != " "] == ["Tables", "Data"]


def test_everything_goes_to_another_folder_and_replaces_itself(tmp_path: Path) -> None:
    for _ in range(2):
        assert run(SOLVED, "--to", "all", "--out", tmp_path / "out") == 0
    names = {p.name for p in (tmp_path / "out" / "scorecard").iterdir()} - {LEDGER}
    assert names == {
        *("scorecard.html", "scorecard.xlsx", "scorecard.json", "whole.csv", "schools.csv", "sites.csv", "figures.csv"),
        *(f"{name}.{form}" for name in ("schools", "sites", "trend") for form in ("svg", "png")),
    }


def test_what_somebody_changed_is_left_alone(tmp_path: Path, capsys: Capture) -> None:
    assert run(SOLVED, "--to", "xlsx", "--out", tmp_path) == 0
    book = tmp_path / "scorecard" / "scorecard.xlsx"
    book.write_bytes(b"notes")
    assert run(SOLVED, "--to", "html", "--to", "xlsx", "--out", tmp_path) == 2
    assert "was changed since it was exported" in capsys.readouterr().err
    assert not (tmp_path / "scorecard" / "scorecard.html").exists()
    assert book.read_bytes() == b"notes"


def test_one_school(tmp_path: Path, capsys: Capture) -> None:
    assert run(SOLVED, "--for", "school", "ash", "--to", "csv", "--out", tmp_path) == 0
    folder = tmp_path / "for" / "school-ash" / "scorecard"
    assert "Bluewater" not in (folder / "figures.csv").read_text("utf-8-sig")
    assert not (folder / "sites.csv").exists()
    capsys.readouterr()
    assert run(SOLVED, "--for", "school", "ash") == 0
    assert "riverbend: Partnership scorecard, Ashford University\n" in capsys.readouterr().out
    assert run(SOLVED, "--for", "school", "asch") == 2
    assert "did you mean 'ash'?" in capsys.readouterr().err


def test_outcomes_are_read_and_what_is_wrong_is_said(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "outcomes.csv"
    file.write_text("term,school,measure,count,of\nfall25,ash,graduates_hired,14,22\n")
    assert run(SOLVED, "--outcomes", tmp_path) == 0
    assert "  Graduates hired                      63.6% (14 of 22)\n" in capsys.readouterr().out
    file.write_text("term,school,measure,count,of\nfal25,ahs,graduates_hired,14,12\n")
    assert run(SOLVED, "--outcomes", tmp_path) == 2
    said = capsys.readouterr().err
    assert "expected one of fall25, riverbend;" in said
    assert all(f"row 2, column {column}: " in said for column in ("term", "school", "count"))


def test_another_language(capsys: Capture) -> None:
    assert run(SOLVED, "--language", "es-MX") == 0
    assert "Rotaciones asignadas" in capsys.readouterr().out
    assert run(SOLVED, "--language", "tlh") == 2
    assert "there are no words for 'tlh'" in capsys.readouterr().err


def test_data_for_programs(tmp_path: Path, capsys: Capture) -> None:
    assert run(SOLVED, "--json", "--to", "svg", "--out", tmp_path) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["name"] == "riverbend"
    assert found["written"] == [
        {"format": "svg", "folder": str(tmp_path / "scorecard"), "files": ["schools.svg", "sites.svg", "trend.svg"]}
    ]


def test_a_schedule_that_breaks_rules_is_told(tmp_path: Path, capsys: Capture) -> None:
    twice = (put("ann", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(0)))
    folder = saved(tmp_path, solved().instance, *twice)
    assert run(folder) == 1
    assert "A schedule breaks rules" in capsys.readouterr().err


def test_instances_are_named_for_each_solution_or_for_none(terms: tuple[Path, Path], capsys: Capture) -> None:
    spring, autumn = terms
    assert run(spring, autumn, "--instance", ROOT / "instances" / "tiny") == 2
    assert "each of the 2 solutions" in capsys.readouterr().err
    moved = spring.parent / "moved"
    (spring.parent / "instance").rename(moved)
    assert run(spring, autumn) == 2
    assert run(spring, autumn, "--instance", moved, "--instance", autumn.parent / "instance") == 0
    assert run(spring, spring, "--instance", moved, "--instance", moved) == 2
    assert "two solutions begin on" in capsys.readouterr().err


def test_a_folder_without_files_to_write_is_told(tmp_path: Path, capsys: Capture) -> None:
    assert run(SOLVED, "--out", tmp_path / "card") == 2
    assert "--to" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
