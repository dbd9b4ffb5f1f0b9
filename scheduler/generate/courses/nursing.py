"""Nursing: groups of 6 to 10 with faculty in half terms, and capstones that follow a preceptor."""

from __future__ import annotations

from datetime import date

from scheduler.domain.tables import CalendarRow, Program, Requirement
from scheduler.generate.courses.course import Course, away, holidays, weeks_of, window
from scheduler.generate.draws import Rng, between, chance, pick
from scheduler.generate.tiers import Frame

#: A half term: seven weeks of two days.
HALF_WEEKS = 7
#: Week in which the terms begin when the horizon begins in late August.
TERMS = {"fall": 0, "spring": 19, "summer": 37}
#: Weekdays with classes, on which a program's groups cannot come.
CLASS_DAYS = ((), (), (), (0, 2), (1, 3), (4,), (0,))
SCARCE = ("OB", "PED", "PSY")
NAMES = {
    "MS1": ("Medical-surgical nursing I", ("medsurg", "telemetry")),
    "MS2": ("Medical-surgical nursing II", ("medsurg", "telemetry")),
    "OB": ("Maternal-newborn nursing", ("obstetrics",)),
    "PED": ("Children's nursing", ("pediatrics",)),
    "PSY": ("Mental health nursing", ("psychiatry",)),
}


def group_sizes(rng: Rng, students: int, one_group: bool) -> tuple[tuple[int, ...], int]:
    """Sizes of 6 to 10 out of so many students, and who is left over (fewer than 6)."""
    if one_group:
        size = between(rng, 6, min(10, students))
        return (size,), students - size
    sizes = []
    while students >= 6:
        sizes.append(min(students, pick(rng, (6, 7, 8, 8, 8, 8, 9, 10))))
        students -= sizes[-1]
    return tuple(sizes), students


def group_course(frame: Frame, rng: Rng, school: str, groups: tuple[int, ...]) -> Course:
    """A course whose groups take a rotation in each half of its terms."""
    long = frame.tier.weeks >= 52
    kind = pick(rng, ("bsn3", "adn", "absn")) if long else "bsn3"
    names = {"bsn3": ("fall", "spring"), "adn": ("fall", "spring"), "absn": ("fall", "spring", "summer")}[kind]
    if kind == "adn" and chance(rng, 40):
        names = ("spring", "summer")
    program = Program(program=f"{school}-{kind}", school=school, profession="rn", name=f"Nursing ({kind.rstrip('3').upper()})")
    offset, gap = between(rng, 0, 1), between(rng, 0, 1)
    # Where Thanksgiving is made up, the last half ends a day or two into the week after it.
    made_up = frame.tier.weeks > 16 and chance(rng, 35)
    calendar: list[CalendarRow] = []
    halves: list[date] = []
    for name in names:
        first = TERMS[name] + (offset if name == "fall" else 0)
        weeks = [w for w in (first, first + HALF_WEEKS + gap) if w + HALF_WEEKS <= frame.tier.weeks]
        if weeks:
            halves += [frame.monday(w) for w in weeks]
            end = min(frame.tier.weeks, weeks[-1] + HALF_WEEKS + made_up)
            calendar.append(window(program.program, frame.monday(first), frame.last(end)))
    class_days = pick(rng, CLASS_DAYS)
    if class_days:
        calendar.append(away(program.program, frame.first_monday, frame.last_day, "call-back", "forbid", class_days))
    calendar += holidays(frame, program.program, "extend" if made_up else "pause")
    needed = list(NAMES) if len(halves) > 4 else ["MS1", "OB", "PED", "PSY"]
    return Course(
        program,
        tuple(
            Requirement(
                program=program.program,
                requirement=name,
                name=NAMES[name][0],
                specialties=NAMES[name][1],
                amount=HALF_WEEKS,
                supervision="faculty",
                after=("MS1",) if name == "MS2" else (),
                applies_to="listed",
            )
            for name in needed
        ),
        tuple(calendar),
        {name: tuple(halves) for name in needed},
        sum(groups),
        groups,
        _tracks(needed, len(halves)),
        class_days=class_days,
        begins=halves[0],
    )


def _tracks(needed: list[str], halves: int) -> tuple[tuple[str, ...], ...]:
    """What each group takes: all of it, or medical-surgical nursing and what fits of the rest in turn."""
    if len(needed) <= halves:
        return (tuple(needed),)
    count = halves - 1
    return tuple(("MS1", *(SCARCE[(i + j) % len(SCARCE)] for j in range(count))) for i in range(len(SCARCE)))


def senior_course(frame: Frame, rng: Rng, school: str, students: int, groups: tuple[int, ...] = ()) -> Course:
    """The last year: a capstone with a preceptor each; where there are groups, after a rotation of the group."""
    name = f"{school}-bsn4"
    program = Program(program=name, school=school, profession="rn", name="Nursing (BSN), last year")
    terms = [first for term, first in TERMS.items() if first + 14 <= frame.tier.weeks and (term != "summer" or not groups)]
    first = pick(rng, terms)
    hours = pick(rng, (108, 120, 144, 180))
    capstone = Requirement(
        program=name,
        requirement="CAP",
        name="Capstone with a preceptor",
        specialties=("capstone",),
        amount=hours,
        amount_unit="hours",
        supervision="precepted",
        level="senior",
        after=("MS3",) if groups else (),
    )
    weeks = weeks_of(capstone)
    # The whole term of fifteen weeks, as far as the horizon holds it; after a group's half term only the second half.
    end = min(frame.tier.weeks, first + 16)
    begins = first + (HALF_WEEKS if groups else between(rng, 0, 4))
    starts = {"CAP": tuple(frame.monday(w) for w in range(begins, end - weeks + 1))}
    calendar = [window(name, frame.monday(begins), frame.last(end), requirement="CAP"), *holidays(frame, name, "pause")]
    requirements = [capstone]
    if groups:
        calendar.append(window(name, frame.monday(first), frame.last(first + HALF_WEEKS), requirement="MS3"))
        starts["MS3"] = (frame.monday(first),)
        requirements.append(
            Requirement(
                program=name,
                requirement="MS3",
                name="Medical-surgical nursing III",
                specialties=("medsurg", "telemetry"),
                amount=HALF_WEEKS,
                supervision="faculty",
                applies_to="listed",
            )
        )
    return Course(
        program,
        tuple(requirements),
        tuple(calendar),
        starts,
        students,
        groups,
        (("MS3",),) if groups else (),
        begins=frame.monday(first if groups else begins),
    )
