"""Why an offer is not an option: the first rule that drops it, recomputed on demand for one party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import NamedTuple

import numpy as np

from scheduler.domain.wording import NOT_FOR_THIS, OTHER_REASONS
from scheduler.model.book import Book
from scheduler.offers.offers import slot_starts
from scheduler.offers.options import DemandClass, Options, PartyOptions, candidates, class_of, make_class
from scheduler.offers.parties import Demand, Party
from scheduler.rules.statements import Drop

#: More kinds of reasons than these are summed up.
MOST_REASONS = 4
#: What these rules drop, nobody of the program could ever use for the rotation: it is another specialty, length or profession's.
FOR_NOBODY = frozenset(
    {"specialty", "profession", "level", "setting", "supervision", "duration", "preceptor_qualified", "slot_window"}
)


class Reason(NamedTuple):
    """So many offers are ruled out for this reason, by this rule."""

    rule: str
    because: str
    offers: int


class Funnel(NamedTuple):
    """All offers that teach what is asked for, those left as options, and why the others are not (most frequent first).

    `nothing` says why there is no offer at all, where that is so.
    """

    offers: int
    left: int
    reasons: tuple[Reason, ...]
    nothing: str = ""


def funnel(book: Book, party: Party, demand: Demand) -> Funnel:
    """Why each offer of the right specialty is or is not an option of a party for a demand.

    Each offer counts once, for the first rule (in the order of the catalogue's screening) that drops it.
    """
    cls = make_class(book.facts, class_of(book.facts, party.index, demand.index))
    table: Options = candidates(book.facts, cls)
    total = len(table)
    found: Counter[tuple[str, str]] = Counter()
    for personal in (False, True):
        if personal:
            n = len(table)
            same = np.full(n, 1, dtype=np.int64)
            columns = {f.name: getattr(table, f.name) for f in fields(Options)}
            table = PartyOptions(**columns, party=party.index * same, demand=demand.index * same, menu=0 * same)
        for rule in book.rules:
            if rule.setting.kind != "hard":
                continue
            statements = rule.screen_party(party, table) if isinstance(table, PartyOptions) else rule.screen_class(cls, table)
            keep = np.ones(len(table), dtype=bool)
            for statement in statements:
                if isinstance(statement, Drop):
                    found[rule.id, statement.because] += int((statement.where & keep).sum())
                    keep &= ~statement.where
            table = table.take(keep)
    reasons = tuple(Reason(rule, because, n) for (rule, because), n in found.most_common() if n)
    return Funnel(total, len(table), reasons, "" if total else _why_nothing(book, cls))


def _why_nothing(book: Book, cls: DemandClass) -> str:
    """Why slots turn into no offer at all for a class."""
    instance = book.facts.instance
    wanted = set(cls.requirement.specialties)
    slots = [
        s for s in instance.slots if wanted & ({s.specialty} if s.specialty else set(instance.unit_by_id[s.unit].specialties))
    ]
    if not slots:
        return "nothing of an accepted specialty is offered"
    first, last = instance.first_monday, instance.last_day
    if not any(first <= start <= last for s in slots for start in slot_starts(s)):
        return "every slot of an accepted specialty starts outside the planning horizon"
    return "no slot of an accepted specialty has a preceptor"


def sentence(found: Funnel, beside: Mapping[str, int] | None = None) -> str:
    """The funnel in one line for people, what matters most first.

    Offers that nobody of the program could use are a number at its end, or, where there are no others, told apart like those.

    Parameters
    ----------
    beside
        What keeps the options that are left out of a schedule, and how many of them. Such offers could be had if others
        gave way, so they are named before those that cannot be had at all.
    """
    if not found.offers:
        return found.nothing
    left = Counter(beside or ({"that did not fit beside other placements": found.left} if found.left else {}))
    parts = [f"{n} {because}" for because, n in left.most_common()]
    usable = [r for r in found.reasons if r.rule not in FOR_NOBODY]
    named = usable or ([] if left else found.reasons)
    parts += [f"{r.offers} {r.because}" for r in named[:MOST_REASONS]]
    if others := sum(r.offers for r in named[MOST_REASONS:]):
        parts.append(f"{others} {OTHER_REASONS}")
    if useless := sum(r.offers for r in found.reasons) - sum(r.offers for r in named):
        parts.append(f"and {useless} {NOT_FOR_THIS}")
    return f"{found.offers} {'offer' if found.offers == 1 else 'offers'}: " + ", ".join(parts)
