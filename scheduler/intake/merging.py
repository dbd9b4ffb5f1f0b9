"""What a submission changes in an instance: rows added, changed and removed, and nothing of anybody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scheduler.domain import TABLES, Instance
from scheduler.domain.tables import CapacityRow, Row
from scheduler.errors import InputError, Problem
from scheduler.intake.forms import FORMS, Form
from scheduler.intake.owning import Owner
from scheduler.intake.prefilled import is_closure
from scheduler.intake.submission import Entry, Submission
from scheduler.io.columns import cell_text

Verb = Literal["added", "changed", "removed"]
Key = tuple[str, ...]
#: What a row without an id is called by: the first of these that it has.
_NAMING: tuple[Key, ...] = (("who_kind", "who"), ("student",), ("group",), ("unit",), ())


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a table that a submission adds, changes or removes.

    Attributes
    ----------
    before, after
        The row; None before it is added, and after it is removed.
    """

    table: str
    before: Row | None
    after: Row | None

    @property
    def verb(self) -> Verb:
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def sentence(self) -> str:
        """The row, or what is different in it: ``m-002: home '' → 'Salem'``."""
        row = self.after or self.before
        assert row is not None
        cells = {name: cell_text(value) for name, value in row.model_dump(exclude_defaults=True).items()}
        naming = type(row).key or next(names for names in _NAMING if cells.keys() >= set(names))
        name = " ".join(str(getattr(row, key)) for key in naming)
        if self.before is None or self.after is None:
            said = ", ".join(f"{column} {text}" for column, text in cells.items() if text and column not in naming)
            return ": ".join(part for part in (name, said) if part)
        old, new = self.before.model_dump(), self.after.model_dump()
        said = ", ".join(
            f"{column} {cell_text(old[column])!r} → {cell_text(new[column])!r}" for column in old if old[column] != new[column]
        )
        return f"{name}: {said}"


@dataclass(frozen=True)
class Plan:
    """What merging a submission would do.

    Attributes
    ----------
    changes
        Table by table, in the order of the tables.
    instance
        The instance with them.
    leaving
        Ids by table (students, groups, slots) of what is removed with everything that refers to it.
    """

    changes: tuple[Change, ...]
    instance: Instance
    leaving: Mapping[str, frozenset[str]]

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables that change, in their order."""
        return tuple(dict.fromkeys(change.table for change in self.changes))

    def count(self, verb: Verb) -> int:
        """How many rows are added, changed or removed."""
        return sum(change.verb == verb for change in self.changes)


def plan(instance: Instance, submission: Submission, complete: bool = False) -> Plan:
    """What a submission changes.

    A row with an id replaces the one with this id. Of tables without ids (availability, preferences, …) all rows of those whom
    the sheet names are replaced by the rows of the sheet. What a sheet does not name stays, unless it is `complete`: then
    whatever of the sender's it does not name is removed. What leaves is removed with everything that refers to it.

    Parameters
    ----------
    submission
        Without errors among its findings.

    Raises
    ------
    InputError
        For a row about somebody else's student, group, unit or preceptor: whoever read the file should have refused it, and
        nothing of theirs is ever changed.
    """
    return _Merging(instance, submission, complete).plan()


class _Merging:
    def __init__(self, instance: Instance, submission: Submission, complete: bool) -> None:
        self._instance, self._submission, self._complete = instance, submission, complete
        self._sender, self._owner = submission.sender, Owner(instance, submission.sender)
        self._forms = {form.name: form for form in FORMS[submission.sender.kind]}
        self._tables: dict[str, list[Row]] = {name: list(instance.rows(name)) for name in TABLES}
        self._leaving: dict[str, set[str]] = defaultdict(set)

    def plan(self) -> Plan:
        self._refuse_others()
        for form in self._forms.values():
            entries = self._submission.of(form.name)
            if form.table and (entries or (self._complete and form.name in self._submission.forms)):
                if form.key and TABLES[form.table].key:
                    self._replace(form, entries)
                else:
                    self._replace_all(form, entries)
        self._remove_leaving()
        changes = tuple(change for name in TABLES for change in self._changes(name))
        instance = self._instance.model_copy(update={name: tuple(self._tables[name]) for name in {c.table for c in changes}})
        return Plan(changes, instance, {table: frozenset(ids) for table, ids in self._leaving.items() if ids})

    def _refuse_others(self) -> None:
        """Whatever let a row about somebody else through: it ends here."""
        entries = [entry for entry in self._submission.entries if self._forms[entry.form].table]
        with_ids = {table for entry in entries if TABLES[table := self._forms[entry.form].table].key}
        there = {(table, _id(row, table)): row for table in with_ids for row in self._instance.rows(table)}
        wrong = []
        for entry in entries:
            form, new = self._forms[entry.form], entry.record
            old = there.get((form.table, (entry.cells[form.key[0]],) if new is None else _id(new, form.table)))
            if (new is not None and not self._owner.may_bring(new)) or (old is not None and not self._owner.is_own(old)):
                place = self._submission.received.name, entry.sheet, entry.row + 1
                message, fix = f"the row is about somebody who is not of {self._sender}", "leave it out"
                value = ", ".join(entry.cells.values())
                wrong.append(Problem(message, *place, value=value, suggestion=fix, code="not_theirs"))
        if wrong:
            raise InputError(wrong)

    def _replace(self, form: Form, entries: Iterable[Entry]) -> None:
        """Rows with ids."""
        rows = self._tables[form.table]
        place = {_id(row, form.table): i for i, row in enumerate(rows)}
        named = set()
        for entry in entries:
            if entry.record is None:
                self._leaving[form.table].add(entry.cells[form.key[0]])
                continue
            key = _id(entry.record, form.table)
            named.add(key)
            if key in place:
                rows[place[key]] = entry.record
            else:
                place[key] = len(rows)
                rows.append(entry.record)
        # a sheet with nothing but its titles is one that was not filled in: it does not send everybody away
        if self._complete and named and form.table in ("students", "groups", "slots"):
            own = {_id(row, form.table) for row in self._instance.rows(form.table) if self._owner.is_own(row)}
            self._leaving[form.table] |= {key[0] for key in own - named}

    def _replace_all(self, form: Form, entries: Sequence[Entry]) -> None:
        """Rows without ids: those of whoever is named are replaced; rows that the sheet says, too, stay as and where they are."""
        whose = _WHOSE[form.name]
        said = [entry.record for entry in entries if entry.record is not None]
        unsaid, new = _unsaid(form, entries), Counter[Row](said)
        named = {whose(row) for row in new}
        kept: list[Row] = []
        for row in self._tables[form.table]:
            if self._owner.is_own(row) and _is_of(form, row) and (whose(row) in named or self._complete):
                plain = row.model_copy(update=unsaid)
                if not new[plain]:
                    continue
                new[plain] -= 1
            kept.append(row)
        for record in said:
            if new[record] > 0:
                new[record] -= 1
                kept.append(record)
        self._tables[form.table] = kept

    def _remove_leaving(self) -> None:
        """Remove what leaves, with everything that refers to it."""
        gone = self._leaving
        if not any(gone.values()):
            return
        self._add_parts()
        for name, rows in self._tables.items():
            self._tables[name] = [row for row in rows if not self._refers(row)]
        students = self._tables["students"]
        for i, student in enumerate(students):
            if getattr(student, "group", None) in gone["groups"]:
                students[i] = student.model_copy(update={"group": None})

    def _add_parts(self) -> None:
        """Slots whose places are those of a slot that leaves, leave with it."""
        gone = self._leaving["slots"]
        parts = [slot for slot in self._instance.slots if slot.part_of in gone and slot.slot not in gone]
        others = [slot for slot in parts if not self._owner.is_own(slot)]
        if others:
            fix = "agree with them first"
            raise InputError(
                Problem(
                    f"{slot.part_of} cannot leave: its places are those of {slot.slot} of {slot.unit}",
                    self._submission.received.name,
                    code="not_theirs",
                    suggestion=fix,
                )
                for slot in others
            )
        gone |= {slot.slot for slot in parts}

    def _refers(self, row: Row) -> bool:
        """Whether a row is gone with what leaves: baseline and history say what was, and stay."""
        gone = self._leaving
        if row.table in ("baseline", "history"):
            return False
        if row.table in ("students", "groups"):
            return getattr(row, row.key[0]) in gone[row.table]
        if getattr(row, "who", "") in gone[f"{getattr(row, 'who_kind', '')}s"]:
            return True
        if getattr(row, "student", None) in gone["students"] or getattr(row, "group", None) in gone["groups"]:
            return True
        named = getattr(row, "slot", None) or (getattr(row, "value", None) if getattr(row, "what", "") == "slot" else None)
        return named in gone["slots"]

    def _changes(self, table: str) -> Iterable[Change]:
        before, after = self._instance.rows(table), self._tables[table]
        if TABLES[table].key:
            old = {_id(row, table): row for row in before}
            new = {_id(row, table): row for row in after}
            changed = (key for key in {**old, **new} if old.get(key) != new.get(key))
            yield from (Change(table, old.get(key), new.get(key)) for key in changed)
            return
        added, removed = Counter(after), Counter(before)
        added.subtract(before)
        removed.subtract(after)
        yield from (Change(table, row, None) for row, n in removed.items() for _ in range(n))
        yield from (Change(table, None, row) for row, n in added.items() for _ in range(n))


def _id(row: Row, table: str) -> Key:
    return tuple(str(getattr(row, name)) for name in TABLES[table].key)


def _is_of(form: Form, row: Row) -> bool:
    """Capacity and closures share a table: a closure takes nobody at all."""
    closed = isinstance(row, CapacityRow) and is_closure(row)
    return closed if form.name == "closures" else not closed


def _unsaid(form: Form, entries: Iterable[Entry]) -> dict[str, Any]:
    """Columns of the table that the sheets say nothing about, with their defaults."""
    model = TABLES[form.table]
    said = {name for entry in entries for name in entry.columns or (field.name for field in form.fields)}
    said |= set(_DERIVED[form.name]) | ({"start", "end"} if "period" in said else set())
    return {name: info.default for name, info in model.model_fields.items() if name not in said and not info.is_required()}


def _columns(*names: str) -> Callable[[Row], Key]:
    return lambda row: tuple(str(getattr(row, name)) for name in names)


#: By form: columns of the table that follow from others of the form, or from who sends it.
_DERIVED: Mapping[str, tuple[str, ...]] = {
    "availability": ("who_kind", "who"),
    "preferences": ("who_kind", "who", "what", "value"),
    "credits": ("student", "group"),
    "clearances": (),
    "capacity": ("unit",),
    "closures": ("unit", "most_students"),
    "leave": ("who_kind", "who"),
    "staff": ("who_kind", "who"),
}
#: By form: what of a row says whose it is. Of clearances and credits only the items and rotations that are named are replaced.
_WHOSE: Mapping[str, Callable[[Row], Key]] = {
    "availability": _columns("who_kind", "who"),
    "preferences": _columns("who_kind", "who"),
    "credits": _columns("student", "group", "requirement"),
    "clearances": _columns("student", "item"),
    "capacity": _columns("unit"),
    "closures": _columns("unit"),
    "leave": _columns("who"),
    "staff": _columns("who"),
}
