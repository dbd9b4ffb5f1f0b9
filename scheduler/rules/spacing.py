"""How a student's placements lie in time: how far apart, how close together, in which weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Program
from scheduler.domain.tables import Spacing as SpacingRow
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Party
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Drop, Unary, integers
from scheduler.rules.students import Marks, Rotation, Student, StudentRule, Tally, plain


class _Pairs(StudentRule):
    """Rules about pairs of times (first and last day) at which placements are."""

    def times(self, rotation: Rotation, options: PartyOptions, tally: Tally) -> tuple[IntArray, IntArray, Marks]:
        """First and last day of each time at which a rotation can be, by first day, and a mark for each."""
        days = np.stack([options.start[rotation.found], options.end[rotation.found]], axis=1)
        times, which = np.unique(days, axis=0, return_inverse=True)
        direct = np.full(len(times), rotation.once)
        return times[:, 0], times[:, 1], tally.marks(which.ravel(), rotation.found, direct)

    def forbid(self, wrong: BoolArray, these: Marks, those: Marks, a: Rotation, b: Rotation, tally: Tally) -> None:
        """Not both of each wrong pair (by time of the one and time of the other): a row for each time of the one."""
        row, most = np.arange(len(wrong)), b.most
        if a.once and len(wrong):  # times with the same wrong ones share a row
            wrong, row = np.unique(wrong, axis=0, return_inverse=True)
            row = row.ravel()
        some = np.asarray(wrong.any(axis=1), dtype=bool)
        number = np.cumsum(some) - 1
        first = np.flatnonzero(some[row])
        second, other = np.nonzero(wrong)
        limit = np.full(int(some.sum()), most, dtype=np.int64)
        tally.at_most(limit, these.times(number[row[first]], first, most), those.times(number[second], other))


class Spacing(_Pairs):
    """Between the placements of two rotations lie so many weeks.

    For each student, row of spacings and time t at which the one rotation can be, with g_t = [it is placed then], times u of the
    other one that are too close or too far, and the most placements k of the other:  Σ_u g_u + k · g_t ≤ k.

    Reads spacings. Example: at least 2 weeks, the one ends on a Friday, the other starts on the Monday after the next: 1.
    """

    id = "spacing"

    def concerns(self, program: Program) -> bool:
        return program.program in self._rows

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        rotations = {r.requirement.requirement: r for r in student.rotations}
        for row in self._rows[program.program]:
            if row.requirement not in rotations or row.other not in rotations:
                continue
            one, other = rotations[row.requirement], rotations[row.other]
            if one is other and one.once:
                continue
            start, end, these = self.times(one, options, tally)
            first, last, those = (start, end, these) if one is other else self.times(other, options, tally)
            after = first[None, :] - end[:, None] - 1  # days between, where the other one comes later
            before = start[:, None] - last[None, :] - 1
            days = after if one is other else np.maximum(after, before)  # of one rotation each pair is looked at once
            weeks = days // 7
            outside = (weeks < (row.least_weeks or 0)) | (weeks > (FREE if row.most_weeks is None else row.most_weeks))
            self.forbid((days >= 0) & outside, these, those, one, other, tally)

    @cached_property
    def _rows(self) -> Mapping[str, list[SpacingRow]]:
        found: dict[str, list[SpacingRow]] = defaultdict(list)
        for row in self.facts.instance.spacings:
            found[row.program].append(row)
        return dict(found)


class KeptTogether(_Pairs):
    """The placements of a split rotation lie within so many weeks.

    For each student, split rotation, and time t at which a placement of it can be, with g_t = [one is there], times u that begin
    no earlier and end too late for t, and the most placements k:  Σ_u g_u + k · g_t ≤ k.

    Reads requirements (within_weeks). Example: within 8 weeks, two placements in weeks 1–4 and 6–9: 1.
    """

    id = "kept_together"

    def concerns(self, program: Program) -> bool:
        return program.program in self._programs

    @cached_property
    def _programs(self) -> frozenset[str]:
        return frozenset(r.program for r in self.facts.instance.requirements if r.within_weeks)

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        for rotation in student.rotations:
            within = rotation.requirement.within_weeks
            if within is None or rotation.once or len(rotation.demands) > 1:
                continue
            start, end, marks = self.times(rotation, options, tally)
            last = np.maximum(end[:, None], end[None, :])
            wrong = np.triu(last - start[:, None] + 1 > 7 * within, k=1)  # times are in order of their first day
            self.forbid(wrong, marks, marks, rotation, rotation, tally)


class Heavy(StudentRule):
    """Between two heavy placements of a student lie so many weeks.

    For each student and week w:  Σ_{o heavy: first week_o ≤ w ≤ last week_o + weeks} x_o ≤ 1. Where the rule is hard, only the
    weeks in which some heavy placement can start are looked at: the others follow.

    Reads requirements (heavy). Example: weeks = 1, surgery in weeks 1–4, medicine in weeks 5–8: 1.
    """

    id = "heavy"

    def concerns(self, program: Program) -> bool:
        return program.program in self._programs

    @cached_property
    def _programs(self) -> frozenset[str]:
        return frozenset(r.program for r in self.facts.instance.requirements if r.heavy)

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        heavy = [r for r in student.rotations if r.requirement.heavy]
        if not heavy or (len(heavy) == 1 and heavy[0].once):
            return
        found = np.concatenate([r.found for r in heavy])
        if not len(found):
            return
        first = options.first_week[found]
        last = options.last_week[found] + self.setting.number("weeks")
        weeks = np.arange(first.min(), last.max() + 1) if self.soft else np.unique(first)
        week, which = np.nonzero((first[None, :] <= weeks[:, None]) & (weeks[:, None] <= last[None, :]))
        tally.at_most(np.ones(len(weeks)), plain(week, found[which]))


class StartWindow(Rule):
    """A placement lies in the weeks of its student in which it may.

    Drops option o unless first_week ≤ first week_o − w + 1 and last week_o − w + 1 ≤ last_week, with w the first possible week of
    the party.

    Reads requirements (first_week, last_week), students (available_from). Example: last_week = 8 and a placement in weeks 7–10 of
    somebody available from week 3 on: it ends in the student's week 8, and stays.
    """

    id = "start_window"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        rows = [self.facts.demands[d].requirement for d in party.demands]
        if not any(r.first_week or r.last_week for r in rows):
            return
        demand, which = np.unique(options.demand, return_inverse=True)
        asked = [self.facts.demands[d].requirement for d in demand.tolist()]
        origin = max(party.available_from or 0, 0) // 7 - 1
        early = integers([r.first_week or -FREE for r in asked])[which.ravel()]
        late = integers([r.last_week or FREE for r in asked])[which.ravel()]
        yield Drop(options.first_week - origin < early, "before the first week in which it may start")
        yield Drop(options.last_week - origin > late, "after the last week in which it may end")
