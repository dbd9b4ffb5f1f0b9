"""The independent verifier: rechecks every rule and recomputes every number from dates and people.

It is a second implementation of the rule catalogue (`scheduler.domain.catalogue`) and of ``docs/concepts.md`` that shares
nothing with the model but the tables. Each rule is one function with the rule's id as its name, in the module of its family.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduler.domain import RULES, Instance, Placement, Schedule, Unplaced
from scheduler.domain.equality import SchoolOutcome
from scheduler.verify import claims, demand
from scheduler.verify.equity import outcomes
from scheduler.verify.facts import Facts
from scheduler.verify.fairness import CHECKS
from scheduler.verify.findings import Check, Finding

__all__ = ["CHECKS", "Check", "Finding", "Report", "Violation", "verify"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a schedule breaks a hard rule, or says something of itself that is not so.

    Attributes
    ----------
    rule
        Id of the rule; ``placement``, ``unplaced``, ``objective`` or ``bound`` where a claim is wrong.
    sentence
        What is wrong, with people and dates.
    placements
        The rows of the schedule concerned.
    amount
        How much, in the unit of the rule's penalty.
    """

    rule: str
    sentence: str
    placements: tuple[Placement, ...] = ()
    amount: int = 1

    def __str__(self) -> str:
        return f"{self.sentence} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Report:
    """What the verifier found.

    Attributes
    ----------
    violations
        Every broken hard rule and every wrong claim.
    penalties
        Penalty of each soft rule that is on, without its weight, in the rule's unit.
    objective
        Sum of weight × penalty.
    unplaced
        What is missing, recomputed, one row for each party and required rotation or elective set; without reasons.
    worst_off
        Who is worst off by the rule of that name (one of them, if several are); "" where the rule is off.
    schools
        How each school came out of which anything is asked.
    gave_way
        Every place where a rule that is soft, but could be hard, is not kept.
    """

    violations: tuple[Violation, ...]
    penalties: dict[str, int]
    objective: int
    unplaced: tuple[Unplaced, ...]
    worst_off: str = ""
    schools: tuple[SchoolOutcome, ...] = ()
    gave_way: tuple[Violation, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every hard rule holds and every claim is true."""
        return not self.violations


def verify(instance: Instance, schedule: Schedule) -> Report:
    """Check a schedule against its instance.

    Parameters
    ----------
    instance
        The instance with its policy: only rules that are on are checked, and a soft rule costs instead of being violated.
    schedule
        Any schedule, also one edited by hand. What it leaves out (objective, scores, unplaced rows, the computed columns of a
        placement) is recomputed; what it says is compared.

    Returns
    -------
    Report
        All violations; never raises because of what a schedule says.
    """
    facts = Facts(instance, schedule)
    settings = {rule: instance.policy.setting(spec) for rule, spec in RULES.items()}
    violations = [Violation("placement", f"{row.who}, {row.requirement}: {wrong}", (row,)) for row, wrong in facts.strange]
    penalties: dict[str, int] = {}
    gave_way: list[Violation] = []
    worst_off = ""
    for rule, check in CHECKS.items():
        kind = settings[rule].kind
        if kind == "off":
            continue
        findings = list(check(facts))
        violations += _violations(rule, (f for f in findings if kind == "hard" or f.firm))
        if kind == "soft":
            penalties[rule] = sum(f.amount for f in findings if not f.firm)
            if "hard" in RULES[rule].kinds:
                gave_way += _violations(rule, (f for f in findings if f.amount > 0 and not f.firm))
        if rule == "worst_off":
            worst_off = next((f.party.name for f in findings if f.party), "")
    missing = tuple(demand.unplaced(facts))
    violations += _violations("placement", claims.placement(facts))
    violations += _violations("unplaced", claims.unplaced(facts, missing))
    violations += _violations("objective", claims.objective(schedule, settings, penalties))
    violations += _violations("bound", claims.bound(schedule))
    total = sum(settings[rule].weight * penalty for rule, penalty in penalties.items())
    return Report(tuple(violations), penalties, total, missing, worst_off, outcomes(facts), tuple(gave_way))


def _violations(rule: str, findings: Iterable[Finding]) -> Iterator[Violation]:
    return (Violation(rule, f.sentence, f.placements, f.amount) for f in findings)
