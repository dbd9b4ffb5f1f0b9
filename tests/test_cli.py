"""The command line: exit codes, sentences instead of tracebacks, what is written and what is not."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from rich.console import Console

import cli
import scheduler.io
import scheduler.solve
from scheduler import __version__
from scheduler.domain import Instance, LevelResult, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.domain.tables import Pin
from scheduler.domain.wording import percent, proof_sentence
from scheduler.errors import Problem
from scheduler.solve import Progress, Settings
from scheduler.terminal.pressure import Pressure, mark, show_pressure
from scheduler.terminal.problems import show_problems, tally
from scheduler.terminal.progress import ProgressLine, progress_text
from scheduler.terminal.screen import say, screen
from scheduler.terminal.stopping import work_beside
from scheduler.terminal.summary import show_lines, summary_lines

ROOT = Path(__file__).parent.parent
TINY = ROOT / "instances" / "tiny"
FILES = ["schedule.csv", "solution.json", "unplaced.csv"]

Solver = Callable[..., Schedule]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def tiny() -> Instance:
    return scheduler.io.read_instance(TINY)


@pytest.fixture(scope="session")
def best(tiny: Instance) -> Schedule:
    """The real best schedule of tiny: cost 1006, one rotation unplaced."""
    return scheduler.solve.solve(tiny, Settings(time_limit_s=30, workers=1))


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> Callable[[Solver | Schedule], None]:
    """Puts something else in the place of the solver."""

    def put(what: Solver | Schedule) -> None:
        monkeypatch.setattr(scheduler.solve, "solve", (lambda *_, **__: what) if isinstance(what, Schedule) else what)

    return put


def console(width: int = 80, **settings: Any) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return screen(stream, width=width, **settings), stream


def written(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())} if folder.exists() else {}


# ------------------------------------------------------------------------------------------------------------------ solve


def test_solve_writes_a_verified_schedule(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert cli.run(["solve", str(TINY), "--out", str(out), "--workers", "1"]) == 0
    assert list(written(out)) == FILES
    shown = capsys.readouterr().out
    assert "tiny: 3 students of 2 schools, 2026-08-24 to 2026-10-04" in shown
    assert "1 required rotation (1 student)" in shown  # kim takes one student at a time: two of three can have FM
    assert "no better schedule exists under this policy (proved)" in " ".join(shown.split())  # wherever the lines end
    assert "1,006 points: required rotations are placed 1,000," in shown
    assert max(map(len, shown.replace(str(out), "out").splitlines())) <= 80
    assert cli.run(["verify", str(TINY), str(out)]) == 0


def test_solve_json_is_for_programs(tmp_path: Path, capsys: Capture, best: Schedule, solver: Callable[[Schedule], None]) -> None:
    solver(best)
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["objective"], data["bound"], data["unplaced"]) == ("OPTIMAL", 1006, 1006, 1)


def test_strict_makes_unplaced_an_exit_code(tmp_path: Path, best: Schedule, solver: Callable[[Schedule], None]) -> None:
    solver(best)
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out"), "--strict"]) == 1
    assert list(written(tmp_path / "out")) == FILES


def test_default_folder_is_named_after_the_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Instance, best: Schedule, solver: Callable[[Schedule], None]
) -> None:
    solver(best)
    monkeypatch.chdir(tmp_path)
    scheduler.io.write_instance(tiny, tmp_path / "fall.2026")
    scheduler.io.write_instance(tiny, tmp_path / "spring.xlsx")
    for name in ("fall.2026", "spring.xlsx"):
        assert cli.run(["solve", name]) == 0
    assert list(written(tmp_path / "out" / "fall.2026")) == FILES
    assert list(written(tmp_path / "out" / "spring")) == FILES


def test_settings_reach_the_solver(tmp_path: Path, best: Schedule, solver: Callable[[Solver], None]) -> None:
    seen: list[tuple[Instance, Settings]] = []

    def note(instance: Instance, settings: Settings, **_: Any) -> Schedule:
        seen.append((instance, settings))
        return best.model_copy(update={"scores": ()})  # its scores name the weights of another policy

    policy = tmp_path / "policy.toml"
    policy.write_text("[rules.waiting]\nweight = 7\n")
    solver(note)
    words = ["--time-limit", "5", "--gap", "0.01", "--strategy", "direct", "--workers", "2", "--seed", "3", "--deterministic"]
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out"), "--policy", str(policy), *words]) == 0
    instance, settings = seen[0]
    assert instance.policy.rules["waiting"].weight == 7
    assert settings == Settings(time_limit_s=5, gap=0.01, strategy="direct", workers=2, seed=3, deterministic=True)


def test_a_schedule_says_when_it_was_made_unless_runs_have_to_be_the_same(
    tmp_path: Path, best: Schedule, solver: Callable[[Schedule], None]
) -> None:
    solver(best)
    before = datetime.now(UTC).replace(microsecond=0)
    for name, words in (("now", []), ("always", ["--deterministic"])):
        assert cli.run(["solve", str(TINY), "--out", str(tmp_path / name), *words]) == 0
    now, always = (json.loads((tmp_path / name / "solution.json").read_text())["made"] for name in ("now", "always"))
    assert before <= datetime.fromisoformat(now) <= datetime.now(UTC)
    assert always is None


def test_a_schedule_that_does_not_hold_is_not_written(
    tmp_path: Path, capsys: Capture, best: Schedule, solver: Callable[[Schedule], None]
) -> None:
    out = tmp_path / "out"
    solver(best)
    assert cli.run(["solve", str(TINY), "--out", str(out)]) == 0
    before = written(out)
    double = best.model_copy(update={"placements": best.placements + best.placements[:1]})
    solver(double)
    capsys.readouterr()
    assert cli.run(["solve", str(TINY), "--out", str(out)]) == 3
    said = capsys.readouterr().err
    assert "does not pass the independent check, so it was not written" in said
    assert "one_place: " in said
    assert "is as it was" in said
    assert written(out) == before


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.INFEASIBLE, "No schedule exists: it is proved that the hard rules contradict each other."),
        (Status.UNKNOWN, "No schedule was found in the time given; a longer --time-limit may help."),
    ],
)
def test_none_exists_and_none_found_are_told_apart(
    tmp_path: Path, capsys: Capture, solver: Callable[[Schedule], None], status: Status, sentence: str
) -> None:
    solver(Schedule(status=status))
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert not (tmp_path / "out").exists()


def test_a_crash_of_the_solver_is_a_sentence(tmp_path: Path, capsys: Capture, solver: Callable[[Solver], None]) -> None:
    def crash(*_: Any, **__: Any) -> Schedule:
        raise KeyError("slot-9")

    solver(crash)
    arguments = ["solve", str(TINY), "--out", str(tmp_path / "out")]
    assert cli.run(arguments) == 3
    said = capsys.readouterr().err
    assert "Something unexpected happened (KeyError: 'slot-9')." in said
    assert "Traceback" not in said
    assert cli.run(["--debug", *arguments]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["file", "instance", "closed"])
def test_a_folder_that_cannot_take_the_schedule_is_found_before_solving(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, solver: Callable[[Solver], None], kind: str
) -> None:
    def never(*_: Any, **__: Any) -> Schedule:
        raise AssertionError("solved although nothing could be written")

    solver(never)
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("")
    elif kind == "instance":
        out.mkdir()
        (out / "instance.toml").write_text("")
    else:
        monkeypatch.setattr(os, "access", lambda *_: False)  # a superuser may write anywhere, so rights cannot be taken away
    assert cli.run(["solve", str(TINY), "--out", str(out)]) == 2
    assert "name another folder with --out" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------- Ctrl-C and SIGTERM

SLOW = """
    import sys, threading, time
    import scheduler.solve
    from scheduler.domain import Schedule, Status
    from scheduler.solve import Progress
    import cli

    def slow(instance, settings, on_progress, stop, start):
        on_progress(Progress(0.0, "searching", best=None))
        stop.wait(30)
        {after}
        return Schedule(status=Status.UNKNOWN)

    scheduler.solve.solve = slow
    cli.main()
"""


def start(after: str, out: Path) -> subprocess.Popen[str]:
    code = dedent(SLOW).format(after=after)
    arguments = [sys.executable, "-c", code, "solve", str(TINY), "--out", str(out)]
    return subprocess.Popen(arguments, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"ended without saying {words!r}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_the_solver_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    process = start("pass", tmp_path / "out")
    wait_for(process, "searching")
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert "No schedule was found before it was stopped. This does not prove that there is none." in said
    assert process.returncode == 3


def test_the_second_signal_gives_up(tmp_path: Path) -> None:
    process = start("time.sleep(60)", tmp_path / "out")
    wait_for(process, "searching")
    process.send_signal(signal.SIGINT)
    wait_for(process, "stopping, once more gives up")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert said == "Given up; nothing was written.\n"
    assert process.returncode == 3


def test_work_beside_returns_and_raises() -> None:
    ticks: list[str] = []
    ticked = threading.Event()

    def tick() -> None:
        ticks.append(threading.current_thread().name)
        ticked.set()

    assert work_beside(lambda: ticked.wait(30), tick) is True  # the work ends only because somebody ticks beside it
    assert set(ticks) == {threading.current_thread().name}
    with pytest.raises(ZeroDivisionError):
        work_beside(lambda: 1 // 0, lambda: None)


# ----------------------------------------------------------------------------------------------------------- check and verify


def test_check_shows_problems_then_demand_against_supply(capsys: Capture) -> None:
    assert cli.run(["check", str(TINY)]) == 0
    shown = capsys.readouterr().out
    assert "family" in shown.splitlines()[-3] + shown.splitlines()[-2]
    assert "more wanted than offered" in shown.splitlines()[-1]


def test_check_takes_a_policy_file(tmp_path: Path, capsys: Capture) -> None:
    """Ten weeks before it begins, a term of six weeks is over before 300 days have passed."""
    policy = tmp_path / "policy.toml"
    policy.write_text('[rules.lead_time]\nkind = "hard"\ndays = 300\n', "utf-8")
    assert cli.run(["check", str(TINY)]) == 0
    assert "sooner than 300 days" not in capsys.readouterr().out
    assert cli.run(["check", str(TINY), "--policy", str(policy)]) == 0
    assert "sooner than 300 days" in capsys.readouterr().out


def test_check_lists_every_error(tmp_path: Path, tiny: Instance, capsys: Capture) -> None:
    folder = tmp_path / "broken"
    scheduler.io.write_instance(tiny, folder)
    for name, old, new in (("students.csv", "oak-md", "oka-md"), ("slots.csv", "2026-09-21", "2026-09-31")):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert cli.run(["check", str(folder)]) == 2
    shown = capsys.readouterr().out
    assert "students.csv\n  error: row 4, column program: " in shown
    assert "did you mean 'oak-md'?" in shown
    assert "slots.csv\n  error: row 2, column last_start: " in shown
    assert cli.run(["check", str(folder), "--json"]) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {p["file"] for p in problems if p["severity"] == "error"} == {"students.csv", "slots.csv"}
    assert cli.run(["solve", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert "students.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_verify_names_broken_rules(tmp_path: Path, capsys: Capture, best: Schedule, solver: Callable[[Schedule], None]) -> None:
    solver(best)
    out = tmp_path / "out"
    assert cli.run(["solve", str(TINY), "--out", str(out)]) == 0
    table = out / "schedule.csv"
    table.write_text(table.read_text("utf-8").replace("kim", "") + "\n", "utf-8")
    capsys.readouterr()
    assert cli.run(["verify", str(TINY), str(out)]) == 1
    assert "supervision: " in capsys.readouterr().out
    assert cli.run(["verify", str(TINY), str(out), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert not data["ok"]
    assert "supervision" in {v["rule"] for v in data["violations"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "nowhere"],
        ["check", "nowhere"],
        ["verify", "nowhere", "nowhere"],
        ["verify", str(TINY), "nowhere"],
        ["solve", str(TINY), "--policy", "nowhere.toml"],
        ["convert", "mss", "nowhere.dzn", "somewhere"],
        ["rules", "waitng"],
        ["solve"],
        ["solve", str(TINY), "--time-limit", "0"],
        ["solve", str(TINY), "--strategy", "magic"],
        ["sovle"],
        [],
    ],
    ids=" ".join,
)
def test_wrong_input_and_usage_exit_with_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(arguments) == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert (said.err + said.out).strip()
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------- convert and rules


def test_convert_does_not_write_over_anything(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert cli.run(["convert", "mss", "any.dzn", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert written(tmp_path) == {"notes.txt": b"mine"}


def test_rules_lists_and_explains(capsys: Capture) -> None:
    assert cli.run(["rules"]) == 0
    assert "One place at a time\n" in capsys.readouterr().out
    assert cli.run(["rules", "one_place"]) == 0
    assert capsys.readouterr().out.startswith("## one_place\n\n**One place at a time.** ")
    assert cli.run(["rules", "one_palce"]) == 2
    assert "did you mean 'one_place'?" in capsys.readouterr().err


# ----------------------------------------------------------------------------------------------------- pipes and terminals


def rotations(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "cli.py", *arguments]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False, **settings)


def test_version_as_a_program() -> None:
    done = rotations("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"rotations, version {__version__}\n", "")


def test_a_reader_that_leaves_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = subprocess.run([sys.executable, "cli.py", "rules"], cwd=ROOT, stdout=closed, stderr=subprocess.PIPE, check=False)
    assert done.stderr == b""
    assert done.returncode == 141  # what a shell shows for a program that a closed pipe has ended


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(("redirection", "code", "said"), [(">/dev/full", 3, "No space left on device\n"), (">&-", 0, "")])
def test_standard_output_full_or_closed(redirection: str, code: int, said: str) -> None:
    command = f'"{sys.executable}" cli.py rules {redirection}'
    done = subprocess.run(command, shell=True, cwd=ROOT, text=True, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (code, said)


def test_a_terminal_without_dashes_gets_question_marks() -> None:
    done = rotations("rules", "slot_window", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "error" not in done.stderr.lower()


def test_progress_is_one_line_on_a_terminal_and_lines_elsewhere() -> None:
    report = Progress(12.0, "searching", best=1250, bound=1240, placed=41, unplaced=3, more=2)
    sentence = "searching: 41 placed, 3 unplaced, at most 2 more possible, gap 0.8 %"
    assert progress_text(report) == sentence
    plain, stream = console()
    with ProgressLine(plain) as line:
        for _ in range(5):
            line.update(report)
            line.tick()
    assert stream.getvalue() == f"    0 s  {sentence}\n"
    live, stream = console(force_terminal=True, width=60)
    with ProgressLine(live) as line:
        line.update(report)
        line.tick()
        line.tick(stopping=True)
    assert "stopping, once more gives up" in stream.getvalue()
    dumb, stream = console(force_terminal=True, _environ={"TERM": "dumb"})
    with ProgressLine(dumb) as line:
        line.tick()
    assert stream.getvalue() == "    0 s  starting\n"


def test_progress_of_points_won() -> None:
    report = Progress(1.0, "searching", best=-50, bound=-60, placed=4, unplaced=0, more=0)
    assert progress_text(report, "maximise") == "searching: 4 placed, 0 unplaced, gap 20.0 %, 50 points"


def test_a_closed_progress_pipe_does_not_end_the_solve() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    line = ProgressLine(screen(Closed()))
    line.tick()
    line.update(Progress(1.0, "searching"))
    line.tick()


def test_sentences_wrap_on_a_terminal_and_stay_whole_in_a_pipe() -> None:
    sentence = "word " * 30 + "end"
    terminal, stream = console(force_terminal=True, no_color=True, width=40)
    say(terminal, sentence, indent=2)
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 40
    assert all(line.startswith("    word") or line.startswith("    end") for line in lines[1:])
    pipe, stream = console(width=40)
    say(pipe, sentence, indent=2)
    assert stream.getvalue() == f"  {sentence}\n"


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    quiet, stream = console(force_terminal=True)
    say(quiet, "wrong", style="red")
    assert stream.getvalue() == "wrong\n"


# --------------------------------------------------------------------------------------------------------------- renderings


def test_problems_are_grouped_by_file_errors_first() -> None:
    problems = [
        Problem("odd", file="b.csv", row=2, severity="warning"),
        Problem("bad", file="a.csv", row=3, column="x", value="9"),
        Problem("worse", file="b.csv", row=9),
        Problem("by the way", severity="note"),
    ]
    page, stream = console()
    show_problems(page, problems)
    assert stream.getvalue() == dedent(
        """\
        b.csv
          error: row 9: worse
          warning: row 2: odd
        a.csv
          error: row 3, column x: bad (found '9')
        note: by the way
        """
    )
    assert tally(problems) == "2 errors, 1 warning, 1 note"
    page, stream = console()
    show_problems(page, problems, most=1)
    assert stream.getvalue() == "b.csv\n  error: row 9: worse\n… and 3 more problems.\n"


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"), [(0, 5, "."), (4, 5, "-"), (5, 5, "="), (5 + 1e-9, 5, "="), (5.1, 5, "!"), (1, 0, "!")]
)
def test_marks(wanted: float, offered: float, expected: str) -> None:
    assert mark(wanted, offered) == expected


@pytest.mark.parametrize("weeks", [1, 16, 52, 530])
def test_demand_against_supply_fits_80_columns(weeks: int) -> None:
    rows = [
        Pressure("a specialty with a very long name", [3.0] * weeks, [4.0] * weeks),
        Pressure("ped", [0.0] * weeks, [0.0] * weeks),
    ]
    rows[0].wanted[-1:] = [5.0]  # type: ignore[index]
    page, stream = console()
    show_pressure(page, rows)
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].split()[3:] == {1: ["1"], 16: ["1", "6", "11", "16"]}.get(weeks, lines[1].split()[3:])
    assert lines[2].endswith("!")  # one short week shows, also where a character stands for several weeks
    assert set(lines[3].split()[-1]) == {"."}


@pytest.mark.parametrize(
    ("status", "missing", "more", "sentence"),
    [
        (Status.OPTIMAL, 1, None, "no better schedule exists under this policy (proved)"),
        (Status.OPTIMAL, 0, None, "everything is placed, and no better schedule exists under this policy (proved)"),
        (Status.FEASIBLE, 4, 3, "at most 3 more placements could be possible; gap 20.0 %"),
        (Status.FEASIBLE, 4, 9, "at most 4 more placements could be possible; gap 20.0 %"),
        (Status.FEASIBLE, 4, 0, "no more placements are possible (proved); gap 20.0 %"),
        (Status.FEASIBLE, 4, None, "how many more could be placed is not proved; gap 20.0 %"),
        (Status.FEASIBLE, 0, 0, "everything is placed; gap 20.0 %"),
    ],
)
def test_proof_sentences(status: Status, missing: int, more: int | None, sentence: str) -> None:
    unplaced = tuple(Unplaced(student=f"s{i}", program="p", requirement="r", missing=1, unit="rotations") for i in range(missing))
    assert proof_sentence(Schedule(status=status, unplaced=unplaced, objective=10, bound=8, more=more)) == sentence


def test_summary_groups_reasons_and_fits(tiny: Instance) -> None:
    rows = [
        Unplaced(
            student=f"s{i}",
            program="p",
            requirement="r",
            missing=1,
            unit="rotations",
            reason=f"{9 + i} offers: {i + 1} in full unit {i // 3}, 1 " + "refused " * 20,
        )
        for i in range(30)
    ]
    days = {"start": date(2026, 8, 24), "end": date(2026, 9, 4)}
    placed = Placement(group="g", students=8, program="p", requirement="r", slot="x", weeks=2, hours=80, **days)
    schedule = Schedule(
        status=Status.FEASIBLE,
        placements=(placed,),
        unplaced=tuple(rows),
        objective=30,
        bound=10,
        scores=(RuleScore(rule="worst_off", level=1, weight=1, penalty=3, cost=3),),
        levels=(LevelResult(level=1, status=Status.FEASIBLE, objective=30, bound=10),),
    )
    page, stream = console()
    show_lines(page, summary_lines(schedule, tiny))
    shown = stream.getvalue()
    assert "1 placement, which are 8 student places" in shown
    assert "3 × in full unit 0: s0 r, s1 r, s2 r\n" in shown
    assert "12 × for 4 other reasons\n" in shown
    assert "nobody has more than 3 points of unmet wishes" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_summary_counts_a_student_once(tiny: Instance) -> None:
    rows = [Unplaced(student="s1", program="p", requirement=r, missing=1, unit="rotations") for r in ("FM", "IM")]
    rows.append(Unplaced(group="g", part=2, students=3, program="p", requirement="FM", missing=1, unit="rotations"))
    lines = dict(summary_lines(Schedule(status=Status.FEASIBLE, unplaced=tuple(rows)), tiny))
    assert lines["Unplaced"] == "3 required rotations (4 students)"  # s1 lacks two, and three are in the part


def test_summary_fits_a_narrow_terminal() -> None:
    page, stream = console(60, force_terminal=True)
    show_lines(page, [("Unplaced", "word " * 40)])
    assert max(map(len, stream.getvalue().splitlines())) <= 60 + len("\x1b[1m\x1b[0m")


@pytest.mark.parametrize("option", [["--time-limit", "nan"], ["--time-limit", "inf"], ["--gap", "nan"]])
def test_what_is_no_number_is_refused(option: list[str], tmp_path: Path, capsys: Capture) -> None:
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out"), *option]) == 2
    assert f"'{option[0]}': " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_verify_names_what_is_unplaced(tmp_path: Path, capsys: Capture, best: Schedule) -> None:
    scheduler.io.write_solution(best, scheduler.io.read_instance(TINY), tmp_path / "out")
    assert cli.run(["verify", str(TINY), str(tmp_path / "out")]) == 0
    (missing,) = best.unplaced
    assert (
        f"Unplaced: {missing.student} {missing.requirement}.\nEvery rule holds: 4 placements, 1 unplaced."
        in capsys.readouterr().out
    )


def test_a_soft_rule_that_gave_way_is_named(tmp_path: Path, capsys: Capture, tiny: Instance) -> None:
    """Kim takes one student at once; softly, all three are placed, and verify says where there are two."""
    (policy := tmp_path / "p.toml").write_text('[rules.preceptor_at_once]\nkind = "soft"\n')
    arguments = ["--policy", str(policy)]
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out"), "--workers", "1", *arguments]) == 0
    assert "Not kept   preceptor's students at once: the exported table not_kept says where" in capsys.readouterr().out
    assert cli.run(["verify", str(TINY), str(tmp_path / "out"), *arguments]) == 0
    shown = capsys.readouterr().out
    assert "preceptor_at_once (soft): " in shown
    assert "Every hard rule holds: 5 placements, 0 unplaced." in shown
    assert cli.run(["verify", str(TINY), str(tmp_path / "out"), "--json", *arguments]) == 0
    assert {v["rule"] for v in json.loads(capsys.readouterr().out)["gave_way"]} == {"preceptor_at_once"}


def test_verify_does_not_count_what_was_declined(tmp_path: Path, capsys: Capture, best: Schedule) -> None:
    declined = best.placements[0].model_copy(update={"status": "declined"})
    after = Schedule(status=Status.UNKNOWN, placements=(declined, *best.placements[1:]))
    scheduler.io.write_solution(after, scheduler.io.read_instance(TINY), tmp_path / "out")
    (tmp_path / "out" / "solution.json").unlink()
    cli.run(["verify", str(TINY), str(tmp_path / "out")])
    assert ": 3 placements, 2 unplaced" in capsys.readouterr().out


def test_a_schedule_of_the_needed_columns_is_enough(tmp_path: Path, capsys: Capture, best: Schedule) -> None:
    cells = [(p.student, p.requirement, p.slot, str(p.start), p.preceptor) for p in best.placements]
    text = "\n".join(map(",".join, [("student", "requirement", "slot", "start", "preceptor"), *cells]))
    (tmp_path / "mine.csv").write_text(text)
    assert cli.run(["verify", str(TINY), str(tmp_path / "mine.csv")]) == 0, capsys.readouterr().out
    assert "Every rule holds: 4 placements, 1 unplaced." in capsys.readouterr().out


def test_pins_that_contradict_each_other_are_pointed_at(
    tmp_path: Path, tiny: Instance, capsys: Capture, solver: Callable[[Schedule], None]
) -> None:
    solver(Schedule(status=Status.INFEASIBLE))
    requirement = {s.student: next(r for r in tiny.requirements if r.program == s.program) for s in tiny.students}
    pins = tuple(Pin(student=s.student, requirement=requirement[s.student].requirement) for s in tiny.students[:2])
    scheduler.io.write_instance(tiny.model_copy(update={"pins": pins}), tmp_path / "pinned")
    assert cli.run(["solve", str(tmp_path / "pinned"), "--out", str(tmp_path / "out")]) == 3
    assert "Look at the 2 'must' pins first" in capsys.readouterr().err


def test_convert_into_a_file_is_refused(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("precious")
    for target in ("file", "file/below"):
        assert cli.run(["convert", "mss", "whatever.dzn", str(tmp_path / target)]) == 2
        assert "the instance needs a folder, and this is a file; name another folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0.0 %"), (0.0001, "under 0.1 %"), (0.0084, "0.8 %"), (1, "100.0 %"), (197.4, "over 100 %")]
)
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_cluster_that_does_not_answer_is_said_at_once(tmp_path: Path, capsys: Capture) -> None:
    assert cli.run(["solve", str(TINY), "--out", str(tmp_path / "out"), "--cluster", "tcp://127.0.0.1:1"]) == 2
    assert "no Dask cluster answers at 'tcp://127.0.0.1:1'" in " ".join(capsys.readouterr().err.split())
    assert cli.run(["solve", str(TINY), "--deterministic", "--cluster", "tcp://127.0.0.1:1"]) == 2
    assert "leave out either --deterministic or --cluster" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()


def test_time_is_not_needed_to_see_help() -> None:
    """Help and listings do not load the solver."""
    code = "import sys, cli; cli.run(['--help']); cli.run(['rules']); print('ortools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
