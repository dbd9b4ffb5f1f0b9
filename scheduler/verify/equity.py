"""Equity between schools, priority of who goes first, and what was used in earlier terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from scheduler.domain.equality import SchoolOutcome
from scheduler.domain.tables import History
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed
from scheduler.verify.ranking import Ranking
from scheduler.verify.teams import asked, in_team
from scheduler.verify.wishes import preference


@dataclass
class Served:
    """How a school is served: students' rotations asked and placed; of what may be split, the share of its amount counts."""

    asked: int = 0
    placed: Fraction = Fraction(0)


def served(facts: Facts) -> dict[str, Served]:
    """Every school of which rotations are asked."""
    found: dict[str, Served] = defaultdict(Served)
    for body in facts.parties.all_bodies():
        found[body.program.school].asked += body.size * facts.parties.demands[body].count
    for placed in facts.placed:
        found[placed.party.program.school].placed += placed.size * share(placed)
    return {school: counts for school, counts in found.items() if counts.asked}


def outcomes(facts: Facts) -> tuple[SchoolOutcome, ...]:
    """How each school of which rotations are asked came out, with what its preferences cost a placement."""
    cost: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for placed in facts.placed:
        count[placed.party.program.school] += 1
    should: dict[str, int] = defaultdict(int)
    joined: dict[str, int] = defaultdict(int)
    for body in asked(facts):
        should[body.program.school] += body.size
        joined[body.program.school] += body.size * in_team(facts, body)
    for finding in preference(facts):
        if finding.party:
            cost[finding.party.program.school] += finding.amount
    return tuple(
        SchoolOutcome(
            school=school,
            asked=n.asked,
            placed=round(float(n.placed), 4),
            preference=round(cost[school] / count[school], 4) if count[school] else None,
            interprofessional=round(joined[school] / should[school], 4) if should[school] else None,
        )
        for school, n in sorted(served(facts).items())
    )


def share(placed: Placed) -> Fraction:
    """How much of its rotation a placement is: all, or of one that may be split the share of its amount."""
    return placed.amount / placed.task.amount if placed.requirement.blocks > 1 else Fraction(1)


def _missing(facts: Facts, least: dict[str, int], why: str) -> Iterator[Finding]:
    """What schools lack of the least that they are to have."""
    for school, counts in served(facts).items():
        missing = ceil(least.get(school, 0) - counts.placed)
        if missing > 0:
            words = f"School {school} has {float(counts.placed):g} of {counts.asked} students' rotations placed, {missing} fewer"
            yield Finding(f"{words} than the {least[school]} {why}", missing)


def school_minimum(facts: Facts) -> Iterator[Finding]:
    """The least share of what is asked of a school's students."""
    percent = {s.school: s.least_placed_percent for s in facts.instance.schools if s.least_placed_percent}
    least = {school: ceil(Fraction(percent.get(school, 0) * n.asked, 100)) for school, n in served(facts).items()}
    yield from _missing(facts, least, "of its least share")


def historical_share(facts: Facts) -> Iterator[Finding]:
    """What a school used in earlier terms."""
    percent = facts.setting("historical_share").number("percent")
    by_term: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in facts.instance.history:
        by_term[row.school][row.term] += row.used
    least = {}
    for school, counts in served(facts).items():
        if terms := by_term.get(school):
            mean = Fraction(sum(terms.values()), len(terms))
            least[school] = min(counts.asked, floor(mean * percent / 100))
    yield from _missing(facts, least, "that it used in earlier terms")


def school_equity(facts: Facts) -> Iterator[Finding]:
    """The school of which the largest share is unplaced."""
    shares = {school: 100 * (counts.asked - counts.placed) / counts.asked for school, counts in served(facts).items()}
    if len(shares) > 1:
        school, worst = max(shares.items(), key=lambda item: item[1])
        if worst > 0:
            yield Finding(f"School {school} has {float(worst):.1f} % of its students' rotations unplaced", ceil(worst))


def priority(facts: Facts) -> Iterator[Finding]:
    """What placements of those who go first win."""
    ranking = Ranking(facts)
    for placed in facts.placed:
        rank = ranking.rank(placed.party)
        won = floor((ranking.last - rank) * placed.size * share(placed))
        if won > 0:
            yield Finding(f"{placed.title}: rank {rank} of {ranking.last} goes first", -won, (placed,), placed.party)


def keep_historical(facts: Facts) -> Iterator[Finding]:
    """Placements elsewhere, or on other days, than those of the last term."""
    latest = _latest_term(facts.instance.history)
    used = [row for row in facts.instance.history if row.term == latest and row.unit is not None and row.used > 0]
    for placed in facts.placed:
        program = placed.party.program
        rows = [
            row
            for row in used
            if row.school == program.school
            and (row.program is None or row.program == program.program)
            and (row.requirement is None or row.requirement == placed.requirement.requirement)
        ]
        if rows and not any(_as_then(placed, row) for row in rows):
            units = ", ".join(sorted({str(row.unit) for row in rows}))
            yield Finding(f"{placed.title}: not as in {latest} ({units})", 1, (placed,), placed.party)


def _latest_term(history: tuple[History, ...]) -> str:
    """The term of the latest start_week (of the last such row); without any, that of the last row."""
    latest: History | None = None
    for row in history:
        if row.start_week is not None and (latest is None or latest.start_week is None or row.start_week >= latest.start_week):
            latest = row
    if latest is None:
        return history[-1].term if history else ""
    return latest.term


def _as_then(placed: Placed, row: History) -> bool:
    """Whether a placement is in the unit, and on the weekdays and shift, of a row."""
    if placed.unit.unit != row.unit:
        return False
    if len(set(row.weekdays)) < 7 and (placed.timing.follows or set(row.weekdays) != set(placed.timing.weekdays)):
        return False
    return row.shift is None or placed.slot.shift == row.shift


CHECKS: dict[str, Check] = {
    "school_minimum": school_minimum,
    "historical_share": historical_share,
    "school_equity": school_equity,
    "priority": priority,
    "keep_historical": keep_historical,
}
