"""A small world for the verifier's tests, and one-line ways to change it.

Twelve weeks from Monday 5 January 2026. Nursing students ann and bob of Maple (program nurs) and the medical student cyd of
Oak (program med) take MS (medsurg, 2 weeks, on the ward at Mercy) and FM (family, 2 weeks, in the clinic at Lake); both slots
start every Monday, last two weeks, take Monday to Friday the whole day and have room for nine.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.verify import CHECKS, Finding
from scheduler.verify.facts import Facts

Row = dict[str, Any]
FIRST_MONDAY = date(2026, 1, 5)


def week(number: int, weekday: int = 0) -> date:
    """A day of a week of the horizon, Monday = 0."""
    return FIRST_MONDAY + timedelta(days=7 * number + weekday)


def requirement(name: str = "MS", program: str = "nurs", **columns: Any) -> Row:
    row = {"program": program, "requirement": name, "specialties": ("medsurg" if name == "MS" else "family",), "amount": 2}
    return row | columns


def slot(name: str = "ward", **columns: Any) -> Row:
    row = {"slot": name, "unit": name, "first_start": week(0), "last_start": week(10), "length": 2, "most_students": 9}
    return row | columns


def program(name: str = "nurs", **columns: Any) -> Row:
    row = {"program": name, "school": "maple", "profession": "rn"}
    return (row if name == "nurs" else {"program": name, "school": "oak", "profession": "md"}) | columns


BASE: dict[str, list[Row]] = {
    "schools": [{"school": "maple"}, {"school": "oak"}],
    "programs": [program("nurs"), program("med")],
    "requirements": [requirement(name, p) for p in ("nurs", "med") for name in ("MS", "FM")],
    "students": [
        {"student": "ann", "program": "nurs"},
        {"student": "bob", "program": "nurs"},
        {"student": "cyd", "program": "med"},
    ],
    "sites": [{"site": "mercy"}, {"site": "lake"}],
    "units": [
        {"unit": "ward", "site": "mercy", "specialties": ("medsurg",)},
        {"unit": "clinic", "site": "lake", "specialties": ("family",)},
    ],
    "slots": [slot("ward"), slot("clinic")],
}


def world(rules: dict[str, Row] | None = None, /, **tables: Any) -> Instance:
    """The small world with other tables, and a policy that says `rules`."""
    return Instance.model_validate(
        {
            "name": "test",
            "first_monday": FIRST_MONDAY,
            "weeks": 12,
            "planning_date": date(2025, 12, 1),
            "policy": {"rules": rules or {}},
            **BASE,
            **tables,
        }
    )


#: Ann and bob as a group of four that takes everything together.
GROUP: dict[str, list[Row]] = {
    "students": [{"student": s, "program": "nurs", "group": "A"} for s in ("ann", "bob")],
    "groups": [{"group": "A", "program": "nurs", "size": 4}],
}
#: The same group, which may be split into two parts of two.
SPLIT: dict[str, list[Row]] = GROUP | {
    "groups": [{"group": "A", "program": "nurs", "size": 4, "split": "allowed", "least_size": 2}]
}
#: All rotations with a preceptor; kim works on the ward and lee in the clinic.
PRECEPTED: dict[str, list[Row]] = {
    "requirements": [requirement(name, p, supervision="precepted") for p in ("nurs", "med") for name in ("MS", "FM")],
    "preceptors": [{"preceptor": "kim", "units": ("ward",)}, {"preceptor": "lee", "units": ("clinic",)}],
}


def put(who: str, name: str, slot: str, start: date, **columns: Any) -> Placement:
    """A placement that says only who, what, where and when; who is a group if there is an upper-case letter in it."""
    party = {"group" if who.lower() != who else "student": who}
    row = {"program": "", "requirement": name, "slot": slot, "start": start, "end": start, "weeks": 0, "hours": 0}
    return Placement.model_validate(party | row | columns)


def facts(instance: Instance, *placements: Placement) -> Facts:
    facts = Facts(instance, Schedule(status=Status.FEASIBLE, placements=placements))
    assert not facts.strange, "a test places something that its world does not have"
    return facts


def found(rule: str, instance: Instance, *placements: Placement) -> list[Finding]:
    """What the check of one rule finds."""
    return list(CHECKS[rule](facts(instance, *placements)))


def cost(rule: str, instance: Instance, *placements: Placement) -> int:
    """The penalty of a rule: all that its check finds, but for what is a violation in any case."""
    return sum(f.amount for f in found(rule, instance, *placements) if not f.firm)


def says(rule: str, instance: Instance, *placements: Placement) -> str:
    """The sentences of a rule's findings."""
    return " | ".join(f.sentence for f in found(rule, instance, *placements))
