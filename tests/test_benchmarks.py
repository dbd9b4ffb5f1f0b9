"""The benchmark command: what it prints and stores, on the smallest instance; how long anything takes is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import run as command
from benchmarks.memory import PeakMemory
from benchmarks.one import Heard, gaps, last_gain
from benchmarks.page import benchmark_page
from benchmarks.picture import MOST_PANELS, PANEL_HEIGHT, PANEL_WIDTH, gap_picture
from benchmarks.plan import TIERS, Group, groups_named, jobs_of
from benchmarks.run import main
from benchmarks.store import Run, code, is_due
from benchmarks.table import WIDTH, Solved, page_tables, text_tables

ROOT = Path(__file__).parent.parent
GROUP = Group("terms", "Terms", ("term",), ("direct", "columns"), 30.0, 0.01)
ASKED: Run = {
    "instance": "I40_12_1",
    "time_limit_s": 30.0,
    "seed": 1,
    "workers": 0,
    "made": "2026-11-22 09:36 UTC",
    "code": "0123456789ab",
    "cores": 2,
    "machine": "Linux x86_64",
}
SOLVED: Run = {
    **ASKED,
    "strategy": "columns",
    "status": "FEASIBLE",
    "sense": "maximise",
    "options": 12345,
    "objective": 4100,
    "bound": 4141,
    "gap": 0.01,
    "root_bound": 4182,
    "root_gap": 0.02,
    "found_in": "putting columns together",
    "proved_in": "every column that could help",
    "effort": {
        "columns": 1008,
        "parties": 40,
        "forced": {"waiting": 2, "lanes": 4},
        "compile_s": 2.0,
        "pricing_s": 8.0,
        "master_s": 4.0,
        "integer_s": 6.0,
    },
    "first_s": 1.0,
    "close_s": 20.0,
    "read_s": 1.0,
    "offers_s": 2.0,
    "compile_s": 2.0,
    "search_s": 34.0,
    "verify_s": 1.0,
    "total_s": 40.0,
    "memory_mb": 321.4,
    "steps": [(1.0, 0.5), (20.0, 0.01)],
}
FIGURES: Run = {name: value for name, value in SOLVED.items() if name not in (*ASKED, "strategy")}
DIRECT: Run = {**SOLVED, "strategy": "direct", "objective": 4000, "gap": 0.035, "total_s": 100.0, "close_s": None, "effort": None}
FAILED: Run = {**ASKED, "strategy": "neighbourhood", "status": "FAILED", "error": "no"}
ALL = [Solved(GROUP, run) for run in (DIRECT, SOLVED, FAILED)]


def test_tiny_is_measured_printed_and_stored(tmp_path: Path) -> None:
    """As a user would: the script itself, twice solved, with the page and its picture."""
    line = [sys.executable, "benchmarks/run.py", "--instances", "tiny", "--strategies", "direct", "columns"]
    line += ["--time-limit", "20", "--workers", "1", "--results", str(tmp_path)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].startswith("2 solves, at most 1 min of search, until about ")
    assert done.stderr.splitlines()[2:] == ["1 of 2: tiny, direct", "2 of 2: tiny, columns"]
    direct, columns = (json.loads((tmp_path / f"tiny.{s}.20s.seed1.workers1.json").read_text()) for s in ("direct", "columns"))
    for run in (direct, columns):
        # its README derives the optimum
        assert (run["status"], run["objective"], run["bound"], run["gap"]) == ("OPTIMAL", 1006, 1006, 0)
        assert run["steps"][-1][1] == 0  # what progress reports say ends where the schedule does
        assert run["memory_mb"] > 10  # an interpreter alone takes more than that
        parts = [run[name] for name in ("read_s", "offers_s", "compile_s", "search_s", "verify_s")]
        assert sum(parts) == pytest.approx(run["total_s"])
    assert columns["root_bound"] <= 1006
    assert columns["effort"]["parties"] == 3
    spent = [columns["effort"][name] for name in ("compile_s", "pricing_s", "master_s", "integer_s")]
    assert 0 < sum(spent) <= columns["search_s"] + 0.01
    assert [text.split()[:4] for text in done.stdout.splitlines() if text.startswith(("direct", "columns"))][:2] == [
        ["direct", "optimal", "1,006", "1,006"],
        ["columns", "optimal", "1,006", "1,006"],
    ]
    assert "| tiny | 16 |" in (tmp_path / "benchmarks.md").read_text("utf-8")
    assert ElementTree.parse(tmp_path / "benchmarks.svg").getroot().tag.endswith("svg")


def test_what_is_stored_is_not_solved_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    solved: list[str] = []

    def measured(folder: Path, settings: dict[str, Any]) -> Run:
        solved.append(settings["strategy"])
        return {"status": "FAILED", "error": "no"} if settings["strategy"] == "neighbourhood" else FIGURES

    monkeypatch.setattr(command, "_measure", measured)
    line = ["--instances", "tiny", "--results", str(tmp_path), "--strategies", "direct", "neighbourhood"]
    assert main([*line, "--plan"]) == 0
    assert solved == []
    assert main(line) == 1  # one of them failed
    assert solved == ["direct", "neighbourhood"]
    assert main(line) == 1
    assert solved == ["direct", "neighbourhood", "neighbourhood"]
    assert main([*line, "--rerun", "nothing"]) == 1
    assert len(solved) == 3
    assert "1 are stored" in capsys.readouterr().err


def test_an_interruption_keeps_what_was_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(folder: Path, settings: dict[str, Any]) -> Run:
        if settings["strategy"] == "neighbourhood":
            raise KeyboardInterrupt
        return FIGURES

    monkeypatch.setattr(command, "_measure", measured)
    assert main(["--instances", "tiny", "--results", str(tmp_path), "--strategies", "direct", "neighbourhood"]) == 130
    assert [file.name for file in tmp_path.iterdir()] == ["tiny.direct.30s.seed1.workers0.json"]
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("run", "rerun", "due"),
    [
        (None, "changed", True),
        (SOLVED, "changed", True),  # by other code
        ({**SOLVED, "code": "now"}, "changed", False),
        ({**FAILED, "code": "now"}, "missing", True),
        (SOLVED, "missing", False),
        ({**SOLVED, "code": "now"}, "all", True),
        (None, "nothing", False),
    ],
)
def test_what_is_solved_again(run: Run | None, rerun: str, due: bool) -> None:
    assert is_due(run, rerun, "now") is due


def test_code_has_a_fingerprint() -> None:
    assert len(code()) == 12
    assert code() == code()


def test_every_group_names_what_there_is(tmp_path: Path) -> None:
    for name in ("akbarzadeh_maenhout/Instance_10", *(f"generated/I40_{kind}" for kind in ("12_1", "24_1", "24_2", "24_4"))):
        file = tmp_path / f"{name}.dzn"
        file.parent.mkdir(exist_ok=True)
        file.touch()
    groups = groups_named(["all", "quick", "xxl", "terms"])
    assert len(groups) == len({group.name for group in groups})
    jobs = list(jobs_of(groups, tmp_path, seed=7, tight=True))
    assert {job.group for job in jobs} == set(groups)
    assert {job.source.title for job in jobs if job.source.tier} == {f"{tier}-7-tight" for tier in TIERS}


def test_the_tables_show_every_figure_in_their_width() -> None:
    lines = text_tables(ALL).splitlines()
    assert max(map(len, lines)) <= WIDTH
    titles = [i for i, line in enumerate(lines) if line.startswith("strategy")]
    found, shares, closed, against = (lines[i:] for i in titles)
    assert found[1] == "I40_12_1 · 12,345 options · best known 4,127 (bound 4,234) · 30 s to search"
    figures = ["4,100", "4,141", "1.00", "2.00", "1.0", "20.0", "40.0", "321", "1,008"]
    assert found[3].split() == ["columns", "feasible", *figures]
    assert found[4].split() == ["neighbourhood", "failed", *["–"] * 9]
    assert found[5] == "  neighbourhood: no"
    # of 40 s: 1 read, 2 offers, 2 + 2 compile, 8 pricing, 4 master, 6 combine, 34 − 20 else, 1 verify
    assert shares[3].split() == ["columns", "2.5", "5.0", "10.0", "20.0", "10.0", "15.0", "35.0", "2.5"]
    assert closed[2].split()[:2] == ["columns", "4,182"]
    assert closed[2].endswith("putting columns together     every column that could help 15 %: lanes, wai…")
    assert "15 %: lanes, waiting |" in page_tables(GROUP, ALL)
    # 100 s against 40 s; 4,100 are 2.5 % more than 4,000 points
    assert against[2].split() == ["columns", "2.50", "–", "2.50", "1.00", "3.50"]
    assert lines[-2] == "columns: 0 of 1 proven optimal, 1 within 1 %, 2.50 × faster than direct (geometric mean)"


def test_the_page_has_a_row_for_each_solve() -> None:
    page = page_tables(GROUP, ALL)
    rows = [line.strip("| ").split(" | ") for line in page.split("\n\n")[1].splitlines()]
    assert {len(row) for row in rows} == {14}
    assert rows[3][:6] == ["I40_12_1", "12,345", "4,127 (bound 4,234)", "columns", "feasible", "4,100"]
    assert page in benchmark_page(ALL)
    other = Solved(GROUP, {**SOLVED, "code": "other"})
    assert "2 states of the code" in benchmark_page([*ALL, other])
    assert "states of the code" not in benchmark_page(ALL)
    assert "Nothing has been solved" in benchmark_page([])


def test_the_picture_has_a_line_for_each_solve_with_a_bound() -> None:
    """1 s is at log 10 ÷ log 400 of the width, 20 s at log 200 ÷ log 400, 50 % at log 2 ÷ 4 of the height, 1 % in its middle."""
    root = ElementTree.fromstring(gap_picture([ALL[1], ALL[2]]))
    drawn = [e.attrib["d"] for e in root.iter() if e.tag.endswith("path") and e.attrib.get("fill") == "none"]
    assert (PANEL_WIDTH, PANEL_HEIGHT) == (270, 140)
    assert drawn == ["M103.8 10.5 H238.8 V70.0 H270.0"]


@pytest.mark.parametrize(("many", "panels"), [(MOST_PANELS, MOST_PANELS), (MOST_PANELS + 1, 1)])
def test_a_large_group_has_one_panel(many: int, panels: int) -> None:
    solved = [replace(ALL[1], run={**SOLVED, "instance": f"term {i}"}) for i in range(many)]
    root = ElementTree.fromstring(gap_picture(solved))
    assert len([e for e in root.iter() if e.tag.endswith("}g")]) == panels
    assert len([e for e in root.iter() if e.tag.endswith("path") and e.attrib.get("fill") == "none"]) == many


HEARD = [
    Heard(1.0, "a first schedule", None, None),
    Heard(2.0, "improving", 100, None),
    Heard(3.0, "columns", 80, None),
    Heard(4.0, "columns (relaxation 61.0)", 80, 60),
    Heard(5.0, "", 80, 72),
]


def test_the_gap_is_that_of_the_best_so_far() -> None:
    assert gaps(HEARD) == [(4.0, 0.25), (5.0, 0.1)]


def test_a_report_that_begins_a_phase_tells_what_the_last_one_brought() -> None:
    assert last_gain(HEARD, [None if h.best is None else -h.best for h in HEARD]) == "improving"
    assert last_gain(HEARD[:4], [h.bound for h in HEARD[:4]]) == "columns"
    assert last_gain(HEARD[:3], [h.bound for h in HEARD[:3]]) is None


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not list processes")
def test_memory_of_started_processes_counts() -> None:
    with PeakMemory() as alone:
        pass
    with PeakMemory() as memory:
        subprocess.run([sys.executable, "-c", "x = b'x' * 300_000_000; import time; time.sleep(1.5)"], check=True)
    assert memory.megabytes > alone.megabytes + 100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--instances", "nowhere"], "there is no instance 'nowhere'"),
        (["--group", "nowhere"], "there is no group 'nowhere'; choose from quick,"),
        (["--group", "mss"], "there is no instance 'akbarzadeh_maenhout/*'"),
        (["--mss", "nowhere", "--instances", "I40"], "there is no folder nowhere"),
        (["--mss", "instances", "--instances", "I40"], "there is no I40.dzn in instances"),
        (["--instances", "tiny", "--time-limit", "-1"], "time limit, seed and workers must not be negative"),
    ],
)
def test_what_is_not_there_is_said(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([*arguments, "--results", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith(f"error: {sentence}")


@pytest.mark.parametrize("text", ["{", "[]"])
def test_broken_figures_are_named(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tiny.direct.30s.seed1.workers0.json").write_text(text)
    assert main(["--instances", "tiny", "--strategies", "direct", "--results", str(tmp_path)]) == 2
    assert "tiny.direct.30s.seed1.workers0.json" in capsys.readouterr().err
