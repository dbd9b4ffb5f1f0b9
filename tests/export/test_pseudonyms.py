"""Without names: no id, name or free text is in any file, and the schedule is the same."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain import TABLES, Given, Instance, Schedule, Status, Unplaced
from scheduler.export.pseudonyms import pseudonymous
from scheduler.export.readers import Reader
from scheduler.export.sheets import Value
from scheduler.export.view import View, view
from scheduler.io import read_instance, read_solution
from tests.export.reading import KEY, everything, words
from tests.export.test_columns import TEXTS
from tests.verify.world import BASE, FIRST_MONDAY, program, put, requirement, slot, week, world

ROOT = Path(__file__).parents[2]
OTHER = bytes(range(1, 17))
#: In every id of a person, and in every free text.
SECRET, TEXT = "zz-secret", "zzfree"
PEOPLE = ("student", "group", "preceptor", "co_preceptor", "cover", "faculty", "preceptors", "kept_for", "who", "value")


@pytest.fixture(scope="module", params=["small", "riverbend"])
def term(request: pytest.FixtureRequest) -> tuple[Instance, Schedule]:
    instance = read_instance(ROOT / "instances" / request.param)
    return instance, read_solution(ROOT / "solutions" / request.param, instance)


def secretive(instance: Instance, schedule: Schedule) -> tuple[Instance, Schedule]:
    """The same where every id of a person, and every free text, would be found again."""
    people = [*instance.student_by_id, *instance.group_by_id, *instance.preceptor_by_id]
    new = {one: f"{SECRET}-{n}" for n, one in enumerate(people)}

    def changed(row: Any, table: str = "") -> Any:
        update: dict[str, Any] = {}
        for column in PEOPLE:
            value = getattr(row, column, None)
            if isinstance(value, tuple):
                update[column] = tuple(new[one] for one in value)
            elif value in new:
                update[column] = new[value]
        update |= {column: f"{TEXT} {n}" for n, (of, column) in enumerate(sorted(TEXTS)) if of == table}
        if getattr(row, "reason", ""):
            update["reason"] = f"{row.reason}, 3 with Dr {TEXT} and {SECRET}-1"
        return row.model_copy(update=update)

    tables = {table: tuple(changed(row, table) for row in instance.rows(table)) for table in TABLES}
    places = {name: tuple(map(changed, getattr(schedule, name))) for name in ("placements", "unplaced")}
    return instance.model_copy(update={**tables, "name": f"{TEXT} 2026"}), schedule.model_copy(update=places)


def hidden(text: str) -> list[str]:
    """What should not be in a text, with what stands around it."""
    return re.findall(r".{0,40}(?:secret|zzfree).{0,20}", text, re.IGNORECASE)


# ------------------------------------------------------------------------------------------------------- nothing is told


def test_no_format_holds_an_id_of_a_person_or_a_free_text(term: tuple[Instance, Schedule]) -> None:
    instance, schedule = secretive(*term)
    assert hidden(everything(view(instance, schedule))), "the same test finds them where they are"
    made = view(instance, schedule, key=KEY)
    assert made.stays and made.schedule.unplaced
    assert hidden(everything(made)) == []


@pytest.mark.parametrize("kind", ["school", "unit", "student", "preceptor"])
def test_nor_what_one_reader_gets(term: tuple[Instance, Schedule], kind: Any) -> None:
    instance, schedule = secretive(*term)
    row = next(p for p in schedule.placements if p.student and p.preceptor)
    made = view(instance, schedule, Reader(kind, getattr(row, kind)), key=KEY)
    assert made.stays
    assert hidden(everything(made)) == []


def tricky(**tables: Any) -> Instance:
    """People are in ids of slots, teams, places and items, and in rows that no placement needs."""
    own: dict[str, Any] = {
        "schools": [{"school": "maple", "name": f"{TEXT} College"}, {"school": "oak"}],
        "students": [
            {"student": f"{SECRET}-ann", "program": "nurs", "home": f"{TEXT} Street", "cohort": "2028", "tags": (f"{TEXT} tag",)},
            {"student": f"{SECRET}-bob", "program": "nurs", "scholarship": "nhsc"},
            {"student": f"{SECRET}-cyd", "program": "med"},
        ],
        "scholarships": [{"scholarship": "nhsc", "name": TEXT}],
        "requirements": [requirement(name, p, supervision="precepted") for p in ("nurs", "med") for name in ("MS", "FM")],
        "programs": [program() | {"name": TEXT}, program("med")],
        "units": [{**BASE["units"][0], "approvers": (f"{SECRET}-boss",)}, {**BASE["units"][1], "unit": f"clinic {SECRET}-kim"}],
        "slots": [
            slot("ward", kept_for=(f"{SECRET}-bob",)),
            slot(f"{SECRET}-ann-Tu", unit=f"clinic {SECRET}-kim"),
        ],
        "preceptors": [
            {"preceptor": f"{SECRET}-kim", "name": f"Dr {TEXT}", "units": ("ward", f"clinic {SECRET}-kim")},
        ],
        "ipe_teams": [{"team": f"with {SECRET}-ann", "unit": "ward", "professions": (("rn", 1), ("md", 1))}],
        "site_clearances": [{"site": "mercy", "item": f"waiver of {SECRET}-ann"}, {"site": "mercy", "item": "flu"}],
        "credits": [{"student": f"{SECRET}-ann", "requirement": "FM", "amount": 1, "preceptor": f"{SECRET}-once"}],
        "commitments": [{"who_kind": "unit", "who": "ward", "start": week(0), "end": week(1), "kind": TEXT}],
        "pins": [
            {"student": f"{SECRET}-ann", "slot": f"{SECRET}-ann-Tu", "team": f"with {SECRET}-ann {week(0)}", "pin": "prefer"}
        ],
    }
    return world({"ipe_team": {"kind": "hard"}}, **own | tables)


def broken() -> tuple[Instance, Schedule]:
    """A schedule that breaks rules, so that sentences name people, slots and teams."""
    team = f"with {SECRET}-ann {week(0)}"
    kim = {"preceptor": f"{SECRET}-kim", "team": team}
    placed = (
        put(f"{SECRET}-ann", "MS", "ward", week(0), **kim, specialty=TEXT),
        put(f"{SECRET}-cyd", "MS", "ward", week(0), **kim),
        put(f"{SECRET}-ann", "FM", f"{SECRET}-ann-Tu", week(0), preceptor=f"{SECRET}-stranger", team=f"{TEXT} team"),
        put(f"{SECRET}-cyd", "FM", f"{SECRET}-unknown", week(2), preceptor=f"{SECRET}-kim", status="withdrawn"),
    )
    given = Given(only=("school=maple", f"program={TEXT}"))
    reason = f"{SECRET}-ann told Dr {TEXT}"
    missing = Unplaced(student=f"{SECRET}-bob", program="nurs", requirement="MS", missing=2, unit="weeks", reason=reason)
    return tricky(), Schedule(status=Status.FEASIBLE, placements=placed, unplaced=(missing,), instance_hash="abc", given=given)


def test_neither_ids_made_of_ids_nor_sentences_tell_who_somebody_is() -> None:
    instance, schedule = broken()
    seen = view(instance, schedule)
    assert not seen.holds and hidden(" ".join(v.sentence for v in seen.report.violations))
    made = view(instance, schedule, key=KEY)
    assert made.schedule.given == Given(only=("school=maple", "a part"))
    (pin,), (team,) = made.instance.pins, made.instance.ipe_teams
    assert re.fullmatch("team-.{8}", team.team)
    assert pin.team == f"{team.team} {week(0)}" in {p.team for p in made.schedule.placements}
    assert len(made.report.violations) == len(seen.report.violations)
    assert [len(sheet.rows) for sheet in made.sheets] == [len(sheet.rows) for sheet in seen.sheets if sheet.name != "not_kept"]
    assert hidden(everything(made)) == []
    assert {"ward", "mercy", "nurs", "MS", "flu"} <= words(everything(made)), "what says nothing about anybody stays"
    for table in TABLES:
        assert hidden(repr(made.instance.rows(table))) == [], table


def test_readers_of_such_a_schedule() -> None:
    instance, schedule = broken()
    for kind, who in (("school", "maple"), ("unit", f"clinic {SECRET}-kim"), ("student", f"{SECRET}-ann")):
        made = view(instance, schedule, Reader(kind, who), key=KEY)  # type: ignore[arg-type]
        assert made.reader and hidden(made.reader.id + everything(made)) == []


def test_the_version_of_the_input_confirms_no_guess() -> None:
    """A digest of all that is known of people, as everybody can make it, would."""
    instance, schedule = broken()
    versions = {view(instance, schedule, key=key).schedule.instance_hash for key in (KEY, KEY, OTHER)}
    assert len(versions) == 2 and "abc" not in versions


# ------------------------------------------------------------------------------------------------- the schedule is the same


def numbers(made: View) -> dict[str, Counter[tuple[Value, ...]]]:
    """The numbers and dates of each table, as rows in any order."""
    return {
        sheet.name: Counter(
            tuple(value for value in row if value is not None and not isinstance(value, str)) for row in sheet.rows
        )
        for sheet in made.sheets
        if sheet.name not in ("not_kept", "priorities", "summary")
    }


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "solutions").iterdir()))
def test_the_numbers_and_dates_of_the_schedule_are_the_same(name: str) -> None:
    instance = read_instance(ROOT / "instances" / name)
    schedule = read_solution(ROOT / "solutions" / name, instance)
    seen, made = view(instance, schedule), view(instance, schedule, key=KEY)
    assert made.holds and seen.holds
    assert numbers(made) == numbers(seen)
    assert {rule: n for rule, n in seen.report.penalties.items() if rule != "priority"} == made.report.penalties
    assert Counter(stay.sessions for stay in made.stays) == Counter(stay.sessions for stay in seen.stays)
    assert Counter(p.slot for p in made.schedule.placements) == Counter(p.slot for p in schedule.placements)


def test_people_keep_their_placements(term: tuple[Instance, Schedule]) -> None:
    instance, schedule = term
    _, changed, names = pseudonymous(instance, schedule, KEY)
    for kind in ("student", "group", "preceptor"):
        own = Counter((names.id(kind, getattr(p, kind)), p.slot, p.start, p.requirement) for p in schedule.placements)
        assert own == Counter((getattr(p, kind), p.slot, p.start, p.requirement) for p in changed.placements)


def test_co_preceptors_covers_and_strangers_get_pseudonyms_too() -> None:
    """An edited schedule may name people whom the tables do not know."""
    row = put("ann", "MS", "ward", week(0), preceptor="kim", co_preceptor="ortiz", cover="stranger")
    instance = world(preceptors=[{"preceptor": who, "units": ("ward",)} for who in ("kim", "ortiz")])
    (found,) = pseudonymous(instance, Schedule(status=Status.FEASIBLE, placements=(row,)), KEY)[1].placements
    assert len({found.preceptor, found.co_preceptor, found.cover}) == 3
    assert all(who.startswith("preceptor-") for who in (found.preceptor, found.co_preceptor, found.cover))


def test_a_team_of_the_house_is_nobody() -> None:
    """A service that is called like a unit does not rename the unit."""
    instance = world(preceptors=[{"preceptor": "ward", "kind": "service", "units": ("ward",)}])
    changed, _, names = pseudonymous(instance, Schedule(status=Status.FEASIBLE), KEY)
    assert set(changed.unit_by_id) == {"ward", "clinic"}
    assert names.id("preceptor", "ward").startswith("preceptor-")


# ----------------------------------------------------------------------------------------------------- stable, and in no order


def of_term(students: list[str], first: date) -> tuple[Instance, Schedule]:
    """A term that begins on a Monday, with those students."""
    rows = [{"student": student, "program": "nurs"} for student in students]
    slots = [slot(name, first_start=first, last_start=first + timedelta(weeks=10)) for name in ("ward", "clinic")]
    instance = world(students=rows, slots=slots).model_copy(update={"first_monday": first})
    placed = [put("ann", "MS", "ward", first).model_copy(update={"student": s, "school": "maple"}) for s in students]
    return instance, Schedule(status=Status.FEASIBLE, placements=tuple(placed))


IDS = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True), min_size=1, max_size=8, unique=True)


@settings(max_examples=30, deadline=None)
@given(IDS, IDS)
def test_pseudonyms_are_the_same_in_another_term_and_others_with_another_key(now: list[str], later: list[str]) -> None:
    fall, autumn, first = pseudonymous(*of_term(now, FIRST_MONDAY), KEY)
    spring, planned, second = pseudonymous(*of_term(later, FIRST_MONDAY + timedelta(weeks=26)), KEY)
    for student in {*now} & {*later}:
        assert first.id("student", student) == second.id("student", student)
    for instance, schedule, ids in ((fall, autumn, now), (spring, planned, later)):
        own = [s.student for s in instance.students]
        assert own == sorted(own) == sorted(p.student for p in schedule.placements), "the order is that of the pseudonyms"
        assert len(own) == len(ids) and all(re.fullmatch(r"student-[2-9a-km-np-z]{8}", one) for one in own)
    third = pseudonymous(*of_term(now, FIRST_MONDAY), OTHER)[2]
    assert not {first.id("student", one) for one in now} & {third.id("student", one) for one in now}


def test_the_order_of_the_input_leaves_no_trace(term: tuple[Instance, Schedule]) -> None:
    """Whoever is first in the tables, or in a list of preceptors, is not first in any file for it."""
    instance, schedule = term
    tables = ("students", "groups", "preceptors", "availability", "clearances", "preferences", "pins")
    backwards: dict[str, Any] = {table: tuple(reversed(instance.rows(table))) for table in tables}
    backwards["slots"] = tuple(s.model_copy(update={"preceptors": s.preceptors[::-1]}) for s in instance.slots)
    turned = instance.model_copy(update=backwards)
    placed = sorted(schedule.placements, key=lambda p: p.start)  # those of one party stay in their order
    again = schedule.model_copy(update={"placements": tuple(sorted(placed, key=lambda p: p.who, reverse=True))})
    once = schedule.model_copy(update={"placements": tuple(placed)})
    assert everything(view(turned, again, key=KEY)) == everything(view(instance, once, key=KEY))


def test_nor_does_the_order_of_a_list_of_people() -> None:
    placed = Schedule(status=Status.FEASIBLE, placements=(put("cyd", "MS", "ward", week(0)),))
    made = set()
    for kept in (("ann", "bob"), ("bob", "ann")):
        instance = world(slots=[slot("ward", kept_for=kept), slot("clinic")])
        seen = view(instance, placed, key=KEY)
        assert any("the slot was arranged for student-" in v.sentence for v in seen.report.violations)
        made.add(everything(seen))
    assert len(made) == 1


def test_two_exports_are_the_same(term: tuple[Instance, Schedule]) -> None:
    assert everything(view(*term, key=KEY)) == everything(view(*term, key=KEY))
