"""What a schedule says of itself, compared with what was recomputed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from scheduler.domain import RULES, Placement, Schedule, Setting, Status, Unplaced
from scheduler.domain.types import format_weekdays
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Finding
from scheduler.verify.placed import Placed, chosen_weekdays, days_per_week, is_bare, possible_specialties

#: Hours are written with a few decimals: 36 seconds are no difference.
HOURS_TOLERANCE = 0.01


def placement(facts: Facts) -> Iterator[Finding]:
    """The columns of every placement that follow from the others; a bare row (without times) claims only what it fills."""
    for placed in facts.placed:
        row = placed.row
        if placed.slot.pattern == "any" and chosen_weekdays(placed.slot, row) != tuple(sorted(row.weekdays)):
            count = days_per_week(placed.slot)
            if not (is_bare(row) and count == len(placed.slot.weekdays)):
                yield Finding(
                    f"{placed.title}: weekdays {format_weekdays(row.weekdays) or 'blank'} are not "
                    f"{count} of {format_weekdays(placed.slot.weekdays)}",
                    1,
                    (placed,),
                )
                continue
        wrong = [
            f"{column} is {_show(found)}, should be {_show(expected)}" for column, found, expected in _differences(facts, placed)
        ]
        if wrong:
            yield Finding(f"{placed.title}: {'; '.join(wrong)}", 1, (placed,))


def _differences(facts: Facts, placed: Placed) -> Iterator[tuple[str, object, object]]:
    """Column, value found, and value expected, where they differ."""
    row, timing = placed.row, placed.timing
    bare = is_bare(row)
    expected: dict[str, object] = {
        "students": placed.size,
        "school": placed.party.program.school,
        "program": placed.party.program.program,
        "site": placed.unit.site,
        "unit": placed.unit.unit,
        "shift": placed.slot.shift or "",
        "weekdays": tuple(sorted(timing.weekdays)),
    }
    if not bare:
        cover = facts.covers.get(placed)
        expected["cover"] = cover.who.preceptor if cover else ""
        expected["cover_start"] = date.fromordinal(cover.first) if cover else None
        expected["cover_end"] = date.fromordinal(cover.last) if cover else None
        expected["end"] = date.fromordinal(timing.end)
        expected["weeks"] = timing.weeks
    for column, value in expected.items():
        found = getattr(row, column)
        unfilled = bare and found in ("", Placement.model_fields[column].default)
        if found != value and not unfilled:
            yield column, found, value
    possible = possible_specialties(placed.requirement, placed.slot, placed.unit)
    if row.specialty not in possible and possible and not (bare and not row.specialty):
        yield "specialty", row.specialty, placed.specialty
    if not bare:
        lost = timing.lost * timing.session_minutes / 60
        for column, found, value in (
            ("hours", row.hours, timing.minutes / 60 - lost),
            ("hours_lost", row.hours_lost, lost),
        ):
            if not abs(found - value) <= HOURS_TOLERANCE:  # said this way round, a NaN is wrong too
                yield column, found, value


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return format_weekdays(value) or "blank"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) or "blank"


def unplaced(facts: Facts, recomputed: tuple[Unplaced, ...]) -> Iterator[Finding]:
    """The rows of what is missing; not compared where the schedule claims nothing at all."""
    schedule = facts.schedule
    if schedule.objective is None and not schedule.unplaced:
        return
    claimed: dict[tuple[str, str, int, str, str], int] = defaultdict(int)
    for row in schedule.unplaced:
        parts = facts.parties.bodies(row.group) if row.group in facts.parties.groups and not row.part else ()
        for part in [p.part for p in parts] or [row.part]:
            claimed[row.student, row.group, part, row.requirement, row.unit] += row.missing
    real = {(row.student, row.group, row.part, row.requirement, row.unit): row.missing for row in recomputed}
    sizes = {(row.student, row.group, row.part): row.students for row in recomputed}
    for row in schedule.unplaced:
        size = sizes.get((row.student, row.group, row.part))
        if size is not None and row.students != size:
            yield Finding(f"Unplaced row of {_who(row)}, {row.requirement}: students is {row.students}, should be {size}")
    for key in sorted({*claimed, *real}):
        found, expected = claimed.get(key, 0), real.get(key, 0)
        if found != expected:
            student, group, part, requirement, unit = key
            who = student or (f"group {group} part {part}" if part else f"group {group}")
            yield Finding(f"{who} lacks {expected} {unit} of {requirement}, the schedule says {found}")


def _who(row: Unplaced) -> str:
    return row.student or (f"group {row.group} part {row.part}" if row.part else f"group {row.group}")


def objective(schedule: Schedule, settings: dict[str, Setting], penalties: dict[str, int]) -> Iterator[Finding]:
    """Objective, scores and levels; what is left out claims nothing."""
    total = sum(settings[rule].weight * penalty for rule, penalty in penalties.items())
    if schedule.objective is not None and schedule.objective != total:
        yield Finding(f"The schedule says that its objective is {schedule.objective}, it is {total}")
    if schedule.scores:
        claimed = {score.rule: score for score in schedule.scores}
        for rule in RULES:
            penalty = penalties.get(rule, 0)
            score = claimed.pop(rule, None)
            if (score.penalty if score else 0) != penalty:
                found = f"{score.penalty}" if score else "nothing"
                yield Finding(f"The schedule says that rule {rule} costs {found} ({RULES[rule].unit}), it costs {penalty}")
            elif score and rule in penalties and (score.weight, score.level) != (settings[rule].weight, settings[rule].level):
                yield Finding(
                    f"The schedule says that rule {rule} has weight {score.weight} and level {score.level}, "
                    f"the policy says {settings[rule].weight} and {settings[rule].level}"
                )
            elif score and score.cost != score.weight * score.penalty:
                product = f"{score.weight} × {score.penalty}"
                yield Finding(f"The schedule says that rule {rule} costs {score.cost}, which is not {product}")
        for rule in claimed:
            yield Finding(f"The schedule has a score for a rule {rule} that does not exist")
    for level in schedule.levels:
        cost = sum(settings[rule].weight * p for rule, p in penalties.items() if settings[rule].level == level.level)
        if level.objective != cost:
            yield Finding(f"The schedule says that the objective of level {level.level} is {level.objective}, it is {cost}")


def bound(schedule: Schedule) -> Iterator[Finding]:
    """A lower bound is never above the objective, and meets it where the schedule is called optimal."""
    if schedule.objective is not None and schedule.bound is not None:
        if schedule.bound > schedule.objective:
            yield Finding(f"The bound {schedule.bound} is above the objective {schedule.objective}")
        elif schedule.status is Status.OPTIMAL and len(schedule.levels) <= 1 and schedule.bound != schedule.objective:
            yield Finding(
                f"The schedule is called optimal, but its bound {schedule.bound} is below the objective {schedule.objective}"
            )
    for level in schedule.levels:
        if level.bound > level.objective:
            yield Finding(f"The bound {level.bound} of level {level.level} is above its objective {level.objective}")
