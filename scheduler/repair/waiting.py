"""A place comes free: who of those without one could take it as it is, nobody else moving, in which order, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from scheduler.domain import GONE, Placement, Schedule
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.repair.suggest import Suggester
from scheduler.rules.wishes import choices
from scheduler.solve.given import options_of
from scheduler.solve.result import placement
from scheduler.standing.fitting import Fit, fitting
from scheduler.standing.ground import Missing
from scheduler.standing.naming import Naming
from scheduler.verify.facts import Facts as Seen
from scheduler.verify.ranking import Ranking

#: What sources of the rule `priority` are called, and what is said of somebody of whom a source knows nothing.
SOURCES = {
    "tier": ("school of tier {}", ""),
    "student": ("priority {}", ""),
    "scholarship": ("scholarship {}", "no scholarship"),
    "employer": ("works in {}", "works in none of the units"),
    "lottery": ("drew {} in the lottery", ""),
}
#: Who has no such wish goes after all who have one.
LAST = 1 << 30
#: What a school reads of others.
NOT_YOURS = "goes by the same order"
#: A number or name that the order goes by, and what is said of it.
Criterion = tuple[tuple[int, ...] | str, str]


@dataclass(frozen=True)
class Candidate:
    """Somebody without a place who could take one.

    Attributes
    ----------
    fit
        The cheapest of the options there.
    order
        What the order goes by: of each criterion a number (the smaller goes first), and what is said of it.
    """

    missing: Missing
    fit: Fit
    placement: Placement
    order: tuple[Criterion, ...]

    @property
    def key(self) -> tuple[tuple[int, ...] | str, ...]:
        """What candidates for a place are sorted by."""
        return tuple(number for number, _ in self.order)


@dataclass(frozen=True)
class Waiting:
    """The waiting list of the places of a slot from one day on: those who could take one, who is next first."""

    slot: str
    unit: str
    start: date
    candidates: tuple[Candidate, ...]

    def why(self, naming: Naming) -> list[str]:
        """Why each goes before the one after; of the last, what the schedule costs with it."""
        said = [_why(a, b, naming) for a, b in pairwise(self.candidates)]
        last = self.candidates[-1]
        return [*said, last.order[0][1] if naming.is_ours(last.missing.row.school) else NOT_YOURS]


class WaitingLists:
    """Makes waiting lists of a schedule as it stands.

    Parameters
    ----------
    returned
        Placements of the schedule that are given back: then only places that come free by it have a list, and who gave one
        back is on none.
    on_phase
        Told what is looked at.
    """

    def __init__(
        self,
        suggester: Suggester,
        returned: Sequence[Placement] = (),
        on_phase: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.suggester, self.returned, self.on_phase = suggester, returned, on_phase
        self.ground = suggester.ground
        self.seen = Seen(suggester.instance, suggester.schedule)
        self.ranking = Ranking(self.seen)
        self._ends: dict[tuple[str, str], list[date]] = defaultdict(list)
        for p in suggester.schedule.placements:
            if p.status not in GONE:
                self._ends[p.student, p.group].append(p.end)

    def lists(self, slot: str = "", unit: str = "") -> list[Waiting]:
        """One list for each slot and start for which somebody waits, the most valuable place first."""
        found: dict[tuple[str, date], dict[str, Candidate]] = defaultdict(dict)
        gave_back = {(p.student, p.group) for p in self.returned}
        missing = [m for m in self.suggester.missing() if (m.row.student, m.row.group) not in gave_back]
        for k, one in enumerate(missing, start=1):
            if self.suggester.stop.is_set():
                break
            self.on_phase(f"{k} of {len(missing)} that are unplaced")  # who they are is not for everybody
            for candidate in self._candidates(one, slot, unit):
                p = candidate.placement
                here = found[p.slot, p.start]
                name = f"{one.who} {one.row.requirement}"
                if name not in here or candidate.key < here[name].key:
                    here[name] = candidate
        lists = [self._list(place, start, some.values()) for (place, start), some in found.items()]
        return sorted(lists, key=lambda w: (w.candidates[0].fit.cost, w.start, w.slot))

    def _list(self, slot: str, start: date, some: Iterable[Candidate]) -> Waiting:
        ordered = tuple(sorted(some, key=lambda c: c.key))
        return Waiting(slot, ordered[0].placement.unit, start, ordered)

    def _candidates(self, one: Missing, slot: str, unit: str) -> list[Candidate]:
        codes = self.ground.book.facts.offers.codes
        family = self.ground.family(one.family)
        options = self.suggester.open_to(one)
        table = family.options.take(options)
        if slot:
            options = options[table.slot == codes.slot_index[slot]]
        if unit:
            options = options[family.options.unit[options] == codes.unit_index[unit]]
        fits = self.suggester.distinct(one.family, fitting(self.ground, one.family, options))
        taken = self._before(one, fits)
        return [self._candidate(one, fit) for fit in fits if fit.option not in taken]

    def _before(self, one: Missing, fits: Sequence[Fit]) -> set[int]:
        """Which of them fitted before anything was given back."""
        if not self.returned or not fits:
            return set()
        ground, standing = self.ground, self.ground.standing
        facts = ground.book.facts
        who = {(p.student, p.group, p.part) for p in self.returned}
        mine = {facts.family_of[p.index].index for p in facts.parties if (p.student, p.group, p.part) in who}
        for f in mine:
            ground.family(f)
        rows = tuple(p.model_copy(update={"status": "proposed"}) for p in self.returned)
        held = options_of(ground.book, ground.families, self.suggester.schedule.model_copy(update={"placements": rows}))
        now = {f: standing.chosen[f] for f in mine}
        standing.change({f: np.union1d(now[f], held[f]) for f in mine})
        found = {fit.option for fit in fitting(ground, one.family, np.array([fit.option for fit in fits], dtype=np.int64))}
        standing.change(now)
        return found

    # -- the order --------------------------------------------------------------------------------------------------------

    def _candidate(self, one: Missing, fit: Fit) -> Candidate:
        """What the order goes by: what the schedule costs, who goes first by the policy, the wish, the time without a place."""
        family = self.ground.family(one.family)
        row = placement(self.ground.book, family, fit.option)
        table = family.options.take(np.array([fit.option], dtype=np.int64))
        choice = int(choices(self.ground.book.facts, one.party, table)[0])
        sources = {source: (number, words) for source, number, words in self._sources(one)}
        lottery = sources.pop("lottery", None)
        weeks = self._weeks_without(one, row.start)
        order: list[Criterion] = [(fit.cost, Naming(self.ground.instance).points(fit.cost))]
        order += [((number,), words) for number, words in sources.values()]
        order.append(((choice or LAST,), f"choice {choice}" if choice else "not on the preference list"))
        order.append(((-weeks,), f"{count(weeks, 'week')} without a placement before it"))
        if lottery:
            order.append(((lottery[0],), lottery[1]))
        order.append((f"{one.who} {one.row.requirement}", "first by name"))
        return Candidate(one, fit, row, tuple(order))

    def _sources(self, one: Missing) -> Iterator[tuple[str, int, str]]:
        """What the sources of the rule `priority` say, in the policy's order."""
        known = self.seen.parties
        party = known.students[one.row.student] if one.row.student else known.groups[one.row.group][0]
        said = self.ranking.standing(party)
        for source, number, value in zip(self.ranking.order, said.key, said.words, strict=True):
            words, nothing = SOURCES[source]
            yield source, number, words.format(value) if value or not nothing else nothing

    def _weeks_without(self, one: Missing, start: date) -> int:
        """Whole weeks from the last placement before a day, or from the first possible day, to that day."""
        instance, party = self.ground.instance, one.party
        ends = [end for end in self._ends[party.student, party.group] if end < start]
        first = instance.first_monday + timedelta(days=party.available_from or 0)
        return max(0, (start - max(ends, default=first)).days // 7)


def _why(first: Candidate, second: Candidate, naming: Naming) -> str:
    """What tells two candidates apart, and what is said of the second of them there."""
    if not naming.is_ours(first.missing.row.school):
        return NOT_YOURS
    for a, b in zip(first.order, second.order, strict=True):
        if a[0] != b[0] and not isinstance(a[0], str):
            known = naming.is_ours(second.missing.row.school)
            return f"{a[1]} ({second.missing.who}: {b[1]})" if known else a[1]
    return "nothing tells them apart but their names"


def given_back(schedule: Schedule, who: str, requirement: str) -> tuple[Schedule, tuple[Placement, ...]]:
    """A schedule in which a student or group withdraws from a rotation, and the placements that are given back.

    Raises
    ------
    InputError
        If it is not placed.
    """
    gone = tuple(
        p for p in schedule.placements if who in (p.student, p.group) and p.requirement == requirement and p.status not in GONE
    )
    if not gone:
        placed = sorted({p.requirement for p in schedule.placements if who in (p.student, p.group) and p.status not in GONE})
        fix = f"placed are: {', '.join(placed)}" if placed else "nothing of it is placed"
        raise InputError(Problem(f"{who} has no placement for {requirement!r} to give back", suggestion=fix))
    rows = tuple(p.model_copy(update={"status": "withdrawn"}) if p in gone else p for p in schedule.placements)
    return schedule.model_copy(update={"placements": rows}), gone
