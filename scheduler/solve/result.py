"""From chosen options to a Schedule that people can read."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from scheduler import __version__
from scheduler.domain import LevelResult, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.model import Book, FamilyBook, evaluate
from scheduler.model.obstacles import Obstacles
from scheduler.model.reasons import funnel, sentence
from scheduler.offers.days import IntArray, days_of
from scheduler.offers.parties import Demand, Party, grain
from scheduler.rules.demand import meeting


def placements(book: Book, families: Sequence[FamilyBook], chosen: Sequence[IntArray]) -> tuple[Placement, ...]:
    """One placement for each chosen option, by start, then party."""
    found = [placement(book, family, o) for family, picked in zip(families, chosen, strict=True) for o in picked.tolist()]
    return tuple(sorted(found, key=lambda p: (p.who, p.start, p.requirement, p.slot)))


def placement(book: Book, family: FamilyBook, o: int) -> Placement:
    """The option at position `o` of a family as a placement."""
    facts, options, codes = book.facts, family.options, book.facts.offers.codes
    party = facts.parties[int(options.party[o])]
    demand = facts.demands[int(options.demand[o])]
    first = facts.clock.first_monday
    shift = int(options.shift[o])
    preceptors = ("", *codes.preceptors)
    covered, team = bool(options.cover[o] >= 0), int(options.team[o])
    return Placement(
        student=party.student,
        group=party.group,
        part=party.part,
        students=party.size,
        school=party.school,
        program=party.program,
        requirement=demand.requirement.requirement,
        specialty=codes.specialties[int(options.specialty[o])],
        site=codes.sites[int(options.site[o])],
        unit=codes.units[int(options.unit[o])],
        slot=codes.slots[int(options.slot[o])],
        preceptor=preceptors[int(options.preceptor[o]) + 1],
        co_preceptor=preceptors[int(options.co[o]) + 1],
        cover=preceptors[int(options.cover[o]) + 1],
        cover_start=first + timedelta(days=int(options.cover_start[o])) if covered else None,
        cover_end=first + timedelta(days=int(options.cover_end[o])) if covered else None,
        team=facts.teams.name(team, first) if team >= 0 else "",
        start=first + timedelta(days=int(options.start[o])),
        end=first + timedelta(days=int(options.end[o])),
        weekdays=days_of(int(options.days[o])),
        shift=facts.clock.shifts[shift].shift if shift >= 0 else "",
        weeks=int(options.weeks[o]),
        hours=round(int(options.minutes[o] - options.lost[o]) / 60, 2),
        hours_lost=round(int(options.lost[o]) / 60, 2),
    )


def unplaced(book: Book, families: Sequence[FamilyBook], chosen: Sequence[IntArray]) -> tuple[Unplaced, ...]:
    """What is asked for and not placed, with its reasons."""
    found = []
    obstacles = Obstacles(book, families, chosen)

    def why(family: FamilyBook, picked: IntArray, party: Party, demand: Demand) -> str:
        left = (family.options.party == party.index) & (family.options.demand == demand.index)
        left[picked] = False
        return sentence(funnel(book, party, demand), obstacles.of(family, picked, np.flatnonzero(left)))

    for family, picked in zip(families, chosen, strict=True):
        options = family.options.take(picked)
        for index in family.family.demands:
            demand = book.facts.demands[index]
            if demand.elective:
                continue
            met = meeting(book.facts, options, demand)
            asked = demand.requirement
            missing = demand.amount * (not met.any())
            if not demand.single:
                missing = -((int(options.amount[met].sum()) - demand.total) // grain(asked))  # rounded up
            if missing > 0:
                party = book.facts.parties[demand.parties[-1]]
                reason = why(family, picked, party, demand)
                found.append(_row(party, asked.requirement, missing, asked.amount_unit, demand.students, reason))
        for choice in family.family.choices:
            members = [book.facts.demands[d] for d in choice.demands]
            taken = int(np.sum([meeting(book.facts, options, d).any() for d in members]))
            if taken < choice.count:
                party = book.facts.parties[choice.party]
                reason = why(family, picked, party, members[0]) if members else "nothing is left to choose from"
                found.append(_row(party, choice.elective_set, choice.count - taken, "rotations", choice.students, reason))
    return tuple(sorted(found, key=lambda u: (u.student, u.group, u.part, u.requirement)))


def _row(party: Party, requirement: str, missing: int, unit: str, students: int, reason: str) -> Unplaced:
    return Unplaced(
        student=party.student,
        group=party.group,
        part=party.part,
        students=students,
        school=party.school,
        program=party.program,
        requirement=requirement,
        missing=missing,
        unit=unit,
        reason=reason,
    )


def count_placed(book: Book, families: Sequence[FamilyBook], chosen: Sequence[IntArray]) -> tuple[int, int]:
    """How many required rotations are placed in full, and how many are not."""
    placed = missing = 0
    for family, picked in zip(families, chosen, strict=True):
        options = family.options.take(picked)
        for demand in (book.facts.demands[d] for d in family.family.demands):
            met = meeting(book.facts, options, demand)
            full = bool(met.any()) if demand.single else int(options.amount[met].sum()) >= demand.total
            placed += full
            missing += not full and not demand.elective
        for choice in family.family.choices:
            taken = sum(bool(meeting(book.facts, options, book.facts.demands[d]).any()) for d in choice.demands)
            missing += max(0, choice.count - taken)
    return placed, missing


def make_schedule(
    book: Book,
    families: Sequence[FamilyBook],
    chosen: Sequence[IntArray],
    *,
    status: Status,
    levels: tuple[LevelResult, ...],
    strategy: str,
    seconds: float,
    seed: int,
    workers: int,
    more: int | None = None,
) -> Schedule:
    """A Schedule from chosen options; penalties are evaluated from the statements, not taken from a solver."""
    evaluation = evaluate(book, families, chosen)
    if evaluation.broken:
        raise AssertionError(f"the solver broke its own rows: {evaluation.broken[:5]}")
    scores = tuple(
        RuleScore(
            rule=rule.id,
            level=rule.setting.level,
            weight=rule.setting.weight,
            penalty=evaluation.penalty.get(i, 0),
            cost=rule.setting.weight * evaluation.penalty.get(i, 0),
        )
        for i, rule in enumerate(book.rules)
        if rule.setting.kind == "soft"
    )
    instance = book.facts.instance
    return Schedule(
        status=status,
        placements=placements(book, families, chosen),
        unplaced=unplaced(book, families, chosen),
        objective=sum(score.cost for score in scores),
        bound=levels[0].bound if len(levels) == 1 else None,
        more=more,
        scores=scores,
        levels=levels,
        sense=instance.policy.sense,
        strategy=strategy,
        seconds=seconds,
        seed=seed,
        workers=workers,
        versions=versions(),
        instance_name=instance.name,
        planning_date=instance.planning_date,
    )


def versions() -> dict[str, str]:
    """Versions that a result depends on."""
    found = {"clinical-rotation-scheduler": __version__, "python": platform.python_version()}
    for name in ("ortools", "numpy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an unusual installation without metadata
            found[name] = "unknown"
    return found
