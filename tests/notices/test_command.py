"""``rotations compare``: by whom it is asked, and the notices it writes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import cli
from tests.export.test_calendars import read
from tests.export.test_updates import taken_over

ROOT = Path(__file__).parents[2]
SMALL = str(ROOT / "solutions" / "small")
INSTANCE = str(ROOT / "instances" / "small")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """The reference schedule of small, with one placement a week later."""
    folder = tmp_path / "edited"
    shutil.copytree(SMALL, folder)
    move(folder, "IM-md,,2026-08-24,2026-10-02", "IM-md,,2026-08-31,2026-10-09")
    return folder


def move(folder: Path, was: str, now: str) -> None:
    table = folder / "schedule.csv"
    text = table.read_text("utf-8")
    assert was in text
    table.write_text(text.replace(was, now, 1), "utf-8")


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("student", ["Students and groups with a change: 1", "m-01", "  IM: 2026-08-24 → 2026-08-31"]),
        ("preceptor", ["Preceptors with a change: none, everybody is placed as before"]),
        (
            "unit",
            ["Units with a change: 1", "IM: 6 students, 30 weeks of a student", "  otherwise m-01 IM: 2026-08-24 → 2026-08-31"],
        ),
    ],
)
def test_changes_are_listed_by_whom_they_concern(edited: Path, capsys: Capture, by: str, lines: list[str]) -> None:
    assert cli.run(["compare", SMALL, str(edited), "--instance", INSTANCE, "--by", by]) == 0
    assert capsys.readouterr().out.splitlines() == lines


def test_rules_are_named_by_their_titles(edited: Path, capsys: Capture) -> None:
    assert cli.run(["compare", SMALL, str(edited), "--instance", INSTANCE, "--by", "rule"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^  Waiting +\d+ +\d+ +\+1$", out, re.M)
    assert max(map(len, out.splitlines())) <= 80
    assert "waiting" not in out


def test_json_has_preceptors_and_units(edited: Path, capsys: Capture) -> None:
    assert cli.run(["compare", SMALL, str(edited), "--instance", INSTANCE, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    (unit,) = data["units"].values()
    assert [move["kind"] for move in unit["changed"]] == ["dates"]
    assert (unit["comes"], unit["gone"], unit["before"]) == ([], [], unit["after"])
    assert data["preceptors"] == {}
    assert data["rules"]["waiting"]["title"] == "Waiting"


def exported(folder: Path) -> dict[str, bytes]:
    assert cli.run(["export", str(folder), "--to", "ics", "--instance", INSTANCE]) in (0, 1)
    return {path.name: path.read_bytes() for path in (folder / "calendars").iterdir()}


def test_updates_and_whole_calendars_stay_in_step_over_several_edits(edited: Path, tmp_path: Path, capsys: Capture) -> None:
    published = tmp_path / "published"
    shutil.copytree(SMALL, published)
    own = exported(published)
    earlier = published
    for n, (was, now) in enumerate(
        [("2026-08-31,2026-10-09", "2026-08-31,2026-10-09"), ("2026-08-31,2026-10-09", "2026-08-24,2026-10-02")]
    ):
        later = edited if n == 0 else tmp_path / "again"
        if n:
            shutil.copytree(edited, later)
        move(later, was, now)
        folder = tmp_path / f"notices-{n}"
        assert cli.run(["compare", str(earlier), str(later), "--instance", INSTANCE, "--notices", str(folder)]) == 0
        sent = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".ics"}
        assert sorted(sent) == ["student-m-01.ics", "unit-IM.ics"]
        whole = exported(later)
        for name, content in sent.items():
            mine = taken_over(own[name], content)
            new = {event.uid: event for event in read(whole[name]).events}
            assert set(mine) == set(new)
            for event in read(content).events:
                if event.uid in new:
                    assert event == new[event.uid]
        own, earlier = whole, later
    assert "changes.csv, messages.csv, changes.xlsx and 2 calendar updates" in capsys.readouterr().out


def test_notices_written_again_are_the_same(edited: Path, tmp_path: Path, capsys: Capture) -> None:
    asked = ["compare", SMALL, str(edited), "--instance", INSTANCE, "--notices", str(tmp_path / "n"), "--json"]
    assert cli.run(asked) == 0
    first = {path.name: path.read_bytes() for path in (tmp_path / "n").iterdir()}
    capsys.readouterr()
    assert cli.run(asked) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "n").iterdir()} == first
    assert json.loads(capsys.readouterr().out)["notices"]["files"] == sorted(name for name in first if name[0] != ".")


def test_where_nothing_changed_nobody_is_told_anything(tmp_path: Path, capsys: Capture) -> None:
    same = tmp_path / "same"
    shutil.copytree(SMALL, same)
    before = (same / "solution.json").read_bytes()
    assert cli.run(["compare", SMALL, str(same), "--instance", INSTANCE, "--notices", str(tmp_path / "n")]) == 0
    assert "nobody has to be told anything" in capsys.readouterr().out
    assert (same / "solution.json").read_bytes() == before


def test_what_is_not_ours_is_left_alone(edited: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "n"
    folder.mkdir()
    (folder / "changes.csv").write_text("mine")
    before = (edited / "solution.json").read_bytes()
    assert cli.run(["compare", SMALL, str(edited), "--instance", INSTANCE, "--notices", str(folder)]) == 2
    assert "left alone" in capsys.readouterr().err
    assert ((folder / "changes.csv").read_text(), (edited / "solution.json").read_bytes()) == ("mine", before)
