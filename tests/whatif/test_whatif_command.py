"""`rotations whatif` from its arguments to its files."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cli import run
from scheduler.io import read_instance, read_solution, write_instance
from scheduler.solve import Settings, solve, solve_book
from scheduler.verify import verify
from scheduler.whatif import alternatives
from scheduler.whatif import run as running
from scheduler.whatif.alternatives import Alternative, solved
from scheduler.whatif.results import Results, folder_name
from tests.verify.world import slot, world

#: Two of the three can be on the ward at once, in one slot with one start: somebody is left out.
TIGHT = {"slots": [slot("ward", last_start=None, most_students=2), slot("clinic")]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_instance(world(**TIGHT), tmp_path / "term")
    (tmp_path / "more.toml").write_text('[[change]]\nkind = "places"\nunit = "ward"\nmore = 1\n')
    (tmp_path / "close.csv").write_text("kind,unit\nclose,ward\n")
    return tmp_path


def whatif(folder: Path, *arguments: str) -> int:
    return run(
        [
            "whatif",
            str(folder / "term"),
            *(str(folder / a) if (folder / a.split("+")[0]).exists() and "." in a else a for a in arguments),
        ]
    )


def compared(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert whatif(folder, *arguments, "--json") == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_alternatives_side_by_side(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(folder, "more.toml", "close.csv") == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "Unplaced rotations                     1         0         3\n" in out
    assert "1  more\n   - unit ward takes 1 more student at once\n   better (proved): by " in out
    assert "2  close\n   - unit ward is closed for the whole term\n   worse (proved): by " in out


def test_scenarios_stack_with_a_plus(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = f"{folder / 'close.csv'}+{folder / 'more.toml'}"
    base, stacked = compared(folder, capsys, both)
    assert stacked["name"] == "close+more"
    assert stacked["changes"] == ["unit ward is closed for the whole term", "unit ward takes 1 more student at once"]
    assert (base["figures"]["unplaced"], stacked["figures"]["unplaced"]) == (1, 3)
    assert base["against_base"] is None
    assert stacked["against_base"]["verdict"] == "worse"


def test_changes_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = compared(folder, capsys, "--change", "withdrawn student=ann", "--change", "away student=bob")
    assert (found["name"], len(found["changes"])) == ("changes", 2)
    assert found["figures"]["asked"] == 4


def test_only_better_proven_differences_are_called_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = compared(folder, capsys, "--change", "places unit=clinic more=1", "--gap", "0")
    assert found["against_base"]["verdict"] == "equal"
    _, other = compared(folder, capsys, "--change", "policy rule=waiting weight=50")
    assert other["against_base"]["verdict"] == "not comparable"


def test_a_baseline_is_compared_with_and_begun_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(folder / "term"), "--out", str(folder / "made")]) == 0
    base, found = compared(folder, capsys, "more.toml", "--baseline", str(folder / "made"))
    made = read_solution(folder / "made", read_instance(folder / "term"))
    assert base["figures"]["cost"] == made.objective
    assert found["figures"]["moved"] == 1  # only whoever gets the place


def test_a_baseline_that_breaks_rules_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["solve", str(folder / "term"), "--out", str(folder / "made")])
    plan = folder / "made" / "schedule.csv"
    rows = plan.read_text().splitlines()
    plan.write_text("\n".join([*rows, rows[-1]]) + "\n")
    assert whatif(folder, "more.toml", "--baseline", str(folder / "made")) == 1
    assert "The baseline breaks rules" in capsys.readouterr().err


def test_results_are_solutions_with_their_instances(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    assert whatif(folder, "more.toml", "close.csv", "--out", str(out)) == 0
    assert sorted(p.name for p in out.iterdir()) == ["base", "close", "comparison.csv", "comparison.json", "more"]
    for name in ("base", "close", "more"):
        instance = read_instance(out / name / "instance")
        assert verify(instance, read_solution(out / name, instance)).ok
    assert run(["export", str(out / "more"), "--to", "csv"]) == 0
    table = list(csv.DictReader((out / "comparison.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["alternative"], row["against_base"], row["unplaced"]) for row in table] == [
        ("base", "", "1"),
        ("more", "better", "0"),
        ("close", "worse", "3"),
    ]
    assert [row["name"] for row in json.loads((out / "comparison.json").read_text())] == ["base", "more", "close"]


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes of what is solved, not found again."""
    seen: list[str] = []

    def counted(book: Any, *arguments: Any, **named: Any) -> Any:
        seen.append(Alternative("", book.facts.instance).key)
        return solve_book(book, *arguments, **named)

    monkeypatch.setattr("scheduler.whatif.alternatives.solve_book", counted)
    return seen


def test_what_is_there_is_not_solved_again(folder: Path, solves: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = str(folder / "out")
    first = compared(folder, capsys, "more.toml", "--out", out)
    assert len(solves) == 2
    again = compared(folder, capsys, "more.toml", "close.csv", "--out", out)
    assert len(solves) == 3
    assert [row["figures"]["cost"] for row in again[:2]] == [row["figures"]["cost"] for row in first]
    assert [row["against_base"] for row in again[:2]] == [row["against_base"] for row in first]
    assert whatif(folder, "more.toml", "--out", out, "--gap", "0") == 0
    assert len(solves) == 5  # asked for otherwise
    (folder / "out" / "more" / "schedule.csv").write_text("")
    assert whatif(folder, "more.toml", "--out", out, "--gap", "0") == 0
    assert len(solves) == 6  # changed by hand


def test_a_sweep_with_table_and_picture(folder: Path, solves: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    assert whatif(folder, "--sweep", "places unit=ward more=-1..2", "--out", str(out), "--workers", "1") == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines()[:6])) <= 80
    assert [line.split()[:3] for line in text.splitlines()[1:6]] == [
        ["base", "5", "1"],
        ["more=-1", "4", "2"],
        ["more=0", "5", "1"],
        ["more=1", "6", "0"],
        ["more=2", "6", "0"],
    ]
    assert "more=0" in text and "equal (proved)" in text
    assert len(solves) == 4  # more=0 is the base
    picture = ElementTree.parse(out / "sweep.svg").getroot()
    assert len([e for e in picture.iter() if e.tag.endswith("circle")]) == 8
    table = list(csv.DictReader((out / "comparison.csv").read_text("utf-8-sig").splitlines()))
    assert [row["at_more"] for row in table] == ["", "'-1", "0", "1", "2"]
    assert whatif(folder, "--sweep", "places unit=ward more=-1..3", "--out", str(out), "--workers", "1") == 0
    assert len(solves) == 5  # only more=3 is new


def test_a_sweep_side_by_side_finds_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (compared(folder, capsys, "--sweep", "places unit=ward more=-1..2", "--workers", n) for n in ("1", "2"))
    assert [row["figures"]["unplaced"] for row in one] == [row["figures"]["unplaced"] for row in two] == [1, 2, 1, 0, 0]


def test_what_is_finished_is_kept_when_it_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three alternatives is interrupted: the first is kept, and the second is solved again later."""
    instance = world(**TIGHT)
    base = solved(Alternative("base", instance), None, Settings(workers=1))
    wanted = [Alternative(f"a{k}", instance.model_copy(update={"name": f"a{k}"})) for k in range(3)]
    for way in (running.one_by_one, running.at_once):
        stop, results = threading.Event(), Results(folder / way.__name__, Settings(workers=1))
        asked: list[str] = []

        def interrupted(
            one: Alternative, *arguments: Any, stop: threading.Event = stop, asked: list[str] = asked, **named: Any
        ) -> Any:
            asked.append(one.name)
            found = solved(one, base.schedule, Settings(workers=1))
            if one.name == "a1":
                stop.set()
                return alternatives.outcome(one, found.schedule, complete=False)
            return found

        monkeypatch.setattr(running, "solved", interrupted)
        kept = [each.alternative.name for each in way(wanted, base, Settings(workers=1), results, lambda _: None, stop)]
        assert (asked, kept[:1]) == (["a0", "a1"], ["a0"])
        stop.clear()
        asked.clear()
        assert len(list(way(wanted[:1] + wanted[2:], base, Settings(workers=1), results, lambda _: None, threading.Event()))) == 2
        assert asked == ["a2"]
        assert results.read(wanted[1]) is None


def test_a_scenario_without_a_schedule_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pins = "add table=pins set.student={} set.requirement=MS set.slot=ward"
    three = [text for who in ("ann", "bob", "cyd") for text in ("--change", pins.format(who))]
    assert whatif(folder, *three) == 0
    assert "no schedule exists (proved)" in capsys.readouterr().out


def test_written_instances(folder: Path, solves: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert whatif(folder, "more.toml", "--write-instance", str(folder / "one")) == 0
    assert read_instance(folder / "one").slots[0].most_students == 3
    assert whatif(folder, "more.toml", "close.csv", "--write-instance", str(folder / "two")) == 0
    assert {p.name for p in (folder / "two").iterdir()} == {"more", "close"}
    assert whatif(folder, "more.toml", "--write-instance", str(folder / "one")) == 2
    assert "the folder to write to is not empty" in capsys.readouterr().err
    assert solves == []


def test_nothing_of_others_is_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "out" / "more").mkdir(parents=True)
    (folder / "out" / "more" / "notes.txt").write_text("mine")
    assert whatif(folder, "more.toml", "--out", str(folder / "out")) == 2
    assert "was not written by whatif" in capsys.readouterr().err
    assert (folder / "out" / "more" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "name a SCENARIO file"),
        (("nothere.toml",), "there is no such file"),
        (("--change", "close unit=wrd"), "did you mean 'ward'?"),
        (("--change", "fly"), "--change\n  error: key kind: unknown kind of change"),
        (("--sweep", "places unit=ward more=2"), "nothing varies"),
        (("--sweep", "places unit=wrd more=1..2"), "did you mean 'ward'?"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert whatif(folder, *arguments) == 2
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err


def test_all_wrong_scenarios_are_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "one.toml").write_text('[[change]]\nkind = "close"\nunit = "wrd"\n')
    (folder / "two.csv").write_text("kind,unit,more\nplaces,ward,lots\nplaces,,2\n")
    assert whatif(folder, "one.toml", "two.csv") == 2
    err = capsys.readouterr().err
    assert "two.csv\n  error: row 2, column more" in err and "error: row 3, column unit" in err
    assert whatif(folder, "one.toml", "more.toml") == 2
    assert "one.toml\n  error: line 3, key change.1.unit" in capsys.readouterr().err


def test_names_of_folders() -> None:
    assert folder_name("more=-1") == "more=-1"
    for name in ("../../etc", "a b", "unit=a more=1", "x" * 300, "", "..", "/"):
        made = folder_name(name)
        assert "/" not in made and not made.startswith(".") and len(made) < 100
    assert folder_name("a b") != folder_name("a  b")


def test_solve_is_begun_with_the_schedule_of_the_base() -> None:
    """Ann keeps her place though any of the three could have it."""
    instance = world(**TIGHT)
    for seed in range(3):
        first = solve(instance, Settings(workers=1, seed=seed))
        base = alternatives.outcome(Alternative("base", instance), first)
        more = alternatives.alternative(instance, "more", [])
        again = alternatives.against(base, solved(more, first, Settings(workers=1, seed=7)))
        assert again.moved == 0
