"""Money: what sites and beds cost."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed
from scheduler.verify.travel import housing_of, lodged, receives


def fees(facts: Facts) -> Iterator[Finding]:
    """Site fees and beds of each placement."""
    for p in facts.placed:
        rows = [row for row in housing_of(facts, p.unit.site) if row.beds and receives(row, p.start)]
        bed = min((row.cost for row in rows), default=0)
        cost = p.timing.weeks * lodged(facts, p) * bed + _site_fees(facts, p)
        if cost:
            yield Finding(f"{p.title}: fees and beds at site {p.unit.site}", cost, (p,), p.party)


def budget(facts: Facts) -> Iterator[Finding]:
    """Site fees of each program, and of all."""
    paid = [(p, _site_fees(facts, p)) for p in facts.placed]
    for program in facts.instance.programs:
        if program.most_fees is not None:
            own = [(p, fee) for p, fee in paid if p.party.program.program == program.program and fee]
            yield from _over(f"Program {program.program} pays", own, program.most_fees)
    total = int(str(facts.setting("budget").parameters["total"]))
    if total > 0:
        yield from _over("All programs together pay", [(p, fee) for p, fee in paid if fee], total)


def _site_fees(facts: Facts, placed: Placed) -> int:
    return facts.instance.site_by_id[placed.unit.site].fee_per_week * placed.timing.weeks * placed.size


def _over(who: str, paid: list[tuple[Placed, int]], most: int) -> Iterator[Finding]:
    total = sum(fee for _, fee in paid)
    if total > most:
        yield Finding(f"{who} {total} in site fees, at most {most} allowed", total - most, tuple(p for p, _ in paid))


CHECKS: dict[str, Check] = {"fees": fees, "budget": budget}
