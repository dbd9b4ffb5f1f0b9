"""What stands on the screen: the summary, progress and pressure, on wide and narrow terminals and in pipes."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from scheduler.domain import RULES, Effort, Instance, LevelResult, RuleScore, Schedule, Status, Unplaced
from scheduler.domain.equality import SchoolOutcome
from scheduler.domain.wording import obstacle
from scheduler.solve import Progress
from scheduler.terminal import progress as progress_module
from scheduler.terminal.pressure import Pressure, show_pressure
from scheduler.terminal.progress import ProgressLine, progress_text
from scheduler.terminal.screen import column, screen, wrapped
from scheduler.terminal.summary import CONTINUED, show_lines, summary_lines
from scheduler.verify import verify
from tests.verify.world import put, requirement, week, world

ROOT = Path(__file__).parent.parent
TINY = ROOT / "instances" / "tiny"


def console(width: int = 80, **settings: Any) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return screen(stream, width=width, no_color=True, **settings), stream


def shown_on(width: int, lines: list[tuple[str, str]]) -> list[str]:
    terminal, stream = console(width, force_terminal=True)
    show_lines(terminal, lines)
    return re.sub(r"\x1b\[\d*m", "", stream.getvalue()).splitlines()


def summary(schedule: Schedule, instance: Instance | None = None, worst_off: str = "") -> dict[str, str]:
    return dict(line for line in summary_lines(schedule, instance or world(), worst_off) if line[0] != CONTINUED)


def missing(students: int, reason: str, name: str = "EM") -> tuple[Unplaced, ...]:
    return tuple(
        Unplaced(student=f"p-{k}", program="p", requirement=name, missing=4, unit="weeks", reason=reason) for k in range(students)
    )


# ---------------------------------------------------------------------------------------------------------------- unplaced


@pytest.mark.parametrize(
    ("reason", "main"),
    [
        ("12 offers: 10 in a full slot, 2 outside the program's terms or blocks", "in a full slot"),
        ("13 offers: 3 with a preceptor who has no weeks left, 10 where flu is refused", "where flu is refused"),
        ("46 offers: 3 with a full preceptor, 10 refused, and 33 that are not for this rotation", "refused"),
        ("46 offers: 3 refused, 9 for other reasons, and 34 that are not for this rotation", "refused"),
        ("8 offers: 4 refused, 4 in a full slot", "refused"),
        ("1 offer: 1 with a preceptor, who is not needed", "with a preceptor, who is not needed"),
        ("nothing of an accepted specialty is offered", "nothing of an accepted specialty is offered"),
    ],
)
def test_the_largest_reason_is_the_obstacle(reason: str, main: str) -> None:
    assert obstacle(reason) == main


def test_forty_unplaced_rotations_are_a_few_lines() -> None:
    rows = (
        *(u for n in range(12) for u in missing(1, f"{20 + n} offers: {10 + n} in a full unit, 10 refused")),
        *(u for n in range(25) for u in missing(1, f"9 offers: {n + 1} with a full preceptor, 1 refused", f"R{n}")),
        *missing(3, "nothing of an accepted specialty is offered"),
    )
    lines = shown_on(80, summary_lines(Schedule(status=Status.FEASIBLE, unplaced=rows, more=5), world()))
    assert lines[2:8] == [
        "Unplaced   40 required rotations (3 students); what is most in their way:",
        "           · 25 × with a full preceptor: p-0 R0, p-0 R1, p-0 R2 and 22 more",
        "           · 12 × in a full unit: p-0 EM, p-0 EM, p-0 EM and 9 more",
        "           · 3 × nothing of an accepted specialty is offered: p-0 EM, p-1 EM,",
        "             p-2 EM",
        "           · unplaced.csv has all their reasons",
    ]
    assert lines[8] == "Proof      at most 5 more placements could be possible"


def test_a_few_unplaced_rotations_are_shown_with_all_their_reasons() -> None:
    rows = missing(2, "12 offers: 10 in a full slot, 2 refused")
    lines = summary_lines(Schedule(status=Status.FEASIBLE, unplaced=rows), world())
    assert lines[2:5] == [
        ("Unplaced", "2 required rotations (2 students)"),
        (CONTINUED, "p-0 EM: 12 offers: 10 in a full slot, 2 refused"),
        (CONTINUED, "p-1 EM: 12 offers: 10 in a full slot, 2 refused"),
    ]


# ----------------------------------------------------------------------------------------------------------- worst-off, cost


def test_the_worst_off_is_named() -> None:
    instance = world(requirements=[requirement("MS")], students=[{"student": s, "program": "nurs"} for s in ("ann", "bob")])
    schedule = Schedule(
        status=Status.FEASIBLE,
        placements=(put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(3))),
        scores=(RuleScore(rule="worst_off", level=1, weight=1, penalty=3, cost=3),),
    )
    # bob waits three weeks, ann none
    assert verify(instance, schedule).worst_off == "bob"
    wishes = "preferences, waiting, changes of site, dates to avoid or prefer"
    sentence = f"bob: 3 points of unmet wishes ({wishes}) for each required rotation; nobody has more"
    assert summary(schedule, instance, "bob")["Worst-off"] == sentence
    other = world(
        {"worst_off": {"parameters": {"scale": "raw", "rules": ("site_change", "waiting")}}, "waiting": {"kind": "off"}},
    )
    assert summary(schedule, other, "bob")["Worst-off"] == "bob: 3 points of unmet wishes (changes of site); nobody has more"
    assert verify(world({"worst_off": {"kind": "off"}}), schedule).worst_off == ""


@pytest.mark.parametrize(
    ("points", "sentence"),
    [(0, "nobody has points of unmet wishes (waiting)"), (-2, "ann: 2 points of granted wishes (waiting); nobody has fewer")],
)
def test_the_worst_off_may_pay_nothing_or_win(points: int, sentence: str) -> None:
    schedule = Schedule(
        status=Status.FEASIBLE, scores=(RuleScore(rule="worst_off", level=1, weight=1, penalty=points, cost=points),)
    )
    raw = world({"worst_off": {"parameters": {"scale": "raw", "rules": ("waiting",)}}})
    assert summary(schedule, raw, "ann")["Worst-off"] == sentence


def cost(sense: str = "minimise", at: Sequence[int] = (1, 1, 1), **claims: object) -> dict[str, str]:
    parts = zip(("preference", "requirement", "waiting"), at, (-6, 2000, 14), strict=True)
    scores = tuple(RuleScore(rule=rule, level=level, weight=1, penalty=n, cost=n) for rule, level, n in parts)
    schedule = Schedule.model_validate({"status": "FEASIBLE", "scores": scores, "objective": 2008, "sense": sense, **claims})
    return {label: text.replace("\N{NO-BREAK SPACE}", " ") for label, text in summary(schedule).items()}


def test_rules_that_slow_the_search_are_named() -> None:
    slow = Effort(parties=400, forced={"too many rows at once": 3, "site_change": 12})
    lines = summary_lines(Schedule(status=Status.FEASIBLE, effort=slow), world())
    first = lines.index(("Slow", "only CP-SAT can price 12 of 400 parties, because of rule site_change"))
    assert lines[first + 1] == (CONTINUED, "only CP-SAT can price 3 of 400 parties, because of too many rows at once")
    assert "Slow" not in summary(Schedule(status=Status.FEASIBLE, effort=Effort(parties=400)))


def test_costs_come_before_what_is_won() -> None:
    assert cost()["Cost"] == "2,008 points: required rotations are placed 2,000, waiting 14, preferences -6"
    assert cost("maximise")["Won"].startswith("-2,008 points: required rotations")


@pytest.mark.parametrize(("sense", "sign"), [("minimise", ""), ("maximise", "-")])
def test_each_level_tells_its_points_and_how_good_they_are(sense: str, sign: str) -> None:
    proven = LevelResult(level=1, status=Status.OPTIMAL, objective=2000, bound=2000)
    open_ = LevelResult(level=2, status=Status.FEASIBLE, objective=8, bound=6)
    lines = cost(sense, at=(2, 1, 2), levels=(proven, open_))
    assert lines["Level 1"] == f"{sign}2,000 points, as good as can be: required rotations are placed {sign}2,000"
    waiting, preferences = (14, -6) if sense == "minimise" else (-14, 6)
    assert lines["Level 2"] == f"{sign}8 points, at best {sign}6: waiting {waiting}, preferences {preferences}"
    assert lines["Cost" if sense == "minimise" else "Won"] == f"{sign}2,008 points, all levels together"
    assert lines["Proof"] == "everything is placed; level 1 as good as can be (proved), gap 25.0 % at level 2"


# ------------------------------------------------------------------------------------------------------------------ width


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_summary_fits_any_terminal(width: int) -> None:
    rows = missing(9, "12 offers: 10 in a full slot, 2 refused")
    scores = tuple(RuleScore(rule=rule, level=1, weight=1, penalty=7, cost=7) for rule in RULES)
    schedule = Schedule(status=Status.FEASIBLE, unplaced=rows, scores=scores, objective=10**6, bound=3)
    lines = shown_on(width, summary_lines(schedule, world(), "group mA part 1"))
    assert max(map(cell_len, lines)) < min(width, 80)
    assert all(line.startswith(" " * 11) or line[:11].strip() for line in lines)


def test_characters_that_take_two_columns_are_counted_as_two() -> None:
    instance = world().model_copy(update={"name": "護理臨床實習排程二〇二六年秋季學期 東部聯合醫學中心與合作院校 第一階段"})
    lines = shown_on(60, summary_lines(Schedule(status=Status.FEASIBLE), instance))
    assert max(map(cell_len, lines)) < 60
    assert "".join("".join(lines).split()).startswith("".join(instance.name.split()))
    unbroken = "護" * 100
    assert max(map(cell_len, wrapped(unbroken, 40, 4).splitlines())) <= 40
    assert wrapped(unbroken, 40, 4).replace("\n", "").replace(" ", "") == unbroken


def test_a_path_is_never_broken() -> None:
    path = "a-very/long-path/" * 9
    assert path in wrapped(f"Files      {path}: schedule.csv", 60, 11)


def test_a_name_and_its_number_stay_together() -> None:
    assert wrapped("waiting\N{NO-BREAK SPACE}14 site_change\N{NO-BREAK SPACE}12", 16, 2) == "waiting 14\n  site_change 12"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("ward", 6, "ward  "),
        ("a long ward", 6, "a lon…"),
        ("外科", 6, "外科  "),
        ("外科病棟", 6, "外科… "),
        ("外科病", 6, "外科病"),
    ],
)
def test_a_column_is_as_wide_on_the_screen_as_it_should_be(text: str, width: int, shown: str) -> None:
    assert column(text, width) == shown


@pytest.mark.parametrize("width", [40, 60, 80])
def test_tables_align_with_characters_that_take_two_columns(width: int) -> None:
    terminal, stream = console(width, force_terminal=True)
    show_pressure(terminal, [Pressure("外科病棟研修", [3.0] * 9, [4.0] * 9), Pressure("ped", [1.0] * 9, [0.0] * 9)])
    lines = re.sub(r"\x1b\[\d*m", "", stream.getvalue()).splitlines()
    marks = [line for line in lines if set(line.split()[-1]) <= set("-!=.")]
    assert len(marks) == 2
    assert len({cell_len(line.rsplit(" ", 1)[0]) for line in marks}) == 1


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("weeks", [1, 16, 52, 530])
def test_pressure_fits_any_terminal(width: int, weeks: int) -> None:
    rows = [Pressure("a-specialty-with-a-very-long-name", [3.0] * weeks, [4.0] * weeks), Pressure("ped", [1.0], [0.0])]
    terminal, stream = console(width, force_terminal=True)
    show_pressure(terminal, [rows[0], Pressure("ped", [1.0] * weeks, [0.0] * weeks)])
    lines = re.sub(r"\x1b\[\d*m", "", stream.getvalue()).splitlines()
    assert max(map(len, lines)) < min(width, 80) + 1
    marks = [line.split()[-1] for line in lines if line.startswith(("a-special", "ped"))]
    assert {len(m) for m in marks} == {len(marks[0])}
    assert [set(m) for m in marks] == [{"-"}, {"!"}]


# --------------------------------------------------------------------------------------------------------------- progress

REPORT = Progress(12.0, "improving a few at a time", best=1250, bound=1240, placed=41, unplaced=3, more=2)


@pytest.mark.parametrize(
    ("width", "sentence"),
    [
        (200, "improving a few at a time: 41 placed, 3 unplaced, at most 2 more possible, gap 0.8 %, 1,250 points"),
        (90, "improving a few at a time: 41 placed, 3 unplaced, at most 2 more possible, gap 0.8 %"),
        (80, "improving a few at a time: 41 placed, 3 unplaced, at most 2 more possible"),
        (60, "41 placed, 3 unplaced, at most 2 more possible, gap 0.8 %"),
        (50, "41 placed, 3 unplaced, at most 2 more possible"),
    ],
)
def test_progress_leaves_out_what_matters_least(width: int, sentence: str) -> None:
    assert progress_text(REPORT, width=width) == sentence


def test_progress_before_there_is_a_schedule_says_what_is_done() -> None:
    assert progress_text(Progress(1.0, "building the model")) == "building the model"


def test_plain_lines_get_rarer(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 0.0
    monkeypatch.setattr(progress_module, "monotonic", lambda: now_s)
    page, stream = console()
    line = ProgressLine(page)
    for second in range(601):
        now_s = float(second)
        line.update(Progress(now_s, "searching", best=10_000 - second, bound=0, placed=second, unplaced=3))
        line.tick()
    times = [int(text.split()[0]) for text in stream.getvalue().splitlines()]
    assert times[:4] == [0, 2, 4, 6]
    assert max(b - a for a, b in pairwise(times)) == 30
    assert len(times) < 40  # ten minutes


def test_plain_lines_say_now_and_then_that_it_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 0.0
    monkeypatch.setattr(progress_module, "monotonic", lambda: now_s)
    page, stream = console()
    line = ProgressLine(page)
    line.update(Progress(0.0, "building the model"))
    for second in range(130):
        now_s = float(second)
        line.tick()
    assert stream.getvalue() == "".join(f"{second:5} s  building the model\n" for second in (0, 60, 120))


# ---------------------------------------------------------------------------------------------------- real terminals and pipes


def in_terminal(arguments: Sequence[str], **environment: str) -> tuple[str, int]:
    """What a command writes to a terminal of its own, and how it ends."""
    master, slave = pty.openpty()
    command = [sys.executable, str(ROOT / "cli.py"), *arguments]
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM", "COLUMNS", "FORCE_COLOR")}
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env={**clean, "TERM": "xterm", **environment}
    )
    os.close(slave)
    said = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # how Linux says that the other end was closed
            break
        if not piece:
            break
        said += piece
    os.close(master)
    return said.decode().replace("\r\n", "\n"), process.wait()


def solve_tiny(out: Path) -> list[str]:
    return ["solve", str(TINY), "--out", os.path.relpath(out, ROOT), "--workers", "1"]


def test_a_terminal_shows_a_live_line_and_then_the_summary(tmp_path: Path) -> None:
    said, code = in_terminal(solve_tiny(tmp_path / "out"), COLUMNS="60")
    assert code == 0
    assert "\x1b[2K" in said  # the live line is erased
    visible = [re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", line).rstrip("\r") for line in said.split("\n")]
    end = visible[next(k for k, line in enumerate(visible) if "tiny: 3 students" in line) :]
    assert max(cell_len(line) for line in end if "schedule.csv" not in line and "/" not in line) < 60
    assert any(line.startswith("Unplaced   1 required rotation") for line in end)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_terminals_without_colour_get_none(tmp_path: Path, environment: dict[str, str]) -> None:
    said, code = in_terminal(solve_tiny(tmp_path / "out"), COLUMNS="60", **environment)
    assert code == 0
    assert max(len(line) for line in said.split("tiny: 3 students")[1].splitlines() if "/" not in line) < 60 + len(
        "\x1b[1m\x1b[0m"
    )
    assert not re.search(r"\x1b\[[\d;]*(3|4|9)\d", said)
    if environment.get("TERM") == "dumb":
        assert "\x1b" not in said


def test_a_pipe_gets_plain_lines_of_80_columns(tmp_path: Path) -> None:
    command = [sys.executable, "cli.py", *solve_tiny(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True, env={**os.environ, "COLUMNS": "60"})
    assert "\x1b" not in done.stdout + done.stderr
    assert re.match(r" +\d+ s  \w", done.stderr)
    assert max(len(line) for line in done.stdout.splitlines() if "/" not in line) <= 80


def test_schools_and_the_order_of_priority_are_shown() -> None:
    served = tuple(SchoolOutcome(school=s, asked=4, placed=n) for s, n in (("maple", 4), ("oak", 2)))
    schedule = Schedule(status=Status.FEASIBLE, schools=served)
    lines = dict(summary_lines(schedule, world({"priority": {"kind": "soft", "order": ["tier", "lottery"], "seed": 7}})))
    # smallest ÷ largest ½; Jain (1 + ½)² ÷ (2 · (1 + ¼)) = 0.9
    assert "oak 50 %, maple 100 % of" in lines["Schools"].replace("\N{NO-BREAK SPACE}", " ")
    assert lines["Schools"].endswith("smallest ÷ largest 0.50, Jain's index 0.900")
    assert lines["Priority"] == "tier, then lottery (seed 7); the exported table priorities says who goes first"
    assert not {"Schools", "Priority"} & dict(summary_lines(Schedule(status=Status.FEASIBLE), world())).keys()
