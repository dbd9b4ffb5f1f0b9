"""Preceptors and faculty: qualified, there, not overloaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.load import ANY_TIME, Excess, busiest, days_of, students, too_many
from scheduler.verify.placed import Placed, day_name
from scheduler.verify.time import dates_of
from scheduler.verify.timing import share_time


@each_placement(bows_to_pins=True)
def preceptor_qualified(facts: Facts, placed: Placed) -> Iterator[str]:
    """The preceptor works in the slot, supervises the profession and teaches the specialty."""
    who, slot = placed.preceptor, placed.slot
    if who is None:
        return
    if slot.preceptors:
        if who.preceptor not in slot.preceptors:
            yield f"the slot's preceptors are {', '.join(slot.preceptors)}, not {who.preceptor}"
    elif placed.unit.unit not in who.units:
        yield f"preceptor {who.preceptor} does not list unit {placed.unit.unit}"
    elif who.kind == "faculty":
        yield f"{who.preceptor} is faculty and the slot does not name them"
    supervised = who.supervises or ((who.licence,) if who.licence else ())
    if supervised and placed.party.program.profession not in supervised:
        yield f"preceptor {who.preceptor} does not supervise {placed.party.program.profession}"
    if who.specialties and placed.specialty and placed.specialty not in who.specialties:
        yield f"preceptor {who.preceptor} does not teach {placed.specialty}"


@each_placement(bows_to_pins=True)
def preceptor_available(facts: Facts, placed: Placed) -> Iterator[str]:
    """No unavailable row of the preceptor."""
    if placed.preceptor:
        yield from _away(facts, placed, placed.preceptor.preceptor)


def preceptor_at_once(facts: Facts) -> Iterator[Finding]:
    """A preceptor's students, date by date and minute by minute, beside commitments."""
    for preceptor, placed in facts.by_preceptor.items():
        most = facts.instance.preceptor_by_id[preceptor].most_at_once
        commitments = facts.commitments.get(("preceptor", preceptor), ())
        excess = Excess(facts)
        for day, there in days_of(placed).items():
            worst, then = busiest(day, there, ANY_TIME, most, students, commitments)
            excess.add(day, day, worst, then)
        for date, who, amount, more in excess.together():
            yield Finding(f"Preceptor {preceptor} has {too_many(who, students, 'students', date, most)}{more}", amount, who)


def preceptor_weeks(facts: Facts) -> Iterator[Finding]:
    """Calendar weeks in which a preceptor has students or a commitment; commitments take their weeks first."""
    for preceptor, placed in facts.by_preceptor.items():
        most = facts.instance.preceptor_by_id[preceptor].most_weeks
        if most is None:
            continue
        begin = facts.instance.first_monday.toordinal()
        windows = [window for _, window in facts.commitments.get(("preceptor", preceptor), ())]
        mondays = range(begin, begin + 7 * facts.instance.weeks, 7)
        committed = {monday for monday in mondays if any(w.in_week(monday) for w in windows)}
        own = {monday for p in placed for monday in _weeks(facts, p)} - committed
        over = len(own) - max(0, most - len(committed))
        if own and over > 0:
            yield Finding(
                f"Preceptor {preceptor} has students or commitments in {len(own) + len(committed)} weeks, at most {most} allowed",
                over,
                tuple(placed),
            )


def one_preceptor(facts: Facts) -> Iterator[Finding]:
    """The same preceptor in all placements of one rotation of one party."""
    for body in facts.parties.all_bodies():
        together: dict[str, list[Placed]] = defaultdict(list)
        for p in facts.with_group(body):
            together[p.requirement.requirement].append(p)
        for requirement, placed in together.items():
            found = sorted({p.row.preceptor for p in placed})
            if len(found) > 1:
                words = ", ".join(name or "nobody" for name in found)
                sentence = f"{body.name} has several preceptors in {requirement}: {words}"
                yield Finding(sentence, len(found) - 1, tuple(placed), body)


def faculty(facts: Facts) -> Iterator[Finding]:
    """A group's faculty member is neither away nor committed elsewhere, and with one group (or part) at a time."""
    led: dict[str, list[Placed]] = defaultdict(list)
    for p in facts.placed:
        group = facts.instance.group_by_id.get(p.party.group)
        if group and group.faculty:
            led[group.faculty].append(p)
            reasons = [] if p.overridden else [*_away(facts, p, group.faculty), *_committed(facts, p, group.faculty)]
            if reasons:
                yield Finding(f"{p.title}: {'; '.join(reasons)}", 1, (p,), p.party)
    for who, placed in led.items():
        for a, b in combinations(sorted(placed, key=lambda p: (p.start, p.end)), 2):
            shared = share_time(a.timing, b.timing) if b.start <= a.end + 1 and a.party is not b.party else []
            if shared:
                sentence = f"Faculty {who} leads two groups on {day_name(shared[0][1])}: {a.title}; {b.title}"
                yield Finding(sentence, 1, (a, b))


def preceptor_balance(facts: Facts) -> Iterator[Finding]:
    """The largest sum of students times calendar weeks of any preceptor."""
    loads = {preceptor: sum(p.size * len(_weeks(facts, p)) for p in placed) for preceptor, placed in facts.by_preceptor.items()}
    if loads:
        who = max(loads, key=lambda preceptor: (loads[preceptor], preceptor))
        yield Finding(f"Preceptor {who} has the most student-weeks, {loads[who]}", loads[who], tuple(facts.by_preceptor[who]))


CHECKS: dict[str, Check] = {
    "preceptor_qualified": preceptor_qualified,
    "preceptor_available": preceptor_available,
    "preceptor_at_once": preceptor_at_once,
    "preceptor_weeks": preceptor_weeks,
    "one_preceptor": one_preceptor,
    "faculty": faculty,
    "preceptor_balance": preceptor_balance,
}


def _away(facts: Facts, placed: Placed, preceptor: str) -> Iterator[str]:
    """The unavailable rows of a preceptor that touch a placement, in words."""
    for row, window in facts.availability.get(("preceptor", preceptor), ()):
        if row.status == "unavailable" and placed.timing.touched(window):
            yield f"{preceptor} is unavailable {dates_of(row)}"


def _committed(facts: Facts, placed: Placed, preceptor: str) -> Iterator[str]:
    """The commitments of a preceptor that touch a placement, in words."""
    for row, window in facts.commitments.get(("preceptor", preceptor), ()):
        if placed.timing.touched(window):
            yield f"{preceptor} is committed elsewhere from {row.start} to {row.end}"


def _weeks(facts: Facts, placed: Placed) -> range:
    """The Mondays of the calendar weeks that a placement touches."""
    return range(facts.monday(placed.start), placed.end + 1, 7)
