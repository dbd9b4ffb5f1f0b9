"""Preceptors and faculty: qualified, there, not overloaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, permutations

from scheduler.verify.cover import both_away
from scheduler.verify.demand import by_requirement
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.load import ANY_TIME, Excess, busiest, days_of, students, too_many
from scheduler.verify.placed import Placed, day_name, supervises, teaches
from scheduler.verify.time import dates_of
from scheduler.verify.timing import share_time


@each_placement(bows_to_pins=True)
def preceptor_qualified(facts: Facts, placed: Placed) -> Iterator[str]:
    """Every preceptor works in the slot, supervises the profession and teaches the specialty."""
    slot = placed.slot
    for who in placed.preceptors:
        if slot.preceptors:
            if who.preceptor not in slot.preceptors:
                yield f"the slot's preceptors are {', '.join(slot.preceptors)}, not {who.preceptor}"
        elif placed.unit.unit not in who.units:
            yield f"preceptor {who.preceptor} does not list unit {placed.unit.unit}"
        elif who.kind == "faculty":
            yield f"{who.preceptor} is faculty and the slot does not name them"
        if not supervises(who, placed.party.program.profession):
            yield f"preceptor {who.preceptor} does not supervise {placed.party.program.profession}"
        if not teaches(who, placed.specialty):
            yield f"preceptor {who.preceptor} does not teach {placed.specialty}"


@each_placement(bows_to_pins=True)
def preceptor_trained(facts: Facts, placed: Placed) -> Iterator[str]:
    """Somebody who supervises is trained to the last day."""
    until = [who.trained_until for who in placed.preceptors]
    if until and all(day is not None and day.toordinal() < placed.end for day in until):
        words = " and ".join(f"that of {who.preceptor} on {who.trained_until}" for who in placed.preceptors)
        yield f"training ends before {day_name(placed.end)}: {words}"


@each_placement(bows_to_pins=True)
def preceptor_available(facts: Facts, placed: Placed) -> Iterator[str]:
    """No unavailable row of the preceptor that nobody covers; of two, one is there in each session."""
    if placed.co:
        days = both_away(facts, placed) if placed.preceptor else set()
        if days:
            yield f"{placed.row.preceptor} and {placed.row.co_preceptor} are both away on {day_name(min(days))}"
    elif placed.preceptor and placed not in facts.covers:
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


def preceptor_rest(facts: Facts) -> Iterator[Finding]:
    """Whole calendar weeks between the end of a placement and the beginning of the next."""
    for preceptor, placed in facts.led.items():
        rest_weeks = facts.instance.preceptor_by_id[preceptor].rest_weeks
        pairs: dict[tuple[int, int], list[Placed]] = defaultdict(list)
        for earlier, later in permutations(placed, 2):
            if rest_weeks and earlier.end < later.start:
                between = (facts.monday(later.start) - facts.monday(earlier.end)) // 7 - 1
                if between < rest_weeks:
                    pairs[earlier.end, later.start] += [earlier, later]
        for (end, start), both in pairs.items():
            sentence = f"Preceptor {preceptor} has students to {day_name(end)} and again from {day_name(start)}"
            yield Finding(f"{sentence}: {rest_weeks} weeks of rest must lie between", 1, tuple(dict.fromkeys(both)))


def one_preceptor(facts: Facts) -> Iterator[Finding]:
    """The same preceptor in all placements of one rotation of one party."""
    for body in facts.parties.all_bodies():
        for requirement, placed in by_requirement(facts, body).items():
            found = sorted({(p.row.preceptor, p.row.co_preceptor) for p in placed})
            if len(found) > 1:
                words = ", ".join(" and ".join(filter(None, pair)) or "nobody" for pair in found)
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
    "preceptor_trained": preceptor_trained,
    "preceptor_available": preceptor_available,
    "preceptor_at_once": preceptor_at_once,
    "preceptor_weeks": preceptor_weeks,
    "preceptor_rest": preceptor_rest,
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
