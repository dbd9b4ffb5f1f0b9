"""What rules about all that one student does have in common: whom they look at, what is asked, how rows are put together.

A group (each of its parts) stands for its students; where students of it have rotations of their own, these stand for it, each
as if in each part (docs/concepts.md). Rotations go by name: all the times that one is asked are one rotation here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import NamedTuple

import numpy as np

from scheduler.domain.tables import Credit, Program
from scheduler.domain.tables import Requirement as RequirementRow
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Demand, Family
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Gates, Integers, Rows, Terms, Vars, integers

NOTHING = Terms.of([], [])


@dataclass(frozen=True, eq=False)
class Rotation:
    """A required rotation of a student: what is asked, and where its options are (positions in the family's)."""

    requirement: RequirementRow
    demands: tuple[Demand, ...]
    found: IntArray

    @property
    def once(self) -> bool:
        """Whether it is met by one placement."""
        return len(self.demands) == 1 and self.demands[0].single

    @property
    def most(self) -> int:
        """Most placements that it can have."""
        return sum(d.requirement.blocks for d in self.demands)


@dataclass(frozen=True, eq=False)
class Student:
    """Somebody whose schedule is looked at as a whole.

    Attributes
    ----------
    rotations
        Everything asked, electives included.
    choose
        How many electives are asked, over all elective sets.
    credits
        What the student has done; nothing for a group.
    """

    name: str
    rotations: tuple[Rotation, ...]
    choose: int
    credits: tuple[Credit, ...]

    @property
    def required(self) -> list[Rotation]:
        """The rotations that are asked in any case."""
        return [r for r in self.rotations if r.requirement.elective_set is None]

    @cached_property
    def electives(self) -> IntArray:
        """Options of electives, each of which is taken once."""
        return together([r.found for r in self.rotations if r.requirement.elective_set is not None])

    @property
    def asked(self) -> int:
        """Number of rotations asked, those to be chosen included."""
        return len(self.required) + self.choose

    @cached_property
    def found(self) -> IntArray:
        """All options."""
        return together([r.found for r in self.rotations])

    @cached_property
    def rotation_of(self) -> IntArray:
        """Of each of `found`, the index of its rotation."""
        return np.repeat(np.arange(len(self.rotations)), [len(r.found) for r in self.rotations])

    def missing(self, options: PartyOptions) -> tuple[int, IntArray, IntArray]:
        """A number of pieces, and options with how many each takes away: what is left is 0 if and only if nothing is unplaced."""
        pieces, columns, values = self.choose, [self.electives], [np.ones(len(self.electives), dtype=np.int64)]
        for rotation in self.required:
            each = np.ones(len(rotation.found), dtype=np.int64)
            total = len(rotation.demands)
            if rotation.requirement.blocks > 1:
                each, total = options.amount[rotation.found], sum(d.total for d in rotation.demands)
                piece = gcd(total, *each.tolist())
                each, total = each // piece, total // piece
            pieces += total
            columns.append(rotation.found)
            values.append(each)
        return pieces, together(columns), together(values)


def together(parts: Sequence[IntArray]) -> IntArray:
    """Arrays one after another."""
    return np.concatenate([integers([]), *parts])


class Sum(NamedTuple):
    """Terms of rows over options and over switches."""

    options: Terms
    switches: Terms


def plain(row: Integers, column: Integers, value: Integers | int = 1) -> Sum:
    """Terms over options alone."""
    return Sum(Terms.of(row, column, value), NOTHING)


@dataclass(frozen=True, eq=False)
class Marks:
    """Signs of what is chosen: mark k is 1 if any of some options is, else 0; `sums` has a row for each mark."""

    count: int
    sums: Sum

    def times(self, row: IntArray, mark: IntArray, value: Integers | int = 1) -> Sum:
        """Row `row[i]` has mark `mark[i]` so many times."""
        values = Terms.of(row, mark, value).value
        return Sum(*(_joined(terms, row, mark, values) for terms in self.sums))


def _joined(terms: Terms, row: IntArray, mark: IntArray, value: IntArray) -> Terms:
    order = np.argsort(terms.row, kind="stable")
    first = np.searchsorted(terms.row[order], mark)
    count = np.searchsorted(terms.row[order], mark, side="right") - first
    where = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    return Terms(np.repeat(row, count), terms.column[order][where], np.repeat(value, count))


class Tally:
    """Rows about one student, put together piece by piece."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lo: list[IntArray] = []
        self._hi: list[IntArray] = []
        self._governed: list[IntArray] = []
        self._steps: list[IntArray] = []
        self._under: list[IntArray] = []
        self._sums: list[Sum] = []
        self._rows = 0
        self._switches = 0

    def marks(self, which: IntArray, column: IntArray, direct: BoolArray) -> Marks:
        """Mark k is 1 if an option `column[i]` with `which[i]` = k is chosen; where `direct[k]` no two of them can be."""
        number = np.cumsum(~direct) - 1
        simple = direct[which]
        count = int((~direct).sum())
        gate = self._switches + np.arange(count)
        self._add(np.ones(count), np.full(count, FREE), [plain(number[which[~simple]], column[~simple])], governed=gate)
        self._switches += count
        marked = Terms.of(np.flatnonzero(~direct), gate)
        return Marks(len(direct), Sum(Terms.of(which[simple], column[simple]), marked))

    def taken(self, rotations: Sequence[Rotation]) -> Marks:
        """Mark k is 1 if anything of rotation k is placed."""
        which = np.repeat(np.arange(len(rotations)), [len(r.found) for r in rotations])
        return self.marks(which, together([r.found for r in rotations]), np.array([r.once for r in rotations], dtype=bool))

    def at_most(self, hi: Integers, *sums: Sum, steps: int = 0) -> None:
        """Rows Σ ≤ hi; with `steps`, each that many begun above hi cost 1."""
        self._add(np.full(len(hi), -FREE), hi, sums, step=-steps)

    def at_least(self, lo: Integers, *sums: Sum, steps: int = 0, price: int = -1) -> None:
        """Rows Σ ≥ lo; with `steps`, each that many begun below lo cost 1; with `price`, each unit below lo costs that."""
        self._add(lo, np.full(len(lo), FREE), sums, step=steps, under=price)

    def _add(
        self,
        lo: Integers,
        hi: Integers,
        sums: Sequence[Sum],
        *,
        governed: IntArray | None = None,
        step: int = 0,
        under: int = -1,
    ) -> None:
        n = len(lo)
        self._under.append(np.full(n, under, dtype=np.int64))
        self._lo.append(integers(lo))
        self._hi.append(integers(hi))
        self._governed.append(np.full(n, -1, dtype=np.int64) if governed is None else governed)
        self._steps.append(np.full(n, step, dtype=np.int64))
        for options, switches in sums:
            moved = (Terms(t.row + self._rows, t.column, t.value) for t in (options, switches))
            self._sums.append(Sum(*moved))
        self._rows += n

    def rows(self) -> Iterator[Rows]:
        """The block of rows, if there is any that is not only a switch."""
        governed = together(self._governed)
        if (governed >= 0).all():
            return
        step, under = together(self._steps), together(self._under)
        priced = np.flatnonzero(step)
        n = len(priced)
        zero, one = np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.int64)
        yield Rows(
            together(self._lo),
            together(self._hi),
            _below([s.options for s in self._sums]),
            gates=Gates(self._switches) if self._switches else None,
            governed=governed if self._switches else None,
            gate_terms=_below([s.switches for s in self._sums]) if self._switches else None,
            vars=Vars(zero, 1_000_000 * one, one) if n else None,
            var_terms=Terms.of(priced, np.arange(n), step[priced]) if n else None,
            under=under if (under >= 0).any() else None,
            firm=n > 0,
            name=lambda _: self._name,
        )


def _below(terms: Sequence[Terms]) -> Terms:
    """Terms put together; several of one row and column become one."""
    row, column, value = (together([getattr(t, part) for t in terms]) for part in ("row", "column", "value"))
    if not len(row):
        return NOTHING
    width = int(column.max()) + 1
    cells, which = np.unique(row * width + column, return_inverse=True)
    total = np.zeros(len(cells), dtype=np.int64)
    np.add.at(total, which, value)
    cells, total = cells[total != 0], total[total != 0]
    return Terms(cells // width, cells % width, total)


class StudentRule(Rule):
    """A rule about all that one student does."""

    def concerns(self, program: Program) -> bool:
        """Whether the rule has anything to say about students of a program."""
        return True

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        """Add the rows about a student to the tally."""
        raise NotImplementedError

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        program = self.facts.instance.program_by_id[self.facts.parties[family.parties[0]].program]
        if self.concerns(program):
            for student in self._students(family, options):
                tally = Tally(student.name)
                self.judge(student, program, options, tally)
                yield from tally.rows()

    @property
    def soft(self) -> bool:
        """Whether what breaks the rule is priced."""
        return self.setting.kind == "soft"

    @cached_property
    def _credits(self) -> Mapping[tuple[str, str], list[Credit]]:
        found: dict[tuple[str, str], list[Credit]] = defaultdict(list)
        for credit in self.facts.instance.credits:
            found[credit.student or "", credit.group or ""].append(credit)
        return found

    def _students(self, family: Family, options: PartyOptions) -> Iterator[Student]:
        parties, demands = self.facts.parties, self.facts.demands
        of_name: dict[str, list[int]] = defaultdict(list)
        for d in family.demands:
            of_name[demands[d].requirement.requirement].append(d)
        where = {name: np.isin(options.demand, found) for name, found in of_name.items()}
        alone = [m for m in family.members if parties[m.parties[-1]].student and parties[m.parties[-1]].demands]
        for member in alone or family.members:
            mine = np.isin(options.party, member.parties)
            asked: dict[str, list[Demand]] = defaultdict(list)
            for d in member.demands:
                asked[demands[d].requirement.requirement].append(demands[d])
            who = dict.fromkeys((parties[p].student, "" if parties[p].student else parties[p].group) for p in member.parties)
            yield Student(
                member.name,
                tuple(Rotation(own[0].requirement, tuple(own), np.flatnonzero(mine & where[n])) for n, own in asked.items()),
                sum(c.count for c in family.choices if c.party in member.parties),
                tuple(c for key in who for c in self._credits.get(key, ())),
            )
