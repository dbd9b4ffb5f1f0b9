"""Tables of what came out: the summary, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.domain import RULES, Instance
from scheduler.domain.onboarding import onboarding
from scheduler.domain.wording import count, proof_sentence
from scheduler.export.sheets import Sheet, Value
from scheduler.export.tables.cells import Kind, natural, rotation, table

if TYPE_CHECKING:
    from scheduler.export.view import View

_SUMMARY: tuple[tuple[str, Kind], ...] = (("what", "text"), ("value", "text"))
_UNPLACED: tuple[tuple[str, Kind], ...] = (
    ("who", "text"),
    ("students", "number"),
    ("school", "text"),
    ("program", "text"),
    ("rotation", "text"),
    ("missing", "number"),
    ("unit", "text"),
    ("reason", "text"),
)
_NOT_KEPT: tuple[tuple[str, Kind], ...] = (
    ("rule", "text"),
    ("where", "text"),
    ("amount", "number"),
    ("unit", "text"),
    ("points", "number"),
)
_AT_RISK: tuple[tuple[str, Kind], ...] = (
    ("due", "date"),
    ("student", "text"),
    ("group", "text"),
    ("school", "text"),
    ("program", "text"),
    ("item", "text"),
    ("status", "text"),
    ("site", "text"),
    ("unit", "text"),
    ("rotation", "text"),
    ("start", "date"),
    ("note", "text"),
)


def summary(seen: View) -> Sheet:
    """What a coordinator wants to know first, as what and value."""
    return table("summary", _SUMMARY, _summary(seen), 1)


def _summary(seen: View) -> Iterator[tuple[Value, ...]]:
    instance, schedule, report = seen.instance, seen.schedule, seen.report
    yield "Schedule", seen.title
    yield "First day", instance.first_monday
    yield "Last day", instance.last_day
    yield "Seen from", instance.planning_date
    yield "Schools", len(instance.school_by_id)
    yield "Students", student_count(seen)
    yield "Placements", len(seen.stays)
    yield "Student places", place_count(seen)
    if seen.gone:
        yield "Declined or withdrawn", len(seen.gone)
    if seen.reader is None or seen.reader.kind in ("school", "student"):
        yield "Unplaced rotations", len(report.unplaced)
    hard = "hard " * bool(report.gave_way)
    yield "Rules", f"every {hard}rule holds" if report.ok else f"BROKEN in {count(len(report.violations), 'place')}, see below"
    for violation in report.violations:
        yield "Does not hold", f"{violation.sentence} ({violation.rule})"
    if seen.reader is None:
        yield "Proof", proof(seen)
        cost = "Cost" if schedule.sense == "minimise" else "Won"
        yield f"{cost} (points)", schedule.shown(report.objective)
        costs = {rule: instance.policy.setting(RULES[rule]).weight * n for rule, n in report.penalties.items()}
        for rule, points in sorted(costs.items(), key=lambda item: -abs(item[1])):
            if points:
                yield f"{cost}: {RULES[rule].title}", schedule.shown(points)
    if schedule.instance_hash:
        yield "Version of the input", schedule.instance_hash[:12]


def proof(seen: View) -> str:
    """How good the schedule is proven to be. What is unplaced is what the check found: an edited schedule claims nothing."""
    if not seen.holds:
        return "nothing is proved about a schedule that does not pass the check"
    return proof_sentence(seen.schedule.model_copy(update={"unplaced": seen.report.unplaced}))


def place_count(seen: View) -> int:
    """Students placed, once for each placement; a student who reads counts alone, without the rest of the group."""
    if seen.reader is not None and seen.reader.kind == "student":
        return len(seen.stays)
    return sum(stay.row.students for stay in seen.stays)


def student_count(seen: View) -> int:
    """Students, named or not: those alone, and the sizes of groups."""
    instance = seen.instance
    if seen.reader is not None and seen.reader.kind == "student":
        return 1
    return sum(not s.group for s in instance.students) + sum(g.size for g in instance.groups)


def unplaced(seen: View) -> Sheet:
    """One row a student (or group, or part of one) and rotation that is missing; reasons are the solver's."""
    instance = seen.instance
    reasons = {(u.student, u.group, u.part, u.requirement): u.reason for u in seen.schedule.unplaced}
    rows = []
    for row in seen.report.unplaced:
        program = instance.program_by_id[row.program]
        school = instance.school_by_id.get(program.school)
        required = instance.requirement_by_id.get((row.program, row.requirement))
        part = f" part {row.part}" if row.part else ""
        own = (row.student, row.group, row.part, row.requirement)
        of_group = (row.student, row.group, 0, row.requirement)
        cells: tuple[Value, ...] = (
            row.student or f"group {row.group}{part}",
            row.students,
            (school.name if school else "") or program.school,
            program.name or program.program,
            rotation(row.requirement, required.name or row.requirement) if required else f"electives {row.requirement}",
            row.missing,
            row.unit,
            reasons.get(own) or reasons.get(of_group) or "no reason recorded",
        )
        rows.append((natural(str(cells[2]), str(cells[3]), str(cells[0]), row.requirement), cells))
    return table("unplaced", _UNPLACED, (cells for _, cells in sorted(rows)), 1)


def not_kept(seen: View) -> Sheet:
    """One row a place where a soft rule, which could be hard, gave way; the rules that cost most first."""
    weight = {rule: seen.instance.policy.setting(RULES[rule]).weight for rule in seen.report.penalties}
    cost = {rule: weight[rule] * penalty for rule, penalty in seen.report.penalties.items()}
    rows = [
        (RULES[found.rule].title, found.sentence, found.amount, RULES[found.rule].unit, weight[found.rule] * found.amount)
        for found in sorted(seen.report.gave_way, key=lambda v: (-cost[v.rule], v.rule))
    ]
    return table("not_kept", _NOT_KEPT, rows, 1)


def at_risk(seen: View, whole: Instance) -> Sheet:
    """One row a student, placement and compliance item that is still due, the most urgent first.

    Parameters
    ----------
    whole
        The instance with everybody's proofs.
    """
    known = {s.student for s in seen.instance.students}
    names = {(stay.row.unit, stay.row.program, stay.row.requirement): stay for stay in seen.stays}
    rows = []
    for item in onboarding(whole, [stay.row for stay in seen.stays]):
        if item.student in known:
            stay = names[item.unit, item.program, item.requirement]
            cells: tuple[Value, ...] = (
                item.due,
                item.student,
                item.group,
                stay.school_name,
                stay.program_name,
                item.item,
                item.status,
                stay.site_name,
                stay.unit_name,
                rotation(item.requirement, stay.requirement_name),
                item.start,
                item.note,
            )
            rows.append(cells)
    return table("at_risk", _AT_RISK, rows, 2)
