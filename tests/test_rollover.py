"""The next term from this one: what moves, what is dropped, who is to be named, and that it can be scheduled."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli import run
from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.errors import InputError
from scheduler.io import instance_problems, read_instance, read_solution, write_instance
from scheduler.rollover import Rollover, rollover
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.verify.world import GROUP, SPLIT, put, requirement, slot, week, world

ROOT = Path(__file__).parent.parent
#: The Wednesday of the week 20 weeks after the first.
LATER = week(20, 2)
MOVE = timedelta(weeks=20)


def rolled(instance: Instance, *placements: Placement) -> Rollover:
    """The next term, after a schedule whose gaps the verifier finds."""
    schedule = Schedule(status=Status.FEASIBLE, placements=placements)
    left = verify(instance, schedule).unplaced
    return rollover(instance, schedule.model_copy(update={"unplaced": left}), LATER, term="spring")


def everything(*who: str) -> tuple[Placement, ...]:
    return tuple(
        put(name, rotation, unit, week(start))
        for name in who
        for rotation, unit, start in (("MS", "ward", 0), ("FM", "clinic", 2))
    )


def test_dates_move_by_whole_weeks_from_the_monday_of_the_week() -> None:
    instance = world(
        slots=[slot("ward"), slot("clinic", first_start=None, last_start=None, starts=(week(1, 2), week(3)))],
        calendar=[{"program": "nurs", "start": week(3, 3), "end": week(3, 4), "kind": "holiday"}],
        capacity=[{"unit": "ward", "start": week(1), "most_students": 0}],
        availability=[{"who_kind": "unit", "who": "ward", "start": week(2, 1), "end": week(2, 5)}],
        reservations=[{"slot": "ward", "school": "maple", "guaranteed": 1, "give_back": week(0)}],
    )
    made = rolled(instance)
    new = made.instance
    assert (new.first_monday, new.planning_date, new.weeks) == (week(20), instance.planning_date + MOVE, 12)
    assert (new.slots[0].first_start, new.slots[0].last_start) == (week(20), week(30))
    assert new.slots[1].starts == (week(21, 2), week(23))
    assert (new.calendar[0].start, new.capacity[0].start, new.capacity[0].end) == (week(23, 3), week(21), None)
    assert (new.availability[0].end, new.reservations[0].give_back) == (week(22, 5), week(20))
    assert made.moved == {"slots": 2, "calendar": 1, "capacity": 1, "availability": 1, "reservations": 1}
    assert made.to_check == [f"holiday of nurs, {week(23, 3)} to {week(23, 4)}"]


def test_what_is_true_of_persons_is_dropped() -> None:
    away = {"start": week(1), "end": week(1)}
    instance = world(
        availability=[{"who_kind": kind, "who": who, **away} for kind, who in (("student", "ann"), ("preceptor", "kim"))],
        preferences=[
            {"who_kind": "student", "who": "ann", "what": "unit", "value": "ward", "rank": 1},
            {"who_kind": "school", "who": "maple", "what": "start", "start": week(2), "score": 1},
        ],
        commitments=[{"who_kind": kind, "who": who, **away} for kind, who in (("student", "ann"), ("unit", "ward"))],
        credits=[{"student": "ann", "requirement": "FM", "amount": 2}],
        student_requirements=[{"student": "bob", "requirement": "FM", "change": "waive"}],
        conflicts=[{"student": "bob", "unit": "ward"}],
        clearances=[{"student": "ann", "item": "flu"}],
        pins=[{"student": "ann", "slot": "ward"}],
        preceptors=[{"preceptor": "kim", "units": ("ward",)}],
    )
    placed = (put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(0)), *everything("cyd"))
    made = rolled(instance, *placed)
    new = made.instance
    assert not (new.availability + new.credits + new.student_requirements + new.conflicts + new.clearances + new.pins)
    assert [(p.who, p.start) for p in new.preferences] == [("maple", week(22))]
    assert [c.who for c in new.commitments] == ["ward"]
    assert made.dropped == {
        "availability": 2,
        "preferences": 1,
        "commitments": 1,
        **dict.fromkeys(("credits", "student_requirements", "conflicts", "clearances", "pins"), 1),
    }


def test_as_many_students_are_to_be_named() -> None:
    made = rolled(world(**GROUP | {"groups": [{"group": "A", "program": "nurs", "size": 4, "cohort": "c26"}]}), *everything("A"))
    assert [(s.student, s.group, s.named) for s in made.instance.students] == [
        ("nurs-tbd-1", "A", False),
        ("nurs-tbd-2", "A", False),
    ]
    (group,) = made.instance.groups
    assert (group.size, group.cohort, made.to_be_named) == (4, None, {"nurs": 4})
    again = rollover(made.instance, Schedule(status=Status.FEASIBLE), week(40), term="fall").instance
    assert [s.student for s in again.students] == ["nurs-tbd-1", "nurs-tbd-2"]


def test_who_has_something_left_stays_for_that_alone() -> None:
    papers = [{"student": s, "item": "flu", "end": week(30)} for s in ("ann", "bob")]
    instance = world(clearances=papers)
    made = rolled(instance, *everything("bob", "cyd"), put("ann", "FM", "clinic", week(0)))
    assert [s.student for s in made.instance.students] == ["ann", "nurs-tbd-1", "med-tbd-1"]
    assert made.staying == ["ann: 2 weeks of MS"]
    assert [(c.student, c.end) for c in made.instance.clearances] == [("ann", week(30))]  # papers do not move
    (left,) = (u for u in verify(made.instance, Schedule(status=Status.FEASIBLE)).unplaced if u.student == "ann")
    assert (left.requirement, left.missing) == ("MS", 2)


def test_half_a_rotation_and_one_of_two_electives_are_left() -> None:
    rows = [
        requirement("MS", amount=4, blocks=2),
        *(requirement(name, elective_set="E", choose=2, specialties=("family",)) for name in ("FM", "F2", "F3")),
    ]
    instance = world(requirements=rows, students=[{"student": "ann", "program": "nurs"}], programs=world().programs[:1])
    made = rolled(instance, put("ann", "MS", "ward", week(0)), put("ann", "F2", "clinic", week(2)))
    left = {u.requirement: (u.missing, u.unit) for u in verify(made.instance, Schedule(status=Status.FEASIBLE)).unplaced}
    assert left == {"MS": (2, "weeks"), "E": (1, "rotations")}
    taken = put("ann", "F2", "clinic", week(22))
    assert "not asked of ann" in str(verify(made.instance, Schedule(status=Status.FEASIBLE, placements=(taken,))).violations)


def test_what_a_group_leaves_undone_is_said() -> None:
    made = rolled(world(**SPLIT), *everything("A")[:1])
    assert made.left_open == ["group A part 1: 2 weeks of FM", "group A part 2: 2 weeks of FM"]
    assert "## Left undone by groups" in made.lines


def test_the_term_becomes_history() -> None:
    instance = world(
        history=[{"term": "fall", "school": "oak", "used": 1}],
        shifts=[{"shift": "day", "start": "07:00", "end": "19:00"}],
        slots=[slot("ward", weekdays=(1, 3), shift="day"), slot("clinic", pattern="follows")],
    )
    # bare placements: what is written in schedule.csv
    placed = [put(who, "MS", "ward", week(0), weekdays=(1, 3), shift="day") for who in ("ann", "bob")]
    placed += [put("cyd", "FM", "clinic", week(2), status="withdrawn"), put("cyd", "MS", "ward", week(4, 0), weekdays=(1, 3))]
    old, *new = rolled(instance, *placed).instance.history
    assert old.term == "fall"
    assert [(h.term, h.school, h.program, h.requirement, h.unit, h.weekdays, h.shift, h.start_week) for h in new[:2]] == [
        ("spring", "maple", "nurs", "MS", "ward", (1, 3), "day", week(0)),
        ("spring", "oak", "med", "MS", "ward", (1, 3), "day", week(4)),
    ]
    assert [(h.program, h.requirement, h.requested, h.granted, h.used) for h in new] == [
        ("nurs", "MS", 2, 2, 2),
        ("med", "MS", 1, 1, 1),
        ("nurs", "FM", 2, 0, 0),
        ("med", "FM", 1, 0, 0),
    ]


def test_a_rotation_in_two_placements_is_used_once() -> None:
    halves = [requirement("MS", amount=4, blocks=2), requirement("MS", "med")]
    placed = tuple(put("ann", "MS", "ward", week(n)) for n in (3, 0))
    new = rolled(world(requirements=halves), *placed).instance
    assert [(h.start_week, h.used) for h in new.history if h.used] == [(week(0), 1)]


def test_what_expires_is_kept_and_listed() -> None:
    agreements = [
        {"school": "maple", "sites": ("mercy",), "professions": ("rn",), "end": week(25)},
        {"school": "oak", "end": week(15)},
        {"school": "oak", "end": week(40)},
        {"school": "oak"},
    ]
    made = rolled(
        world(agreements=agreements, preceptors=[{"preceptor": "kim", "trained_until": week(21)}, {"preceptor": "lee"}])
    )
    assert made.expiring == [
        f"{week(15)}: agreement of oak with all sites, before the new term begins",
        f"{week(21)}: training of kim",
        f"{week(25)}: agreement of maple with mercy for rn",
    ]
    assert [a.end for a in made.instance.agreements] == [week(25), week(15), week(40), None]


@pytest.mark.parametrize("to", [week(0, 6), week(-1)])
def test_the_next_term_begins_later(to: date) -> None:
    with pytest.raises(InputError, match="is not after the first week of this term"):
        rollover(world(), Schedule(status=Status.FEASIBLE), to, term="spring")


def test_a_term_is_history_only_once() -> None:
    past = world(history=[{"term": "spring", "school": "oak", "used": 1}])
    with pytest.raises(InputError, match="has rows of the term spring already"):
        rollover(past, Schedule(status=Status.FEASIBLE), LATER, term="spring")


@pytest.mark.parametrize("name", ["tiny", "riverbend"])
def test_a_real_term_rolls_over_and_can_be_scheduled(name: str, tmp_path: Path) -> None:
    old = read_instance(ROOT / "instances" / name)
    schedule = read_solution(ROOT / "solutions" / name, old)
    made = rollover(old, schedule, date(2027, 1, 13), term="fall26", name="spring")
    assert [p for p in instance_problems(made.instance) if p.severity == "error"] == []
    write_instance(made.instance, tmp_path / "next", "\n".join(made.lines))
    new = read_instance(tmp_path / "next")
    assert new == made.instance
    assert (tmp_path / "next" / "README.md").read_text("utf-8").startswith("# spring\n")
    assert (new.first_monday, new.name) == (date(2027, 1, 11), "spring")
    assert sum(g.size for g in new.groups) == sum(g.size for g in old.groups)
    used = sum(h.used for h in new.history if h.term == "fall26")
    assert used == sum(p.students for p in schedule.placements)
    found = solve(new, Settings(workers=1, gap=1, time_limit_s=120))
    assert found.placements
    assert verify(new, found).ok


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term, solution, folder = ROOT / "instances" / "tiny", ROOT / "solutions" / "tiny", tmp_path / "spring27"
    arguments: list[Any] = ["rollover", term, solution, "--to", "2027-01-13", folder]
    assert run([str(a) for a in arguments]) == 0
    assert "README.md says what was moved" in capsys.readouterr().out
    new = read_instance(folder)
    assert (new.name, {h.term for h in new.history}) == ("spring27", {"tiny"})
    assert run([str(a) for a in arguments]) == 2  # the folder is not empty now
    assert "not empty" in capsys.readouterr().err
    assert run([*map(str, arguments[:-1]), "--term", "x" * 99, str(tmp_path / "other")]) == 2
    assert "cannot be the label of a term" in capsys.readouterr().err
    assert run([*map(str, arguments[:-1]), str(tmp_path / "other.xlsx")]) == 2
    assert "needs a folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["spring27"]
