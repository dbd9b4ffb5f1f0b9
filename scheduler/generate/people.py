"""Who has to be placed: schools, their programs, students and groups."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.domain.tables import Group, School, Student, StudentRequirement
from scheduler.generate.courses.assistants import assistant_course
from scheduler.generate.courses.course import Course, trimmed
from scheduler.generate.courses.medicine import medical_course
from scheduler.generate.courses.nursing import group_course, group_sizes, senior_course
from scheduler.generate.courses.pharmacy import pharmacy_course
from scheduler.generate.courses.therapy import therapy_course
from scheduler.generate.draws import Rng, apportion, between, chance, shuffled, some
from scheduler.generate.names import words
from scheduler.generate.tiers import Frame

#: Share of the students by profession, lowest and highest percent.
STUDENTS_PERCENT = {"rn": (50, 58), "pa": (12, 16), "md": (11, 15), "pharmd": (8, 12), "pt": (4, 6), "ot": (2, 4)}
#: Share of the schools that teach it, in percent; at least so many.
SCHOOLS_PERCENT = {"rn": (65, 1), "pa": (35, 1), "md": (30, 1), "pharmd": (30, 2), "pt": (25, 1), "ot": (15, 1)}
#: Of the nursing students: come in groups, in percent.
IN_GROUPS_PERCENT = (58, 68)
#: Of the nursing schools: seniors have a rotation as groups before their capstone, in percent.
SENIOR_GROUPS_PERCENT = 40
#: Of the groups of at least 8: may be split into parts of at least four, in percent.
SPLITTABLE_PERCENT = 30
#: Of the groups: one to three students are not named yet, in percent.
UNNAMED_PERCENT = 15
#: Of the faculty: lead two groups, in percent.
TWO_GROUPS_PERCENT = 20
#: The smallest term has nursing and two of these.
OTHERS = ("pa", "md", "pharmd", "pt")


@dataclass(frozen=True)
class People:
    """Everybody who has to be placed.

    Attributes
    ----------
    students, groups
        By program.
    adds
        Listed rotations of the students.
    """

    schools: tuple[School, ...]
    courses: tuple[Course, ...]
    students: dict[str, list[Student]]
    groups: dict[str, list[Group]]
    adds: tuple[StudentRequirement, ...]


def make_people(frame: Frame) -> People:
    """Draw schools, programs and students."""
    names = words(frame.rng("names of schools"), frame.tier.schools)
    schools = tuple(School(school=f"{name[:4].lower()}{i}", name=f"{name} University") for i, name in enumerate(names, 1))
    courses = tuple(trimmed(c) for c in make_courses(frame, [s.school for s in schools]))
    students: dict[str, list[Student]] = {}
    groups: dict[str, list[Group]] = {}
    adds: list[StudentRequirement] = []
    rng = frame.rng("people")
    for course in courses:
        program = course.program.program
        groups[program] = _groups(rng, course)
        students[program] = _students(rng, frame, course, groups[program])
        adds += [
            StudentRequirement(student=student.student, requirement=name, change="add")
            for i, student in enumerate(students[program])
            for name in course.track_of(i)
        ]
    return People(schools, courses, students, groups, tuple(adds))


def make_courses(frame: Frame, schools: list[str]) -> list[Course]:
    """Draw which school teaches what, to how many."""
    rng = frame.rng("courses")
    if len(schools) == 2:
        kinds = ["rn", *shuffled(rng, OTHERS)[:2]]
        sizes = dict(zip(kinds, apportion(frame.tier.students, (3, 1, 1)), strict=True))
    else:
        kinds = list(STUDENTS_PERCENT)
        shares = [between(rng, *STUDENTS_PERCENT[kind]) for kind in kinds]
        sizes = dict(zip(kinds, apportion(frame.tier.students, shares), strict=True))
    of_school = _who_teaches(rng, schools, kinds)
    courses: list[Course] = []
    for kind in kinds:
        where = of_school[kind]
        if kind == "rn":
            courses += _nursing(frame, rng, where, sizes[kind])
            continue
        weights = [between(rng, 2, 5) for _ in where]
        counts = apportion(sizes[kind], weights, least=min(2, sizes[kind] // len(where)))
        for number, (school, count) in enumerate(zip(where, counts, strict=True)):
            if kind == "pa":
                courses.append(assistant_course(frame, rng, school, count))
            elif kind == "md":
                courses.append(medical_course(frame, rng, school, count))
            elif kind == "pharmd":
                courses.append(pharmacy_course(frame, rng, school, count, by_month=number == 1))
            else:
                courses.append(therapy_course(frame, rng, school, count, kind))
    return courses


def _who_teaches(rng: Rng, schools: list[str], kinds: list[str]) -> dict[str, list[str]]:
    """The schools of each profession; every school teaches something."""
    found: dict[str, list[str]] = {}
    for kind in kinds:
        percent, least = SCHOOLS_PERCENT[kind]
        count = max(min(least, len(schools) // 2), (len(schools) * percent + 50) // 100)
        found[kind] = shuffled(rng, schools)[:count]
    idle = [s for s in schools if not any(s in where for where in found.values())]
    for i, school in enumerate(idle):
        found[kinds[i % len(kinds)]].append(school)
    return found


def _nursing(frame: Frame, rng: Rng, schools: list[str], students: int) -> list[Course]:
    """Groups at every nursing school, and seniors at those that have any."""
    small = students < 30
    wanted = students * between(rng, *IN_GROUPS_PERCENT) // 100
    sizes, left = group_sizes(rng, max(6, wanted), one_group=small)
    seniors = students - sum(sizes)
    del left
    dealt: list[list[int]] = [[] for _ in schools]
    weights = apportion(len(sizes), [between(rng, 2, 6) for _ in schools], least=1 if len(sizes) >= len(schools) else 0)
    at = 0
    for i, count in enumerate(weights):
        dealt[i] = list(sizes[at : at + count])
        at += count
    courses = [group_course(frame, rng, school, tuple(mine)) for school, mine in zip(schools, dealt, strict=True) if mine]
    with_seniors = some(rng, schools, 70, least=1)
    counts = apportion(seniors, [between(rng, 2, 6) for _ in with_seniors])
    for school, count in zip(with_seniors, counts, strict=True):
        groups: tuple[int, ...] = ()
        if count >= 10 and chance(rng, SENIOR_GROUPS_PERCENT):
            groups, _ = group_sizes(rng, count * 2 // 3, one_group=count < 20)
        if count:
            courses.append(senior_course(frame, rng, school, count, groups))
    return courses


def _groups(rng: Rng, course: Course) -> list[Group]:
    """Groups of a course, each with its faculty member, who may lead two."""
    groups: list[Group] = []
    faculty = 0
    alone = True  # whether the last faculty member leads one group so far
    for number, size in enumerate(course.groups):
        if number == 0 or not (alone and chance(rng, TWO_GROUPS_PERCENT)):
            faculty, alone = faculty + 1, True
        else:
            alone = False
        splits = alone and size >= 8 and chance(rng, SPLITTABLE_PERCENT)
        groups.append(
            Group(
                group=f"{course.program.program}-G{number + 1}",
                program=course.program.program,
                requirements=course.group_track_of(number),
                size=size,
                least_size=4 if splits else None,
                split="allowed" if splits else "never",
                faculty=f"f-{course.program.program}-{faculty}",
            )
        )
    return groups


def _students(rng: Rng, frame: Frame, course: Course, groups: list[Group]) -> list[Student]:
    """Students of a course: those of its groups first; some are not named yet."""
    members: list[tuple[str | None, bool]] = []
    for group in groups:
        unnamed = between(rng, 1, 3) if chance(rng, UNNAMED_PERCENT) else 0
        members += [(group.group, i < group.size - unnamed) for i in range(group.size)]
    members += [(None, True)] * (course.students - len(members))
    begins = course.begins
    late = begins if begins is not None and begins > frame.monday(1) else None
    program = course.program.program
    return [
        Student(
            student=f"{program}-{i:03d}" if named else f"{program}-tbd{i:03d}",
            program=program,
            group=group,
            named=named,
            available_from=late,
        )
        for i, (group, named) in enumerate(members, 1)
    ]
