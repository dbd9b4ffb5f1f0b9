"""What of an earlier schedule a solve has to leave as it is, and who is planned: as pins that hold for that solve alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from scheduler.domain import GONE, Given, Instance, Placement, Schedule, Status, Unplaced
from scheduler.domain.pinning import describes, pin_of, together
from scheduler.domain.schedule import NOT_PLANNED
from scheduler.domain.tables import Pin
from scheduler.domain.tables.wishes import NO_TEAM
from scheduler.errors import InputError, Problem
from scheduler.verify import verify

Keep: TypeAlias = Literal["", "confirmed", "accepted", "proposed"]
#: By level of keeping: statuses of what stays.
KEPT: dict[Keep, tuple[str, ...]] = {
    "": (),
    "confirmed": ("confirmed",),
    "accepted": ("accepted by school", "accepted by site", "confirmed"),
    "proposed": ("proposed", "accepted by school", "accepted by site", "confirmed"),
}
ONLY = ("profession", "program", "school")
#: Rules that a few placements may break where more of them would not: those say nothing about the few alone.
MORE_HELPS = frozenset(
    {
        *("requirement", "elective", "order", "slot_minimum", "slot_fill", "unit_minimum", "ipe_team", "breadth"),
        *("setting_weeks", "program_hours", "licence_hours", "simulation_share", "competency"),
        *("school_minimum", "historical_share"),
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a solve is given.

    Attributes
    ----------
    before
        The earlier schedule, without those who no longer come; None without one.
    keep, only
        As asked for.
    kept
        Placements that stay as they are.
    pins
        All pins of the solve alone.
    planned
        Whether a school and program is planned, by (school, program).
    """

    before: Schedule | None
    keep: Keep
    only: tuple[str, ...]
    kept: tuple[Placement, ...]
    pins: tuple[Pin, ...]
    planned: Callable[[str, str], bool]

    def applied(self, instance: Instance) -> Instance:
        """The instance with the pins."""
        return instance.model_copy(update={"pins": together(instance.pins, self.pins)}) if self.pins else instance


def plan(instance: Instance, before: Schedule | None, keep: Keep, only: Sequence[str]) -> Plan:
    """Work out what stays, and who is not planned.

    Parameters
    ----------
    instance
        With the baseline, where there is one.
    before
        The earlier schedule; None: nothing stays, and whoever is not planned gets nothing.
    keep
        Which placements of those who are planned stay, by their status; empty: none has to.
    only
        Who is planned: ``profession=pt``, ``program=X`` or ``school=Y``. Of one kind any will do, of several kinds all.

    Raises
    ------
    InputError
        If a word of `only` is not understood.
    """
    planned = _filter(instance, only)
    rows = [p for p in before.placements if p.status not in GONE] if before else []
    kept = tuple(p for p in rows if p.status in KEPT[keep] or not planned(p.school, p.program))
    musts = [_exactly(instance, p, alone=not planned(p.school, p.program)) for p in kept]
    bans = [] if not only else _bans(instance, rows, planned)
    return Plan(before, keep, tuple(only), kept, tuple(dict.fromkeys([*musts, *bans])), planned)


def check_kept(instance: Instance, kept: Sequence[Placement]) -> None:
    """See that what is to stay can stay.

    Parameters
    ----------
    instance
        Without the pins of the solve: they would not make anything possible.

    Raises
    ------
    InputError
        With each placement that cannot stay, and why.
    """
    bare = {_bare(p): p for p in kept}
    report = verify(instance, Schedule(status=Status.UNKNOWN, placements=tuple(bare)))
    problems: dict[Placement, Problem] = {}
    for v in report.violations:
        for row in v.placements if v.rule not in MORE_HELPS else ():
            p = bare[row]
            message = f"{p.who}, {p.requirement} in {p.slot} from {p.start} is {p.status} and kept, but cannot stay: {v.sentence}"
            problems.setdefault(
                p,
                Problem(message, "schedule.csv", code="cannot_stay", suggestion="repair it first: rotations repair"),
            )
    if problems:
        raise InputError(problems.values())


def finished(found: Schedule, plan: Plan) -> Schedule:
    """A schedule that was found, with what is known of its placements from before, and what it is given.

    Placements that are as they were keep their status; for those who are not planned also what is over and done (declined,
    withdrawn) stays, and what they lack is marked as not planned.
    """
    before = plan.before.placements if plan.before else ()
    status = {_what(p): p.status for p in before if p.status not in GONE}
    rows = [p.model_copy(update={"status": status.get(_what(p), p.status)}) for p in found.placements]
    gone = [p for p in before if p.status in GONE and plan.only and not plan.planned(p.school, p.program)]
    if gone:
        rows = sorted([*rows, *gone], key=lambda p: (p.who, p.start, p.requirement, p.slot))
    unplaced = tuple(u if plan.planned(u.school, u.program) else _not_planned(u) for u in found.unplaced)
    given = None
    if plan.keep or plan.only:
        left = sum(not u.planned for u in unplaced)
        given = Given(keep=plan.keep, only=plan.only, kept=len(plan.kept), not_planned=left)
    return found.model_copy(update={"placements": tuple(rows), "unplaced": unplaced, "given": given})


def _filter(instance: Instance, only: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether a school and program are planned."""
    professions = {row.program: row.profession for row in instance.programs}
    known = {
        "profession": sorted(set(professions.values())),
        "program": sorted(professions),
        "school": sorted({row.school for row in instance.programs}),
    }
    wanted: dict[str, set[str]] = defaultdict(set)
    for word in only:
        kind, _, name = (text.strip() for text in word.partition("="))
        if kind not in ONLY or not name:
            expected = "profession=…, program=… or school=…"
            raise InputError(Problem("is not understood", "--only", value=word, expected=expected, code="only"))
        if name not in known[kind]:
            message = f"no student or group is of this {kind}" if kind == "profession" else f"there is no such {kind}"
            raise InputError(Problem(message, "--only", value=name, expected=f"one of {', '.join(known[kind])}", code="only"))
        wanted[kind].add(name)

    def planned(school: str, program: str) -> bool:
        has = {"profession": professions.get(program, ""), "program": program, "school": school}
        return all(has[kind] in names for kind, names in wanted.items())

    return planned


def _bans(instance: Instance, rows: Sequence[Placement], planned: Callable[[str, str], bool]) -> list[Pin]:
    """A 'must not' for every required rotation of others that they do not have, and for what a 'must' of theirs asks for."""
    sets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for r in instance.requirements:
        sets[r.program, r.elective_set or r.requirement].append(r.requirement)
    had = {(p.student, p.group, p.requirement) for p in rows}
    whole = {(p.student, p.group, p.requirement) for p in rows if not p.part}
    pins = [pin.model_copy(update={"pin": "must not", "override": False}) for pin in _unmet(instance, rows, planned)]
    for u in verify(instance, Schedule(status=Status.UNKNOWN, placements=tuple(map(_bare, rows)))).unplaced:
        if planned(u.school, u.program):
            continue
        for name in sets.get((u.program, u.requirement), [u.requirement]):
            here = u.student, u.group, name
            if here in whole or (here in had and not u.part):
                continue  # its 'must' says already that there is nothing else
            party = {"student": u.student or None, "group": u.group or None, "part": u.part if here in had else None}
            pins.append(Pin.model_validate({**party, "requirement": name, "pin": "must not"}))
    return pins


def _unmet(instance: Instance, rows: Sequence[Placement], planned: Callable[[str, str], bool]) -> Iterator[Pin]:
    """Each 'must' of those who are not planned that no placement of theirs meets: it waits until they are."""
    for pin in instance.pins:
        party = instance.student_by_id.get(pin.student or "") or instance.group_by_id.get(pin.group or "")
        if pin.pin != "must" or party is None or any(describes(pin, p) for p in rows):
            continue
        if not planned(instance.program_by_id[party.program].school, party.program):
            yield pin


def _exactly(instance: Instance, p: Placement, *, alone: bool) -> Pin:
    """The pin that leaves nothing of a placement open. It overrides no rule: a new rule is said, and not passed over."""
    pin = pin_of(instance, p, alone=alone)
    return pin.model_copy(update={"team": p.team or NO_TEAM}) if instance.ipe_teams else pin


def _bare(p: Placement) -> Placement:
    """A placement without what follows from the rest: that may be otherwise by now, where a holiday was added."""
    measured = {"end": p.start, "weeks": 0, "hours": 0.0, "hours_lost": 0.0, "students": 1, "specialty": ""}
    return p.model_copy(update={**measured, "cover": "", "cover_start": None, "cover_end": None, "site": ""})


def _what(p: Placement) -> tuple[object, ...]:
    """A placement apart from what has been said of it."""
    return tuple(value for name, value in p.model_dump().items() if name != "status")


def _not_planned(row: Unplaced) -> Unplaced:
    return row.model_copy(update={"reason": NOT_PLANNED})


def same_placements(one: Iterable[Placement], other: Iterable[Placement]) -> bool:
    """Whether two schedules are the same apart from what has been said of them."""
    return {_what(p) for p in one} == {_what(p) for p in other}


def kept_words(rows: Iterable[Placement]) -> str:
    """The first few that are kept, for a sentence."""
    names = [f"{p.who} {p.requirement}" for p in rows]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
