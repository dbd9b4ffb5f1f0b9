"""The command: what it reads, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli import run
from scheduler.io import read_instance, read_solution
from scheduler.verify import verify

ROOT = Path(__file__).parents[2]
SMALL, PUBLISHED = str(ROOT / "instances" / "small"), str(ROOT / "solutions" / "small")
#: Anybody's first placement that starts in the middle of the term.
FROM = "2026-10-05"


def one_away(path: Path) -> tuple[Path, str]:
    """A file that sends a preceptor with students away, and who it is."""
    instance = read_instance(SMALL)
    rows = [p for p in read_solution(PUBLISHED, instance).placements if p.preceptor and str(p.start) >= FROM]
    who = rows[0].preceptor
    path.write_text(f'[[change]]\nkind = "away"\npreceptor = "{who}"\nstart = {rows[0].start}\nend = {rows[0].end}\n')
    return path, who


def test_repaired_folders_stand_for_themselves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes, who = one_away(tmp_path / "away.toml")
    out = tmp_path / "out"
    before = {file: file.read_bytes() for file in Path(PUBLISHED).iterdir()}
    assert run(["repair", SMALL, PUBLISHED, str(changes), "--from", FROM, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["hit"] and told["bound"] <= told["points"] and told["changes"][0].startswith(f"preceptor {who} is away")
    instance = read_instance(out / "instance")
    schedule = read_solution(out, instance)
    assert verify(instance, schedule).ok
    assert run(["verify", str(out / "instance"), str(out)]) == 0
    assert run(["export", str(out), "--to", "ics"]) == 0  # finds its instance by itself
    assert before == {file: file.read_bytes() for file in Path(PUBLISHED).iterdir()}
    with (out / "notices" / "changes.csv").open(encoding="utf-8-sig") as file:
        readers = {(row["reader_kind"], row["reader"]) for row in csv.DictReader(file)}
    assert ("preceptor", who) in readers


def test_words_and_no_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["repair", SMALL, PUBLISHED, "--out", str(tmp_path / "same")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Hit 0 placements cannot stay" in out
    assert "Changed nothing Proof nothing has to change" in out
    student = read_instance(SMALL).students[-1].student
    assert run(["repair", SMALL, PUBLISHED, "--change", f"withdrawn student={student}", "--out", str(tmp_path / "left")]) == 0
    assert f"no longer there, with all placements: {student}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "2025-01-01"], "lies outside the term"),
        (["--change", "closed unit=4B"], "did you mean 'close'?"),
        (["nowhere.toml"], "nowhere.toml"),
        (["--out", PUBLISHED], "is the published schedule"),
        (["--out", SMALL], "this folder holds an instance, not a schedule"),
    ],
)
def test_wrong_input(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["repair", SMALL, PUBLISHED, *arguments]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_a_schedule_that_counts_against_an_earlier_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["solve", SMALL, "--baseline", PUBLISHED, "--out", str(out), "--time-limit", "20", "--json"]) == 0
    assert run(["verify", SMALL, str(out)]) == 0
    assert run(["export", str(out), "--to", "csv"]) == 0
    assert (out / "baseline.csv").exists()
    assert run(["solve", SMALL, "--out", str(out), "--time-limit", "20"]) == 0
    assert not (out / "baseline.csv").exists()
