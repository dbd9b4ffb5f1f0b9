"""Dates and clock times: one place at a time, calendars, availability, commitments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scheduler.domain.instance import DAY_MINUTES
from scheduler.offers.days import (
    ALL_MASK,
    BoolArray,
    IntArray,
    Scope,
    mask_of,
    moments,
    overlap,
    periods,
    sessions_in,
)
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Options, PartyOptions
from scheduler.offers.parties import Family, Party
from scheduler.offers.touched import TouchedPlaces
from scheduler.rules.places import by_value
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Cost, Drop, Rows, Terms, Unary, at_most


def cut_at_midnight(mask: int, span: tuple[int, int]) -> list[tuple[int, tuple[int, int], int]]:
    """Weekdays and minutes of sessions by the days on which they are, and by how many days those lie behind the sessions' own."""
    start, end = span
    found = [(mask, (start, min(end, DAY_MINUTES)), 0)]
    if end > DAY_MINUTES:
        found.append(((mask << 1 | mask >> 6) & ALL_MASK, (0, end - DAY_MINUTES), 1))
    return found


class _Piece(NamedTuple):
    """Sessions of some options: weekday mask, minutes, and by how many days they lie behind the options' own dates."""

    options: IntArray
    mask: int
    span: tuple[int, int]
    later: int


class OnePlace(Rule):
    """A student is in one place at a time.

    For each student and each stretch of days t on which the same block options run:  Σ_{o ∈ block, present in t} x_o ≤ 1.
    With longitudinal options, or night shifts that reach into the next day, for each stretch t, weekday and minute m besides:
    Σ_{o: in session at m} x_o ≤ 1, where a block option is not in session at minutes that its slot excuses.

    Reads slots (weekdays, shift, excuses), requirements (lane). Never relaxed. Example: 1–31 July and 1–31 August do not clash.
    """

    id = "one_place"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        block = self.facts.is_block[options.demand]
        last = self.facts.clock.days + 1
        seen: set[bytes] = set()
        for member in family.members:
            with_member = np.isin(options.party, member.parties)
            for which, whole_days in ((with_member & block, True), (with_member, False)):
                code = which.tobytes() + bytes([whole_days])
                if code in seen or not which.any():
                    continue
                seen.add(code)
                found = np.flatnonzero(which)
                if whole_days:
                    p = periods(options.start[found], options.end[found], first=0, last=last, maximal=True)
                    yield at_most(np.ones(p.count), Terms.of(p.row, found[p.option]), name=lambda _, m=member: m.name)  # type: ignore[misc]  # default binds the loop variable
                elif not block[found].all() or self._reaches_over_midnight(self.facts, options, found):
                    yield from self._sessions(options, found, block)

    @staticmethod
    def _reaches_over_midnight(facts: Facts, options: PartyOptions, found: IntArray) -> bool:
        shifts = np.unique(options.shift[found][~options.floating[found]])
        return any(facts.clock.span(int(s))[1] > DAY_MINUTES for s in shifts)

    def _sessions(self, options: PartyOptions, found: IntArray, block: BoolArray) -> Iterator[Rows]:
        pieces = list(self._pieces(options, found, block))
        cells = moments([p.mask for p in pieces], [p.span for p in pieces])
        for members, mask in zip(cells.members, cells.masks, strict=True):
            active = [piece for piece, is_in in zip(pieces, members, strict=True) if is_in]
            which = np.concatenate([piece.options for piece in active])
            later = np.concatenate([np.full(len(piece.options), piece.later) for piece in active])
            p = periods(
                options.start[which] + later, options.end[which] + later, first=0, last=self.facts.clock.days + 1, mask=mask
            )
            crowded = np.bincount(p.row, minlength=p.count) > 1
            keep = crowded[p.row]
            number = np.cumsum(crowded) - 1
            pairs = np.sort(number[p.row[keep]] * len(options) + which[p.option[keep]])
            pairs = pairs[np.diff(pairs, prepend=-1) > 0]
            yield at_most(np.ones(int(crowded.sum())), Terms.of(pairs // len(options), pairs % len(options)))

    def _pieces(self, options: PartyOptions, found: IntArray, block: BoolArray) -> Iterator[_Piece]:
        excusing = self.facts.excusing[options.slot[found]] & block[found]
        fixed = found[~options.floating[found]]
        slot = np.where(excusing, options.slot[found], -1)[~options.floating[found]]
        key = (((options.days[fixed] << 10) + options.shift[fixed] + 1) << 32) + slot + 1
        for code, here in by_value(key).items():
            which, (pattern, excuser) = fixed[here], divmod(code, 1 << 32)
            mask, shift, excuser = pattern >> 10, (pattern & 1023) - 1, excuser - 1
            for day_mask, span, later in cut_at_midnight(mask, self.facts.clock.span(shift)):
                unexcused = [(day_mask, span)] if later else self._unexcused(self.facts, day_mask, span, excuser)
                yield from (_Piece(which, left, minutes, later) for left, minutes in unexcused)

    @staticmethod
    def _unexcused(facts: Facts, mask: int, span: tuple[int, int], slot: int) -> Iterable[tuple[int, tuple[int, int]]]:
        """The weekdays and minutes in session, without what the slot excuses."""
        excuses = facts.instance.slots[slot].excuses if slot >= 0 else ()
        if not excuses:
            return [(mask, span)]
        clock = facts.clock
        free: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for day, shift in excuses:
            free[day].append(clock.span(clock.shift_index(shift or None)))
        found = [(mask & ~mask_of(free), span)]
        for day in free:
            if mask >> day & 1:
                cuts = sorted({*span, *(min(max(m, span[0]), span[1]) for s in free[day] for m in s)})
                found += [(1 << day, piece) for piece in pairwise(cuts) if not any(overlap(piece, s) for s in free[day])]
        return [(m, s) for m, s in found if m]


class Calendar(Rule):
    """No session lies in dates that the program's calendar forbids, and placements fit its terms and blocks.

    Drops option o if a forbidding row touches it, or if it does not fit a term or block (docs/concepts.md).

    Reads calendar. Example: a break that forbids 23–27 November drops a Tuesday and Thursday placement across it.
    """

    id = "calendar"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop(~options.in_block, "outside the program's terms or blocks")
        yield Drop(sessions_in(list(cls.calendar.forbid), options, self.facts.clock) > 0, "on dates that the calendar forbids")


def scopes_of(facts: Facts, status: str) -> Mapping[tuple[str, str], list[Scope]]:
    """Scopes of the availability rows with a status, by kind and id of the one concerned."""
    found: dict[tuple[str, str], list[Scope]] = defaultdict(list)
    for row in facts.instance.availability:
        if row.status == status:
            found[row.who_kind, row.who].append(facts.clock.scope(row))
    return found


def who_of(party: Party) -> tuple[str, str]:
    """Kind and id under which a party's own wishes are kept."""
    return ("group", party.group) if party.group else ("student", party.student)


def people_of(party: Party) -> list[tuple[str, str]]:
    """Kind and id of everybody whose restrictions hold for a party: its students and their group."""
    people = [("student", student) for student in party.members]
    return [*people, ("group", party.home_group)] if party.home_group else people


class Dated(Rule):
    """A rule about availability rows, looked up once."""

    @cached_property
    def scopes(self) -> Mapping[str, Mapping[tuple[str, str], list[Scope]]]:
        """Scopes by status, then by kind and id of the one concerned."""
        return {status: scopes_of(self.facts, status) for status in ("unavailable", "avoid", "prefer")}

    def at_place(self, status: str, kind: str, options: Options) -> BoolArray:
        """Which options are touched by a row with a status of their unit or preceptor."""
        rows = self._of_places[status, kind]
        if kind == "unit":
            return rows.touch(options.unit, options)
        return rows.touch(options.preceptor, options) | rows.touch(options.co, options)

    @cached_property
    def _of_places(self) -> Mapping[tuple[str, str], TouchedPlaces]:
        codes, clock = self.facts.offers.codes, self.facts.clock
        found = {}
        for status, rows in self.scopes.items():
            for kind, index in (("unit", codes.unit_index), ("preceptor", codes.preceptor_index)):
                own = {index[who]: scopes for (row_kind, who), scopes in rows.items() if row_kind == kind and who in index}
                found[status, kind] = TouchedPlaces(own, clock, len(index))
        return found


class Availability(Dated):
    """Students, groups and units are available in every session.

    Drops option o if an 'unavailable' row of its unit, or of a student or the group of the party, touches it, or if it starts
    before all its students are available or before the earliest day of the student's requirement.

    Reads availability, students (available_from), student_requirements (earliest). Example: away on 10 October: no placement
    with a session that day.
    """

    id = "availability"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop(self.at_place("unavailable", "unit", options), "while the unit is unavailable")

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        scopes = [s for who in people_of(party) for s in self.scopes["unavailable"].get(who, ())]
        yield Drop(sessions_in(scopes, options, self.facts.clock) > 0, "while the student is unavailable")
        earliest = {d: self.facts.demands[d].earliest for d in party.demands}
        first = np.full(len(options), party.available_from or 0, dtype=np.int64)
        for demand, day in earliest.items():
            if day is not None:
                first[options.demand == demand] = np.maximum(first[options.demand == demand], day)
        yield Drop(options.start < first, "before the student is available")


#: What a touched placement costs.
SIGNS = {"avoid": 1, "prefer": -1}


class AvailabilityWish(Dated):
    """Dates that somebody would rather avoid, or prefers.

    Σ_o (touched by any 'avoid' row − touched by any 'prefer' row) · x_o over the rows of student, group, unit and preceptor.

    Reads availability. Example: a placement across an 'avoid' week of the student costs 1.
    """

    id = "availability_wish"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        for status, sign in SIGNS.items():
            yield Cost(sign * self._at_any_place(status, options).astype(np.int64))

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        for status, sign in SIGNS.items():
            own = self.scopes[status].get(who_of(party))
            if own:
                # what the place's own rows touch is charged for already, whoever comes
                touched = np.flatnonzero(sessions_in(own, options, self.facts.clock) > 0)
                more = np.zeros(len(options), dtype=np.int64)
                more[touched] = sign * ~self._at_any_place(status, options.take(touched))
                yield Cost(more)

    def _at_any_place(self, status: str, options: Options) -> BoolArray:
        return self.at_place(status, "unit", options) | self.at_place(status, "preceptor", options)


class Commitment(Rule):
    """No session lies in a commitment of the student or group.

    Drops option o if a commitment of a student or of the group of the party touches it.

    Reads commitments. Example: an away rotation in March leaves no block in March.
    """

    id = "commitment"

    @cached_property
    def _by_who(self) -> Mapping[tuple[str, str], list[Scope]]:
        found: dict[tuple[str, str], list[Scope]] = defaultdict(list)
        for row in self.facts.instance.commitments:
            found[row.who_kind, row.who].append(self.facts.clock.scope(row))
        return found

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        scopes = [s for who in people_of(party) for s in self._by_who.get(who, ())]
        yield Drop(sessions_in(scopes, options, self.facts.clock) > 0, "during a commitment of the student")
