"""Rows of texts to rows of the instance's tables: whose they are, what they repeat, and whether they can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from scheduler.domain import TABLES, Instance
from scheduler.domain.tables import Row
from scheduler.errors import Severity
from scheduler.intake.dates import Horizon
from scheduler.intake.findings import Finding, Findings
from scheduler.intake.forms import Form
from scheduler.intake.known import Known
from scheduler.intake.layout import Found, Spot
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Entry
from scheduler.intake.text import bare, shown
from scheduler.io.columns import cell_text, columns_of

#: Kinds of wishes, in the order in which a wish is looked up, and the names that they can have.
_WISHES = (("specialty", "specialties"), ("site", "sites"), ("unit", "units"), ("slot", "slots"), ("preceptor", "preceptors"))
#: Forms whose dates have to lie in the term.
_OF_THE_TERM = ("availability", "capacity", "closures", "leave", "staff")


class Judge:
    """Takes the rows of one form after the other, and keeps those that can be taken over.

    Parameters
    ----------
    known
        Names, those that the file brings included.
    """

    def __init__(self, instance: Instance, sender: Sender, known: Known, horizon: Horizon, findings: Findings) -> None:
        self._instance, self._sender, self._known = instance, sender, known
        self._horizon, self._findings = horizon, findings
        self._entries: list[Entry] = []
        self._alike: dict[tuple[str, str], Entry] = {}
        # a student and a group of another school may have the same id
        self._group_programs = {g.group: g.program for g in instance.groups if g.program in known.programs}
        self._programs = self._group_programs | {s.student: s.program for s in instance.students if s.program in known.programs}
        self._existing: dict[str, Mapping[str, Row]] = {
            "students": instance.student_by_id,
            "groups": instance.group_by_id,
            "slots": {s.slot: s for s in instance.slots},
            "preceptors": {p.preceptor: p for p in instance.preceptors},
            "reservations": {r.slot: r for r in instance.reservations if r.school == sender.id},
        }
        self._finish: dict[str, Callable[[_Line], dict[str, str] | None]] = {
            "students": self._student,
            "groups": self._group,
            "availability": self._availability,
            "preferences": self._preference,
            "credits": self._credit,
            "slots": self._slot,
            "capacity": self._of_unit,
            "closures": self._of_unit,
            "leave": self._leave,
            "staff": self._staff,
            "load": self._load,
            "reservations": self._reservation,
            "answers": _answer,
        }

    def entries(self) -> tuple[Entry, ...]:
        """Everything that was taken."""
        return tuple(self._entries)

    def take(self, found: Found, rows: Sequence[tuple[int, dict[str, str], dict[str, Spot]]]) -> None:
        """Judge the rows of one sheet."""
        seen = {tuple(e.cells.get(name, "") for name in found.form.key): e for e in self._entries if e.form == found.form.name}
        lines = [_Line(found, number, dict(texts), spots, self._findings) for number, texts, spots in rows]
        for line in (part for whole in lines if _can_mean(whole) for part in _apart(whole, self._horizon)):
            entry = self._entry(line)
            if entry is None:
                continue
            key = tuple(entry.cells.get(name, "") for name in found.form.key)
            before = seen.get(key) if key else None
            if before is not None:
                same = before.cells == entry.cells
                code: tuple[str, Severity] = ("row_again", "warning") if same else ("row_differs", "error")
                line.say(*code, found.form.key[0], row_before=before.row + 1)
                continue
            seen[key] = entry
            self._entries.append(entry)
            if found.form.fields[0].kind == "new":
                self._say_nearly_same(line, entry)

    def _say_nearly_same(self, line: _Line, entry: Entry) -> None:
        """Two ids that differ in capitals, punctuation or zeros only are mostly one, mistyped."""
        name = line.found.form.key[0]
        other = self._alike.setdefault((entry.form, bare(entry.cells[name]).lstrip("0")), entry)
        if other is not entry:
            line.say("nearly_same", "warning", name, other=other.cells[name], row_before=other.row + 1)

    def _entry(self, line: _Line) -> Entry | None:
        form = line.found.form
        for field in form.fields:
            if field.needed and not line.texts.get(field.name):
                line.say("cell_missing", "error", field.name, field=field.name)
                return None
        if not self._days_fit(line):
            return None
        leaves = line.texts.get("leaves") == "true"
        data = self._finish.get(form.name, _as_is)(line)
        if data is None:
            return None
        record: Row | None = None
        if form.table and not leaves:
            record = self._record(line, form, data)
            if record is None:
                return None
        cells = {k: v for k, v in line.texts.items() if v}
        return Entry(form.name, line.found.sheet, line.number, cells, record, line.found.fields)

    def _record(self, line: _Line, form: Form, data: Mapping[str, str]) -> Row | None:
        """The row of the table: what the sheet has no column for stays as it is in the instance."""
        model = TABLES[form.table]
        base: dict[str, Any] = {}
        existing = self._existing.get(form.table, {}).get(data.get(form.key[0], "")) if form.key else None
        if existing is not None:
            kept = {name: cell_text(value) for name, value in existing.model_dump().items()}
            base = {name: text for name, text in kept.items() if text and name not in line.found.fields}
        try:
            return model.model_validate({**base, **{k: v for k, v in data.items() if v and k in model.model_fields}})
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                name = str(detail["loc"][0]) if detail["loc"] else ""
                column = columns_of(model).get(name)
                what = column.type if column else str(detail.get("ctx", {}).get("error", detail["msg"]))
                line.say("does_not_fit", "error", name, wanted=what)
            return None

    def _days_fit(self, line: _Line) -> bool:
        form = line.found.form.name
        if line.texts.get("status") == "only":
            line.say("only_when", "error", "status")
            return False
        ends = {n: date.fromisoformat(line.texts[n]) for n in ("start", "end") if line.texts.get(n)}
        first, last = ends.get("start"), ends.get("end")
        if first and last and last < first and form != "answers":
            line.say("ends_before", "error", "end", first=first, last=last)
            return False
        if form in _OF_THE_TERM:
            term = {"first": self._horizon.first, "last": self._horizon.last}
            if (first and first > self._horizon.last) or (last and last < self._horizon.first):
                line.say("outside_term", "error", "start" if first and first > self._horizon.last else "end", **term)
                return False
            beyond = next((n for n, day in ends.items() if day not in self._horizon), "")
            if beyond:
                line.say("beyond_term", "note", beyond, **term)
        for name in ("available_from", "first_start", "last_start"):
            day = line.texts.get(name)
            if day and date.fromisoformat(day) > self._horizon.last:
                line.say("outside_term", "error", name, first=self._horizon.first, last=self._horizon.last)
                return False
        return True

    # -- forms of a school ----------------------------------------------------------------------------------------

    def _student(self, line: _Line) -> dict[str, str] | None:
        return self._party(line, "student", "program_missing")

    def _group(self, line: _Line) -> dict[str, str] | None:
        if line.texts.get("least_size") and line.texts.get("split", "") != "allowed" and "split" in line.found.fields:
            line.say("part_without_split", "warning", "least_size")
        return self._party(line, "group", "program_missing")

    def _party(self, line: _Line, kind: str, code: str) -> dict[str, str] | None:
        """A student or group, of a program of the school."""
        who = line.texts[kind]
        if who in self._known.others:
            line.say("other_school", "error", kind)
            return None
        if line.texts.get("leaves") == "true" and who not in self._programs:
            line.say("leaves_unknown", "warning", kind)
        if not line.texts.get("program"):
            program = self._programs.get(who) or (next(iter(self._known.programs)) if len(self._known.programs) == 1 else None)
            if program is None and line.texts.get("leaves") != "true":
                line.say(code, "error", kind, choices=tuple(sorted(self._known.programs)))
                return None
            if program:
                line.texts["program"] = program
        group = line.texts.get("group") if kind == "student" else None
        if group and self._group_programs.get(group, line.texts["program"]) != line.texts["program"]:
            line.say("group_of_program", "error", "group", program=self._group_programs[group])
            return None
        self._programs[who] = line.texts.get("program", "")
        if kind == "group":
            self._group_programs[who] = line.texts.get("program", "")
        return dict(line.texts)

    def _who(self, line: _Line) -> str:
        """Whether a row is about a student or a group."""
        return "group" if line.texts["who"] in self._group_programs else "student"

    def _asked(self, line: _Line) -> bool:
        """Whether the rotation is one of the party's program."""
        requirement, program = line.texts.get("requirement"), self._programs.get(line.texts["who"], "")
        if requirement and program and (program, requirement) not in self._instance.requirement_by_id:
            own = tuple(sorted(r for p, r in self._instance.requirement_by_id if p == program))
            line.say("not_of_program", "error", "requirement", program=program, choices=own)
            return False
        return True

    def _availability(self, line: _Line) -> dict[str, str] | None:
        return {**line.texts, "who_kind": self._who(line)}

    def _preference(self, line: _Line) -> dict[str, str] | None:
        if not self._asked(line):
            return None
        texts = line.texts
        value, what = texts.get("value", ""), texts.get("what", "")
        if what in ("site_change", "waiting"):
            if value or not texts.get("score"):
                line.say("wish_of_points", "error", "value" if value else "what")
                return None
            return {**texts, "who_kind": self._who(line)}
        if not value and not texts.get("start"):
            if line.has("value"):  # "no preference"
                line.say("no_wish", "note", "value")
                return None
            line.say("wish_empty", "error", "value")
            return None
        if not what and value:
            kinds = [(kind, id_) for kind, ref in _WISHES if (id_ := self._known.names(ref).find(value)) is not None]
            exact = [pair for pair in kinds if pair[1] == value]
            kinds = exact if len(exact) == 1 else kinds
            if len(kinds) != 1:
                line.say("wish_unclear" if kinds else "wish_unknown", "error", "value", choices=tuple(k for k, _ in kinds))
                return None
            what, found = kinds[0]
        elif value and what != "start":
            names = self._known.names(dict(_WISHES)[what])
            id_ = names.find(value)
            if id_ is None:
                line.say("wish_unknown_near" if names.meant(value) else "wish_unknown", "error", "value", near=names.meant(value))
                return None
            found = id_
        else:
            what, found = "start", ""
        if found and found != value:
            line.say("read_as", "note", "value", meaning=found)
        texts["what"], texts["value"] = what, found
        if not any(texts.get(name) for name in ("rank", "score")) and texts.get("refuse") != "true":
            line.say("wish_without_rank", "error", "value")
            return None
        return {**texts, "who_kind": self._who(line)}

    def _credit(self, line: _Line) -> dict[str, str] | None:
        return {**line.texts, self._who(line): line.texts["who"]} if self._asked(line) else None

    def _reservation(self, line: _Line) -> dict[str, str] | None:
        if line.texts["slot"] not in self._existing["reservations"]:
            line.say("not_reserved", "error", "slot")
            return None
        kept = {k: v for k, v in line.texts.items() if k != "guaranteed"}
        old = self._existing["reservations"][line.texts["slot"]]
        return {**{k: cell_text(v) for k, v in old.model_dump().items() if cell_text(v)}, **kept}

    # -- forms of a unit and of a preceptor ------------------------------------------------------------------------

    def _slot(self, line: _Line) -> dict[str, str] | None:
        owner = next((s.unit for s in self._instance.slots if s.slot == line.texts["slot"]), self._sender.id)
        if owner != self._sender.id:
            line.say("other_unit", "error", "slot")
            return None
        return {**line.texts, "unit": self._sender.id}

    def _of_unit(self, line: _Line) -> dict[str, str] | None:
        data = {**line.texts, "unit": self._sender.id}
        if line.found.form.name == "closures":
            data["most_students"] = "0"
        elif line.texts.get("most_students") == "0" and not line.texts.get("profession"):
            line.say("closed_row", "error", "most_students")
            return None
        elif not any(line.texts.get(n) for n in ("most_students", "most_groups", "most_precepted")):
            line.say("capacity_empty", "error", "most_students")
            return None
        return data

    def _leave(self, line: _Line) -> dict[str, str] | None:
        return {**line.texts, "who_kind": "preceptor", "who": self._sender.id}

    def _staff(self, line: _Line) -> dict[str, str] | None:
        return {**line.texts, "who_kind": "preceptor", "who": line.texts["preceptor"]}

    def _load(self, line: _Line) -> dict[str, str] | None:
        if line.texts["preceptor"] != self._sender.id:
            line.say("other_preceptor", "error", "preceptor")
            return None
        return dict(line.texts)


class _Line:
    """One row with its texts, and where they come from."""

    def __init__(self, found: Found, number: int, texts: dict[str, str], spots: Mapping[str, Spot], findings: Findings) -> None:
        self.found, self.number, self.texts = found, number, texts
        self._spots, self._findings = spots, findings

    def with_texts(self, texts: Mapping[str, str]) -> _Line:
        """The same row with some texts besides or instead."""
        return _Line(self.found, self.number, {**self.texts, **texts}, self._spots, self._findings)

    def has(self, name: str) -> bool:
        """Whether the row has something in the cell of a field, whatever it says."""
        return name in self._spots

    def say(self, code: str, severity: Severity, name: str = "", **said: object) -> None:
        """Something about the row, at the cell of a field where it has one."""
        spot = self._spots.get(name) or (self._spots.get("period") if name in ("start", "end") else None)
        column = spot.column if spot else None
        title = self.found.titles.get(column, "") if column is not None else ""
        value = shown(spot.value) if spot else None
        self._findings.add(Finding(code, severity, self.found.sheet, self.number, column, title, value, said))


def _can_mean(line: _Line) -> bool:
    """Yes or no to "available" as a status; from a row that only says that somebody can come nothing follows."""
    available = line.texts.pop("available", "")
    if available == "true" and not line.texts.get("status"):
        line.say("can_come", "warning", "available")
        return False
    if available == "false" and not line.texts.get("status"):
        line.texts["status"] = "unavailable"
    return True


def _apart(line: _Line, horizon: Horizon) -> Iterator[_Line]:
    """A row that says when somebody can come only, as the rows that say when in the term not."""
    if line.texts.get("status") != "only" or not (line.texts.get("start") or line.texts.get("end")):
        yield line
        return
    first, last = line.texts.pop("start", ""), line.texts.pop("end", "")
    if first and last and last < first:
        line.texts |= {"start": first, "end": last}
        yield line  # said there
        return
    line.texts["status"] = "unavailable"
    if first > horizon.first.isoformat():
        yield line.with_texts({"end": (date.fromisoformat(first) - timedelta(days=1)).isoformat()})
    if "" < last < horizon.last.isoformat():
        yield line.with_texts({"start": (date.fromisoformat(last) + timedelta(days=1)).isoformat()})


def _answer(line: _Line) -> dict[str, str] | None:
    """Rows without an answer are not decided yet."""
    said = any(line.texts.get(name) for name in ("answer", "appeal"))
    return dict(line.texts) if said else None


def _as_is(line: _Line) -> dict[str, str]:
    return dict(line.texts)
