"""The Medical Student Scheduling problem (Akbarzadeh & Maenhout 2021; Zanazzo et al. 2024) as an ordinary instance.

Students take disciplines at hospitals over periods of equal length; every discipline lasts `duration` periods. One period
becomes one week, a discipline a required rotation, a group of disciplines an elective set, a hospital × discipline a unit
with one slot. Everything is numbered from 1 in the order of the file: students ``s1…``, disciplines ``d1…``, hospitals
``h1…``, groups ``g1…``, units and slots ``h1-d1…``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVar

import numpy as np

from scheduler.convert.mss_data import Flags, MssInstance, read_mss, transitive
from scheduler.domain import Instance, Policy, RulePolicy
from scheduler.domain.tables import (
    Availability,
    CapacityRow,
    Conflict,
    Preference,
    Program,
    Requirement,
    School,
    Site,
    Slot,
    Student,
    StudentRequirement,
    Unit,
)
from scheduler.errors import InputError, Problem

__all__ = ["FIRST_MONDAY", "PLANNING_DATE", "MssInstance", "read_mss", "to_instance", "unplaced_weight"]

#: The format knows no dates: period 1 is the week of this Monday.
FIRST_MONDAY = date(2026, 1, 5)
PLANNING_DATE = date(2025, 12, 1)
SCHOOL = "school"
PROGRAM = "program"
#: The largest weight that a policy takes.
MAX_WEIGHT = 1_000_000

T = TypeVar("T")


def to_instance(mss: MssInstance) -> Instance:
    """The same problem in our own tables, with a policy under which the objective is theirs.

    A schedule without unplaced rotations and with every minimum filled then has the objective (maximised) Σ score + min
    score. Leaving a rotation unplaced, or a student missing from a minimum, costs more than all points together (see
    `unplaced_weight`), so that there always is a schedule and only what cannot be helped is missing.
    One difference stays: a student who takes nothing
    at all has the score 0 there and may be the worst-off; here nothing is asked of the student, who does not count.

    Raises
    ------
    InputError
        If the points are so large that no weight outweighs them.
    """
    closed = _closed(mss)
    offered = [
        (h, d) for h in range(mss.hospitals) for d in range(mss.disciplines) if mss.most[h, d].any() or mss.least[h, d].any()
    ]
    limit_binds = mss.most_per_hospital < mss.wanted.sum(axis=1).max()
    most_per_site = mss.most_per_hospital if limit_binds else None
    return Instance(
        name=mss.name,
        first_monday=FIRST_MONDAY,
        weeks=mss.horizon,
        planning_date=PLANNING_DATE,
        policy=_policy(mss),
        schools=(School(school=SCHOOL),),
        programs=(Program(program=PROGRAM, school=SCHOOL, profession="md", most_per_site=most_per_site),),
        requirements=tuple(_requirement(mss, d) for d in range(mss.disciplines)),
        students=tuple(Student(student=_student(s), program=PROGRAM) for s in range(mss.students)),
        student_requirements=tuple(_student_requirements(mss, closed)),
        availability=tuple(_availability(mss)),
        preferences=tuple(_preferences(mss, closed)),
        sites=tuple(Site(site=_site(h)) for h in range(mss.hospitals)),
        units=tuple(Unit(unit=_unit(h, d), site=_site(h), specialties=(_discipline(d),)) for h, d in offered),
        slots=tuple(_slot(mss, h, d) for h, d in offered if mss.most[h, d].any() and mss.duration <= mss.horizon),
        capacity=tuple(row for h, d in offered for row in _capacity(mss, h, d)),
        conflicts=tuple(
            Conflict(student=_student(s), unit=_unit(h, d))
            for s in range(mss.students)
            for h, d in offered
            if not closed[s, d] and not mss.able[s, h, d]
        ),
    )


def unplaced_weight(mss: MssInstance) -> int:
    """The weight with which no rotation is ever given up for points.

    Let U_s be the points of student s for the best disciplines of each group at the best hospital, without changes or
    waiting; L_s those for the worst, with a change after each and the whole horizon spent waiting. No schedule, complete
    or not, wins more than ΣU + min U or less than ΣL + min L. A missing rotation costs 100 × weight, so with
    100 × weight > (ΣU + min U) − (ΣL + min L) a schedule with fewer missing rotations is always better.
    """
    at_hospital = mss.weights[:, 1:2] * mss.hospital_points
    of_discipline = mss.weights[:, :1] * mss.discipline_points + mss.general_points
    upper, lower = np.zeros(mss.students, dtype=np.int64), np.zeros(mss.students, dtype=np.int64)
    for g in range(mss.groups):
        members = mss.group_of == g
        best = np.sort(np.maximum(0, of_discipline[:, members] + at_hospital.max(axis=1, keepdims=True)))[:, ::-1]
        worst = np.sort(np.minimum(0, of_discipline[:, members] + at_hospital.min(axis=1, keepdims=True)))
        taken = np.arange(members.sum()) < mss.wanted[:, g : g + 1]
        upper += (best * taken).sum(axis=1)
        lower += (worst * taken).sum(axis=1)
    lower += mss.weights[:, 2] * mss.wanted.sum(axis=1) + mss.weights[:, 3] * mss.horizon
    return int(upper.sum() + upper.min() - lower.sum() - lower.min()) // 100 + 1


def _policy(mss: MssInstance) -> Policy:
    weight = unplaced_weight(mss)
    if 100 * weight > MAX_WEIGHT:
        message = (
            f"the points are too large: places to be filled would need the weight {100 * weight}, the largest is {MAX_WEIGHT}"
        )
        raise InputError(Problem(message, file=f"{mss.name}.dzn", code="range"))
    points = RulePolicy(kind="soft", weight=1)
    off = RulePolicy(kind="off")
    return Policy(
        sense="maximise",
        rules={
            "requirement": RulePolicy(kind="soft", weight=weight),
            "elective": RulePolicy(kind="soft", weight=weight),
            "unit_minimum": RulePolicy(kind="soft", weight=100 * weight),
            "preference": points,
            "waiting": points,
            "site_change": points,
            "worst_off": RulePolicy(
                kind="soft",
                weight=1,
                parameters={"rules": ("preference", "waiting", "site_change"), "scale": "raw"},
            ),
            "keep_whole": off,
            "availability_wish": off,
            "preceptor_balance": off,
            "pin_wish": off,
        },
    )


def _closed(mss: MssInstance) -> Flags:
    """(S, D) Disciplines that a student cannot take.

    Closed are those that are not allowed, those of a group of which the student takes none, and with them everything that
    must come after one of them: a waived rotation would count as done.
    """
    closed = ~mss.allowed | (mss.wanted[:, mss.group_of] == 0)
    counts = closed.astype(np.int64) @ transitive(mss.before).T.astype(np.int64)
    result: Flags = closed | (counts > 0)
    return result


def _requirement(mss: MssInstance, d: int) -> Requirement:
    return Requirement(
        program=PROGRAM,
        requirement=_discipline(d),
        specialties=(_discipline(d),),
        amount=mss.duration,
        elective_set=_group(int(mss.group_of[d])),
        choose=0,  # each student's own number is in student_requirements
        after=tuple(_discipline(int(e)) for e in np.flatnonzero(mss.before[d])),
    )


def _student_requirements(mss: MssInstance, closed: Flags) -> Iterator[StudentRequirement]:
    for s in range(mss.students):
        for g in range(mss.groups):
            if mss.wanted[s, g]:
                yield StudentRequirement(
                    student=_student(s), requirement=_group(g), change="choose", amount=int(mss.wanted[s, g])
                )
        for d in np.flatnonzero(closed[s]):
            yield StudentRequirement(student=_student(s), requirement=_discipline(int(d)), change="waive")


def _availability(mss: MssInstance) -> Iterator[Availability]:
    for s in range(mss.students):
        for available, start, end in _runs(mss.available[s].tolist()):
            if not available:
                yield Availability(who_kind="student", who=_student(s), start=start, end=end)


def _preferences(mss: MssInstance, closed: Flags) -> Iterator[Preference]:
    for s in range(mss.students):
        student = {"who_kind": "student", "who": _student(s)}
        discipline, hospital, change, waiting = (int(w) for w in mss.weights[s])
        for d in np.flatnonzero((mss.discipline_points[s] != 0) & ~closed[s]):
            score = discipline * int(mss.discipline_points[s, d])
            yield Preference(**student, what="specialty", value=_discipline(int(d)), score=score)
        for h in np.flatnonzero(mss.hospital_points[s]):
            yield Preference(**student, what="site", value=_site(int(h)), score=hospital * int(mss.hospital_points[s, h]))
        # Also where they are 0: without a row each change and each week costs 1.
        yield Preference(**student, what="site_change", score=change)
        yield Preference(**student, what="waiting", score=waiting)
    for d in np.flatnonzero(mss.general_points):
        score = int(mss.general_points[d])
        yield Preference(who_kind="school", who=SCHOOL, what="specialty", value=_discipline(int(d)), score=score)


def _slot(mss: MssInstance, h: int, d: int) -> Slot:
    return Slot(
        slot=_unit(h, d),
        unit=_unit(h, d),
        specialty=_discipline(d),
        first_start=_monday(0),
        last_start=_monday(mss.horizon - mss.duration),
        length=mss.duration,
        most_students=int(mss.most[h, d].max()),
    )


def _capacity(mss: MssInstance, h: int, d: int) -> Iterator[CapacityRow]:
    """Rows where a period takes fewer than the slot, or asks for students."""
    limits = [
        (int(most) if most < mss.most[h, d].max() else None, int(least) or None)
        for most, least in zip(mss.most[h, d], mss.least[h, d], strict=True)
    ]
    for (most, least), start, end in _runs(limits):
        if most is not None or least is not None:
            yield CapacityRow(unit=_unit(h, d), start=start, end=end, most_students=most, least_students=least)


def _runs(values: list[T]) -> Iterator[tuple[T, date, date]]:
    """Runs of equal values, one value a period, with the Monday on which each starts and the Sunday on which it ends."""
    period = 0
    for value, run in groupby(values):
        length = len(list(run))
        yield value, _monday(period), _monday(period + length) - timedelta(days=1)
        period += length


def _monday(period: int) -> date:
    return FIRST_MONDAY + timedelta(weeks=period)


def _student(s: int) -> str:
    return f"s{s + 1}"


def _discipline(d: int) -> str:
    return f"d{d + 1}"


def _site(h: int) -> str:
    return f"h{h + 1}"


def _group(g: int) -> str:
    return f"g{g + 1}"


def _unit(h: int, d: int) -> str:
    return f"{_site(h)}-{_discipline(d)}"
