"""Blocks: what is priced by itself, one party at a time, and the rows that tie parties together.

The rows of a family whose options belong to one party alone stay with that party. The others (a student cannot be elsewhere while
the group has a placement, say) join the shared rows, where they are priced like any other: a family of a group and
its students falls apart into small problems. What such a row allows at most it allows each
party, so a party keeps that limit too.

Options that break a shared row all by themselves (a group of ten where eight have room) are in no block: in the linear
relaxation a share of one would fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.model import Book, FamilyBook
from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import FREE, Terms


@dataclass(frozen=True, eq=False)
class Block:
    """A party's part of its family's book.

    Attributes
    ----------
    family
        Index of the family.
    place
        Positions of the block's options in the family's table.
    book
        What is stated about the party alone, as if it were a family; `shared` counts joint rows.
    """

    family: int
    place: IntArray
    book: FamilyBook


@dataclass(frozen=True, eq=False)
class Blocks:
    """All blocks of a book, and the joint rows: the shared ones, then those that tie the parties of one family together."""

    blocks: list[Block]
    joint: Linear

    def chosen(self, options: Sequence[IntArray], families: int) -> list[IntArray]:
        """Options taken by family, from those taken by block."""
        found: list[list[int]] = [[] for _ in range(families)]
        for block, taken in zip(self.blocks, options, strict=True):
            found[block.family] += block.place[taken].tolist()
        return [np.array(sorted(taken), dtype=np.int64) for taken in found]

    def split(self, chosen: Sequence[IntArray]) -> list[IntArray]:
        """Options taken by block, from those taken by family."""
        return [np.flatnonzero(np.isin(block.place, chosen[block.family])) for block in self.blocks]


def blocks_of(book: Book, families: Sequence[FamilyBook]) -> Blocks:
    """Take families apart into parties."""
    blocks: list[Block] = []
    ties: list[Linear] = []
    first = len(book.shared)
    fitting = _fitting(book.shared, families)
    for f, family in enumerate(families):
        if len(family.family.parties) == 1 and fitting[f].all():
            blocks.append(Block(f, np.arange(len(family.options)), family))
            continue
        owner = _owners(family)
        tie = _rows_at(family.rows, np.flatnonzero(owner < 0))
        blocks.extend(_block(f, family, p, owner, tie, first, fitting[f]) for p in family.family.parties)
        ties.append(tie)
        first += len(tie)
    return Blocks(blocks, joined([book.shared, *ties]))


def limiting(rows: Linear, families: Iterable[FamilyBook]) -> BoolArray:
    """Rows with a hard upper limit (of an open gate, if they are governed) on a sum of which no part is negative."""
    found: BoolArray = (rows.hi < FREE) & (rows.over < 0)
    found &= rows.bare
    for measures in rows.measures:
        found[measures.terms.row] = False
    for family in families:
        found[family.shared.column[family.shared.value < 0]] = False
    return found


def _fitting(rows: Linear, families: Sequence[FamilyBook]) -> list[BoolArray]:
    """By family: options that break no shared row by themselves."""
    limit = np.where(limiting(rows, families), rows.hi, FREE)
    found = []
    for family in families:
        fits = np.ones(len(family.options), dtype=bool)
        fits[family.shared.row_of_entry[family.shared.value > limit[family.shared.column]]] = False
        found.append(fits)
    return found


def _owners(family: FamilyBook) -> IntArray:
    """The party whose options alone are in each row, −1 for none; rows that share a gate or variable have the same."""
    rows = family.rows
    party = family.options.party[rows.options.column]
    lo = np.full(len(rows), np.iinfo(np.int64).max)
    hi = np.full(len(rows), -1, dtype=np.int64)
    np.minimum.at(lo, rows.options.row_of_entry, party)
    np.maximum.at(hi, rows.options.row_of_entry, party)
    # a row without options (nothing is offered) goes with the first party
    owner = np.where(hi < 0, family.family.parties[0], np.where(lo == hi, hi, -1))
    links = [(rows.gates.row_of_entry, rows.gates.column), (rows.vars.row_of_entry, rows.vars.column)]
    governed = np.flatnonzero(rows.gate >= 0)
    links[0] = (np.append(links[0][0], governed), np.append(links[0][1], rows.gate[governed]))
    empty = hi < 0
    changed = True
    while changed:
        changed = False
        for row, thing in links:
            for t in np.unique(thing).tolist():
                mine = np.unique(row[thing == t])
                owners = np.unique(owner[mine[~empty[mine]]])
                value = int(owners[0]) if len(owners) == 1 else -1 if len(owners) else int(owner[mine[0]])
                if (owner[mine] != value).any():
                    owner[mine] = value
                    empty[mine] = False
                    changed = True
    return owner


def _block(f: int, family: FamilyBook, party: int, owner: IntArray, tie: Linear, first: int, fitting: BoolArray) -> Block:
    place = np.flatnonzero((family.options.party == party) & fitting)
    number = np.full(len(family.options), -1, dtype=np.int64)
    number[place] = np.arange(len(place))
    which, row, value = family.shared.gather(place)
    inside = number[tie.options.column] >= 0
    shared = Matrix.of(
        Terms(
            np.concatenate([which, number[tie.options.column[inside]]]),
            np.concatenate([row, tie.options.row_of_entry[inside] + first]),
            np.concatenate([value, tie.options.value[inside]]),
        ),
        len(place),
    )
    walks = tuple((rule, walk.renumbered(number)) for rule, walk in family.walks if walk.party == party)
    costs = tuple((rule, cost[place]) for rule, cost in family.costs)
    alone = replace(family.family, parties=(party,))
    return Block(
        f, place, FamilyBook(alone, family.options.take(place), costs, _own_rows(family, party, owner, number), walks, shared)
    )


def _own_rows(family: FamilyBook, party: int, owner: IntArray, number: IntArray) -> Linear:
    """A party's own rows, and the upper limits of those that tie it to others as far as it could exceed them alone."""
    rows = family.rows
    row, value = rows.options.row_of_entry, rows.options.value
    mine = np.zeros(len(rows), dtype=np.int64)
    np.add.at(mine, row, np.where(number[rows.options.column] >= 0, value, 0))
    limits = (owner < 0) & (rows.gate < 0) & (rows.over < 0) & (mine > rows.hi)
    limits &= rows.bare
    limits[row[value < 0]] = False
    own = np.flatnonzero(owner == party)
    found = _rows_at(rows, np.concatenate([own, np.flatnonzero(limits)]), number)
    borrowed = np.arange(len(found)) >= len(own)
    return replace(found, lo=np.where(borrowed, -FREE, found.lo), under=np.where(borrowed, -1, found.under))


def _rows_at(rows: Linear, which: IntArray, number: IntArray | None = None) -> Linear:
    """Some rows, with the gates and variables they use; options are renumbered if asked."""
    gates = np.unique(np.concatenate([rows.gate[which][rows.gate[which] >= 0], rows.gates.gather(which)[1]]))
    variables = np.unique(rows.vars.gather(which)[1])
    gate = np.where(rows.gate[which] >= 0, np.searchsorted(gates, rows.gate[which]), -1)

    def part(matrix: Matrix, renumber: IntArray | None) -> Matrix:
        row, column, value = matrix.gather(which)
        column = column if renumber is None else renumber[column]
        there = column >= 0
        return Matrix.of(Terms(row[there], column[there], value[there]), len(which))

    return Linear(
        lo=rows.lo[which],
        hi=rows.hi[which],
        under=rows.under[which],
        over=rows.over[which],
        rule=rows.rule[which],
        gate=gate.astype(np.int64),
        size=rows.size[which],
        options=part(rows.options, number),
        gates=part(rows.gates, _numbers(gates, rows.n_gates)),
        vars=part(rows.vars, _numbers(variables, len(rows.var_lo))),
        audience=[],
        measures=[],
        var_lo=rows.var_lo[variables],
        var_hi=rows.var_hi[variables],
        var_cost=rows.var_cost[variables],
        var_rule=rows.var_rule[variables],
        n_gates=len(gates),
        names=[(0, lambda k: rows.name(int(which[k])))],
    )


def _numbers(found: IntArray, count: int) -> IntArray:
    number = np.full(count, -1, dtype=np.int64)
    number[found] = np.arange(len(found))
    return number


def joined(parts: Sequence[Linear]) -> Linear:
    """Systems of rows one after another; options are left out, as families count what they add themselves."""
    row = gate = variable = 0
    terms: dict[str, list[Terms]] = {"gates": [], "vars": []}
    governs, names = [], []
    for rows in parts:
        terms["gates"].append(Terms(rows.gates.row_of_entry + row, rows.gates.column + gate, rows.gates.value))
        terms["vars"].append(Terms(rows.vars.row_of_entry + row, rows.vars.column + variable, rows.vars.value))
        governs.append(np.where(rows.gate >= 0, rows.gate + gate, -1))
        names += [(row + first, name) for first, name in rows.names]
        row, gate, variable = row + len(rows), gate + rows.n_gates, variable + len(rows.var_lo)

    def column(name: str) -> IntArray:
        return np.concatenate([getattr(rows, name) for rows in parts])

    def matrix(found: Sequence[Terms]) -> Matrix:
        return Matrix.of(Terms(*(np.concatenate([getattr(t, c) for t in found]) for c in ("row", "column", "value"))), row)

    none = np.zeros(0, dtype=np.int64)
    return Linear(
        **{name: column(name) for name in ("lo", "hi", "under", "over", "rule", "size")},
        **{name: column(name) for name in ("var_lo", "var_hi", "var_cost", "var_rule")},
        gate=np.concatenate(governs),
        options=Matrix.of(Terms(none, none, none), row),
        gates=matrix(terms["gates"]),
        vars=matrix(terms["vars"]),
        audience=[],
        measures=parts[0].measures,
        n_gates=gate,
        names=names,
    )
