"""Physical and occupational therapy: long placements of 8 and 12 weeks that may begin on any Monday of their window."""

from __future__ import annotations

from datetime import date

from scheduler.domain.tables import Program, Requirement
from scheduler.generate.courses.course import Course, holidays, window
from scheduler.generate.draws import Rng, between
from scheduler.generate.tiers import Frame

NAMES = {
    "PT-8": "Clinical experience I",
    "PT-12A": "Clinical experience II",
    "PT-12B": "Terminal clinical experience",
    "OT-A": "Level II fieldwork A",
    "OT-B": "Level II fieldwork B",
}
#: Rotation: weeks, and the weeks of the horizon from which and to which it may be taken; by weeks of the horizon.
WINDOWS = {
    "pt": {
        52: {"PT-8": (8, 0, 14), "PT-12A": (12, 18, 34), "PT-12B": (12, 33, 51)},
        26: {"PT-8": (8, 0, 12), "PT-12A": (12, 12, 26)},
        0: {"PT-8": (8, 0, 14), "PT-12A": (12, 1, 16)},
    },
    "ot": {
        52: {"OT-A": (12, 0, 15), "OT-B": (12, 18, 36)},
        26: {"OT-A": (12, 0, 13), "OT-B": (12, 13, 26)},
        0: {"OT-A": (12, 0, 15)},
    },
}
SPECIALTIES = {"pt": ("orthopedics", "rehab"), "ot": ("rehab",)}


def therapy_course(frame: Frame, rng: Rng, school: str, students: int, profession: str) -> Course:
    """A year of long placements, or the part of it that the horizon holds."""
    name = f"{school}-{'dpt' if profession == 'pt' else 'ot'}"
    title = "Physical therapy (DPT)" if profession == "pt" else "Occupational therapy"
    plans = WINDOWS[profession]
    plan = plans[max(weeks for weeks in plans if weeks <= frame.tier.weeks)]
    shift = between(rng, 0, 1) if frame.tier.weeks >= 52 else 0
    single = frame.tier.weeks < 26
    calendar, starts = [], {}
    for key, (weeks, first, end) in plan.items():
        calendar.append(window(name, frame.monday(first + shift), frame.last(end + shift), requirement=key))
        starts[key] = tuple(frame.monday(w) for w in range(first + shift, end + shift - weeks + 1))
    begins: date = min(day for days in starts.values() for day in days)
    return Course(
        Program(program=name, school=school, profession=profession, name=title),
        tuple(
            Requirement(
                program=name,
                requirement=key,
                name=NAMES[key],
                specialties=SPECIALTIES[profession],
                amount=weeks,
                supervision="precepted",
                applies_to="listed" if single else "all",
            )
            for key, (weeks, _, _) in plan.items()
        ),
        (*calendar, *holidays(frame, name, "extend" if profession == "pt" else "pause")),
        starts,
        students,
        tracks=tuple((key,) for key in plan) if single else (),
        begins=begins,
    )
