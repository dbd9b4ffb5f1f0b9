"""Preceptors and faculty: qualified, trained, there, the same one throughout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from scheduler.offers.days import IntArray, Scope, moments, patterns, periods, sessions_in
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Demand, Family, Party
from scheduler.offers.windows import NEVER
from scheduler.rules.demand import meeting
from scheduler.rules.limits import Limits
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Drop, Gates, Rows, Terms, Unary, integers
from scheduler.rules.time import cut_at_midnight, scopes_of


class PreceptorQualified(Rule):
    """The preceptor supervises the student's profession and teaches the specialty.

    Offers only exist with preceptors of the slot or unit; drops option o if its preceptor does not supervise the program's
    profession or does not teach the option's specialty. Reads preceptors. Example: a nurse practitioner who supervises 'np' is
    no preceptor of a 'pa' student unless 'pa' is listed.
    """

    id = "preceptor_qualified"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        supervises, teaches = self.facts.supervising(cls.profession), self.facts.teaching
        both = [(supervises[who], teaches[who, options.specialty]) for who in (options.preceptor, options.co)]
        yield Drop(~(both[0][0] & both[1][0]), "with a preceptor of another profession")
        yield Drop(~(both[0][1] & both[1][1]), "with a preceptor of another specialty")


class PreceptorTrained(Rule):
    """The preceptor's training is valid to the end; of two preceptors, that of one of them.

    Drops option o if every one of its preceptors has a trained_until before end_o. Reads preceptors. Example: trained until 30
    September, a placement to 9 October: dropped, unless a co-preceptor is trained to that day.
    """

    id = "preceptor_trained"

    @cached_property
    def _until(self) -> IntArray:
        """By preceptor: the last day of the training. The last entry stands for no preceptor."""
        people, day = self.facts.instance.preceptors, self.facts.clock.day
        return np.array([*(day(p.trained_until) if p.trained_until else NEVER for p in people), -NEVER], dtype=np.int64)

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        until = np.maximum(self._until[options.preceptor], self._until[options.co])
        yield Drop((options.preceptor >= 0) & (until < options.end), "with a preceptor whose training ends before")


class PreceptorAvailable(Rule):
    """The preceptor, a co-preceptor or the cover is there in every session.

    Drops option o with one preceptor if an 'unavailable' row of his or hers touches it and nobody covers; with two, if there is a
    session that rows of both touch. Reads availability, preceptors (cover). Example: leave in week 5 rules out a placement in
    weeks 3 to 8 with this preceptor, unless the cover is there in week 5.
    """

    id = "preceptor_available"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        away, alone = self.facts.away, options.co < 0
        yield Drop(alone & (options.cover < 0) & away.touch(options.preceptor, options), "while the preceptor is away")
        yield Drop(~alone & away.touch_both(options.preceptor, options.co, options), "while both preceptors are away")


class OnePreceptor(Rule):
    """All placements of one required rotation have the same preceptor.

    For each rotation of a party in several placements (repeats included) and each preceptor (or two) q, with switch g_q:
    Σ_{o ∈ O(d) with q} x_o governed by g_q, and Σ_q g_q ≤ 1.

    Reads requirements (blocks). Example: 6 weeks in two blocks of 3: both with Kim or both with Lee.
    """

    id = "one_preceptor"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        together: dict[tuple[tuple[int, ...], str], list[Demand]] = defaultdict(list)
        for demand in (self.facts.demands[d] for d in family.demands):
            together[demand.parties, demand.requirement.requirement].append(demand)
        for demands in together.values():
            meets = np.logical_or.reduce([meeting(self.facts, options, demand) for demand in demands])
            found = np.flatnonzero(meets)
            pairs = np.column_stack([options.preceptor[found], options.co[found]])
            people, which = np.unique(pairs, axis=0, return_inverse=True)
            n = len(people)
            if (len(demands) == 1 and demands[0].single) or n < 2:
                continue
            yield Rows(
                np.concatenate([np.ones(n, dtype=np.int64), integers([-FREE])]),
                np.concatenate([np.full(n, FREE, dtype=np.int64), integers([1])]),
                Terms.of(which.ravel(), found),
                gates=Gates(n),
                governed=np.concatenate([np.arange(n), integers([-1])]),
                gate_terms=Terms.of(np.full(n, n), np.arange(n)),
                name=lambda _, d=demands[0]: f"one preceptor for {d.requirement.requirement}",  # type: ignore[misc]  # default binds the loop variable
            )


class Faculty(Rule):
    """A group's faculty member is there in all its sessions and leads one group at a time.

    Drops option o of a group if an 'unavailable' row or a commitment of its faculty touches it. For each faculty member f, each
    set S of weekly patterns that share a minute (night shifts reach into the next day), and each period t:
    Σ_{o of f's groups, pattern in S, present in t} x_o ≤ 1.

    Reads groups, availability, commitments. Example: two groups of Dr Jones, both on Tuesdays: not in the same weeks.
    """

    id = "faculty"

    @cached_property
    def _busy(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = defaultdict(list)
        for (kind, who), scopes in scopes_of(self.facts, "unavailable").items():
            if kind == "preceptor":
                found[who] += scopes
        for c in self.facts.instance.commitments:
            if c.who_kind == "preceptor":
                found[c.who].append(self.facts.clock.scope(c))
        return found

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if party.faculty in self._busy:
            away = sessions_in(self._busy[party.faculty], options, self.facts.clock) > 0
            yield Drop(away, "while the group's faculty is away")

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        led: dict[str, list[Party]] = defaultdict(list)
        for party in self.facts.parties:
            if party.faculty:
                led[party.faculty].append(party)
        label = {name: i for i, name in enumerate(led)}
        limits = Limits(clock, "parties", soft=False)
        for name, parties in led.items():
            if len({p.group for p in parties}) < 2 and all(p.part == 0 for p in parties):
                continue
            wanted = {(p.program, self.facts.demands[d].requirement.requirement) for p in parties for d in p.demands}
            mine = np.array([(c.key.program, c.key.requirement) in wanted for c in classes], dtype=bool)
            found = np.flatnonzero(mine[menu.cls])
            here = menu.take(found)
            pieces = [
                (np.flatnonzero(where), *piece)
                for days, shift, where in patterns(here)
                for piece in cut_at_midnight(days, clock.span(shift))
            ]
            cells = moments([mask for _, mask, _, _ in pieces], [span for _, _, span, _ in pieces])
            for members, mask in zip(cells.members, cells.masks, strict=True):
                active = [piece for piece, is_in in zip(pieces, members, strict=True) if is_in]
                which = np.concatenate([options for options, *_ in active])
                later = np.concatenate([np.full(len(options), days) for options, _, _, days in active])
                p = periods(here.start[which] + later, here.end[which] + later, first=0, last=clock.days, mask=mask, maximal=True)
                limits.add(f"faculty {name}", p, found[which], np.ones(p.count, dtype=np.int64), label=label[name])
        yield from limits.rows(of_party=[label.get(p.faculty or "", -1) for p in self.facts.parties])
