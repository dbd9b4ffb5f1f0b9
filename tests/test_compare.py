"""What is said to have changed between two schedules, derived by hand."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import cli
from scheduler.compare import Kind, compare
from scheduler.domain import Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.terminal.comparison import comparison_data, show_comparison
from scheduler.terminal.screen import screen
from tests.verify.world import put, week

ANN = put("ann", "MS", "ward", week(0), end=week(1, 4), site="mercy", unit="ward", preceptor="kim", weekdays=(1, 3), shift="day")


def schedule(*placements: Placement, unplaced: tuple[Unplaced, ...] = (), **columns: Any) -> Schedule:
    return Schedule(status=Status.FEASIBLE, placements=placements, unplaced=unplaced, **columns)


def other(row: Placement = ANN, **columns: Any) -> Placement:
    return row.model_copy(update=columns)


def lacks(student: str, name: str = "MS", missing: int = 2) -> Unplaced:
    return Unplaced(student=student, program="nurs", requirement=name, missing=missing, unit="weeks")


@pytest.mark.parametrize(
    ("columns", "kinds"),
    [
        ({"preceptor": "lee"}, ("preceptor",)),
        ({"start": week(1), "end": week(2, 4)}, ("dates",)),
        ({"weekdays": (2, 4)}, ("days",)),
        ({"shift": "night", "preceptor": "lee"}, ("days", "preceptor")),
        ({"unit": "ward 2", "slot": "ward 2"}, ("unit",)),
        ({"site": "lake", "unit": "clinic", "slot": "clinic", "start": week(1)}, ("site", "dates")),  # not 'unit' as well
        ({"slot": "ward, second list"}, ("slot",)),
    ],
)
def test_a_move_is_named_after_what_is_most_noticeable(columns: dict[str, Any], kinds: tuple[Kind, ...]) -> None:
    found = compare(schedule(ANN), schedule(other(**columns)))
    assert [move.kinds for move in found.moved] == [kinds]
    assert (found.added, found.removed, found.changes) == ((), (), 1)


@pytest.mark.parametrize("columns", [{}, {"status": "confirmed"}, {"hours": 3.0}])
def test_what_is_agreed_on_has_not_changed(columns: dict[str, Any]) -> None:
    assert compare(schedule(ANN), schedule(other(**columns))).changes == 0


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_a_placement_that_was_declined_is_no_longer_there(status: str) -> None:
    assert compare(schedule(ANN), schedule(other(status=status))).removed == (ANN,)
    assert compare(schedule(other(status=status)), schedule(ANN)).added == (ANN,)


def test_what_was_declined_takes_no_place_in_the_numbers() -> None:
    found = comparison_data(compare(schedule(ANN), schedule(other(status="declined"))))
    assert [(found[key]["placed"], found[key]["students"]) for key in ("before", "after")] == [(1, 1), (0, 0)]


def test_placements_are_paired_with_what_is_most_alike() -> None:
    # of two placements of one rotation one stays, one gets another preceptor, and a third one is new
    second = other(start=week(4), end=week(5, 4))
    with_lee, third = other(second, preceptor="lee"), other(start=week(8), end=week(9, 4))
    found = compare(schedule(ANN, second), schedule(third, with_lee, ANN))
    assert [(m.before, m.after) for m in found.moved] == [(second, with_lee)]
    assert found.added == (third,)
    assert compare(schedule(third, with_lee, ANN), schedule(ANN, second)).removed == (third,)


def test_another_rotation_is_no_move() -> None:
    fm = other(requirement="FM")
    found = compare(schedule(ANN), schedule(fm))
    assert (found.added, found.removed, found.moved) == ((fm,), (ANN,), ())
    assert found.concerned == {"ann": 1}  # two changes of one student


def test_a_group_counts_once_and_its_students_are_told() -> None:
    group = other(student="", group="A", students=8)
    found = compare(schedule(group), schedule(other(group, site="lake")))
    assert found.changes == 1
    assert found.concerned == {"A": 8}


def test_equal_parts_of_a_group_may_be_numbered_in_any_way() -> None:
    def part(number: int, name: str, start: int, students: int = 3) -> Placement:
        return other(
            student="", group="A", part=number, students=students, requirement=name, start=week(start), end=week(start + 1)
        )

    before = schedule(part(1, "MS", 0), part(2, "MS", 4), part(1, "FM", 2), part(2, "FM", 6))
    assert compare(before, schedule(part(2, "MS", 0), part(1, "MS", 4), part(2, "FM", 2), part(1, "FM", 6))).changes == 0
    # only one of the rotations is swapped: that is another life for both
    mixed = compare(before, schedule(part(1, "MS", 0), part(2, "MS", 4), part(2, "FM", 2), part(1, "FM", 6)))
    assert (len(mixed.moved), mixed.concerned) == (2, {"A": 6})
    # parts of different size are not the same people
    sizes = compare(schedule(part(1, "MS", 0, 4), part(2, "MS", 4)), schedule(part(2, "MS", 0), part(1, "MS", 4, 4)))
    assert len(sizes.moved) == 2


def test_a_group_that_is_split_moves_once_and_adds_a_part() -> None:
    whole = other(student="", group="A", students=6)
    parts = [other(whole, part=n, students=3, start=week(n)) for n in (1, 2)]
    found = compare(schedule(whole), schedule(*parts))
    assert ([m.kinds for m in found.moved], len(found.added)) == ([("dates", "students")], 1)
    assert found.concerned == {"A": 6}


def test_newly_placed_and_newly_unplaced() -> None:
    before = schedule(unplaced=(lacks("ann"), lacks("bob"), lacks("cyd", missing=3)))
    after = schedule(unplaced=(lacks("bob"), lacks("cyd", missing=1), lacks("dee")))
    found = compare(before, after)
    assert [u.student for u in found.newly_placed] == ["ann", "cyd"]  # cyd lacks less than before
    assert [u.student for u in found.newly_unplaced] == ["dee"]
    assert [u.student for u in compare(after, before).newly_unplaced] == ["ann", "cyd"]


def score(rule: str, cost: int) -> RuleScore:
    return RuleScore(rule=rule, level=1, weight=1, penalty=cost, cost=cost)


def test_what_the_screen_says() -> None:
    before = schedule(
        ANN,
        put("bob", "FM", "clinic", week(2)),
        unplaced=(lacks("cyd"),),
        objective=1005,
        bound=1005,
        scores=(score("requirement", 1000), score("waiting", 5), score("keep_whole", 0)),
    )
    after = schedule(
        other(start=week(1), preceptor="lee"),
        put("cyd", "MS", "ward", week(0), preceptor="kim"),
        unplaced=(lacks("bob", "FM"),),
        objective=994,
        scores=(score("requirement", 1000), score("preference", -6)),
    )
    stream = io.StringIO()
    show_comparison(screen(stream, width=80), compare(before, after))
    assert stream.getvalue().splitlines() == [
        "                                    before     after    change",
        "Placements                               2         2         =",
        "Student places                           2         2         =",
        "Unplaced                                 1         1         =",
        "Points                               1,005       994       -11",
        "  Required rotations are placed      1,000     1,000         =",
        "  Waiting                                5         0        -5",
        "  Preferences                            0        -6        -6",
        "Gap                                  0.0 %         ?",
        "",
        "Changes    3 placements of 3 students and groups, 3 people: 1 added, 1 removed,",
        "           1 moved",
        "Moved      1 to other dates",
        "           · ann MS: 2026-01-05 → 2026-01-12, kim → lee",
        "Added      1",
        "           · cyd MS: ward, 2026-01-05, kim",
        "Removed    1",
        "           · bob FM: clinic, 2026-01-19",
        "Now placed cyd MS",
        "No longer  bob FM",
    ]
    data = comparison_data(compare(before, after))
    assert (data["changes"], data["moved"][0]["kinds"]) == (3, ("dates", "preceptor"))
    assert data["rules"]["waiting"] == {"title": "Waiting", "before": 5, "after": 0}


@pytest.mark.parametrize("width", [40, 60, 80])
def test_the_screen_is_never_left(width: int) -> None:
    before = schedule(
        *(put(f"s{k}", "MS", "ward", week(0), preceptor="kim") for k in range(40)), scores=(score("availability_wish", 7),)
    )
    after = schedule(*(put(f"s{k}", "MS", "ward", week(1), preceptor="lee") for k in range(40)))
    stream = io.StringIO()
    show_comparison(screen(stream, width=width, force_terminal=True, no_color=True), compare(before, after))
    lines = re.sub(r"\x1b\[\d*m", "", stream.getvalue()).splitlines()
    assert "· and 25 more, which --json lists" in re.sub(r"\s+", " ", stream.getvalue())
    assert max(map(len, lines)) < width


def test_two_that_are_the_same() -> None:
    stream = io.StringIO()
    show_comparison(screen(stream), compare(schedule(ANN), schedule(ANN)))
    assert stream.getvalue().endswith("\nChanges    none: everybody is placed as before\n")


# ----------------------------------------------------------------------------------------------------------- the command

ROOT = Path(__file__).parents[1]
SMALL = str(ROOT / "solutions" / "small")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """The reference schedule of small, with one placement a week later, and no word of its instance."""
    folder = tmp_path / "edited"
    shutil.copytree(SMALL, folder)
    table = folder / "schedule.csv"
    text = table.read_text("utf-8")
    assert "IM-md,,2026-08-24,2026-10-02" in text
    table.write_text(text.replace("IM-md,,2026-08-24,2026-10-02", "IM-md,,2026-08-31,2026-10-09", 1), "utf-8")
    summary = json.loads((folder / "solution.json").read_text("utf-8"))
    (folder / "solution.json").write_text(json.dumps({**summary, "instance_path": ""}), "utf-8")
    return folder


def test_solutions_as_they_were_written_need_no_instance(tmp_path: Path, capsys: Capture) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SMALL, copy)
    assert cli.run(["compare", SMALL, str(copy)]) == 0
    said = capsys.readouterr()
    assert "Changes    none: everybody is placed as before" in said.out
    assert re.search(r"^Points +2,072 +2,072 +=$", said.out, re.M)
    assert said.err == ""


def test_an_edited_schedule_is_worked_out_anew_from_its_instance(edited: Path, capsys: Capture) -> None:
    assert cli.run(["compare", SMALL, str(edited)]) == 2
    assert "name the instance with --instance" in capsys.readouterr().err
    instance = str(ROOT / "instances" / "small")
    assert cli.run(["compare", SMALL, str(edited), "--instance", instance, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["changes"] == 1
    (move,) = data["moved"]
    assert (move["kinds"], move["before"]["start"], move["after"]["start"]) == (["dates"], "2026-08-24", "2026-08-31")
    assert data["after"]["unplaced"] == 2
    # a week later there is a week of waiting more before the first block
    assert data["rules"]["waiting"]["after"] == data["rules"]["waiting"]["before"] + 1


def test_an_edited_schedule_that_breaks_rules_is_pointed_at(edited: Path, capsys: Capture) -> None:
    compared = ["compare", SMALL, str(edited), "--instance", str(ROOT / "instances" / "small")]
    assert cli.run(compared) == 0
    assert "does not pass the check; rotations verify says why" in capsys.readouterr().err
    *rows, _ = (Path(SMALL) / "schedule.csv").read_text("utf-8").splitlines()
    (edited / "schedule.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert cli.run(compared) == 0
    assert "does not pass the check" not in capsys.readouterr().err


@pytest.mark.parametrize("what", ["nowhere", "tests"])
def test_what_is_no_solution_is_said(what: str, capsys: Capture) -> None:
    assert cli.run(["compare", SMALL, str(ROOT / what)]) == 2
    assert capsys.readouterr().err.strip()


def test_schedules_of_different_instances_are_pointed_at(tmp_path: Path, capsys: Capture) -> None:
    assert cli.run(["compare", SMALL, str(ROOT / "solutions" / "tiny")]) == 0
    assert "different versions of the instance" in capsys.readouterr().err
