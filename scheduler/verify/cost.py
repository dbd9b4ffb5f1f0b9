"""Money: what sites and beds cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed
from scheduler.verify.travel import housing_of, lodged, receives


def fees(facts: Facts) -> Iterator[Finding]:
    """Site fees and beds of each placement."""
    for p in facts.placed:
        cost = _site_fees(facts, p) + _beds(facts, p)
        if cost:
            yield Finding(f"{p.title}: fees and beds at site {p.unit.site}", cost, (p,), p.party)


def budget(facts: Facts) -> Iterator[Finding]:
    """What each program pays, and all together."""
    setting = facts.setting("budget")
    listed, total = setting.names("of"), setting.number("total")
    counted = [kind for kind in _PAID if kind in listed]
    paid = [(p, sum(_PAID[kind][1](facts, p) for kind in counted)) for p in facts.placed]
    what = " and ".join(_PAID[kind][0] for kind in counted)
    for program in facts.instance.programs:
        if program.most_fees is not None:
            own = [(p, cost) for p, cost in paid if p.party.program.program == program.program and cost]
            yield from _over(f"Program {program.program} pays", own, program.most_fees, what)
    if total > 0:
        yield from _over("All programs together pay", [(p, cost) for p, cost in paid if cost], total, what)


def _site_fees(facts: Facts, placed: Placed) -> int:
    return facts.instance.site_by_id[placed.unit.site].fee_per_week * placed.timing.weeks * placed.size


def _beds(facts: Facts, placed: Placed) -> int:
    rows = [row for row in housing_of(facts, placed.unit.site) if row.beds and receives(row, placed.start)]
    return placed.timing.weeks * lodged(facts, placed) * min((row.cost for row in rows), default=0)


#: What a budget may count: in words, and how.
_PAID: dict[str, tuple[str, Callable[[Facts, Placed], int]]] = {"fees": ("site fees", _site_fees), "housing": ("beds", _beds)}


def _over(who: str, paid: list[tuple[Placed, int]], most: int, what: str) -> Iterator[Finding]:
    total = sum(cost for _, cost in paid)
    if total > most:
        yield Finding(f"{who} {total} for {what}, at most {most} allowed", total - most, tuple(p for p, _ in paid))


CHECKS: dict[str, Check] = {"fees": fees, "budget": budget}
