"""What a check finds, and how checks of a single placement are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps

from scheduler.domain import Placement
from scheduler.verify.facts import Facts
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken, or where a wish costs or wins something.

    Attributes
    ----------
    sentence
        What was found, with people and dates.
    amount
        How much, in the unit of the rule's penalty; negative where a wish wins points.
    placed
        The placements concerned.
    party
        Whose cost it is; None where the rule belongs to nobody in particular.
    firm
        True: a violation whatever kind the rule has, never a penalty.
    """

    sentence: str
    amount: int = 1
    placed: tuple[Placed, ...] = ()
    party: Party | None = None
    firm: bool = False

    @property
    def placements(self) -> tuple[Placement, ...]:
        """The rows of the schedule concerned."""
        return tuple(p.row for p in self.placed)


Check = Callable[[Facts], Iterator[Finding]]
Reasons = Callable[[Facts, Placed], Iterator[str]]


def each_placement(*, bows_to_pins: bool) -> Callable[[Reasons], Check]:
    """Make a check out of the reasons why one placement breaks a rule: each placement counts once, with all its reasons.

    Parameters
    ----------
    bows_to_pins
        Whether a 'must' pin with override sets the rule aside for the placement that it matches.
    """

    def wrap(reasons: Reasons) -> Check:
        @wraps(reasons)
        def check(facts: Facts) -> Iterator[Finding]:
            for placed in facts.placed:
                if bows_to_pins and placed.overridden:
                    continue
                found = list(reasons(facts, placed))
                if found:
                    yield Finding(f"{placed.title}: {'; '.join(found)}", 1, (placed,), placed.party)

        return check

    return wrap
