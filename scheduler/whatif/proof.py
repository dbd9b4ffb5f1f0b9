"""What is proved about the difference of two schedules: only what lies outside what is not known of either.

A schedule costs what it costs, and a certified bound says how little any schedule of its instance could cost: the best one lies
between the two. One alternative is better for certain where its schedule costs less than the other's bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scheduler.domain import RULES, Instance, Schedule
from scheduler.domain.wording import count
from scheduler.verify import Report

Verdict = Literal["better", "worse", "equal", "not proven", "not comparable"]
WORDS: dict[Verdict, str] = {
    "better": "better (proved)",
    "worse": "worse (proved)",
    "equal": "equal (proved)",
    "not proven": "no proven difference",
    "not comparable": "other policy: points differ in meaning",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Where the best possible cost of one level lies: from `least` (None: unknown) to what a schedule costs."""

    level: int
    least: int | None
    cost: int

    @property
    def known(self) -> bool:
        """Whether the schedule is the best possible."""
        return self.least == self.cost


@dataclass(frozen=True, slots=True)
class Difference:
    """How the best possible cost of one instance differs from that of another.

    Attributes
    ----------
    least, most
        The change of the best possible cost lies between these, at the level that decides; None: no limit is known.
    level
        The level of the policy that decides.
    """

    verdict: Verdict
    least: int | None = None
    most: int | None = None
    level: int = 1

    @property
    def sentence(self) -> str:
        """``worse (proved): by 100 to 160 points``."""
        said = WORDS[self.verdict]
        if self.verdict in ("better", "worse") and self.least is not None and self.most is not None:
            low, high = sorted((abs(self.least), abs(self.most)))
            said += f": by {count(high, 'point')}" if low == high else f": by {low:,} to {count(high, 'point')}"
        elif self.verdict == "better" and self.most is not None:
            said += f": by {count(-self.most, 'point')} or more"
        elif self.verdict == "worse" and self.least is not None:
            said += f": by {count(self.least, 'point')} or more"
        return said


def spans(instance: Instance, schedule: Schedule, report: Report) -> tuple[Span, ...]:
    """By level, what a schedule costs as the verifier counts, and the bound that the solver has proved."""
    costs: dict[int, int] = defaultdict(int)
    for rule, penalty in report.penalties.items():
        setting = instance.policy.setting(RULES[rule])
        costs[setting.level] += setting.weight * penalty
    bounds = {level.level: level.bound for level in schedule.levels}
    if not bounds and len(costs) == 1 and schedule.bound is not None:
        bounds = {next(iter(costs)): schedule.bound}
    # a solver that has proved something names every level at which there is anything to weigh
    weighed = [level for level in sorted(costs) if costs[level] or level in bounds or not bounds]
    return tuple(Span(level, bounds.get(level), costs[level]) for level in weighed)


def difference(before: Sequence[Span], after: Sequence[Span], *, same_policy: bool = True) -> Difference:
    """How the best of `after` differs from the best of `before`, as far as it is proved.

    Levels are compared one after another. The bound of a level holds for schedules that are no worse in the levels above it, so
    a later level says something only where both are proven to be the best, and equal, in all earlier ones.
    """
    if not same_policy:
        return Difference("not comparable")
    was, now = ({span.level: span for span in some} for some in (before, after))
    for level in sorted({*was, *now}):
        # a level at which one of the two costs nothing may be missing there
        a, b = was.get(level, Span(level, 0, 0)), now.get(level, Span(level, 0, 0))
        least = None if b.least is None else b.least - a.cost
        most = None if a.least is None else b.cost - a.least
        if most is not None and most < 0:
            return Difference("better", least, most, level)
        if least is not None and least > 0:
            return Difference("worse", least, most, level)
        if not (a.known and b.known):
            return Difference("not proven", least, most, level)
    return Difference("equal", 0, 0)
