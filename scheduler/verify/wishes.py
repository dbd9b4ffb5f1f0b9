"""Wishes of one party: dates, pins, preferences, waiting, changes of site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from scheduler.domain.tables import Pin, Preference
from scheduler.domain.wording import count
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed, matches
from scheduler.verify.suitability import concerns, fulfils

#: What `preference` wishes for; the other kinds weigh waiting and changes of site.
WEIGHING = ("waiting", "site_change")


def availability_wish(facts: Facts) -> Iterator[Finding]:
    """Placements that rows to avoid touch, and that rows to prefer touch; each once, however many rows."""
    for p in facts.placed:
        asking = [("student", p.party.student) if p.party.student else ("group", p.party.group), ("unit", p.unit.unit)]
        asking += [("preceptor", who.preceptor) for who in p.preceptors]
        touching = {row.status for who in asking for row, window in facts.availability.get(who, ()) if p.timing.touched(window)}
        if "avoid" in touching:
            yield Finding(f"{p.title}: it lies in dates to avoid", 1, (p,), p.party)
        if "prefer" in touching:
            yield Finding(f"{p.title}: it lies in preferred dates", -1, (p,), p.party)


def pin_wish(facts: Facts) -> Iterator[Finding]:
    """Placements that match a preferred pin; each once, however many pins."""
    for p in pinned(facts, "prefer"):
        yield Finding(f"{p.title}: it is a preferred pin", -1, (p,), p.party)


def preference(facts: Facts) -> Iterator[Finding]:
    """Scores won and ranks missed, for the wishes of the party and of its school."""
    unranked = facts.setting("preference").parameters["unranked"]
    for party, placed in facts.by_party.items():
        rows = [
            row for row in (*facts.own_wishes(party), *facts.school_wishes(party)) if row.what not in WEIGHING and not row.refuse
        ]
        lists = ranked_lists(rows)
        for p in placed:
            points = -sum(row.score for row in rows if row.score is not None and fulfils(p, row))
            for ranked in lists:
                if not concerns(p, ranked[0]):
                    continue
                ranks = [row.rank for row in ranked if row.rank is not None and fulfils(p, row)]
                if ranks:
                    points += min(ranks) - 1
                elif unranked == "last":
                    points += max(row.rank or 0 for row in ranked)
                elif unranked == "refused" and not p.overridden:
                    sentence = f"{p.title}: the list of {ranked[0].who_kind} {ranked[0].who} by {ranked[0].what} does not name it"
                    yield Finding(sentence, 1, (p,), party, firm=True)
            if points:
                yield Finding(f"{p.title}: preferences", points, (p,), party)


def ranked_lists(rows: list[Preference]) -> list[list[Preference]]:
    """Rows with a rank, by whose they are, the rotation and the kind of thing."""
    lists: dict[tuple[str, str, str | None, str], list[Preference]] = defaultdict(list)
    for row in rows:
        if row.rank is not None:
            lists[row.who_kind, row.who, row.requirement, row.what].append(row)
    return list(lists.values())


def waiting(facts: Facts) -> Iterator[Finding]:
    """Weeks without a block placement from a party's first possible week to that in which its last one ends."""
    for party, placed in _blocks(facts):
        day = party.available_from
        begin = facts.instance.first_monday.toordinal()
        first = facts.monday(max(begin, day.toordinal())) if day else begin
        last = facts.monday(max(p.end for p in placed))
        busy = {monday for p in placed for monday in range(facts.monday(p.start), p.end + 1, 7)}
        idle = sum(1 for monday in range(first, last + 1, 7) if monday not in busy)
        if idle:
            cost = idle * _each(facts, party, "waiting")
            yield Finding(f"{party.name} waits {count(idle, 'week')}", cost, tuple(placed), party)


def site_change(facts: Facts) -> Iterator[Finding]:
    """Changes of site from one block placement of a party to its next."""
    for party, placed in _blocks(facts):
        changes = sum(1 for a, b in pairwise(placed) if a.unit.site != b.unit.site)
        if changes:
            cost = changes * _each(facts, party, "site_change")
            yield Finding(f"{party.name} changes site {count(changes, 'time')}", cost, tuple(placed), party)


CHECKS: dict[str, Check] = {
    "availability_wish": availability_wish,
    "pin_wish": pin_wish,
    "preference": preference,
    "waiting": waiting,
    "site_change": site_change,
}


def _blocks(facts: Facts) -> Iterator[tuple[Party, list[Placed]]]:
    """Each party's block placements by start."""
    for party, placed in facts.by_party.items():
        blocks = [p for p in placed if p.requirement.lane == "block"]
        if blocks:
            yield party, blocks


def _each(facts: Facts, party: Party, what: str) -> int:
    """What one week of waiting or one change of site costs a party: its own wish, else its school's, else 1."""
    for row in (*facts.own_wishes(party), *facts.school_wishes(party)):
        if row.what == what and row.score is not None:
            return max(0, -row.score)
    return 1


def pinned(facts: Facts, how: str) -> Iterator[Placed]:
    """Placements that a pin asks for: with ``must`` or ``prefer``."""
    of: dict[str, list[Pin]] = defaultdict(list)
    for row in facts.instance.pins:
        if row.pin == how:
            of[row.student or row.group or ""].append(row)
    for p in facts.placed:
        own = (*of.get(p.row.student or p.row.group, ()), *of.get("", ()))
        if any(matches(row, p.row, p.slot) for row in own):
            yield p
