"""What suits whom: specialty, profession, level, setting, supervision, conflicts, refusals, slot starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Conflict as ConflictRow
from scheduler.offers.days import BoolArray
from scheduler.offers.options import DemandClass, Options, PartyOptions
from scheduler.offers.parties import Party
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Drop, Unary
from scheduler.rules.wishes import matches, wishes_of


class Specialty(Rule):
    """The slot teaches a specialty that the required rotation accepts.

    Drops option o unless one of its slot's specialties is accepted. Reads slots, units, requirements. Example: a pediatrics
    slot is no option for a rotation in surgery.
    """

    id = "specialty"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop(options.specialty < 0, "another specialty")


class SlotWindow(Rule):
    """A placement starts on one of its slot's starts and lies inside the planning horizon.

    Offers only exist at such starts; drops option o if its end lies after the last day. Reads slots, instance.toml. Example: 6
    weeks from the third last week of the horizon: dropped.
    """

    id = "slot_window"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop((options.start < 0) | (options.end >= self.facts.clock.days), "outside the planning horizon")


class Profession(Rule):
    """The slot accepts the profession of the student's program.

    Drops option o if its slot names professions, but not the program's. Reads slots, programs. Example: a slot for 'rn' is no
    option for a 'pa' program.
    """

    id = "profession"

    @cached_property
    def _closed(self) -> Mapping[str, BoolArray]:
        """By profession and slot: whether the slot names professions, but not this one."""
        slots, professions = self.facts.instance.slots, {p.profession for p in self.facts.instance.programs}
        closed = {name: [bool(s.professions) and name not in s.professions for s in slots] for name in professions}
        return {name: np.array(found, dtype=bool) for name, found in closed.items()}

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop(self._closed[cls.profession][options.slot], "for other professions")


class Level(Rule):
    """The slot accepts the level of the required rotation, where both name levels.

    Drops option o if its slot names levels, the rotation has one, and it is not among them. Reads slots, requirements. Example:
    a slot for level 'senior' is no option for a rotation of level 'junior'.
    """

    id = "level"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        level = cls.requirement.level
        if level:
            closed = [bool(s.levels) and level not in s.levels for s in self.facts.instance.slots]
            yield Drop(np.array(closed, dtype=bool)[options.slot], "for other levels")


class Setting(Rule):
    """The site has the setting that the required rotation asks for.

    Drops option o if the rotation names a setting that its site does not have. Reads requirements, sites. Example: a rural
    rotation cannot be at an academic center.
    """

    id = "setting"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        setting = cls.requirement.setting
        if setting:
            other = [site.setting != setting for site in self.facts.instance.site_by_id.values()]
            yield Drop(np.array(other, dtype=bool)[options.site], "in another setting")


class Supervision(Rule):
    """A precepted rotation has a preceptor by name, a co-precepted one has two; others have none.

    Drops option o if it does not have as many preceptors as the rotation asks for. Reads requirements. Example: a slot without
    preceptors is no option for a precepted rotation, one with a single preceptor none for a co-precepted one.
    """

    id = "supervision"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        if cls.requirement.supervision == "precepted":
            yield Drop(options.preceptor < 0, "without a preceptor")
            yield Drop(options.co >= 0, "with a second preceptor, who is not needed")
        elif cls.requirement.supervision == "co-precepted":
            yield Drop(options.co < 0, "without two preceptors")
        else:
            yield Drop(options.preceptor >= 0, "with a preceptor, who is not needed")


class Conflict(Rule):
    """Nobody is placed where a conflict says no.

    Drops option o if a conflict row of a student of the party names its unit, site or preceptor. Reads conflicts. Example: a
    student who works on 4B is not placed there.
    """

    id = "conflict"

    @cached_property
    def _rows(self) -> Mapping[str, list[ConflictRow]]:
        found: dict[str, list[ConflictRow]] = defaultdict(list)
        for row in self.facts.instance.conflicts:
            found[row.student].append(row)
        return found

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        codes = self.facts.offers.codes
        banned = np.zeros(len(options), dtype=bool)
        for row in (row for student in party.members for row in self._rows.get(student, ())):
            if row.unit in codes.unit_index:
                banned |= options.unit == codes.unit_index[row.unit]
            if row.site in codes.site_index:
                banned |= options.site == codes.site_index[row.site]
            if row.preceptor in codes.preceptor_index:
                who = codes.preceptor_index[row.preceptor]
                banned |= (options.preceptor == who) | (options.co == who) | (options.cover == who)
        yield Drop(banned, "in conflict with the student")


class Arranged(Rule):
    """A slot that was arranged for somebody is for nobody else.

    Drops option o if its slot names students or groups (kept_for), and the party is none of them. Reads slots. Example: a family
    doctor takes the student whom she knows: no other student is placed there.
    """

    id = "arranged"

    @cached_property
    def _named(self) -> Mapping[int, tuple[str, ...]]:
        return {i: slot.kept_for for i, slot in enumerate(self.facts.instance.slots) if slot.kept_for}

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        who = party.student or party.group
        others = [i for i, names in self._named.items() if who not in names]
        if others:
            closed = np.zeros(len(self.facts.instance.slots), dtype=bool)
            closed[others] = True
            yield Drop(closed[options.slot], "arranged for somebody else")


class Refusal(Rule):
    """Nobody is placed where a preference says 'refuse'.

    Drops option o if a refusing preference of its student, group or school matches it. Reads preferences. Example: a student
    refuses site 'north': no option there.
    """

    id = "refusal"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        refused = np.zeros(len(options), dtype=bool)
        for wish in wishes_of(self.facts, party):
            if wish.refuse:
                refused |= matches(self.facts, wish, options)
        yield Drop(refused, "refused")
