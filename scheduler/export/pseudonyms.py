"""A schedule without anything that says who its people are.

Students and preceptors (with faculty) get numbers instead of ids and names. The numbers are drawn by the operating system's
random source, anew each time and without a seed, and all rows are put in their order: neither a second run nor the order of
anything tells who had which number. Within one run everybody has one number. Groups, cohorts, schools and places keep their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from secrets import SystemRandom
from typing import Any

from scheduler.domain import RULES, TABLES, Instance, Policy, RulePolicy, Schedule
from scheduler.export.readers import Reader
from scheduler.export.tables.cells import natural
from scheduler.export.words import Words

#: Columns that name one person, by the kind of person; and those that name several.
STUDENT_COLUMNS = frozenset({"student"})
PRECEPTOR_COLUMNS = frozenset({"preceptor", "co_preceptor", "faculty", "cover"})
PRECEPTORS_COLUMNS = frozenset({"preceptors"})
#: Free text about people, and what is emptied of a student besides.
FREE_TEXT = {"preceptors": {"name": ""}, "commitments": {"kind": ""}}
HOMES: dict[str, Any] = {"home": "", "home_lat": None, "home_lon": None, "languages": (), "tags": ()}
HOMES |= {"employer_unit": None, "scholarship": None}


class Pseudonyms:
    """Numbers for everybody of an instance and schedule.

    Parameters
    ----------
    shuffle
        Puts a list in random order, in place.
    """

    def __init__(self, instance: Instance, schedule: Schedule, shuffle: Callable[[list[Any]], None]) -> None:
        students = {s.student for s in instance.students} | {p.student for p in schedule.placements if p.student}
        students |= {u.student for u in schedule.unplaced if u.student}
        preceptors = {p.preceptor for p in instance.preceptors}
        preceptors |= {who for p in schedule.placements for who in (p.preceptor, p.co_preceptor, p.cover) if who}
        self.students = _numbered("anon-s", students, shuffle)
        self.preceptors = _numbered("anon-p", preceptors, shuffle)
        names = {p.name: self.preceptors[p.preceptor] for p in instance.preceptors if p.name}
        self._words = Words(names | self.preceptors | self.students)

    def row(self, row: Any) -> Any:
        """A row of any table, or of a schedule, that speaks of pseudonyms."""
        changed: dict[str, Any] = {}
        for column in type(row).model_fields:
            value = getattr(row, column)
            if not value:
                continue
            if column in STUDENT_COLUMNS:
                changed[column] = self.students.get(value, value)
            elif column in PRECEPTOR_COLUMNS:
                changed[column] = self.preceptors.get(value, value)
            elif column in PRECEPTORS_COLUMNS:
                changed[column] = tuple(self.preceptors.get(one, one) for one in value)
            elif column == "reason":
                changed[column] = self._words.replaced(value)
        for kind, who in (("who_kind", "who"), ("what", "value")):  # columns whose kind stands in another one
            of_kind = {"student": self.students, "preceptor": self.preceptors}.get(getattr(row, kind, ""))
            if of_kind is not None and getattr(row, who, None):
                changed[who] = of_kind.get(getattr(row, who), getattr(row, who))
        return row.model_copy(update=changed | FREE_TEXT.get(getattr(row, "table", ""), {}))


def pseudonymous(
    instance: Instance,
    schedule: Schedule,
    reader: Reader | None = None,
    shuffle: Callable[[list[Any]], None] | None = None,
) -> tuple[Instance, Schedule, Reader | None]:
    """An instance and a schedule with numbers for people, and the reader by number; nothing is said about who goes first."""
    instance, schedule = _without_priority(instance, schedule)
    names = Pseudonyms(instance, schedule, shuffle or SystemRandom().shuffle)
    frame = {key: getattr(instance, key) for key in Instance.model_fields if key not in TABLES}
    tables = {table: tuple(names.row(row) for row in instance.rows(table)) for table in TABLES}
    tables["students"] = tuple(sorted(tables["students"], key=lambda s: s.student))
    tables["preceptors"] = tuple(sorted(tables["preceptors"], key=lambda p: p.preceptor))
    hidden = schedule.model_copy(
        update={
            "placements": _in_order(map(names.row, schedule.placements)),
            "unplaced": _in_order(map(names.row, schedule.unplaced)),
        }
    )
    if reader is not None:
        of_kind = {"student": names.students, "preceptor": names.preceptors}.get(reader.kind, {})
        reader = Reader(reader.kind, of_kind.get(reader.id, reader.id))
    return Instance(**frame, **tables), hidden, reader


def _without_priority(instance: Instance, schedule: Schedule) -> tuple[Instance, Schedule]:
    """The same where nobody goes first: who does hangs on ids (the lottery) and on people's lives, which nobody is told."""
    if instance.policy.setting(RULES["priority"]).kind == "off":
        return instance, schedule
    policy = instance.policy.merged(Policy(rules={"priority": RulePolicy(kind="off")}))
    won = sum(score.cost for score in schedule.scores if score.rule == "priority")
    scores = tuple(score for score in schedule.scores if score.rule != "priority")
    objective = None if schedule.objective is None or not schedule.scores else schedule.objective - won
    left = {"objective": objective, "scores": scores, "bound": None, "levels": ()}
    return instance.model_copy(update={"policy": policy}), schedule.model_copy(update=left)


def without_homes(instance: Instance) -> Instance:
    """An instance in which nothing is said about a student's life."""
    students = tuple(s.model_copy(update=HOMES) for s in instance.students)
    return Instance(**{key: getattr(instance, key) for key in Instance.model_fields} | {"students": students})


def _numbered(prefix: str, ids: Iterable[str], shuffle: Callable[[list[Any]], None]) -> dict[str, str]:
    order = sorted(ids)
    shuffle(order)
    width = len(str(len(order)))
    return {one: f"{prefix}{number:0{width}d}" for number, one in enumerate(order, start=1)}


def _in_order(rows: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(rows, key=lambda row: (natural(row.school, row.student or row.group), row.part, row.requirement)))
