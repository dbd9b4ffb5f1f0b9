"""What a schedule amounts to, in figures that can stand beside those of another; counted from what the verifier sees."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from scheduler.domain import GONE, Instance, Schedule
from scheduler.domain.equality import equality
from scheduler.export.tables.people import weeks_with_students
from scheduler.verify import Report
from scheduler.verify.facts import Facts
from scheduler.verify.suitability import concerns, fulfils
from scheduler.verify.travel import km_from_home
from scheduler.verify.wishes import WEIGHING, ranked_lists

#: Choices are told apart up to this one.
LAST_CHOICE = 3
#: One figure: a name for programs, a title for people, the value (None: there is none), and its unit.
Figure = tuple[str, str, float | None, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one schedule in its instance.

    Attributes
    ----------
    asked
        Students' rotations asked.
    placements, places
        Placements, and students placed, once for each placement.
    unplaced, lacking
        Rotations without a placement, and students who lack something.
    by_specialty, by_school
        Unplaced rotations by what they teach and by whose they are.
    choices
        How often a ranked wish of a student or group got which choice; 0 is none of the list.
    worst_off
        Points of who is worst off; None where the rule is off.
    smallest_to_largest, jain
        How equal schools are served, from 0 to 1; None with fewer than two.
    teaching, weeks, most_weeks
        Preceptors who have students, and in how many weeks on average and at most.
    km
        Mean way of a student from home to a placement; None where nobody's is known.
    """

    asked: int
    placements: int
    places: int
    unplaced: int
    lacking: int
    by_specialty: dict[str, int]
    by_school: dict[str, int]
    choices: dict[int, int]
    worst_off: int | None
    smallest_to_largest: float | None
    jain: float | None
    teaching: int
    weeks: float
    most_weeks: int
    km: float | None

    def rows(self) -> Iterator[Figure]:
        """All figures in the order in which people read them."""
        yield "asked", "Students' rotations asked", self.asked, ""
        yield "placements", "Placements", self.placements, ""
        yield "places", "Students placed", self.places, ""
        yield "unplaced", "Unplaced rotations", self.unplaced, ""
        for name, n in self.by_specialty.items():
            yield f"unplaced_specialty_{name}", f"  {name}", n, ""
        for name, n in self.by_school.items():
            yield f"unplaced_school_{name}", f"  of school {name}", n, ""
        yield "lacking", "Students who lack something", self.lacking, ""
        for k in range(1, LAST_CHOICE + 1):
            last = k == LAST_CHOICE
            n = sum(n for rank, n in self.choices.items() if rank == k or (last and rank > k))
            yield f"choice_{k}", f"Choice {k}{' or later' if last else ''}", n, ""
        yield "choice_none", "Not on the list", self.choices.get(0, 0), ""
        yield "worst_off", "Points of who is worst off", self.worst_off, ""
        yield "smallest_to_largest", "Smallest share ÷ largest", _percent(self.smallest_to_largest), "%"
        yield "jain", "Equity of schools (Jain)", _percent(self.jain), "%"
        yield "teaching", "Preceptors with students", self.teaching, ""
        yield "weeks", "Their weeks, mean", round(self.weeks, 1), ""
        yield "most_weeks", "Their weeks, most", self.most_weeks, ""
        yield "km", "Way from home, mean", None if self.km is None else round(self.km, 1), "km"


def figures(instance: Instance, schedule: Schedule, report: Report) -> Figures:
    """The figures of a schedule that the verifier has checked."""
    facts = Facts(instance, schedule)
    held = [p for p in schedule.placements if p.status not in GONE]
    alike = equality(report.schools)
    weeks = [
        len(w)
        for p in instance.preceptors
        if p.preceptor in facts.by_preceptor and (w := weeks_with_students(facts, p.preceptor))
    ]
    ways = [km for p in facts.placed for student in p.party.members if (km := km_from_home(facts, student, p)) is not None]
    return Figures(
        asked=sum(school.asked for school in report.schools),
        placements=len(held),
        places=sum(p.students for p in held),
        unplaced=len(report.unplaced),
        lacking=sum({(u.student, u.group, u.part): u.students for u in report.unplaced}.values()),
        by_specialty=_sorted(Counter(_specialty(instance, u.program, u.requirement) for u in report.unplaced)),
        by_school=_sorted(Counter(instance.program_by_id[u.program].school for u in report.unplaced)),
        choices=_choices(facts),
        worst_off=report.penalties.get("worst_off"),
        smallest_to_largest=alike.smallest_to_largest if alike else None,
        jain=alike.jain if alike else None,
        teaching=len(weeks),
        weeks=fmean(weeks) if weeks else 0.0,
        most_weeks=max(weeks, default=0),
        km=fmean(ways) if ways else None,
    )


def _specialty(instance: Instance, program: str, requirement: str) -> str:
    """What an unplaced rotation teaches; of an elective set, its name."""
    row = instance.requirement_by_id.get((program, requirement))
    return " or ".join(row.specialties) if row else f"electives {requirement}"


def _choices(facts: Facts) -> dict[int, int]:
    """For each placement and each ranked list of its party that is about it: which choice it is, 0 for none of them."""
    found: dict[int, int] = defaultdict(int)
    for party, placed in facts.by_party.items():
        rows = [row for row in facts.own_wishes(party) if row.what not in WEIGHING and not row.refuse]
        for ranked in ranked_lists(rows):
            for p in placed:
                if concerns(p, ranked[0]):
                    found[min((row.rank or 0 for row in ranked if fulfils(p, row)), default=0)] += 1
    return dict(sorted(found.items()))


def _sorted(numbers: Counter[str]) -> dict[str, int]:
    return dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0])))


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
