"""What each wish of the policy says about each placement, and about each party as a whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from scheduler.domain import RULES
from scheduler.verify import CHECKS
from scheduler.verify.facts import Facts
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule counts.

    Attributes
    ----------
    points
        Weight × amount; negative where a wish is met.
    sentence
        What the verifier says about it.
    """

    rule: str
    points: int
    sentence: str


@dataclass(frozen=True)
class Reasons:
    """What the soft rules say.

    Attributes
    ----------
    of_placement, of_party
        What is said about one placement alone, and about several of a party together.
    points
        By party: all points that are its own, by rule.
    """

    of_placement: dict[Placed, list[Reason]] = field(default_factory=lambda: defaultdict(list))
    of_party: dict[Party, list[Reason]] = field(default_factory=lambda: defaultdict(list))
    points: dict[Party, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))


def reasons(facts: Facts) -> Reasons:
    """Ask every soft rule of the policy."""
    found = Reasons()
    for rule, check in CHECKS.items():
        setting = facts.setting(rule)
        if setting.kind != "soft":
            continue
        for finding in check(facts):
            points = setting.weight * finding.amount
            if finding.firm or not points:
                continue
            if finding.party:
                found.points[finding.party][rule] += points
            if len(finding.placed) == 1:
                placed = finding.placed[0]
                said = finding.sentence.removeprefix(f"{placed.title}: ")
                said = said.removeprefix(f"{placed.party.name} ").removeprefix(": ")
                found.of_placement[placed].append(Reason(rule, points, said))
            elif finding.party:
                said = finding.sentence.removeprefix(f"{finding.party.name} ").removeprefix(": ")
                found.of_party[finding.party].append(Reason(rule, points, said))
    return found


def title(rule: str) -> str:
    """A rule's name for people."""
    return RULES[rule].title
