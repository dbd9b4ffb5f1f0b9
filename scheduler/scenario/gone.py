"""When something goes, what refers to it goes too, or is adapted; and what a change of dates makes of pins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from scheduler.domain.tables import (
    TABLES,
    Agreement,
    Group,
    Pin,
    Program,
    Requirement,
    Row,
    Slot,
    Student,
    StudentRequirement,
    Unit,
)
from scheduler.domain.wording import count
from scheduler.io.checks.references import KIND_TABLES
from scheduler.io.columns import columns_of
from scheduler.scenario.work import Work

#: Columns that may become empty: their row goes on without what it named. Elsewhere empty would mean more, so the row goes.
LOOSE = frozenset(
    {
        ("groups", "faculty"),
        ("preceptors", "cover"),
        ("preceptors", "units"),
        ("requirements", "after"),
        ("scholarships", "sites"),
        ("students", "employer_unit"),
    }
)
#: Tables about the past name what there was.
PAST = frozenset({"history", "baseline"})


def remove(work: Work, table: str, ids: Iterable[str]) -> None:
    """Leave rows out by their id, with all that refers to them; what went with them is noted."""
    names, model, leaving = frozenset(ids), TABLES[table], _Leaving(work)
    rows = [(index, row) for index, row in work.each(model) if getattr(row, model.key[-1]) in names]
    leaving.drop(model, rows, count_them=False)
    leaving.note()


def remove_rows(work: Work, model: type[Row], rows: Sequence[tuple[int, Row]]) -> None:
    """Leave rows out, with all that refers to them."""
    leaving = _Leaving(work)
    leaving.drop(model, rows, count_them=False)
    leaving.note()


class _Leaving:
    """Follows references from what goes to what goes with it."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.gone: Counter[str] = Counter()
        self.adapted: set[tuple[str, int]] = set()

    def note(self) -> None:
        """Say what went, and what was adapted."""
        adapted = Counter(table for table, index in sorted(self.adapted) if self.work.there(table, index))
        for what, numbers in (("with it go", +self.gone), ("adapted:", adapted)):
            if numbers:
                rows = [f"{count(n, 'row')} of {table}" for table, n in numbers.items()]
                self.work.notes.append(f"{what} {', '.join(rows)}")

    def drop(self, model: type[Row], rows: Sequence[tuple[int, Row]], *, count_them: bool = True) -> None:
        """Leave out rows, and all that refers to them."""
        for index, row in rows:
            self.work.drop(model, index)
            self.gone[model.table] += count_them
            if isinstance(row, Student) and row.group:
                self._smaller(row.group)
        if model is Requirement:
            for program in sorted({str(getattr(row, "program", "")) for _, row in rows}):
                self._rotation(program)
        elif len(model.key) == 1:
            self._references(model.table, frozenset(str(getattr(row, model.key[0])) for _, row in rows))

    def _references(self, table: str, names: frozenset[str]) -> None:
        """Whatever names something that is no longer there."""
        targets = {table: names}
        if table == "sites":  # a site without units is a unit itself
            targets["units"] = names - {u.site for u in self.work.rows(Unit)}
        for model in TABLES.values():
            if model.table in PAST:
                continue
            for column, ref in _columns(model):
                lost: list[tuple[int, Row]] = []
                for index, row in self.work.each(model):
                    target = KIND_TABLES.get(str(getattr(row, ref))) if ref in ("who_kind", "what") else ref
                    value = getattr(row, column)
                    named = {str(v) for v in (value if isinstance(value, tuple) else (value,))}
                    if (gone := named & targets.get(str(target), frozenset())) and not self._adapted(
                        model, index, row, column, gone
                    ):
                        lost.append((index, row))
                if lost:
                    self.drop(model, lost)

    def _adapted(self, model: type[Row], index: int, row: Row, column: str, names: Iterable[str]) -> bool:
        """Take names out of one column of a row; false where it would mean more than before, so that the row has to go."""
        value, gone = getattr(row, column), set(names)
        rest = tuple(item for item in value if item not in gone) if isinstance(value, tuple) else None
        if rest or (model.table, column) in LOOSE:
            self.work.update(model, index, **{column: rest})
        elif (model.table, column) == (
            "agreements",
            "sites",
        ):  # a school without any agreement may go everywhere: this one is over instead
            over(self.work, index, sites=())
        else:
            return False
        self.adapted.add((model.table, index))
        return True

    def _smaller(self, group: str) -> None:
        """A group that a student left."""
        for index, row in self.work.each(Group):
            if row.group == group:
                if row.size == 1:
                    self.drop(Group, [(index, row)])
                else:
                    shrink_group(self.work, index, row, row.size - 1)
                    self.adapted.add(("groups", index))

    def _rotation(self, program: str) -> None:
        """Whatever names a required rotation or elective set that its program no longer has."""
        for model in TABLES.values():
            columns = [c for c in ("requirement", "other", "requirements", "after") if c in model.model_fields]
            if model.table in PAST or not columns:
                continue
            for column in ["after"] if model is Requirement else columns:
                lost: list[tuple[int, Row]] = []
                for index, row in self.work.each(model):
                    programs = _programs(self.work, row)
                    if program not in programs:
                        continue
                    chosen = isinstance(row, StudentRequirement) and row.change == "choose"
                    there = [r for r in self.work.rows(Requirement) if r.program in programs]
                    known = {r.elective_set if chosen else r.requirement for r in there}
                    value = getattr(row, column) or ()
                    gone = {name for name in (value if isinstance(value, tuple) else (value,)) if name not in known}
                    if gone and not self._adapted(model, index, row, column, gone):
                        lost.append((index, row))
                if lost:
                    self.drop(model, lost)


def over(work: Work, index: int, **columns: Any) -> None:
    """An agreement that ended before the term: it still says that its school needs one."""
    work.update(Agreement, index, **columns, start=None, end=work.before.first_monday - timedelta(days=1))


def shrink_group(work: Work, index: int, row: Group, size: int) -> None:
    """A group of fewer students; it is no longer split where its parts would be too small."""
    least = row.least_size if row.least_size is None or row.least_size <= size else size
    work.update(Group, index, size=size, least_size=least)


def loosen_pins(work: Work, **names: Iterable[str]) -> None:
    """Pins that name what is not always there become wishes: a must that cannot be kept would leave no schedule at all."""
    loosened = 0
    for index, pin in work.each(Pin):
        if pin.pin == "must" and any(getattr(pin, column) in tuple(ids) for column, ids in names.items()):
            work.update(Pin, index, pin="prefer", override=False)
            loosened += 1
    if loosened:
        work.notes.append(f"{count(loosened, 'pin')} ('must') that {'names' if loosened == 1 else 'name'} it "
                          f"{'is' if loosened == 1 else 'are'} only preferred now")  # fmt: skip


def slots_of(work: Work, units: Iterable[str]) -> list[tuple[int, Slot]]:
    """The slots of units."""
    wanted = set(units)
    return [(index, slot) for index, slot in work.each(Slot) if slot.unit in wanted]


def _columns(model: type[Row]) -> Iterator[tuple[str, str]]:
    """The columns of a table that refer to another by id."""
    for name, column in columns_of(model).items():
        if column.ref and column.ref not in ("requirements", "professions", "shifts"):
            yield name, column.ref


def _programs(work: Work, row: Row) -> set[str]:
    """The programs whose rotations a row may name."""
    if (program := getattr(row, "program", None)) is not None:
        return {str(program)}
    kind, who = getattr(row, "who_kind", None), getattr(row, "who", None)
    student = getattr(row, "student", None) or (who if kind == "student" else None)
    group = getattr(row, "group", None) or (who if kind == "group" else None)
    party = work.row(Student, student) if student else work.row(Group, group) if group else None
    if student or group:
        return {party.program} if party else set()
    return {p.program for p in work.rows(Program) if kind != "school" or p.school == who}
