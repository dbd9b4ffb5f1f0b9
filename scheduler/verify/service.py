"""What sites need and who sponsors: high need, languages, scholarships."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.placed import Placed


def high_need(facts: Facts) -> Iterator[Finding]:
    """Weeks of students at sites of high need."""
    for p in facts.placed:
        if facts.instance.site_by_id[p.unit.site].high_need:
            yield Finding(f"{p.title}: site {p.unit.site} is one of high need", -p.timing.weeks * p.size, (p,), p.party)


@each_placement(bows_to_pins=True)
def language(facts: Facts, placed: Placed) -> Iterator[str]:
    """Each student whose languages are listed speaks one that is needed."""
    who, needed = f"site {placed.unit.site}", facts.instance.site_by_id[placed.unit.site].languages
    if not needed and placed.preceptor:
        who, needed = f"preceptor {placed.preceptor.preceptor}", placed.preceptor.languages
    for student in placed.party.members:
        if needed and student.languages and not set(needed) & set(student.languages):
            yield f"{who} asks for {' or '.join(needed)}, which {student.student} does not speak"


@each_placement(bows_to_pins=True)
def scholarship(facts: Facts, placed: Placed) -> Iterator[str]:
    """Each holder is at a sponsoring site."""
    for student in placed.party.members:
        for row in facts.instance.scholarships:
            concerned = not row.professions or placed.party.program.profession in row.professions
            if row.scholarship == student.scholarship and concerned and row.sites and placed.unit.site not in row.sites:
                yield f"site {placed.unit.site} does not sponsor {row.scholarship}, which {student.student} holds"


CHECKS: dict[str, Check] = {"high_need": high_need, "language": language, "scholarship": scholarship}
