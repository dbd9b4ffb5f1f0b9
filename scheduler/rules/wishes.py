"""Which preference rows concern a party, and which options they match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np

from scheduler.domain.tables import Preference
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.facts import Facts
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Party

#: Wishes that are not about a thing that a placement has.
ABOUT_SEQUENCE = ("site_change", "waiting")

_rows_of: WeakKeyDictionary[Facts, Mapping[tuple[str, str], list[Preference]]] = WeakKeyDictionary()


def wishes_of(facts: Facts, party: Party) -> list[Preference]:
    """Preference rows of a party (of the group, for a group) and of its school, in the order of the table."""
    if facts not in _rows_of:
        found: dict[tuple[str, str], list[Preference]] = defaultdict(list)
        for row in facts.instance.preferences:
            found[row.who_kind, row.who].append(row)
        _rows_of[facts] = found
    rows = _rows_of[facts]
    own = ("group", party.group) if party.group else ("student", party.student)
    return [*rows.get(own, ()), *rows.get(("school", party.school), ())]


def matches(facts: Facts, wish: Preference, options: PartyOptions) -> BoolArray:
    """Which options a preference row names."""
    if wish.what in ABOUT_SEQUENCE:
        return np.zeros(len(options), dtype=bool)
    found = applies(facts, wish, options)
    codes = facts.offers.codes
    if wish.what == "preceptor":
        who = codes.preceptor_index.get(wish.value or "", -2)
        found = found & ((options.preceptor == who) | (options.co == who))
    elif wish.what != "start":
        index, column = {
            "specialty": (codes.specialty_index, options.specialty),
            "site": (codes.site_index, options.site),
            "unit": (codes.unit_index, options.unit),
            "slot": (codes.slot_index, options.slot),
        }[wish.what]
        found = found & (column == index.get(wish.value or "", -2))
    if wish.start is not None:
        found = found & (options.start == facts.clock.day(wish.start))
    return found


def applies(facts: Facts, wish: Preference, options: PartyOptions) -> BoolArray:
    """Which options are of the required rotation that a preference row is about (all, where it names none)."""
    if wish.requirement is None:
        return np.ones(len(options), dtype=bool)
    concerned = [d for d in np.unique(options.demand).tolist() if facts.demands[d].requirement.requirement == wish.requirement]
    return np.isin(options.demand, concerned)


def own_ranks(facts: Facts, party: Party) -> list[Preference]:
    """The ranked wishes of a party itself (of the group, for a group), not those of its school."""
    return [w for w in wishes_of(facts, party) if w.rank and not w.refuse and w.who_kind != "school"]


def choices(facts: Facts, party: Party, options: PartyOptions) -> IntArray:
    """By option: the best rank that it has on the party's own lists; 0 for none."""
    best = np.zeros(len(options), dtype=np.int64)
    for wish in sorted(own_ranks(facts, party), key=lambda w: -(w.rank or 0)):
        best = np.where(matches(facts, wish, options), wish.rank or 0, best)
    return best
