"""Curricula that contradict themselves, or that nothing can fulfil: spacings, weeks, breadth, competencies, credits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scheduler.domain.tables import Credit, Preceptor, Program, Requirement, Site, Spacing, StudentRequirement, Unit
from scheduler.io.checks.draft import Draft, Say, least_above_most
from scheduler.io.report import nearest

#: What the same one throughout leaves only one of.
SAME = {"unit": ("least_units", "least_sites", "least_settings"), "site": ("least_sites", "least_settings")}

#: One of what a student may have too few of.
ONE = {"sites": "site", "units": "unit", "settings": "setting", "specialties": "specialty"}


def check_spacings(draft: Draft) -> None:
    """A spacing is between rotations of its program, says something, and can hold."""
    again = {row.requirement for _, row in draft.each(StudentRequirement) if row.change in ("add", "repeat")}
    for say, row in draft.each(Spacing):
        rotations = draft.requirements.get(row.program, {})
        if draft.tables["requirements"].readable and row.program in draft.programs:
            for column, name in (("requirement", row.requirement), ("other", row.other)):
                if name not in rotations:
                    message = f"unknown required rotation of program {row.program}"
                    say(column, message, "unknown_requirement", value=name, meant=rotations)
        if row.least_weeks is None and row.most_weeks is None:
            message = "the row limits nothing"
            say("least_weeks", message, "no_effect", severity="warning", expected="least_weeks or most_weeks")
        if row.least_weeks is not None and row.most_weeks is not None and row.least_weeks > row.most_weeks:
            least_above_most(say, "least_weeks", row.least_weeks, "most_weeks", row.most_weeks)
        same = rotations.get(row.requirement)
        if row.requirement == row.other and same and same.blocks == 1 and row.requirement not in again:
            message = "a rotation that is not split has no time between its placements"
            say("other", message, "no_effect", value=row.other, severity="warning", expected="another rotation")


def check_weeks_of_rotations(draft: Draft) -> None:
    """There is room between the first and the last week, and in the weeks within which a split rotation lies."""
    heavy: dict[str, list[tuple[Say, Requirement]]] = {}
    for say, row in draft.each(Requirement):
        in_weeks = row.amount if row.amount_unit == "weeks" else 1
        least = row.weeks_min or (in_weeks if row.blocks == 1 else 1)
        if row.first_week and row.last_week and row.first_week > row.last_week:
            least_above_most(say, "first_week", row.first_week, "last_week", row.last_week)
        elif row.last_week and row.last_week - (row.first_week or 1) + 1 < least:
            message = f"a placement of {least} weeks does not fit before it"
            expected = f"{(row.first_week or 1) + least - 1} or later"
            say("last_week", message, "impossible", value=row.last_week, severity="warning", expected=expected)
        if draft.frame.horizon and row.first_week:
            weeks = ((draft.frame.horizon[1] - draft.frame.horizon[0]).days + 1) // 7
            if row.first_week > weeks:
                message = f"the planning horizon has {weeks} weeks"
                say("first_week", message, "impossible", value=row.first_week, severity="warning", expected=f"at most {weeks}")
        if row.within_weeks and row.blocks == 1:
            message = "has no effect on a rotation that is not split"
            say("within_weeks", message, "no_effect", value=row.within_weeks, severity="warning", expected="blocks of 2 or more")
        elif row.within_weeks and row.lane == "block" and row.within_weeks < in_weeks:
            message = f"the rotation alone takes {in_weeks} weeks"
            expected = f"{in_weeks} or more"
            say("within_weeks", message, "impossible", value=row.within_weeks, severity="warning", expected=expected)
        if row.heavy:
            heavy.setdefault(row.program, []).append((say, row))
    for rows in heavy.values():
        if len(rows) == 1 and rows[0][1].blocks == 1:
            message = "it is the only heavy rotation of its program"
            rows[0][0]("heavy", message, "no_effect", value=True, severity="warning", expected="two or more")


def check_breadth(draft: Draft) -> None:
    """What is wanted at least is there, and is not above what is allowed at most."""
    settings = {site.setting for _, site in draft.each(Site, partial=True) if site.setting}
    specialties = {s for _, unit in draft.each(Unit, partial=True) for s in unit.specialties or ()}
    specialties |= {slot.specialty for slot in draft.slots.values() if slot.specialty}
    units, sites = draft.known["units"], draft.known["sites"]
    there = {"sites": sites, "units": units, "settings": settings, "specialties": specialties}
    for say, row in draft.each(Program):
        for column, most in (("sites", row.most_sites), ("specialties", row.most_specialties)):
            least = getattr(row, f"least_{column}")
            if least and most and least > most:
                least_above_most(say, f"least_{column}", least, f"most_{column}", most)
        for column, known in there.items():
            least = getattr(row, f"least_{column}")
            if least and known is not None and least > max(1, len(known)):
                message = (
                    f"there {'is' if len(known) == 1 else 'are'} only {_few(column, len(known))}" if known else "there are none"
                )
                expected = f"at most {len(known)}" if known else "an empty cell"
                say(f"least_{column}", message, "impossible", value=least, severity="warning", expected=expected)
        for column in SAME.get(row.continuity or "", ()):
            if (getattr(row, column) or 0) > 1:
                message = f"continuity asks for the same {row.continuity} throughout"
                say(column, message, "contradiction", value=getattr(row, column), expected="1, or no continuity")
        names = [name for name, _ in row.least_setting_weeks]
        for name in names:
            if name not in settings and draft.tables["sites"].readable:
                message = "no site has this setting"
                say("least_setting_weeks", message, "unknown_setting", value=name, severity="warning", meant=settings)
        if len(set(names)) < len(names):
            say("least_setting_weeks", "a setting is listed twice", "duplicate_row", value=";".join(names))


def check_competencies(draft: Draft) -> None:
    """A competency that somebody lists, or that is nearly one, is written the same everywhere."""
    asked = {name for _, row in draft.each(Requirement, partial=True) for name in row.competencies or ()}
    offered = {name for _, unit in draft.each(Unit, partial=True) for name in unit.competencies or ()}
    offered |= {name for _, person in draft.each(Preceptor, partial=True) for name in person.competencies or ()}
    for say, rotation in draft.each(Requirement):
        for name in rotation.competencies:
            if offered and name not in offered:
                message = "no unit or preceptor lists this competency"
                say("competencies", message, "unknown_competency", value=name, severity="warning", meant=offered)
    for say, credit in draft.each(Credit):
        _misspelt(say, "competencies", credit.competencies, asked, "no required rotation names this competency")


def check_credits(draft: Draft) -> None:
    """One party did it, anywhere and with anybody; a name that is nearly that of a unit or preceptor is probably meant for it."""
    units, preceptors = draft.known["units"], draft.known["preceptors"]
    for say, row in draft.each(Credit):
        if (row.student is None) == (row.group is None):
            say("student", "exactly one of student and group must be filled", "one_of", value=row.student)
        if units is not None and row.unit is not None:
            _misspelt(say, "unit", (row.unit,), units, "unknown id in units")
        if preceptors is not None and row.preceptor is not None:
            _misspelt(say, "preceptor", (row.preceptor,), preceptors, "unknown id in preceptors")


def _few(things: str, number: int) -> str:
    """``1 specialty``, ``2 specialties``."""
    return f"{number} {ONE[things] if number == 1 else things}"


def _misspelt(say: Say, column: str, names: Iterable[str], known: Iterable[str], message: str) -> None:
    found = set(known)
    for name in names:
        if name not in found and nearest(name, found) is not None:
            say(column, message, "unknown_reference", value=name, severity="warning", meant=found)


CHECKS: tuple[Callable[[Draft], None], ...] = (
    check_spacings,
    check_weeks_of_rotations,
    check_breadth,
    check_competencies,
    check_credits,
)
