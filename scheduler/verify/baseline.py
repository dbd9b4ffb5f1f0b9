"""Changes against an earlier schedule: what starts too late to be new, and what moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduler.domain.tables import Baseline
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed


@each_placement(bows_to_pins=True)
def started(facts: Facts, placed: Placed) -> Iterator[str]:
    """Placements before the first day that may change that the baseline does not have."""
    today = facts.instance.today
    early = bool(facts.instance.baseline) and placed.row.start < today
    if early and not any(_same_place(row, placed) for row in _rows(facts, placed)):
        yield f"it starts before {today}, and is not in the baseline"


def stability(facts: Facts) -> Iterator[Finding]:
    """Each placement that is not as it was, and what was there and is no more."""
    points = facts.setting("stability").number
    for p in facts.placed:
        asked = _key(facts, p.party, p.row.requirement)
        before = [row for row in _rows(facts, p) if _key(facts, p.party, row.requirement) == asked]
        cost = min((_points(facts, row, p) for row in before), default=0)
        if cost:
            yield Finding(f"{p.title}: not as before", cost, (p,), p.party)
    for body in facts.parties.all_bodies():
        demands = facts.parties.demands[body]
        keys = {d.requirement.elective_set or name for name, d in demands.by_requirement.items()}
        was: dict[str, list[Baseline]] = defaultdict(list)
        now: dict[str, list[Placed]] = defaultdict(list)
        for row in facts.baseline.get((body.student, body.group), ()):
            if row.part in (0, body.part):
                was[_key(facts, body, row.requirement)].append(row)
        for p in facts.with_group(body):
            now[_key(facts, body, p.row.requirement)].append(p)
        for key in keys & was.keys():
            fewer = len(was[key]) - len(now[key])
            if fewer > 0:
                yield Finding(f"{body.name} has {fewer} placements of {key} fewer than before", fewer * points("lost"), (), body)
            begun = [row for row in was[key] if row.start < facts.instance.today]
            ended = len(begun) - sum(1 for p in now[key] if any(_same_place(row, p) for row in begun))
            if ended > 0:
                yield Finding(
                    f"{body.name} does not go on with {key}, which has started", ended * points("interrupted"), (), body
                )


CHECKS: dict[str, Check] = {"started": started, "stability": stability}


def _rows(facts: Facts, p: Placed) -> list[Baseline]:
    """What the baseline has for those that are placed: each other's parts do not count."""
    rows = facts.baseline.get((p.row.student, p.row.group), ())
    return [row for row in rows if 0 in (row.part, p.row.part) or row.part == p.row.part]


def _key(facts: Facts, party: Party, requirement: str) -> str:
    """The elective set of a rotation, or the rotation."""
    rule = facts.parties.requirements.get((party.program.program, requirement))
    return (rule.elective_set if rule else None) or requirement


def _same_place(row: Baseline, p: Placed) -> bool:
    """Whether a placement is a row in everything but who supervises."""
    same = (row.requirement, row.slot, row.start) == (p.row.requirement, p.slot.slot, p.row.start)
    return same and _same_weekdays(row, p)


def _same_weekdays(row: Baseline, p: Placed) -> bool:
    return not row.weekdays or set(row.weekdays) == set(p.timing.weekdays)


def _points(facts: Facts, row: Baseline, p: Placed) -> int:
    """What a placement costs against one row."""
    points = facts.setting("stability").number
    if p.row.requirement != row.requirement:
        step = points("rotation")
    elif p.unit.site != row.site:
        step = points("site")
    elif p.unit.unit != row.unit:
        step = points("unit")
    elif p.slot.slot != row.slot or not _same_weekdays(row, p):
        step = points("days")
    elif (p.row.preceptor, p.row.co_preceptor) != (row.preceptor or "", row.co_preceptor or ""):
        step = points("preceptor")
    else:
        step = 0
    if p.row.start != row.start:
        step += points("start")
    days = (row.start - facts.instance.today).days
    if days < 0:
        return step * points("started")
    return step * points("soon") if days < 7 * points("soon_weeks") else step
