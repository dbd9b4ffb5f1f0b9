"""Why an offer is not an option: the first rule that drops it, recomputed on demand for one party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from scheduler.domain.wording import NOT_FOR_THIS, OTHER_REASONS
from scheduler.model.book import Book
from scheduler.offers.days import BoolArray
from scheduler.offers.offers import slot_starts
from scheduler.offers.options import ClassKey, DemandClass, Options, PartyOptions, candidates, class_of, make_class
from scheduler.offers.parties import Demand, Party
from scheduler.rules.statements import Drop, Unary

#: More kinds of reasons than these are summed up.
MOST_REASONS = 4
#: What these rules drop, nobody of the program could ever use for the rotation: it is another specialty, length or profession's.
FOR_NOBODY = frozenset(
    {"specialty", "profession", "level", "setting", "supervision", "duration", "preceptor_qualified", "slot_window"}
)


#: So many classes are kept screened: those who are not placed mostly share one with others.
MOST_CLASSES = 256

#: A class, how many offers it has, those that no rule drops for everybody, and how many are dropped, by rule and reason.
ScreenedClass = tuple[DemandClass, int, Options, Counter[tuple[str, str]]]

_screened: WeakKeyDictionary[Book, dict[ClassKey, ScreenedClass]] = WeakKeyDictionary()


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
    key = class_of(book.facts, party.index, demand.index)
    cls, total, table, found = _screened_class(book, key)
    n = len(table)
    same = np.full(n, 1, dtype=np.int64)
    columns = {f.name: getattr(table, f.name) for f in fields(Options)}
    personal = PartyOptions(**columns, party=party.index * same, demand=demand.index * same, menu=0 * same)
    found = found.copy()
    for rule in book.rules:
        if rule.setting.kind == "hard":
            personal = personal.take(_kept(rule.id, rule.screen_party(party, personal), len(personal), found))
    reasons = tuple(Reason(rule, because, n) for (rule, because), n in found.most_common() if n)
    return Funnel(total, len(personal), reasons, "" if total else _why_nothing(book, cls))


def _screened_class(book: Book, key: ClassKey) -> ScreenedClass:
    """What holds for everybody of a class; kept for the next who asks."""
    known = _screened.setdefault(book, {})
    if key not in known:
        if len(known) >= MOST_CLASSES:
            known.clear()
        cls = make_class(book.facts, key)
        table: Options = candidates(book.facts, cls, teams=False)
        total, found = len(table), Counter[tuple[str, str]]()
        for rule in book.rules:
            if rule.setting.kind == "hard":
                table = table.take(_kept(rule.id, rule.screen_class(cls, table), len(table), found))
        known[key] = cls, total, table, found
    return known[key]


def _kept(rule: str, statements: Iterable[Unary], options: int, found: Counter[tuple[str, str]]) -> BoolArray:
    """Which options a rule leaves; those that it drops are counted by reason."""
    keep = np.ones(options, dtype=bool)
    for statement in statements:
        if isinstance(statement, Drop):
            found[rule, statement.because] += int((statement.where & keep).sum())
            keep &= ~statement.where
    return keep


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
