"""Does everything that a row names exist?"""

from __future__ import annotations

from collections.abc import Collection

from scheduler.domain import PROFESSIONS, TABLES
from scheduler.domain.tables import (
    CalendarRow,
    Commitment,
    Credit,
    Group,
    History,
    IpeTeam,
    Pin,
    Preference,
    Requirement,
    Row,
    Slot,
    StudentRequirement,
)
from scheduler.errors import Problem, Severity
from scheduler.io.checks.draft import Draft, Say
from scheduler.io.columns import columns_of
from scheduler.io.report import one_of
from scheduler.io.tables import duplicate_keys

#: Table that a value of ``who_kind`` or ``what`` means.
KIND_TABLES = {
    "student": "students",
    "group": "groups",
    "school": "schools",
    "preceptor": "preceptors",
    "unit": "units",
    "site": "sites",
    "slot": "slots",
}
#: Tables about the past, or about papers that are kept for longer than a term: an unknown id in them is only a warning.
ONLY_WARN = frozenset({"history", "clearances", "site_clearances"})

#: Tables whose rows are counted one by one; those in which the same row may be meant twice, or is found by another check.
ADD_UP = frozenset({"commitments", "credits", "history", "housing", "spacings"})
LOOKED_AT_ELSEWHERE = frozenset({"student_requirements", "preferences"})


def check_missing_tables(draft: Draft) -> None:
    """Without these tables there is nothing to schedule."""

    def filled(name: str) -> bool:
        return bool(draft.tables[name].entries) or not draft.tables[name].readable

    needed: list[tuple[str, ...]] = [(name,) for name, model in TABLES.items() if model.required]
    needed += [("students", "groups"), ("units", "sites")]
    for names in needed:
        if not any(filled(name) for name in names):
            table = draft.tables[names[0]]
            message = "the table is missing or has no rows"
            expected = f"rows in {names[0]} or {names[1]}" if len(names) > 1 else "at least one row"
            draft.report.add(Problem(message, table.file, table.sheet, expected=expected, code="missing_table"))


def check_duplicates(draft: Draft) -> None:
    """Ids are unique; and rows without an id, which may be pasted twice, are not the same."""
    for name, model in TABLES.items():
        if model.key:
            draft.report.extend(duplicate_keys(draft.tables[name], model))
        elif name not in LOOKED_AT_ELSEWHERE:
            first: dict[Row, Say] = {}
            for say, row in draft.each(model):
                before = first.setdefault(row, say).number
                if before != say.number:
                    message = f"row {before} says exactly the same{', so it counts twice' if name in ADD_UP else ''}"
                    say(next(iter(columns_of(model))), message, "duplicate_row", suggestion="delete one", severity="warning")


def check_references(draft: Draft) -> None:
    """Every reference leads somewhere."""
    for name, model in TABLES.items():
        refs = {key: column.ref for key, column in columns_of(model).items() if column.ref and column.ref != "requirements"}
        severity: Severity = "warning" if name in ONLY_WARN else "error"
        for say, row in draft.each(model, partial=True):
            for column, ref in refs.items():
                value = getattr(row, column)
                if value is None or value == ():
                    continue
                target = KIND_TABLES.get(getattr(row, ref) or "") if ref in ("who_kind", "what") else ref
                if target is None:
                    continue
                for item in value if isinstance(value, tuple) else (value,):
                    _refer(draft, say, column, str(item), target, severity)
    _check_requirement_references(draft)
    _check_other_names(draft)


def _refer(draft: Draft, say: Say, column: str, item: str, target: str, severity: Severity = "error") -> None:
    known = draft.known[target]
    if known is None or item in known:
        return
    if target == "units" and item in draft.sites_with_units:
        units = [u.unit for u in draft.units.values() if u.site == item]
        say(
            column,
            f"{item!r} is a site with units",
            "unknown_reference",
            value=item,
            expected=f"one of its units, like {units[0]!r}",
        )
        return
    noun = {"professions": "profession", "shifts": "shift"}.get(target, f"id in {target}")
    code = {"professions": "unknown_profession", "shifts": "unknown_shift"}.get(target, "unknown_reference")
    expected, fix = "", ""
    if target == "professions":
        expected = "a name from the list of professions, or one added in instance.toml"
        by_words = {words.casefold(): key for key, words in PROFESSIONS.items()}
        meant = by_words.get(item.casefold())
        fix = f"did you mean {meant!r}?" if meant in known else ""
    elif target == "shifts":
        expected = one_of(sorted(known))
    elif target in TABLES and not known:
        table = draft.tables[target]
        expected = (
            f"a row in {table.file}" + (f", sheet {table.sheet}" if table.sheet else "") + ", which is missing or has no rows"
        )
    say(column, f"unknown {noun}", code, value=item, expected=expected, suggestion=fix, severity=severity, meant=known)


def _check_requirement_references(draft: Draft) -> None:
    """Requirements are named inside a program: which one depends on the row."""
    if not draft.tables["requirements"].readable:
        return
    for model in (CalendarRow, Requirement, Group, StudentRequirement, Credit, Pin, Preference, Commitment):
        for say, row in draft.each(model, partial=True):
            column, names = _requirements_named(row)
            programs = _programs_of(draft, row)
            if not names or programs is None:
                continue
            known: set[str] = {r for program in programs for r in draft.requirements.get(program, {})}
            what = "required rotation"
            if isinstance(row, StudentRequirement) and row.change == "choose":
                known, what = {s for program in programs for s in draft.elective_sets(program)}, "elective set"
            for name in names:
                if name not in known:
                    where = f" of program {programs[0]}" if len(programs) == 1 else ""
                    say(column, f"unknown {what}{where}", "unknown_requirement", value=name, meant=known)


def _requirements_named(row: Row) -> tuple[str, tuple[str, ...]]:
    if isinstance(row, Requirement):
        return "after", row.after or ()
    if isinstance(row, Group):
        return "requirements", row.requirements or ()
    name = getattr(row, "requirement", None)
    return "requirement", (name,) if name is not None else ()


def _programs_of(draft: Draft, row: Row) -> list[str] | None:
    """Programs whose requirements a row may name; None where that cannot be told (which is reported elsewhere)."""
    if isinstance(row, CalendarRow | Requirement | Group):
        programs = [row.program]
    elif isinstance(row, StudentRequirement):
        programs = _program_of_party(draft, row.student, None)
    elif isinstance(row, Credit | Pin):
        programs = _program_of_party(draft, row.student, row.group)
    elif isinstance(row, Preference | Commitment) and row.who_kind in ("student", "group"):
        programs = (
            _program_of_party(draft, row.who, None) if row.who_kind == "student" else _program_of_party(draft, None, row.who)
        )
    elif isinstance(row, Preference) and row.who_kind == "school":
        programs = [p.program for p in draft.programs.values() if p.school == row.who]
    else:
        programs = list(draft.programs)
    return programs if programs and all(p in draft.programs for p in programs) else None


def _program_of_party(draft: Draft, student: str | None, group: str | None) -> list[str]:
    party = draft.students.get(student) if student else draft.groups.get(group) if group else None
    return [party.program] if party is not None else []


def _check_other_names(draft: Draft) -> None:
    """Names inside lists and pairs, and the past, whose ids are only worth a warning."""
    for say, slot in draft.each(Slot, partial=True):
        for _, shift in slot.excuses or ():
            if shift:
                _refer(draft, say, "excuses", shift, "shifts")
    for say, team in draft.each(IpeTeam, partial=True):
        for profession, _ in team.professions or ():
            _refer(draft, say, "professions", profession, "professions")
    for say, past in draft.each(History, partial=True):
        for column, target in (("program", "programs"), ("unit", "units"), ("shift", "shifts")):
            if (name := getattr(past, column)) is not None:
                _refer(draft, say, column, name, target, "warning")
        known: Collection[str] = draft.requirements.get(past.program or "", {})
        if past.program in draft.programs and past.requirement is not None and past.requirement not in known:
            message = f"unknown required rotation of program {past.program}"
            say("requirement", message, "unknown_requirement", value=past.requirement, severity="warning", meant=known)
