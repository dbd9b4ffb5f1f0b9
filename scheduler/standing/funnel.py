"""The funnel of one rotation: all offers that teach it, and how many fall away at each step, in a fixed order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scheduler.domain import RULES
from scheduler.domain.wording import count
from scheduler.model.obstacles import BESIDE_OTHERS, CLOSED, FITS
from scheduler.model.reasons import FOR_NOBODY, funnel
from scheduler.rules import RULE_CLASSES
from scheduler.standing.ground import Ground, Missing

#: Steps of one rule that are told apart; what is beyond is summed up.
MOST_OF_A_RULE = 3
_ORDER = {rule: i for i, rule in enumerate(RULE_CLASSES)}
_RULE_OF = {**{words: rule for rule, words in BESIDE_OTHERS.items()}, CLOSED: "unit_capacity"}


@dataclass(frozen=True, slots=True)
class Step:
    """So many offers fall away here, by this rule."""

    rule: str
    words: str
    offers: int


@dataclass(frozen=True, slots=True)
class Steps:
    """All offers that teach a rotation; they are the sum of the steps and of those left.

    Attributes
    ----------
    left
        Offers that no rule keeps out.
    nothing
        Why there is no offer at all, where that is so.
    """

    offers: int
    steps: tuple[Step, ...]
    left: int
    nothing: str = ""

    def sentence(self, what: str) -> str:
        """The funnel in one line."""
        if not self.offers:
            return self.nothing or "nothing is left to choose from"
        verb = "teaches" if self.offers == 1 else "teach"
        parts = [f"{step.offers:,} {step.words}" for step in self.steps]
        return f"{count(self.offers, 'offer')} {verb} {what}: " + "; ".join([*parts, f"{self.left:,} left"])


def steps_of(ground: Ground, missing: Missing) -> Steps:
    """Count every offer once: for the first rule that drops it, in the catalogue's order, else for what keeps it out there.

    What rules drop comes first, then what the schedule as it stands keeps out, with all other placements where they are.
    """
    family = ground.family(missing.family)
    options = ground.options_for(missing)
    total, left, dropped, nothing = 0, 0, Counter[tuple[str, str]](), ""
    beside = Counter[str]()
    for demand in missing.demands:
        found = funnel(ground.book, missing.party, demand)
        total, left, nothing = total + found.offers, left + found.left, found.nothing or nothing
        for reason in found.reasons:
            nobody = reason.rule in FOR_NOBODY
            dropped["" if nobody else reason.rule, "not for this rotation" if nobody else reason.because] += reason.offers
        own = options[family.options.demand[options] == demand.index]
        beside += ground.obstacles.of(family, ground.standing.chosen[missing.family], own)
    fits = beside.pop(FITS, 0)
    standing = Counter({(_RULE_OF.get(words, ""), words): n for words, n in beside.items()})
    if taken := left - fits - sum(beside.values()):
        # of a rotation in several placements some are there already; and a pin may let in what a rule drops
        standing["", "taken already" if taken > 0 else "let in by a pin all the same"] = taken
    return Steps(total, (*_ordered(dropped), *_ordered(standing)), fits, nothing)


def _ordered(found: Counter[tuple[str, str]]) -> list[Step]:
    """Steps by rule in the catalogue's order, the most frequent of a rule first."""
    steps = []
    for rule in sorted({rule for rule, _ in found}, key=lambda r: _ORDER.get(r, -1)):
        own = sorted(((n, words) for (r, words), n in found.items() if r == rule), key=lambda s: (-s[0], s[1]))
        steps += [Step(rule, words, n) for n, words in own[:MOST_OF_A_RULE]]
        if others := sum(n for n, _ in own[MOST_OF_A_RULE:]):
            title = RULES[rule].title if rule in RULES else rule
            steps.append(Step(rule, f"for more reasons of the rule '{title}'", others))
    return steps
