"""Who takes over while a preceptor is away, from dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.tables import Preceptor
from scheduler.verify.placed import Placed, supervises, teaches

if TYPE_CHECKING:
    from scheduler.verify.facts import Facts


class Cover(NamedTuple):
    """Who takes over, and on which first and last day (ordinals)."""

    who: Preceptor
    first: int
    last: int


def missed(facts: Facts, placed: Placed, who: Preceptor) -> set[int]:
    """The days of a placement on which somebody is away: days of sessions, or, where none is known, of whole rows."""
    rows = facts.availability.get(("preceptor", who.preceptor), ())
    windows = [window for row, window in rows if row.status == "unavailable"]
    timing = placed.timing
    if not timing.follows:
        return {day for day in timing.days if any(w.has_session(day, timing.span) for w in windows)}
    whole = [w for w in windows if timing.touched(w)]
    return {day for w in whole for day in range(max(timing.start, w.first), min(timing.end, w.last) + 1)}


def cover_of(facts: Facts, placed: Placed) -> Cover | None:
    """Who takes over in a placement with one preceptor; None where nobody has to, or nobody can."""
    person = placed.preceptor
    who = facts.instance.preceptor_by_id.get(person.cover) if person and person.cover and not placed.co else None
    if person is None or who is None:
        return None
    days = missed(facts, placed, person)
    able = supervises(who, placed.party.program.profession) and teaches(who, placed.specialty)
    if not days or not able or days & missed(facts, placed, who):
        return None
    return Cover(who, min(days), max(days))


def both_away(facts: Facts, placed: Placed) -> set[int]:
    """The days on which both preceptors of a placement are away."""
    one, other = placed.preceptors
    return missed(facts, placed, one) & missed(facts, placed, other)
