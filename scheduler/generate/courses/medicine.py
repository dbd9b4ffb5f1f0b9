"""Medicine: clerkships of 4 to 8 weeks in quarters of twelve, with a weekly clinic beside them and excused half days."""

from __future__ import annotations

from datetime import timedelta

from scheduler.domain.tables import Program, Requirement
from scheduler.generate.courses.course import Course, away, holidays, window
from scheduler.generate.draws import Rng, between, chance
from scheduler.generate.tiers import Frame

#: Clerkship: name, specialty, weeks, supervision.
CLERKSHIPS = {
    "IM": ("Internal medicine clerkship", "internal", 8, "service"),
    "SURG": ("Surgery clerkship", "surgery", 8, "service"),
    "PED": ("Pediatrics clerkship", "pediatrics", 6, "precepted"),
    "OB": ("Obstetrics and gynecology clerkship", "obgyn", 6, "service"),
    "FM": ("Family medicine clerkship", "family", 6, "precepted"),
    "PSY": ("Psychiatry clerkship", "psychiatry", 6, "precepted"),
    "NEU": ("Neurology clerkship", "neurology", 4, "precepted"),
}
#: What fills a quarter, where students have one or two of them ahead.
QUARTERS = (("IM", "NEU"), ("PED", "OB"), ("SURG", "NEU"), ("FM", "PSY"))
QUARTER_WEEKS = 12
CLINIC = "CC"


def medical_course(frame: Frame, rng: Rng, school: str, students: int) -> Course:
    """A clerkship year, or the quarters of it that the horizon holds."""
    name = f"{school}-md"
    weeks = frame.tier.weeks
    first = between(rng, 0, min(2, weeks % QUARTER_WEEKS))
    quarters = list(range(first, weeks - QUARTER_WEEKS + 1, QUARTER_WEEKS))
    year = len(quarters) == 4
    # Half of the schools have neurology as one of two electives, so that six clerkships are core.
    chosen = year and chance(rng, 50)
    clerkships = dict(CLERKSHIPS)
    if chosen:
        clerkships["EM"] = ("Emergency medicine clerkship", "emergency", 4, "precepted")
    requirements = [
        Requirement.model_validate(
            {
                "program": name,
                "requirement": key,
                "name": title,
                "specialties": (specialty,),
                "amount": length,
                "supervision": supervision,
                "elective_set": "selective" if chosen and length == 4 else None,
                "choose": 1 if chosen and length == 4 else None,
                "after": ("IM",) if key in ("NEU", "EM") and year else (),
                "applies_to": "all" if year else "listed",
            }
        )
        for key, (title, specialty, length, supervision) in clerkships.items()
    ]
    sessions = QUARTER_WEEKS * len(quarters)
    calendar = []
    starts = {}
    for r in requirements:
        calendar += [window(name, frame.monday(q), frame.last(q + QUARTER_WEEKS), requirement=r.requirement) for q in quarters]
        within = {8: (0, 4), 6: (0, 6), 4: (0, 8)}[r.amount]  # 8 and 4 weeks fill a quarter, or 6 and 6
        starts[r.requirement] = tuple(frame.monday(q + w) for q in quarters for w in within)
    requirements.append(
        Requirement(
            program=name,
            requirement=CLINIC,
            name="Continuity clinic",
            specialties=("primary-care",),
            amount=sessions,
            amount_unit="sessions",
            lane="longitudinal",
            supervision="precepted",
        )
    )
    starts[CLINIC] = (frame.monday(first),)
    for q in quarters:
        exam = frame.last(q + QUARTER_WEEKS) - timedelta(days=2)
        calendar.append(away(name, exam, exam, "exam", "pause"))
    # Academic half-day: Wednesday afternoons on campus.
    calendar.append(away(name, frame.monday(first), frame.last(quarters[-1] + QUARTER_WEEKS), "call-back", "pause", (2,), "pm"))
    calendar += holidays(frame, name, "pause")
    turn = between(rng, 0, 3)
    tracks = tuple(
        tuple(key for n in range(len(quarters)) for key in QUARTERS[(turn + i + n) % len(QUARTERS)]) for i in range(len(QUARTERS))
    )
    return Course(
        Program(program=name, school=school, profession="md", name="Medicine, clerkship year"),
        tuple(requirements),
        tuple(calendar),
        starts,
        students,
        tracks=() if year else tracks,
        begins=frame.monday(first),
    )
