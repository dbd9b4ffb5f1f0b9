"""Offers and options: nothing is lost or invented, nothing grows with the number of students, every reason can be told."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance, Schedule, Status
from scheduler.model import compile_book
from scheduler.model.reasons import funnel, sentence
from scheduler.offers.asking import nearly_equal_parts
from scheduler.offers.offers import planned_last_day, slot_masks, slot_starts
from scheduler.offers.options import Options, PartyOptions, candidates, class_of, make_class
from scheduler.offers.parties import Demand, Party
from scheduler.solve.result import placement
from scheduler.verify import verify
from tests.contract.brute import Small
from tests.contract.shrink import described
from tests.contract.worlds import world as random_world
from tests.verify.world import requirement, slot, week, world

SEEDS = st.integers(0, 1 << 30)
few = settings(max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
#: Rules that drop single options.
SCREENS = {
    *("specialty", "profession", "supervision", "level", "setting", "duration", "slot_window", "calendar", "availability"),
    *(
        "preceptor_qualified",
        "preceptor_trained",
        "preceptor_available",
        "commitment",
        "conflict",
        "refusal",
        "pin",
        "faculty",
        "preference",
    ),
    *("agreement", "clearance", "lead_time", "employer", "licence", "experience", "group_ratio", "placement", "start_window"),
    *("distance", "car", "language", "scholarship", "arranged", "started"),
}


def every_offer(small: Small, party: Party, demand: Demand) -> PartyOptions:
    """All offers of the right specialty as the party would live them, dropped ones included."""
    facts = small.book.facts
    table = candidates(facts, make_class(facts, class_of(facts, party.index, demand.index)), teams=False)
    one = np.ones(len(table), dtype=np.int64)
    columns = {f.name: getattr(table, f.name) for f in fields(Options)}
    return PartyOptions(**columns, party=party.index * one, demand=demand.index * one, menu=0 * one)


def misjudged(instance: Instance) -> str:
    """An offer that is an option although the verifier rejects it alone, or the other way round; empty if there is none."""
    small = Small(instance)
    for book in small.families:
        left = set(zip(book.options.party.tolist(), book.options.demand.tolist(), book.options.offer.tolist(), strict=True))
        for party in (small.book.facts.parties[p] for p in book.family.parties):
            names = [small.book.facts.demands[d].requirement.requirement for d in party.demands]
            for demand in (small.book.facts.demands[d] for d in party.demands):
                if names.count(demand.requirement.requirement) > 1:
                    continue  # a placement does not say which time it meets
                offers = every_offer(small, party, demand)
                stand_in = replace(book, options=offers)
                for o, offer in enumerate(offers.offer.tolist()):
                    row = placement(small.book, stand_in, o)
                    found = verify(instance, Schedule(status=Status.FEASIBLE, placements=(row,))).violations
                    wrong = [str(v) for v in found if v.rule in SCREENS and v.placements]
                    if bool(wrong) == ((party.index, demand.index, offer) in left):
                        return f"{row.who}, {row.requirement}, {row.slot} {row.start} {row.preceptor}: {wrong or 'dropped'}"
    return ""


@few
@given(SEEDS)
def test_an_offer_is_an_option_exactly_if_the_verifier_accepts_it_alone(seed: int) -> None:
    instance = random_world(seed)
    found = misjudged(instance)
    assert not found, f"world {seed}: {found}\n{described(instance)}"


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 24))
def test_months_end_the_day_before_the_same_day(start: date, months: int) -> None:
    last = planned_last_day(start, months, "months")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    after = last + timedelta(days=1)
    assert (after.year, after.month) == (year, month + 1)
    # the same day of the month, or its last one where it is too short
    assert after.day == start.day or (after.day < start.day and (after + timedelta(days=1)).month != after.month)


def test_lengths_by_hand() -> None:
    assert planned_last_day(date(2026, 1, 31), 1, "months") == date(2026, 2, 27)
    assert planned_last_day(date(2026, 8, 31), 2, "weeks") == date(2026, 9, 13)
    assert planned_last_day(date(2026, 8, 31), 5, "days") == date(2026, 9, 4)


def test_starts_and_weekdays() -> None:
    instance = world(slots=[slot("ward", pattern="any", weekdays=(0, 2, 4), days_per_week=2, last_start=week(2))])
    (ward,) = instance.slots
    assert slot_starts(ward) == (week(0), week(1), week(2))
    assert sorted(slot_masks(ward)) == [0b00101, 0b10001, 0b10100]  # two of Monday, Wednesday, Friday


def test_parts_are_nearly_equal() -> None:
    assert nearly_equal_parts(11, 3) == (4, 4, 3)


def crowd(students: int) -> Instance:
    """Two programs, many students, many slots with a start every week."""
    return world(
        requirements=[requirement(name, p) for p in ("nurs", "med") for name in ("MS", "FM")],
        students=[{"student": f"s{k}", "program": ("nurs", "med")[k % 2]} for k in range(students)],
        slots=[slot(f"k{k}", unit=("ward", "clinic")[k % 2]) for k in range(40)],
    )


def test_what_is_stored_grows_with_classes_not_with_students() -> None:
    few_students, many_students = compile_book(crowd(2)), compile_book(crowd(2000))
    offers = 40 * 11
    assert len(many_students.facts.offers) == offers
    # two programs × two rotations, each with the half of the offers that teaches its specialty
    assert len(many_students.menu) == len(few_students.menu) == 4 * offers // 2
    # shared rows are stated over the same options; only the worst-off has a row a party, without any
    assert len(many_students.shared.options.column) == len(few_students.shared.options.column)


def test_every_offer_that_is_no_option_has_a_reason() -> None:
    away = {"who_kind": "student", "who": "ann", "start": week(0), "end": week(3, 6)}
    slots = [slot("ward"), slot("other", unit="ward", professions=("md",)), slot("long", unit="ward", length=3)]
    book = compile_book(world(availability=[away], slots=slots, students=[{"student": "ann", "program": "nurs"}]))
    party = book.facts.parties[0]
    demand = next(book.facts.demands[d] for d in party.demands if book.facts.demands[d].requirement.requirement == "MS")
    found = funnel(book, party, demand)
    assert found.offers == 33
    assert {(r.rule, r.offers) for r in found.reasons} == {("profession", 11), ("duration", 11), ("availability", 4)}
    assert found.left == 7  # starts in weeks 4 to 10
    assert sum(r.offers for r in found.reasons) + found.left == found.offers
    assert sentence(found) == (
        "33 offers: 7 that did not fit beside other placements, 4 while the student is unavailable, "
        "and 22 that are not for this rotation"
    )


def test_what_nobody_could_use_is_told_apart_where_there_is_nothing_else() -> None:
    slots = [slot("ward", professions=("md",)), slot("long", unit="ward", length=3, last_start=None)]
    book = compile_book(world(requirements=[requirement("MS")], slots=slots, students=[{"student": "ann", "program": "nurs"}]))
    found = funnel(book, book.facts.parties[0], book.facts.demands[0])
    assert sentence(found) == "12 offers: 11 for other professions, 1 not the length that is asked for"


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"slots": [slot("clinic")]}, "nothing of an accepted specialty is offered"),
        ({"requirements": [requirement("MS", supervision="precepted")]}, "no slot of an accepted specialty has a preceptor"),
        ({"slots": [slot("ward", first_start=week(40), last_start=None)]}, "every slot of an accepted specialty starts outside"),
    ],
)
def test_why_nothing_is_offered(tables: dict[str, Any], says: str) -> None:
    ann: dict[str, Any] = {"requirements": [requirement("MS")], "students": [{"student": "ann", "program": "nurs"}]}
    book = compile_book(world(**(ann | tables)))
    found = funnel(book, book.facts.parties[0], book.facts.demands[0])
    assert found.offers == 0
    assert sentence(found).startswith(says)
