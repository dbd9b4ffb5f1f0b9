"""Classes and their options: offers as the students of one program, in one required rotation, would live them.

A class is a program × requirement × remaining amount (× group, where a group has a calendar of its own). Parties share it; what
is personal is a mask and a price over it. All classes lie one after another in one `Menu`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from scheduler.domain.tables import Requirement
from scheduler.offers.asking import taken_once
from scheduler.offers.cover import covered
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.duties import Duties
from scheduler.offers.facts import Facts
from scheduler.offers.lived import CalendarOf, lived


@dataclass(frozen=True)
class Options:
    """Columns of options (equal lengths): the offer, and what becomes of it in a class.

    Attributes
    ----------
    offer
        Index of the offer.
    slot, unit, site, preceptor, co, specialty
        Indices into `Offers.codes`; a preceptor or co-preceptor of −1 is none.
    cover, cover_start, cover_end
        Preceptor who takes over while the preceptor is away (−1: none), and the first and last day of that.
    team
        Index into `Facts.teams` of the interprofessional team that it is in; −1 for none.
    start, end
        First day, and last day with a session, from the first Monday.
    last
        Last day before it was trimmed to a session.
    days, shift, floating
        Weekday mask, shift index (−1 whole day), and whether the days are the preceptor's.
    weeks, sessions, minutes, lost
        Planned length in weeks, planned sessions, planned minutes, minutes lost in pauses.
    amount
        What it contributes, in the requirement's unit; hours in minutes.
    in_block
        Whether it fits the program's blocks and terms.
    """

    offer: IntArray
    slot: IntArray
    unit: IntArray
    site: IntArray
    preceptor: IntArray
    co: IntArray
    cover: IntArray
    cover_start: IntArray
    cover_end: IntArray
    team: IntArray
    specialty: IntArray
    start: IntArray
    end: IntArray
    last: IntArray
    days: IntArray
    shift: IntArray
    floating: BoolArray
    weeks: IntArray
    sessions: IntArray
    minutes: IntArray
    lost: IntArray
    amount: IntArray
    in_block: BoolArray

    def __len__(self) -> int:
        return len(self.offer)

    def take(self, rows: IntArray | BoolArray) -> Self:
        """The options at the given positions (or where the mask is true)."""
        return type(self)(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @cached_property
    def first_week(self) -> IntArray:
        """Week of the first day."""
        return self.start // 7

    @cached_property
    def last_week(self) -> IntArray:
        """Week of the last day."""
        return self.end // 7


@dataclass(frozen=True)
class PartyOptions(Options):
    """Options of the parties of one family, gathered when needed.

    Attributes
    ----------
    party, demand
        Whose option it is, and which demand it meets (indices into `Facts.parties` and `Facts.demands`).
    menu
        Row of the `Menu`: the same offer in the same class has the same row for every party.
    """

    party: IntArray
    demand: IntArray
    menu: IntArray


@dataclass(frozen=True)
class Menu(Options):
    """The options of all classes, one class after another: what shared limits are stated over.

    Attributes
    ----------
    cls
        Class of each row, an index into `classes`.
    """

    cls: IntArray

    @cached_property
    def duties(self) -> Duties:
        """Who has to do with which rows; looked up once for all rules about preceptors."""
        return Duties.of(self)


def columns_of(tables: Iterable[Options]) -> dict[str, Any]:
    """Columns of option tables put one below the other."""
    parts = list(tables)
    return {f.name: np.concatenate([getattr(t, f.name) for t in parts]) for f in fields(Options)}


@dataclass(frozen=True, slots=True)
class ClassKey:
    """What makes the options of two demands the same."""

    program: str
    requirement: str
    amount: int
    copy: int
    group: str | None


@dataclass(frozen=True)
class DemandClass:
    """One class: its requirement, and the facts that its options depend on."""

    key: ClassKey
    requirement: Requirement
    profession: str
    school: str
    calendar: CalendarOf


def class_of(facts: Facts, party: int, demand: int) -> ClassKey:
    """The class of a party's demand."""
    d = facts.demands[demand]
    group = facts.parties[party].home_group
    own = group if group in facts.groups_with_calendar else None
    return ClassKey(d.requirement.program, d.requirement.requirement, d.amount, d.copy, own)


def make_class(facts: Facts, key: ClassKey) -> DemandClass:
    """Look up what a class needs to know."""
    program = facts.instance.program_by_id[key.program]
    requirement = taken_once(facts.instance.requirement_by_id[key.program, key.requirement])
    calendar = CalendarOf.of(facts, key.program, key.requirement, key.group)
    return DemandClass(key, requirement, program.profession, program.school, calendar)


def candidates(facts: Facts, cls: DemandClass, which: IntArray | None = None, *, teams: bool = True) -> Options:
    """The offers that teach what a class accepts (or those at `which`), as its students would live them.

    Each offer is there once on its own and, with `teams`, once for each interprofessional team that it can have a part in.
    """
    offers = facts.offers
    accepted = _accepted_specialty(facts, cls)
    if which is None:
        which = np.flatnonzero(accepted[offers.slot] >= 0)
    slot = offers.slot[which]
    days = lived(facts, cls.requirement, cls.key.amount, cls.calendar, which)
    nobody = np.full(len(which), -1, dtype=np.int64)
    options = Options(
        offer=which.astype(np.int64),
        slot=slot,
        unit=offers.unit[which],
        site=offers.site[which],
        preceptor=offers.preceptor[which],
        co=offers.co[which],
        cover=nobody,
        cover_start=nobody,
        cover_end=nobody,
        team=nobody,
        specialty=accepted[slot],
        start=offers.start[which],
        end=days.end,
        last=days.last,
        days=offers.days[which],
        shift=offers.shift[which],
        floating=offers.floating[which],
        weeks=days.weeks,
        sessions=days.sessions,
        minutes=days.minutes,
        lost=days.lost,
        amount=days.amount,
        in_block=days.in_block,
    )
    cover = covered(facts, cls.profession, options)
    options = replace(options, cover=cover.who, cover_start=cover.start, cover_end=cover.end)
    if not (teams and len(facts.teams)):
        return options
    option, team = facts.teams.parts(cls.profession, options.unit, options.first_week, options.last_week)
    both = options.take(np.concatenate([np.arange(len(options)), option]))
    return replace(both, team=np.concatenate([nobody, team]))


def _accepted_specialty(facts: Facts, cls: DemandClass) -> IntArray:
    """For each slot, the first specialty it teaches that the class accepts; −1 for none."""
    index = facts.offers.codes.specialty_index
    found = np.full(len(facts.teaches), -1, dtype=np.int64)
    for wanted in reversed(cls.requirement.specialties):
        if wanted in index:
            found[facts.teaches[:, index[wanted]]] = index[wanted]
    return found
