"""Physician assistants: a clinical year of blocks of 4 or 5 weeks, each ending with call-back days on campus."""

from __future__ import annotations

from datetime import timedelta

from scheduler.domain.tables import Program, Requirement
from scheduler.generate.courses.course import Course, away, holidays, window
from scheduler.generate.draws import Rng, between, pick
from scheduler.generate.tiers import Frame

#: Rotation: name, specialty, supervision. The seven core areas of the accreditation standards.
CORE = {
    "IM": ("Internal medicine", "internal", "service"),
    "SURG": ("Surgery", "surgery", "service"),
    "EM": ("Emergency medicine", "emergency", "precepted"),
    "WH": ("Women's health", "obgyn", "precepted"),
    "PED": ("Pediatrics", "pediatrics", "precepted"),
    "PSY": ("Behavioral health", "psychiatry", "precepted"),
    "FM": ("Family medicine", "family", "precepted"),
}
ELECTIVES = {"EL-IM": "internal", "EL-FM": "family", "EL-EM": "emergency", "EL-NEU": "neurology"}
#: Rotations in a clinical year, and blocks over which no block begins (the winter holidays).
YEAR_ROTATIONS = 9
WINTER_WEEKS = (17, 19)


def assistant_course(frame: Frame, rng: Rng, school: str, students: int) -> Course:
    """A clinical year, or the part of it that the horizon holds: then every student has some core areas still to do."""
    name = f"{school}-pa"
    length, week = pick(rng, (4, 5)), between(rng, 0, 1)
    blocks = []
    while week + length <= frame.tier.weeks:
        if WINTER_WEEKS[0] < week + length and week < WINTER_WEEKS[1] and frame.tier.weeks > WINTER_WEEKS[1] + length:
            week = WINTER_WEEKS[1]
            continue
        blocks.append(week)
        week += length
    calendar = []
    for week in blocks:
        start, end = frame.monday(week), frame.last(week + length)
        calendar.append(window(name, start, end, "block"))
        # The last Thursday and Friday of a block.
        calendar.append(away(name, end - timedelta(days=3), end - timedelta(days=2), "call-back", "pause"))
    calendar += holidays(frame, name, "pause")
    wanted = min(YEAR_ROTATIONS, len(blocks))
    year = wanted == YEAR_ROTATIONS
    common = {"program": name, "amount": length, "lane": "block"}
    requirements = [
        Requirement.model_validate(
            {
                **common,
                "requirement": key,
                "name": title,
                "specialties": (specialty,),
                "supervision": supervision,
                "after": ("IM",) if key == "EM" else (),
                "applies_to": "all" if year else "listed",
            }
        )
        for key, (title, specialty, supervision) in CORE.items()
    ]
    if year:
        requirements += [
            Requirement.model_validate(
                {
                    **common,
                    "requirement": key,
                    "name": f"Elective: {specialty}",
                    "specialties": (specialty,),
                    "supervision": "service" if specialty == "internal" else "precepted",
                    "elective_set": "electives",
                    "choose": YEAR_ROTATIONS - len(CORE),
                }
            )
            for key, specialty in ELECTIVES.items()
        ]
    core = list(CORE)
    shift = between(rng, 1, 3)
    tracks = tuple(tuple(sorted({core[(i * shift + 2 * j) % 7] for j in range(min(wanted, 7))})) for i in range(7))
    starts = tuple(frame.monday(w) for w in blocks)
    return Course(
        Program(program=name, school=school, profession="pa", name="Physician assistant, clinical year"),
        tuple(requirements),
        tuple(calendar),
        {r.requirement: starts for r in requirements},
        students,
        tracks=() if year else tracks,
        begins=starts[0],
    )
