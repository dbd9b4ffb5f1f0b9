"""Preceptors, commitments and conflicts that contradict themselves."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.domain.tables import Clearance, Commitment, Conflict, IpeTeam, Preceptor, Program, SiteClearance
from scheduler.io.checks.draft import Draft
from scheduler.io.report import nearest


def check_preceptors(draft: Draft) -> None:
    """Nobody covers for himself, nor for whose students he or she does not supervise."""
    people = {row.preceptor: row for _, row in draft.each(Preceptor)}
    for say, row in draft.each(Preceptor):
        cover = people.get(row.cover or "")
        if row.cover == row.preceptor:
            say("cover", "a preceptor cannot be the own cover", "contradiction", value=row.cover)
        elif cover and supervised(cover) and not supervised(cover) >= supervised(row):
            message = f"{row.cover} does not supervise all whom {row.preceptor} does, and covers only for the others"
            say("cover", message, "contradiction", value=row.cover, severity="warning")


def supervised(row: Preceptor) -> frozenset[str]:
    """The professions that somebody supervises; empty for all."""
    return frozenset(row.supervises or ((row.licence,) if row.licence else ()))


def check_commitments(draft: Draft) -> None:
    """Only what a student or group does elsewhere can fulfil a required rotation."""
    for say, row in draft.each(Commitment):
        if row.requirement is not None and row.who_kind not in ("student", "group"):
            message = "only a commitment of a student or group fulfils a required rotation"
            say("requirement", message, "no_effect", value=row.requirement, severity="warning")


def check_conflicts(draft: Draft) -> None:
    """A conflict is with somebody or something."""
    for say, row in draft.each(Conflict):
        if row.unit is None and row.site is None and row.preceptor is None:
            say("unit", "the row names nothing to keep away from", "missing_value", expected="a unit, a site or a preceptor")


def check_clearances(draft: Draft) -> None:
    """A proof of what no site asks for is kept; one whose name is nearly that of a demand is probably meant for it."""
    asked = {row.item for _, row in draft.each(SiteClearance)}
    meant = {row.item: nearest(row.item, asked) for _, row in draft.each(Clearance) if row.item not in asked}
    for say, row in draft.each(Clearance):
        if meant.get(row.item) is not None:
            say("item", "no site asks for this", "unknown_reference", value=row.item, severity="warning", meant=asked)


def check_ipe_teams(draft: Draft) -> None:
    """A team meets in one place and has at least two students."""
    for say, row in draft.each(IpeTeam):
        if (row.unit is None) == (row.site is None):
            say("unit", "exactly one of unit and site must be filled", "one_of", value=row.unit)
        names = [name for name, _ in row.professions]
        if len(set(names)) < len(names):
            say("professions", "a profession is listed twice", "duplicate_row", value=";".join(names))
        if sum(count for _, count in row.professions) < 2 or any(count < 1 for _, count in row.professions):
            say("professions", "a team has at least two students, one of each profession", "type", expected="like rn:2;pharmd:1")
        if row.most_students is not None and row.most_students < sum(count for _, count in row.professions):
            message = "is smaller than the professions together"
            say("most_students", message, "least_above_most", value=row.most_students, expected="at least their sum")
    longest: dict[str, int] = {}
    for _, row in draft.each(IpeTeam):
        for name, _ in row.professions:
            longest[name] = max(longest.get(name, 0), row.weeks)
    for say, program in draft.each(Program):
        if program.least_ipe_weeks and longest.get(program.profession, 0) < program.least_ipe_weeks:
            message = f"no row of ipe_teams has {program.profession} for so many weeks"
            say("least_ipe_weeks", message, "no_effect", value=program.least_ipe_weeks, severity="warning")


CHECKS: tuple[Callable[[Draft], None], ...] = (
    check_preceptors,
    check_commitments,
    check_conflicts,
    check_clearances,
    check_ipe_teams,
)
