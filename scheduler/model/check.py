"""What no file check can see: rotations that nothing offered could meet, pins that rules rule out, demand against supply."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd

from scheduler.domain import Instance
from scheduler.errors import Problem
from scheduler.model.book import Book, compile_book
from scheduler.model.contradictions import contradictions
from scheduler.model.reasons import funnel, sentence
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Demand, Party
from scheduler.rules.people import Pin as PinRule

MOST_NAMES = 5
#: What to do where nothing is offered at all, by how the reason begins.
ADVICE = {
    "nothing of an accepted specialty": "add a slot of an accepted specialty, or accept another specialty",
    "every slot": "move the starts into the horizon, or the horizon to the starts",
    "no slot": "name preceptors in the slot, or list its unit with a preceptor",
}


def check_offers(instance: Instance) -> list[Problem]:
    """Limits that rules contradict; required rotations without any option; and 'must' pins that no option matches.

    A rotation that nobody can take is a warning (it would be unplaced), a pin that cannot be kept is an error (no schedule
    would exist). Each problem says what stands in the way.
    """
    book = compile_book(instance)
    options = [book.party_options(party)[0] for party in book.facts.parties]
    return [*contradictions(instance), *_unmeetable(book, options), *_impossible_pins(book, options)]


def _unmeetable(book: Book, options: list[PartyOptions]) -> list[Problem]:
    without: dict[tuple[str, str, str], list[tuple[Party, Demand]]] = defaultdict(list)
    for demand in book.facts.demands:
        parties = [book.facts.parties[p] for p in demand.parties]
        if not any((options[p.index].demand == (demand.index if p.part else _kept_under(demand))).any() for p in parties):
            why = sentence(funnel(book, parties[-1], demand))
            without[demand.requirement.program, demand.requirement.requirement, why].append((parties[-1], demand))
    rows = {(r.program, r.requirement): n for n, r in enumerate(book.facts.instance.requirements, 2)}
    return [
        Problem(
            f"nothing that is offered could meet {requirement} of {program} for {_names([p for p, _ in found])}: {why}",
            file="requirements.csv",
            row=rows[program, requirement],
            column="requirement",
            value=requirement,
            suggestion=_advice(why),
            severity="warning",
            code="nothing-offered",
        )
        for (program, requirement, why), found in without.items()
    ]


def _kept_under(demand: Demand) -> int:
    return demand.index if demand.whole is None else demand.whole


def _names(parties: list[Party]) -> str:
    names = [p.id for p in parties[:MOST_NAMES]]
    more = len(parties) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _advice(why: str) -> str:
    for start, advice in ADVICE.items():
        if why.startswith(start):
            return advice
    return "change what rules most of them out, or waive the rotation"


def _impossible_pins(book: Book, options: list[PartyOptions]) -> list[Problem]:
    rule = next((r for r in book.rules if isinstance(r, PinRule)), None)
    problems: list[Problem] = []
    if rule is None:
        return problems
    parties = {(p.student or None, p.group or None, p.part): p for p in book.facts.parties}
    for n, pin in enumerate(book.facts.instance.pins, 2):
        party = parties.get((pin.student, pin.group, pin.part or 0))
        if pin.pin != "must":
            continue
        if party is None:
            part = f" part {pin.part}" if pin.part else ""
            text = f"{pin.student or pin.group}{part} has nothing left to be placed, so this pin cannot be kept"
        elif rule.matched(pin, options[party.index]).any():
            continue
        else:
            demand = next(
                (d for d in map(book.facts.demands.__getitem__, party.demands) if d.requirement.requirement == pin.requirement),
                None,
            )
            why = f": {sentence(funnel(book, party, demand))}" if demand else ""
            text = f"no placement of {party.id} that the rules allow matches this pin{why}"
        problems.append(
            Problem(
                text,
                file="pins.csv",
                row=n,
                column="pin",
                value="must",
                suggestion="change the pin, or set override to true if it is to hold against the other rules",
                code="pin-against-rules",
            )
        )
    return problems


def demand_supply(instance: Instance) -> pd.DataFrame:
    """Student-weeks wanted and offered, by specialty and week.

    What is wanted of a rotation is spread evenly over the weeks in which its party has options (and over a set's electives);
    what is offered in a week is the sum of places of the slots that have options then.

    Returns
    -------
    DataFrame
        Columns specialty, week (from 0), wanted, offered; every specialty with every week.
    """
    book = compile_book(instance)
    weeks = instance.weeks
    names = book.facts.offers.codes.specialties
    wanted = np.zeros((len(names), weeks))
    share = {d: choice.count / len(choice.demands) for f in book.facts.families for choice in f.choices for d in choice.demands}
    for party in (p for p in book.facts.parties if p.part == 0):
        table, _ = book.party_options(party)
        for d in party.demands:
            mine = table.take(table.demand == d)
            if len(mine):
                cover = _spread(mine, len(names), weeks)
                amount = float(mine.weeks.min()) * party.size * share.get(d, 1.0)
                wanted += amount * cover / cover.sum()
    return pd.DataFrame(
        {
            "specialty": np.repeat(np.array(names, dtype=object), weeks),
            "week": np.tile(np.arange(weeks), len(names)),
            "wanted": wanted.ravel(),
            "offered": _offered(book, weeks).ravel(),
        }
    )


def _spread(options: PartyOptions, specialties: int, weeks: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """1 wherever a specialty has an option present in a week."""
    steps = np.zeros((specialties, weeks + 1))
    np.add.at(steps, (options.specialty, np.clip(options.first_week, 0, weeks)), 1.0)
    np.add.at(steps, (options.specialty, np.clip(options.last_week + 1, 0, weeks)), -1.0)
    return (np.cumsum(steps, axis=1)[:, :weeks] > 0).astype(np.float64)


def _offered(book: Book, weeks: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Places of the slots that have an option in a week, by specialty."""
    menu, codes = book.menu, book.facts.offers.codes
    # what is part of another slot has no places of its own
    places = np.array([0 if s.part_of else s.most_students for s in book.facts.instance.slots], dtype=np.float64)
    offered = np.zeros((len(codes.specialties), weeks))
    for specialty in range(len(codes.specialties)):
        mine = np.flatnonzero(menu.specialty == specialty)
        steps = np.zeros((len(codes.slots), weeks + 1))
        np.add.at(steps, (menu.slot[mine], np.clip(menu.first_week[mine], 0, weeks)), 1.0)
        np.add.at(steps, (menu.slot[mine], np.clip(menu.last_week[mine] + 1, 0, weeks)), -1.0)
        offered[specialty] = ((np.cumsum(steps, axis=1)[:, :weeks] > 0) * places[:, None]).sum(axis=0)
    return offered
