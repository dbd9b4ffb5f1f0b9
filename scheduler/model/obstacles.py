"""What stands in the way of an option in a schedule: the hard rows that it would cross if it were chosen as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.model.evaluate import row_load
from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import BoolArray, IntArray

#: What is said of an offer that a rule keeps out beside the other placements.
BESIDE_OTHERS = {
    "slot_maximum": "in a full slot",
    "unit_capacity": "in a full unit",
    "reservation": "beyond what reservations leave to the school",
    "agreement_places": "beyond the places of the school's agreement",
    "slot_minimum": "in a slot with too few students to run",
    "preceptor_at_once": "with a full preceptor",
    "preceptor_weeks": "with a preceptor who has no weeks left",
    "preceptor_rest": "with a preceptor who rests between students",
    "ipe_team": "outside the teams that meet",
    "one_preceptor": "with another preceptor than before",
    "most_preceptors": "with one preceptor too many in the rotation",
    "preceptor_units": "in one unit too many for the preceptor",
    "preceptor_ratio": "with a preceptor who has enough students of the profession",
    "faculty": "while the faculty leads another group",
    "one_place": "while the student is elsewhere",
    "shift_rest": "too soon after a night",
    "most_nights": "beyond the nights that the student may have",
    "week_hours": "beyond the hours that the student may have in a week",
    "order": "before an earlier rotation is finished",
    "pin": "against a pin",
    "most_sites": "at one site too many",
    "most_specialties": "in one specialty too many",
    "most_per_site": "at a site that the student has had enough of",
    "no_repeat": "with a preceptor, unit or site that the student has already",
    "continuity": "away from the preceptor, unit or site of the student's other placements",
    "breadth": "that would leave the student too little breadth",
    "setting_weeks": "that would leave the student too few weeks in a setting",
    "program_hours": "that would leave the student too few hours",
    "simulation_share": "with too much simulation",
    "competency": "that would leave a competency out",
    "spacing": "too close to another rotation, or too far from it",
    "heavy": "too close to another heavy rotation",
    "kept_together": "too far from the rest of the rotation",
    "housing": "where no bed is left",
    "most_lodgings": "with one lodging too many",
    "far_apart": "too far from another placement of the same week",
    "budget": "beyond the budget",
    "school_minimum": "at the cost of another school's least share",
    "historical_share": "at the cost of what another school used in earlier terms",
    "licence_hours": "with too few hours with a licence that the program asks for",
}
#: The same for a unit that takes nobody then: its capacity is 0.
CLOSED = "while the unit is closed"
#: No hard rule keeps it out: it costs more than it wins, it is only a part of what is asked, or nobody has tried it.
FITS = "possible, but not chosen"


class Obstacles:
    """The rows of a schedule as they stand, ready to be asked what one more option would cross."""

    def __init__(self, book: Book, families: Sequence[FamilyBook], chosen: Sequence[IntArray]) -> None:
        self.book = book
        facts = book.facts
        closing = {
            facts.offers.codes.unit_index[row.unit]
            for row in facts.instance.capacity
            if 0 in (row.most_students, row.most_groups, row.most_precepted) and row.unit in facts.offers.codes.unit_index
        }
        self._closing = np.array(sorted(closing), dtype=np.int64)
        self.load = np.zeros(len(book.shared), dtype=np.int64)
        for family, picked in zip(families, chosen, strict=True):
            _, rows, values = family.shared.gather(picked)
            np.add.at(self.load, rows, values)

    def of(self, family: FamilyBook, picked: IntArray, options: IntArray) -> Counter[str]:
        """How many offers are kept out by what; each counts once, what is shared with others before what is its own.

        An offer that can be taken in several teams, and in none, counts as the first of these that fits, else as in none.

        Parameters
        ----------
        picked
            Positions of the family's chosen options.
        options
            Positions of the options to ask about.
        """
        own = row_load(family.rows, picked, len(family.options))
        by_option = family.rows.options.transposed(len(family.options))
        shared, zero = _crossed(self.book.shared, self.load, family.shared, options)
        alone, _ = _crossed(family.rows, own, by_option, options)
        first = np.where(shared >= 0, shared, alone)
        # commitments of others may leave no place as well: such a unit is full
        closed = zero & np.isin(family.options.unit[options], self._closing)
        offer = family.options.offer[options]
        best = np.lexsort((np.arange(len(options)), first >= 0, offer))
        once = best[np.append(True, np.diff(offer[best]) != 0)] if len(options) else best
        return Counter(self._say(*what) for what in zip(first[once].tolist(), closed[once].tolist(), strict=True))

    def _say(self, rule: int, closed: bool) -> str:
        if rule < 0:
            return FITS
        found = self.book.rules[rule]
        if closed and found.id == "unit_capacity":
            return CLOSED
        return BESIDE_OTHERS.get(found.id, f"against the rule '{found.spec.title}'")


def _crossed(rows: Linear, load: IntArray, by_option: Matrix, options: IntArray) -> tuple[IntArray, BoolArray]:
    """For each option the first rule one of whose hard rows it would cross (−1: none); whether one of these allows nothing."""
    if not len(rows):
        return np.full(len(options), -1, dtype=np.int64), np.zeros(len(options), dtype=bool)
    n = len(rows)
    which, row, value = by_option.gather(options)
    is_open = np.zeros(rows.n_gates, dtype=bool)
    is_open[rows.gate[(rows.gate >= 0) & (load > 0)]] = True
    total = load.copy()
    np.add.at(total, rows.gates.row_of_entry, rows.gates.value * is_open[rows.gates.column])

    # an option may open gates, which count in rows of their own
    opens = (rows.gate[row] >= 0) & (value > 0)
    opens[opens] = ~is_open[rows.gate[row[opens]]]
    opener, gate = np.unique(np.stack([which[opens], rows.gate[row[opens]]]), axis=1)
    opened, gate_row, gate_value = rows.gates.transposed(rows.n_gates).gather(gate)
    # and rows that share such a gate are in force from then on, whether the option counts in them or not
    order = np.argsort(rows.gate, kind="stable")
    begin, end = np.searchsorted(rows.gate, gate, sorter=order), np.searchsorted(rows.gate, gate, "right", sorter=order)
    sharing = np.repeat(np.arange(len(gate)), end - begin)
    shared = opener[sharing] * n + order[np.arange(len(sharing)) - np.repeat(np.cumsum(end - begin) - end, end - begin)]
    key, entry = np.unique(np.concatenate([which * n + row, opener[opened] * n + gate_row, shared]), return_inverse=True)
    change = np.zeros(len(key), dtype=np.int64)
    np.add.at(change, entry.ravel(), np.concatenate([value, gate_value, np.zeros_like(shared)]))
    in_force = np.zeros(len(key), dtype=bool)
    in_force[entry.ravel()[len(entry.ravel()) - len(shared) :]] = True
    option, row = key // n, key % n
    after = total[row] + change

    elastic = np.zeros(n, dtype=bool)
    elastic[rows.vars.row_of_entry] = True
    too_much = (rows.over[row] < 0) & (change > 0) & (after > rows.hi[row])
    # rows that run with enough or not at all; and rows that ask for something only once the student's last rotation is placed
    started = (rows.gate[row] >= 0) & ((after > 0) | in_force)
    too_few = (rows.under[row] < 0) & (started | (change < 0)) & (after < rows.lo[row])
    crossed = np.flatnonzero((too_much | too_few) & ~elastic[row])
    none = np.iinfo(np.int64).max
    first = np.full(len(options), none, dtype=np.int64)
    np.minimum.at(first, option[crossed], rows.rule[row[crossed]])
    zero = np.zeros(len(options), dtype=bool)
    of_first = rows.rule[row[crossed]] == first[option[crossed]]
    zero[option[crossed][of_first & (rows.hi[row[crossed]] <= 0)]] = True
    return np.where(first == none, -1, first), zero
