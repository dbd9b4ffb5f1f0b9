"""How much preceptors take: students at once, weeks, rest between students, balance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.offers.days import ALL_MASK, WHOLE_DAY, IntArray, Scope, periods
from scheduler.offers.options import DemandClass, Menu
from scheduler.offers.touched import patterns_of
from scheduler.rules.limits import Limits, Load, crowds
from scheduler.rules.places import by_value
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Gates, Rows, Terms, Vars, at_most, at_most_kinds, integers


class PreceptorAtOnce(Rule):
    """A preceptor has no more students at once than allowed, over all schools and with commitments.

    For each preceptor q, each set S of weekly patterns that share a minute, and each period t:
    Σ_{o with q, pattern in S, present in t} students · x_o ≤ most_at_once_q − commitments, but at least 0. An option is with its
    preceptor and co-preceptor from start to end, with its cover during the cover.

    Reads preceptors, commitments. Example: 1 at once, three schools ask for the same weeks: one gets her.
    """

    id = "preceptor_at_once"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        always = Scope(0, clock.days - 1, ALL_MASK, (0, 2 * WHOLE_DAY[1]), whole=True)
        limits = Limits(clock, "students", soft=self.setting.kind == "soft")
        duty = menu.duties
        for q, found in by_value(duty.preceptor).items():
            person = self.facts.instance.preceptors[q]
            rows = [c for c in self.facts.instance.commitments if (c.who_kind, c.who) == ("preceptor", person.preceptor)]
            load = Load([clock.scope(c) for c in rows], [c.students for c in rows])
            here = duty.take(found)
            limits.begin()
            for which, busy, mask in crowds(here, clock, load, always, floating=True):
                p = periods(
                    here.start[which],
                    here.end[which],
                    first=0,
                    last=clock.days - 1,
                    mask=mask,
                    cuts=load.cuts,
                    maximal=not load.scopes and self.setting.kind != "soft",
                )
                hi = np.maximum(person.most_at_once - load.during(busy, p.first, p.last, mask), 0)
                limits.add(f"preceptor {person.preceptor}", p, duty.row[found[which]], hi, mask=mask)
        yield from limits.rows()


class PreceptorWeeks(Rule):
    """A preceptor has students in no more weeks than allowed.

    For each preceptor q with most_weeks and each week w, with switch g_w = "q has students in w" (1 where a commitment is):
    Σ_{o with q, touching w} x_o governed by g_w, and Σ_w g_w ≤ most_weeks_q.

    Reads preceptors, commitments. Example: at most 8 weeks, two placements of 6 weeks one after the other: only one.
    """

    id = "preceptor_weeks"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        sums: list[int] = []
        rows, columns, names = [], [], []
        budget: list[int] = []
        duty = menu.duties
        for q, found in by_value(duty.preceptor).items():
            person = self.facts.instance.preceptors[q]
            if person.most_weeks is None:
                continue
            busy = {
                week
                for c in self.facts.instance.commitments
                if (c.who_kind, c.who) == ("preceptor", person.preceptor)
                for week in clock.scope(c).weeks(clock.days)
            }
            for week in range(clock.days // 7):
                here = duty.row[found[(duty.start[found] // 7 <= week) & (duty.end[found] // 7 >= week)]]
                if week not in busy and len(here):
                    rows.append(np.full(len(here), len(sums)))
                    columns.append(here)
                    sums.append(len(budget))
                    names.append(f"preceptor {person.preceptor} in week {week + 1}")
            budget.append(max(0, person.most_weeks - len(busy)))

        if not sums:
            return
        terms = Terms.of(np.concatenate(rows), np.concatenate(columns))
        yield at_most_kinds(budget, terms, sums, name=lambda k: names[k] if k < len(names) else "preceptor's weeks")


class PreceptorRest(Rule):
    """Between students, a preceptor has weeks of rest.

    For each preceptor q with rest_weeks, each last day d and first day d' > d of options with q such that d' lies at most
    rest_weeks_q calendar weeks behind the week of d, with switches e_d, s_d' = "a placement with q ends on d, begins on d'":
    e_d + s_d' ≤ 1. Where q takes one student at a time on the same days anyway, the same without switches: Σ x_o ≤ 1 over the
    options with q that are there on a day or ended in the rest_weeks_q calendar weeks before.

    Reads preceptors. Example: 2 weeks of rest, a placement ends in week 5: the next one begins in week 8 at the earliest.
    """

    id = "preceptor_rest"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        duty = menu.duties
        one_at_a_time = self.setting.kind == "hard" and self.facts.setting("preceptor_at_once").kind == "hard"
        for q, found in by_value(duty.preceptor[: duty.covering]).items():
            person = self.facts.instance.preceptors[q]
            if not person.rest_weeks:
                continue
            columns, start, end = duty.row[found], duty.start[found], duty.end[found]
            rested = 7 * (end // 7 + person.rest_weeks) + 6  # last day of rest
            name = f"rest of {person.preceptor}"
            same_days = len(np.unique(patterns_of(duty.take(found)))) == 1
            if one_at_a_time and person.most_at_once == 1 and same_days:
                p = periods(start, rested, first=0, last=self.facts.clock.days - 1, maximal=True)
                yield at_most(np.ones(p.count), Terms.of(p.row, columns[p.option]), name=lambda _, n=name: n)  # type: ignore[misc]  # default binds the loop variable
            else:
                yield from self._switched(name, columns, start, end, person.rest_weeks)

    @staticmethod
    def _switched(name: str, columns: IntArray, start: IntArray, end: IntArray, rest_weeks: int) -> Iterator[Rows]:
        ends, of_end = np.unique(end, return_inverse=True)
        starts, of_start = np.unique(start, return_inverse=True)
        gap = starts[None, :] // 7 - ends[:, None] // 7
        one, other = np.nonzero((ends[:, None] < starts[None, :]) & (gap <= rest_weeks))
        switches, pairs = len(ends) + len(starts), len(one)
        if not pairs:
            return
        sums = np.arange(pairs) + switches
        yield Rows(
            np.concatenate([np.ones(switches, dtype=np.int64), np.full(pairs, -FREE, dtype=np.int64)]),
            np.concatenate([np.full(switches, FREE, dtype=np.int64), np.ones(pairs, dtype=np.int64)]),
            Terms.of(np.concatenate([of_end.ravel(), of_start.ravel() + len(ends)]), np.concatenate([columns, columns])),
            gates=Gates(switches),
            governed=np.concatenate([np.arange(switches), np.full(pairs, -1, dtype=np.int64)]),
            gate_terms=Terms.of(np.concatenate([sums, sums]), np.concatenate([one, other + len(ends)])),
            name=lambda _: name,
        )


class PreceptorBalance(Rule):
    """The largest load of any preceptor is small.

    M ≥ Σ_{o with q} students · weeks touched_o · x_o for each preceptor q; M costs 1 a student-week.

    Reads preceptors. Example: 12 student-weeks for two preceptors: 6 each is better than 12 and 0.
    """

    id = "preceptor_balance"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        duty = menu.duties
        people, row = np.unique(duty.preceptor, return_inverse=True)
        n = len(people)
        if not n:
            return
        weeks = duty.end // 7 - duty.start // 7 + 1
        largest = sum(p.size for p in self.facts.parties) * (self.facts.clock.days // 7) * max(len(self.facts.demands), 1)
        yield Rows(
            np.full(n, -FREE, dtype=np.int64),
            np.zeros(n, dtype=np.int64),
            Terms.of(row.ravel(), duty.row, weeks),
            "students",
            vars=Vars(integers([0]), integers([min(largest, FREE - 1)]), integers([1])),
            var_terms=Terms.of(np.arange(n), np.zeros(n), -1),
            firm=True,
            name=lambda k: f"load of {self.facts.offers.codes.preceptors[people[k]]}",
        )
