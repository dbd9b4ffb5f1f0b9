"""Placements that have started and cannot go on: what is done of them is credited, what is left can be had elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain import Instance, Placement
from scheduler.domain.baseline import baseline_row
from scheduler.domain.tables import Baseline, Credit, Requirement, Row, Slot, StudentRequirement

#: What is left may begin in this many weeks after it was broken off.
WEEKS_TO_GO_ON = 3


@dataclass(frozen=True)
class Interrupted:
    """A placement that ends early, or that is over and no longer counts as such.

    Attributes
    ----------
    placement
        As it was.
    until
        Its last day.
    weeks
        Whole weeks of it that are done.
    credit
        What is done of it; None where that is less than a week.
    rest
        Where the rest is looked for first: as before, from the next week; None where nothing is left.
    """

    placement: Placement
    until: date
    weeks: int
    credit: Credit | None
    rest: Baseline | None


def can_be_interrupted(instance: Instance, p: Placement) -> bool:
    """Whether what is done of a placement can be credited: not for one part of a group."""
    return not p.part and (p.program, p.requirement) in instance.requirement_by_id


def interrupted(before: Instance, after: Instance, p: Placement) -> Interrupted:
    """A placement broken off on the first day on which it cannot go on, but not before the planning date.

    Whole weeks before are done: their weeks, or their share of hours, shifts or sessions. A placement that is over before
    the planning date is done in full.
    """
    asked = after.requirement_by_id[p.program, p.requirement]
    bad = first_bad_day(before, after, p)
    whole = max(1, p.weeks)
    weeks = whole if p.end < after.today else min((bad - p.start).days // 7, whole - 1)
    start = p.start + timedelta(days=7 * weeks)
    if weeks < whole and start < after.today:
        start += timedelta(days=7)  # the days until then are lost
    amount = _done(asked, p, weeks, whole)
    credit = None
    if amount:
        who = {"student": p.student or None, "group": p.group or None}
        hours = round(p.hours * weeks / whole)
        end = min(p.end, p.start + timedelta(days=7 * weeks - 1))
        credit = Credit(
            **who,
            requirement=p.requirement,
            amount=amount,
            unit=p.unit or None,
            preceptor=p.preceptor or None,
            end=end,
            hours=hours,
            competencies=asked.competencies,
        )
    rest = None
    if weeks < whole:
        rest = baseline_row(after, p).model_copy(update={"start": start})
    until = p.end if weeks == whole else bad - timedelta(days=1)
    return Interrupted(p, until, weeks, credit, rest)


def _done(asked: Requirement, p: Placement, weeks: int, whole: int) -> int:
    """How much of a rotation whole weeks of a placement are, in its unit."""
    if asked.amount_unit == "weeks":
        return weeks
    if asked.amount_unit == "hours":
        return int((p.hours + p.hours_lost) * weeks / whole)
    return weeks * (len(p.weekdays) or 5)


def is_closed(instance: Instance, p: Placement) -> bool:
    """Whether the unit of a placement takes nobody at all on some of its days."""
    rows = (row for row in instance.capacity if row.unit == p.unit and row.most_students == 0 and row.profession is None)
    return any(_meets(row, p) for row in rows)


def first_bad_day(before: Instance, after: Instance, p: Placement) -> date:
    """The first day, from the planning date on, on which a new row of an instance is about a placement."""
    people = {p.preceptor, p.co_preceptor} - {""}
    group = after.group_by_id.get(p.group)
    concerned = {("student", p.student), ("group", p.group), ("unit", p.unit), ("site", p.site)}
    concerned |= {("preceptor", who) for who in people}
    if group and group.faculty:
        concerned.add(("preceptor", group.faculty))
    dated = (*_new(before, after, "availability"), *_new(before, after, "commitments"))
    days = [_meets(row, p) for row in dated if (getattr(row, "who_kind", ""), getattr(row, "who", "")) in concerned]
    days += [_meets(row, p) for row in _new(before, after, "capacity") if getattr(row, "unit", "") == p.unit]
    for person in after.preceptors:
        if person.preceptor in people and person.trained_until and person.trained_until < p.end:
            days.append(person.trained_until + timedelta(days=1))
    days += [a.end + timedelta(days=1) for a in after.agreements if a.school == p.school and a.end and p.start <= a.end < p.end]
    found = [day for day in days if day is not None and day > p.start]
    return min(max(after.today, min(found, default=after.today)), p.end)


def _new(before: Instance, after: Instance, table: str) -> Iterator[Row]:
    old = set(before.rows(table))
    return (row for row in after.rows(table) if row not in old)


def _meets(row: Row, p: Placement) -> date | None:
    """The first day of a placement that a dated row covers."""
    start, end = getattr(row, "start", None) or p.start, getattr(row, "end", None) or p.end
    return max(start, p.start) if start <= p.end and end >= p.start else None


def with_rests(instance: Instance, broken: Sequence[Interrupted]) -> Instance:
    """The instance with what is done credited, and slots for what is left, which have the places of those that there are."""
    credits_ = tuple(b.credit for b in broken if b.credit)
    gone = {baseline_row(instance, b.placement) for b in broken}
    kept_for: dict[Slot, list[str]] = defaultdict(list)
    rests: list[Baseline] = []
    for b in broken:
        if b.rest is None:
            continue
        who = b.placement.student or b.placement.group
        for slot in _slots(instance, b.placement, b.rest.start):
            kept_for[_from(slot, b, instance)].append(who)
        rests.append(b.rest.model_copy(update={"slot": _name(b.placement.slot, b.rest.start, _length(instance, b))}))
    slots = [slot.model_copy(update={"kept_for": tuple(dict.fromkeys(names))}) for slot, names in kept_for.items()]
    repeats = {(c.student, c.requirement): c for c in instance.student_requirements if c.change == "repeat"}
    again = {repeats[key]: c for c in credits_ if (key := (c.student or "", c.requirement)) in repeats}
    return instance.model_copy(
        update={
            "credits": (*instance.credits, *(c for c in credits_ if c not in again.values())),
            "student_requirements": tuple(_less(instance, row, again.get(row)) for row in instance.student_requirements),
            "slots": (*instance.slots, *slots),
            "baseline": (*(row for row in instance.baseline if row not in gone), *rests),
        }
    )


def with_fewer(instance: Instance, published: Sequence[Placement], gone: Collection[Placement]) -> Instance:
    """The instance in which a slot that loses students goes on for those who have started there, however few are left."""
    lost = {(p.slot, day) for p in gone for day in _weeks(p)}
    few = {p.slot for p in published if p not in gone and p.start < instance.today and lost & {(p.slot, d) for d in _weeks(p)}}
    slots = tuple(
        slot.model_copy(update={"least_students": 1}) if slot.slot in few and slot.least_students > 1 else slot
        for slot in instance.slots
    )
    return instance.model_copy(update={"slots": slots})


def _less(instance: Instance, row: StudentRequirement, done: Credit | None) -> StudentRequirement:
    """What is left of something that is taken again, which credits do not count for: a smaller amount."""
    if done is None:
        return row
    asked = instance.requirement_by_id[instance.program_of(row.student, None), row.requirement]
    return row.model_copy(update={"amount": max(0, (row.amount or asked.amount) - done.amount)})


def _weeks(p: Placement) -> range:
    return range(p.start.toordinal() // 7, p.end.toordinal() // 7 + 1)


def _length(instance: Instance, b: Interrupted) -> int | None:
    """Weeks that the rest lasts; None: as long as what is left takes."""
    asked = instance.requirement_by_id[b.placement.program, b.placement.requirement]
    return max(1, b.placement.weeks) - b.weeks if asked.blocks > 1 else None


def _name(slot: str, start: date, length: int | None) -> str:
    return f"{slot}-from-{start:%Y%m%d}{f'-{length}w' if length else ''}"


def _from(slot: Slot, b: Interrupted, instance: Instance) -> Slot:
    """A slot in which what is left of a placement can be had: that slot's places, from the day on."""
    assert b.rest is not None
    length = _length(instance, b)
    starts = tuple(b.rest.start + timedelta(days=7 * n) for n in range(WEEKS_TO_GO_ON))
    return slot.model_copy(
        update={
            "slot": _name(slot.slot, b.rest.start, length),
            "part_of": slot.part_of or slot.slot,
            "first_start": None,
            "last_start": None,
            "starts": starts,
            "length": length,
            "length_unit": "weeks",
            "must_fill": False,
            "kept_for": (),
        }
    )


def _slots(instance: Instance, p: Placement, start: date) -> Iterator[Slot]:
    """The slot of a placement, and all others that suit its rotation and are offered then."""
    asked = instance.requirement_by_id[p.program, p.requirement]
    profession = instance.program_by_id[p.program].profession
    length = timedelta(days=7 * max(1, p.weeks))
    for slot in instance.slots:
        who = p.student or p.group
        if slot.kept_for and who not in slot.kept_for:
            continue
        if slot.slot != p.slot:
            unit = instance.unit_by_id[slot.unit]
            taught = (slot.specialty,) if slot.specialty else unit.specialties
            days = slot.starts or tuple(day for day in (slot.first_start, slot.last_start) if day)
            suits = not taught or any(s in asked.specialties for s in taught)
            suits &= not slot.professions or profession in slot.professions
            if not suits or not days or not min(days) <= start <= max(days) + length:
                continue
        yield slot
