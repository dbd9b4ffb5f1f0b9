"""Parties and placements as rows of numbers: what the boards, the search and the details of the page are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scheduler.export.choices import NO_LIST, choices
from scheduler.export.diaries import supervising
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import clock, natural, number, rotation
from scheduler.report.index import Index
from scheduler.report.reasons import Reason, Reasons
from scheduler.verify import Violation
from scheduler.verify.facts import Facts
from scheduler.verify.parties import Party
from scheduler.verify.wishes import pinned

#: Of a group so many students are named in the details; all of them are found by the search.
Row = list[Any]


class Board:
    """The rows of a schedule.

    Parameters
    ----------
    facts
        The schedule and its instance.
    stays
        Its placements as people read them, in the order of ``facts.placed`` by the schedule's rows.
    """

    def __init__(self, facts: Facts, stays: Sequence[Stay], index: Index, found: Reasons) -> None:
        self._facts, self._index, self._reasons = facts, index, found
        order = {id(row): i for i, row in enumerate(facts.schedule.placements)}
        self._placed = sorted(facts.placed, key=lambda p: order[id(p.row)])
        self._stays = stays
        bodies = {*facts.by_party, *facts.parties.all_bodies()}
        known = [b for b in bodies if facts.by_party.get(b) or facts.parties.demands[b].count]
        known.sort(key=lambda b: (natural(b.program.school, b.program.program), natural(b.name)))
        self._party = {body: i for i, body in enumerate(known)}
        self.place_of = {_key(b): i for b, i in self._party.items()}
        self._of_group: dict[str, int] = {}
        for key, i in self.place_of.items():
            self._of_group.setdefault(key[1], i)

    def parties(self) -> list[Row]:
        """``[name, id, program, students, [their ids], [[rule, points], …], [[rule, points, sentence], …]]`` of each party.

        First what each rule counts for the party in all, the dearest first, then what is said about it as a whole.
        """
        texts = self._index.texts
        rows = []
        for body in self._party:
            points = sorted(self._reasons.points.get(body, {}).items(), key=lambda item: (-abs(item[1]), item[0]))
            rows.append(
                [
                    self._index.book.said(body.name),
                    body.student or body.group,
                    self._index.program[body.program.program],
                    body.size,
                    [s.student for s in body.members if s.named and s.student != body.student],
                    [[texts(rule), n] for rule, n in points if n],
                    self._said(self._reasons.of_party.get(body, ())),
                ]
            )
        return rows

    def of_student(self, student: str, group: str | None) -> int:
        """The row of a student alone, or of the group or its first part; -1: none."""
        return self.place_of.get((student, "", 0), self._of_group.get(group or "", -1) if group else -1)

    def broken(self, violations: Iterable[Violation]) -> list[Row]:
        """``[placement, [sentence, …]]`` of each placement that a broken rule is about."""
        place = {id(placed.row): i for i, placed in enumerate(self._placed)}
        found: dict[int, list[int]] = {}
        for violation in violations:
            for row in violation.placements:
                if id(row) in place:
                    found.setdefault(place[id(row)], []).append(self._index.said(violation.sentence))
        return [[i, list(dict.fromkeys(said))] for i, said in sorted(found.items())]

    def placements(self) -> list[Row]:
        """One row a placement.

        ``[party, rotation, unit, specialty, [preceptors], first day, last day, weekdays, shift, weeks, hours, hours lost, status,
        rank, pinned, sessions, [[day, why], …], [[rule, points, sentence], …], slot, team]``; days count from the first Monday,
        weekdays are bits from Monday, -1 where they are the preceptor's.
        """
        rank, fixed = dict(choices(self._facts)), set(pinned(self._facts, "must"))
        instance, index = self._facts.instance, self._index
        texts, first = index.texts, instance.first_monday
        rows = []
        for stay, placed in zip(self._stays, self._placed, strict=True):
            row = stay.row
            people = dict.fromkeys((*supervising(instance, stay), *filter(None, (row.cover,))))
            rows.append(
                [
                    self._party[placed.party],
                    texts(rotation(row.requirement, stay.requirement_name)),
                    index.unit[row.unit],
                    index.specialty[row.specialty],
                    [index.preceptor[who] for who in people if who in index.preceptor],
                    (stay.first_day - first).days,
                    (stay.last_day - first).days,
                    -1 if stay.follows else sum(1 << day for day in row.weekdays),
                    texts(f"{stay.shift_name} {clock(stay.span)}" if stay.timed else ""),
                    row.weeks,
                    number(row.hours),
                    number(row.hours_lost),
                    texts(row.status),
                    rank.get(placed, NO_LIST),
                    int(placed in fixed),
                    len(stay.sessions),
                    self._days(stay),
                    self._said(self._reasons.of_placement.get(placed, ())),
                    texts(row.slot),
                    texts(row.team),
                ]
            )
        return rows

    def _days(self, stay: Stay) -> list[Row]:
        """Pauses, one row for days in a row with the same reason: ``[first day, last day, why]``."""
        rows: list[Row] = []
        kinds = self._index.kinds
        for day, why in stay.paused:
            if stay.first_day < day < stay.last_day:
                at, word = (day - self._facts.instance.first_monday).days, self._index.texts(kinds.get(why, why))
                if rows and rows[-1][2] == word and at - rows[-1][1] <= 3:  # a weekend between two pauses is no end
                    rows[-1][1] = at
                else:
                    rows.append([at, at, word])
        return rows

    def _said(self, those: Iterable[Reason]) -> list[Row]:
        texts, said = self._index.texts, self._index.said
        return [[texts(r.rule), r.points, said(r.sentence)] for r in sorted(those, key=lambda r: -abs(r.points))]


def _key(body: Party) -> tuple[str, str, int]:
    return body.student, body.group, body.part


def unplaced_rows(facts: Facts, board: Board, index: Index, missing: Iterable[Any], reasons: Mapping[Any, str]) -> list[Row]:
    """One row a party and rotation that it lacks: ``[party, rotation, missing, unit of it, why, specialty]``.

    Parameters
    ----------
    missing
        As the verifier has found it.
    reasons
        What the schedule says about each, by student, group, part and rotation.
    """
    instance, texts = facts.instance, index.texts
    rows = []
    for row in missing:
        required = instance.requirement_by_id.get((row.program, row.requirement))
        own, of_group = (row.student, row.group, row.part, row.requirement), (row.student, row.group, 0, row.requirement)
        name = rotation(row.requirement, required.name or row.requirement) if required else row.requirement
        special = required.specialties[0] if required and required.specialties else ""
        who = board.place_of[row.student, row.group, row.part]
        why = reasons.get(own) or reasons.get(of_group) or ""
        rows.append([who, texts(name), row.missing, texts(row.unit), index.said(why), index.specialty.get(special, -1)])
    return rows
