"""Limits of licence, experience, group and hours that nothing can meet, or that limit nothing."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.domain.tables import Commitment, Group, Preceptor, Program, Requirement
from scheduler.io.checks.draft import Draft, Say

PRECEPTED = ("precepted", "co-precepted")
HOURS_A_WEEK = 168


def check_preceptor_limits(draft: Draft) -> None:
    """What a rotation asks of preceptors needs some, of known licence."""
    people = [p for _, p in draft.each(Preceptor) if p.kind != "faculty"]
    for say, row in draft.each(Requirement):
        for column in ("licences", "least_experience_years", "most_preceptors"):
            if getattr(row, column) not in (None, ()) and row.supervision not in PRECEPTED:
                message = f"has no effect: the rotation is supervised by {row.supervision}"
                say(column, message, "no_effect", value=_text(getattr(row, column)), severity="warning")
        if row.most_preceptors == 1 and row.supervision == "co-precepted":
            message = "a co-precepted rotation has two"
            say("most_preceptors", message, "impossible", value=1, severity="warning", expected="2 or more")
        elif row.most_preceptors is not None and row.blocks == 1 and row.supervision in PRECEPTED:
            message = "has no effect on a rotation in one placement"
            say("most_preceptors", message, "no_effect", value=row.most_preceptors, severity="warning")
        if row.licences and row.supervision in PRECEPTED:
            able = [p for p in people if not p.specialties or set(p.specialties) & set(row.specialties)]
            _check_licences(say, row, able)


def _check_licences(say: Say, row: Requirement, able: list[Preceptor]) -> None:
    unknown = [p.preceptor for p in able if p.licence is None]
    if able and not any(p.licence in row.licences for p in able):
        message = "no preceptor who teaches this has one of these licences"
        known = {p.licence for p in able if p.licence}
        fix = f"fill in licence in preceptors: it is empty for {_some(unknown)}" if unknown else ""
        say("licences", message, "impossible", value=_text(row.licences), suggestion=fix, severity="warning", meant=known)
    elif unknown:
        message = f"the licence of {_some(unknown)} is not known: not accepted here"
        fix = "fill in licence in preceptors"
        say("licences", message, "incomplete", value=_text(row.licences), suggestion=fix, severity="warning")


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} preceptors, like {names[0]}"


def _text(value: object) -> object:
    return ";".join(value) if isinstance(value, tuple) else value


def check_licence_hours(draft: Draft) -> None:
    """Hours are asked of licences that exist, once each, and that some preceptor has."""
    have = {p.licence for _, p in draft.each(Preceptor) if p.licence and p.kind != "faculty"}
    known = draft.known["professions"]
    for say, row in draft.each(Program):
        names = [name for name, _ in row.licence_hours]
        if len(set(names)) < len(names):
            say("licence_hours", "a licence is listed twice", "duplicate_row", value=";".join(names))
        for name in names:
            if known is not None and name not in known:
                say("licence_hours", "unknown profession", "unknown_profession", value=name, meant=known)
            elif name not in have:
                message = "no preceptor has this licence, so somebody's last rotation is never placed"
                say("licence_hours", message, "impossible", value=name, severity="warning", meant=have)


def check_group_ratios(draft: Draft) -> None:
    """A group that is too large for its faculty member can be split into parts that are not."""
    programs = {p.program: p for _, p in draft.each(Program)}
    led = {(r.program, r.requirement) for _, r in draft.each(Requirement) if r.supervision == "faculty"}
    for say, group in draft.each(Group):
        program = programs.get(group.program)
        most = program.most_per_faculty if program else None
        rotations = {(group.program, r) for r in group.requirements} or {key for key in led if key[0] == group.program}
        if most is None or group.size <= most or not rotations & led:
            continue
        splits = group.split == "allowed" and group.least_size is not None and group.size >= 2 * group.least_size
        largest = -(-group.size // (group.size // group.least_size)) if splits and group.least_size else group.size
        if largest > most:
            message = f"its faculty member may lead {most} (most_per_faculty)"
            least = group.size // -(-group.size // most)
            fix = f"allow to split it, with a least_size of at most {least}"
            say("size", message, "impossible", value=group.size, suggestion=fix, severity="warning")


def check_hours(draft: Draft) -> None:
    """Hours of a commitment are a student's, fit into a week, and leave some."""
    programs = {p.program: p for _, p in draft.each(Program)}
    for say, program in draft.each(Program):
        if program.most_hours_per_week is not None and program.most_hours_per_week > HOURS_A_WEEK:
            _beyond_a_week(say, "most_hours_per_week", program.most_hours_per_week)
    for say, row in draft.each(Commitment):
        hours = row.hours_per_week
        if not hours:
            continue
        if row.who_kind not in ("student", "group"):
            message = "only those of a student or group are counted"
            say("hours_per_week", message, "no_effect", value=hours, severity="warning")
            continue
        if hours > HOURS_A_WEEK:
            _beyond_a_week(say, "hours_per_week", hours)
        elif len(row.weekdays) == 7 and row.shift is None and (row.end - row.start).days >= 7 and not row.requirement:
            message = f"without weekdays and shift it takes all the time of {row.who}, not {hours} hours a week"
            fix = "give the weekdays and the shift of the work"
            say("weekdays", message, "impossible", suggestion=fix, severity="warning")
        who = draft.students.get(row.who) if row.who_kind == "student" else draft.groups.get(row.who)
        own = programs.get(who.program) if who is not None else None
        if own is None:
            continue
        if own.most_hours_per_week is None:
            message = f"has no effect: program {own.program} has no most_hours_per_week"
            say("hours_per_week", message, "no_effect", value=hours, severity="warning")
        elif hours >= own.most_hours_per_week:
            message = f"leaves no hour of the {own.most_hours_per_week} a week of program {own.program}"
            say("hours_per_week", message, "impossible", value=hours, severity="warning")


def _beyond_a_week(say: Say, column: str, hours: int) -> None:
    say(column, f"a week has {HOURS_A_WEEK} hours", "type", value=hours, expected=f"at most {HOURS_A_WEEK}")


CHECKS: tuple[Callable[[Draft], None], ...] = (check_preceptor_limits, check_licence_hours, check_group_ratios, check_hours)
