"""Tables of schools and of who goes first: how equal a schedule is, and what decided contested places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from scheduler.domain.equality import SchoolOutcome, equality
from scheduler.export.sheets import Sheet, Value
from scheduler.export.tables.cells import Kind, natural, number, rotation, table
from scheduler.verify.demand import unplaced as missing
from scheduler.verify.equity import outcomes
from scheduler.verify.facts import Facts
from scheduler.verify.load import presence
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed, possible_specialties
from scheduler.verify.ranking import Ranking

#: So many people are named for each source.
MOST_NAMES = 5
_SCHOOLS: tuple[tuple[str, Kind], ...] = (
    ("school", "text"),
    ("asked", "number"),
    ("placed", "number"),
    ("share", "number"),
    ("preference", "number"),
    ("interprofessional", "number"),
)
_EQUITY: tuple[tuple[str, Kind], ...] = (
    ("what", "text"),
    ("own", "number"),
    ("all", "number"),
)
#: With fewer schools the figures of all would tell those of another one.
FEWEST_COMPARED = 3
_WHO: tuple[tuple[str, Kind], ...] = (
    ("rank", "number"),
    ("who", "text"),
    ("school", "text"),
    ("program", "text"),
)
_WHAT: tuple[tuple[str, Kind], ...] = (
    ("placements", "number"),
    ("unplaced", "text"),
    ("lost_to", "text"),
    ("not_by_priority", "text"),
)


def by_school(whole: Facts) -> Sheet:
    """One row a school of which anything is asked, and how equal they are served in the last two."""
    served = sorted(outcomes(whole), key=lambda s: natural(s.school))
    rows: list[tuple[Value, ...]] = [
        (
            _school(whole, s.school),
            s.asked,
            round(s.placed, 2),
            round(100 * s.share, 1),
            None if s.preference is None else round(s.preference, 2),
            None if s.interprofessional is None else round(100 * s.interprofessional, 1),
        )
        for s in served
    ]
    if found := equality(served):
        rows.append(("Smallest share ÷ largest, %", None, None, round(100 * found.smallest_to_largest, 1), None, None))
        rows.append(("Jain's index, %", None, None, round(100 * found.jain, 1), None, None))
    ids = (*(s.school for s in served), *("" for _ in rows[len(served) :]))
    return table("by_school", _SCHOOLS, rows, ids=ids)


def equity(served: Sequence[SchoolOutcome], school: str) -> Sheet:
    """What a school may know of how it is served: its own figures, and those of all together where there are three or more.

    Parameters
    ----------
    served
        Every school of which anything is asked.
    """
    own = next((s for s in served if s.school == school), None)
    rows: list[tuple[Value, ...]] = []
    if own is not None:
        compared = len(served) >= FEWEST_COMPARED
        asked, placed = sum(s.asked for s in served), sum(s.placed for s in served)
        rows.append(("Students' rotations asked", own.asked, asked if compared else None))
        rows.append(("Placed", number(own.placed), number(placed) if compared else None))
        rows.append(
            ("Placed, %", number(round(100 * own.share, 1)), number(round(100 * placed / asked, 1)) if compared else None)
        )
        if own.preference is not None:
            rows.append(("Preference cost a placement", round(own.preference, 2), None))
        if own.interprofessional is not None:
            rows.append(("Students in interprofessional teams, %", round(100 * own.interprofessional, 1), None))
        if compared and (found := equality(served)):
            rows.append(("Smallest share ÷ largest, %", None, round(100 * found.smallest_to_largest, 1)))
            rows.append(("Jain's index, %", None, round(100 * found.jain, 1)))
    return table("equity", _EQUITY, rows)


def priorities(whole: Facts) -> Sheet:
    """One row a party and rotation that it lacks (or one row, if it lacks none), in the order in which parties go first.

    A slot is full for a party where it suits the missing rotation and somebody is placed in it on a day on which the party would
    not fit in besides. Of those who take such places, the table names those who go first with the source that decides, and those
    who do not: these have the place for other reasons than priority.
    """
    ranking = Ranking(whole)
    lacking: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for row in missing(whole):
        lacking[row.student, row.group, row.part].append(row.requirement)
    bodies = [b for b in whole.parties.all_bodies() if whole.parties.demands[b].count]
    rows: list[tuple[Value, ...]] = []
    for body in sorted(bodies, key=lambda b: (ranking.rank(b), natural(b.name))):
        program = body.program
        said = (ranking.rank(body), body.name, _school(whole, program.school), program.name or program.program)
        placed = len(whole.with_group(body))
        words = ranking.standing(body).words
        for name in lacking.get((body.student, body.group, body.part), [""]):
            before, others = _contested(whole, ranking, body, name) if name else ("", "")
            rows.append((*said, *words, placed, _rotation(whole, body, name), before, others))
    sources: tuple[tuple[str, Kind], ...] = tuple((source, "text") for source in ranking.order)
    return table("priorities", (*_WHO, *sources, *_WHAT), rows, 2)


def _contested(whole: Facts, ranking: Ranking, body: Party, name: str) -> tuple[str, str]:
    """Who is in the way in full slots: those who go first, by the source that decides, and the others."""
    before: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    for rival in _in_the_way(whole, body, name):
        source = ranking.decides(body, rival)
        goes_first = ranking.rank(rival) < ranking.rank(body)
        (before if goes_first else others)[source].add(rival.name)
    return _said(before), _said(others)


def _said(found: dict[str, set[str]]) -> str:
    """``tier: ann, bob; equal: cyd``."""
    parts = []
    for source, who in found.items():
        names = sorted(who, key=natural)
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        parts.append(f"{source or 'equal'}: {', '.join(names[:MOST_NAMES])}{more}")
    return "; ".join(parts)


def _in_the_way(whole: Facts, body: Party, name: str) -> Iterator[Party]:
    """Others in slots that suit a rotation (or one of an elective set), where they are full for the party."""
    demands = whole.parties.demands[body].by_requirement
    wanted = [d.requirement for d in demands.values() if name in (d.requirement.requirement, d.requirement.elective_set)]
    for slot_id, placed in whole.by_slot.items():
        slot = whole.instance.slot_by_id[slot_id]
        unit = whole.instance.unit_by_id[slot.unit]
        suits = not slot.professions or body.program.profession in slot.professions
        if suits and any(
            possible_specialties(r, slot, unit) and (not slot.levels or not r.level or r.level in slot.levels) for r in wanted
        ):
            for _, _, present in presence(placed):
                if sum(p.size for p in present) + body.size > slot.most_students:
                    yield from (p.party for p in present if not _same(p, body))


def _same(placed: Placed, body: Party) -> bool:
    return (placed.party.student, placed.party.group) == (body.student, body.group)


def _school(whole: Facts, school: str) -> str:
    row = whole.instance.school_by_id.get(school)
    return (row.name if row else "") or school


def _rotation(whole: Facts, body: Party, name: str) -> str:
    if not name:
        return ""
    required = whole.parties.requirements.get((body.program.program, name))
    return rotation(name, required.name or name) if required else f"electives {name}"
