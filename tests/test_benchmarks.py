"""The benchmark command: what it prints and stores, on the smallest instance; how long anything takes is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.picture import gap_picture
from benchmarks.run import main
from benchmarks.table import WIDTH, Run, page_table, text_table

ROOT = Path(__file__).parent.parent
SOLVED: Run = {
    "instance": "term",
    "strategy": "columns",
    "known": {"best": 4127, "bound": 4234},
    "time_limit_s": 30.0,
    "status": "FEASIBLE",
    "options": 12345,
    "objective": 4100,
    "bound": 4141,
    "gap": 0.01,
    "first_s": 1.0,
    "close_s": 20.0,
    "compile_s": 2.0,
    "verify_s": 1.0,
    "total_s": 40.0,
    "memory_mb": 321.4,
    "steps": [(1.0, 0.5), (20.0, 0.01)],
}
SAME = {key: SOLVED[key] for key in ("instance", "known", "time_limit_s")}
FAILED: Run = {**SAME, "strategy": "direct", "status": "FAILED", "error": "no"}


def test_tiny_is_measured_printed_and_stored(tmp_path: Path) -> None:
    """As a user would: the script itself, twice solved, with the page and its picture."""
    out = tmp_path / "figures.json"
    command = [sys.executable, "benchmarks/run.py", "--instances", "tiny", "--strategies", "direct", "neighbourhood"]
    command += ["--time-limit", "2", "--workers", "1", "--out", str(out), "--docs", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "tiny: direct …\ntiny: neighbourhood …\n")
    direct, neighbourhood = json.loads(out.read_text("utf-8"))["runs"]
    assert (direct["status"], direct["objective"], direct["bound"], direct["gap"]) == ("OPTIMAL", 1006, 1006, 0)
    assert direct["steps"][-1][1] == 0  # what progress reports say ends where the schedule does
    assert (neighbourhood["strategy"], neighbourhood["options"]) == ("neighbourhood", direct["options"])
    assert neighbourhood["objective"] >= 1006 >= (neighbourhood["bound"] or 0)  # its README derives the optimum
    for run in (direct, neighbourhood):
        assert run["memory_mb"] > 10  # an interpreter alone takes more than that
        parts = [run[name] for name in ("read_s", "compile_s", "search_s", "verify_s")]
        assert sum(parts) == pytest.approx(run["total_s"])
    rows = [line.split()[:4] for line in done.stdout.splitlines() if line.startswith(("direct", "neighbourhood"))]
    assert rows[0] == ["direct", "optimal", "1,006", "1,006"]
    assert len(rows) == 2
    assert "| tiny | 2 |" in (tmp_path / "benchmarks.md").read_text("utf-8")
    assert ElementTree.parse(tmp_path / "benchmarks.svg").getroot().tag.endswith("svg")


def test_the_table_shows_every_figure_in_its_width() -> None:
    lines = text_table([SOLVED, FAILED]).splitlines()
    assert lines[2] == "term · 12,345 options · best known 4,127 (bound 4,234) · 30 s to search"
    # 2 of 40 s in compiling are 5 %, 1 of 40 in verifying 2.5 %
    assert lines[3].split() == ["columns", "feasible", "4,100", "4,141", "1.00", "1.0", "20.0", "40.0", "321", "5.0", "2.5"]
    assert lines[4].split() == ["direct", "failed", *["–"] * 9]
    assert lines[5] == "  direct: no"
    assert max(map(len, lines)) <= WIDTH


def test_the_page_has_a_row_for_each_solve() -> None:
    rows = [line.strip("| ").split(" | ") for line in page_table([SOLVED, FAILED]).splitlines()]
    assert {len(row) for row in rows} == {15}
    assert rows[2][:6] == ["term", "30", "12,345", "4,127 (bound 4,234)", "columns", "feasible"]


def test_the_picture_has_a_line_for_each_solve_with_a_bound() -> None:
    """In a panel 340 wide and 170 high: 1 s is at 340 · log 10 ÷ log 400, 50 % at 170 · log 2 ÷ 4, 1 % at the middle."""
    root = ElementTree.fromstring(gap_picture([SOLVED, FAILED]))
    drawn = [e.attrib["d"] for e in root.iter() if e.tag.endswith("path") and e.attrib.get("fill") == "none"]
    assert drawn == ["M130.7 12.8 H300.7 V85.0 H340.0"]


def test_stored_figures_are_shown_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, run in (("a", SOLVED), ("b", FAILED)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"runs": [run]}), "utf-8")
    assert main(["--stored", str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 1  # one of them failed
    assert capsys.readouterr().out == text_table([SOLVED, FAILED])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--instances", "nowhere"], "there is no instance 'nowhere'"),
        (["--mss", "nowhere", "I40"], "there is no folder nowhere"),
        (["--mss", "instances", "I40"], "there is no I40.dzn in instances"),
        (["--stored", "nowhere.json"], "nowhere.json cannot be read"),
        (["--instances", "tiny", "--time-limit", "-1"], "time limit, seed and workers must not be negative"),
    ],
)
def test_what_is_not_there_is_said(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([*arguments, "--out", str(tmp_path / "out.json")]) == 2
    assert capsys.readouterr().err.startswith(f"error: {sentence}")
