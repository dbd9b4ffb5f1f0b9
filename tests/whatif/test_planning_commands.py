"""The commands that plan ahead: what they print, what they write, and what they refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli import run
from scheduler.io import load_instance
from tests.examples import ROOT

TINY = [str(ROOT / "instances" / "tiny"), str(ROOT / "solutions" / "tiny")]


def test_a_value_is_told_with_its_proof(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["value", *TINY, "--workers", "1", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "one more place with kim (2 instead of 1): 1 more placed, 996 points less (proven)" in said
    rows = list(csv.DictReader((tmp_path / "values.csv").read_text().splitlines()))
    assert (rows[0]["more_placed"], rows[0]["points_less"], rows[0]["exact"]) == ("1", "996", "yes")
    assert all(row["exact"] == "" for row in rows[1:])


def test_values_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["value", *TINY, "--workers", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["places"][0]["value"] == {"placed": 1, "gain": [996], "proven": [996], "exact": True}
    assert found["places"][0]["edit"]["update"] == {"most_at_once": 2}


def test_the_instance_with_the_places_can_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    larger = tmp_path / "larger"
    assert run(["capacity", *TINY, "--workers", "1", "--out", str(larger)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("1 more place, and everybody is placed (verified):\n")
    assert "Fewer than 1 place cannot be enough (proved)." in said
    instance, _ = load_instance(larger)
    assert instance is not None and instance.preceptor_by_id["kim"].most_at_once == 2
    assert run(["capacity", *TINY, "--out", str(larger)]) == 2  # nothing is written over


def test_losses_of_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["contingency", *TINY, "--of", "preceptor", "--workers", "1", "--top", "1"]) == 0
    said = capsys.readouterr().out
    assert "preceptor kim" in said and "unit" not in said
    assert all(len(line) <= 80 for line in said.splitlines())
    assert run(["contingency", *TINY, "--of", "preceptor", "--workers", "1", "--json"]) == 0
    assert {row["kind"] for row in json.loads(capsys.readouterr().out)} == {"preceptor"}


@pytest.mark.parametrize("command", ["value", "capacity", "contingency"])
def test_a_schedule_that_breaks_rules_is_refused(command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = (ROOT / "solutions" / "tiny" / "schedule.csv").read_text().splitlines()
    twice = tmp_path / "schedule.csv"
    twice.write_text("\n".join([*lines, lines[1]]) + "\n")
    assert run([command, TINY[0], str(twice)]) == 1
    assert "breaks rules" in capsys.readouterr().err
