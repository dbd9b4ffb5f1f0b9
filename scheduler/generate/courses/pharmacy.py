"""Pharmacy: advanced practice in blocks of six weeks, at one school by calendar month; students rank the places."""

from __future__ import annotations

from datetime import date, timedelta

from scheduler.domain.tables import Program, Requirement
from scheduler.generate.courses.course import Course, holidays, window
from scheduler.generate.draws import Rng, between
from scheduler.generate.tiers import Frame

ROTATIONS = {
    "HOSP": ("Hospital pharmacy", "hospital-pharmacy"),
    "AMB": ("Ambulatory care", "ambulatory-pharmacy"),
    "ACUTE": ("Acute care", "acute-care-pharmacy"),
    "COMM": ("Community pharmacy", "community-pharmacy"),
}
#: Chosen after the four required ones: three of these.
ELECTIVES = {"EL-HOSP": "HOSP", "EL-AMB": "AMB", "EL-ACUTE": "ACUTE", "EL-COMM": "COMM"}
YEAR_ROTATIONS = 7
BLOCK_WEEKS = 6
MONTH_WEEKS = 4
#: Block numbers within which the winter holidays lie begin after them.
WINTER_WEEKS = (18, 20)


def pharmacy_course(frame: Frame, rng: Rng, school: str, students: int, by_month: bool) -> Course:
    """A last year, or the part of it that the horizon holds."""
    name = f"{school}-pharmd"
    blocks = _months(frame) if by_month else _six_weeks(frame, between(rng, 0, 2))
    calendar = [window(name, start, end, "block") for start, end in blocks] + holidays(frame, name, "pause")
    wanted = min(YEAR_ROTATIONS, len(blocks))
    year = wanted == YEAR_ROTATIONS
    common = {"program": name, "amount": MONTH_WEEKS if by_month else BLOCK_WEEKS, "supervision": "precepted"}
    requirements = [
        Requirement.model_validate(
            {
                **common,
                "requirement": key,
                "name": title,
                "specialties": (specialty,),
                "applies_to": "all" if wanted >= len(ROTATIONS) else "listed",
            }
        )
        for key, (title, specialty) in ROTATIONS.items()
    ]
    if year:
        requirements += [
            Requirement.model_validate(
                {
                    **common,
                    "requirement": key,
                    "name": f"Elective: {ROTATIONS[base][0].lower()}",
                    "specialties": (ROTATIONS[base][1],),
                    "elective_set": "electives",
                    "choose": YEAR_ROTATIONS - len(ROTATIONS),
                    "after": (base,),
                }
            )
            for key, base in ELECTIVES.items()
        ]
    keys = list(ROTATIONS)
    listed = wanted < len(ROTATIONS)
    tracks = tuple(tuple(sorted(keys[(i + j) % 4] for j in range(wanted))) for i in range(4)) if listed else ()
    starts = tuple(start for start, _ in blocks)
    return Course(
        Program(program=name, school=school, profession="pharmd", name="Pharmacy, last year"),
        tuple(requirements),
        tuple(calendar),
        {r.requirement: starts for r in requirements},
        students,
        tracks=tracks,
        begins=starts[0],
    )


def _six_weeks(frame: Frame, week: int) -> list[tuple[date, date]]:
    """Blocks one after another; none lies over the winter holidays."""
    blocks = []
    while week + BLOCK_WEEKS <= frame.tier.weeks:
        if week + BLOCK_WEEKS > WINTER_WEEKS[1] > week:
            week = WINTER_WEEKS[1]
            continue
        blocks.append((frame.monday(week), frame.last(week + BLOCK_WEEKS)))
        week += BLOCK_WEEKS
    return blocks


def _months(frame: Frame) -> list[tuple[date, date]]:
    """The calendar months that the horizon holds whole."""
    first = date(frame.first_monday.year, 9, 1)
    months: list[tuple[date, date]] = []
    while True:
        following = (first + timedelta(days=31)).replace(day=1)
        if not frame.holds(first, following - timedelta(days=1)):
            return months
        months.append((first, following - timedelta(days=1)))
        first = following
