"""What is sent when a published schedule is replaced, as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduler.domain import Instance, Schedule
from scheduler.export import ReaderKind
from scheduler.export.calendars import Update, updates
from scheduler.export.plain import csv_file
from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import Kind, group_name, natural, sheet, shift, weekdays
from scheduler.export.view import whole
from scheduler.export.workbook import workbook
from scheduler.notices.changes import changes
from scheduler.notices.told import READERS, Notice, told
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook

CHANGES, MESSAGES, WORKBOOK = "changes.csv", "messages.csv", "changes.xlsx"
_READER: tuple[tuple[str, Kind], ...] = (("reader_kind", "text"), ("reader", "text"), ("name", "text"))
_ABOUT: tuple[tuple[str, Kind], ...] = (
    *(("action", "text"), ("what", "text"), ("who", "text"), ("group", "text"), ("students", "number")),
    *(("program", "text"), ("requirement", "text"), ("rotation", "text")),
)
_SIDE: tuple[tuple[str, Kind], ...] = (
    *(("slot", "text"), ("unit", "text"), ("site", "text"), ("start", "date"), ("end", "date")),
    *(("weekdays", "text"), ("shift", "text"), ("preceptor", "text")),
)
#: Columns with words of a closed list, which programs read in English, by the catalogue's list.
_CODED = {"reader_kind": "values", "action": "values", "what": "kinds"}


def notices(before: Instance, was: Schedule, after: Instance, now: Schedule, locale: Locale | None = None) -> dict[str, bytes]:
    """What to send to whom when one schedule replaces another that was published.

    Parameters
    ----------
    before, was
        What was published, and the instance as it was then.
    after, now
        What replaces it, and the instance as it is now. To keep its calendars in step with the updates, `now` must be written as
        ``now.replacing(was)``.
    locale
        Of sentences, workbook and calendars; None: English. Codes in the tables for programs stay as they are.

    Returns
    -------
    dict
        File name to content: ``changes.csv``, a row for each reader and change; ``messages.csv``, a row for each reader, with all
        sentences as one text and the file to attach; both as ``changes.xlsx``, for programs that take ids for numbers; and the
        update of each calendar that is another one now (``student-n-01.ics`` …). Empty where nothing changed.
    """
    now = now.replacing(was)
    locale = locale or Locale()
    found = told(changes(before, was, after, now, locale), before, after, locale)
    calendars = updates(*(replace(whole(*of), locale=locale) for of in ((before, was), (after, now))))
    if not found and not calendars:
        return {}
    rows, messages = changes_sheet(found, locale), messages_sheet(found, calendars, locale)
    title = locale.say("notices", "title", name=after.name)
    tables = {
        CHANGES: csv_file(rows),
        MESSAGES: csv_file(messages),
        WORKBOOK: workbook([_spoken(table, locale) for table in (rows, messages)], title, after.planning_date, locale),
    }
    return tables | {update.file: update.content for update in calendars}


def changes_sheet(found: Iterable[Notice], locale: Locale) -> Sheet:
    """A row for each reader and change; in ``old_…`` what concerned the reader, in ``new_…`` what does now."""
    sides = [(f"{side}_{key}", kind) for side in ("old", "new") for key, kind in _SIDE]
    return _sheet("changes", [*_READER, *_ABOUT, *sides, ("reason", "text"), ("sentence", "text")], map(_row, found), locale)


def messages_sheet(found: Sequence[Notice], calendars: Sequence[Update], locale: Locale) -> Sheet:
    """A row for each reader: how many changes, all sentences, and the calendar update to attach."""
    texts: dict[tuple[ReaderKind, str], list[str]] = {}
    names: dict[tuple[ReaderKind, str], str] = {}
    for notice in found:
        texts.setdefault((notice.kind, notice.reader), []).append(notice.sentence)
        names[notice.kind, notice.reader] = notice.name
    files: dict[tuple[ReaderKind, str], str] = {(update.kind, update.id): update.file for update in calendars}
    for update in calendars:
        names.setdefault((update.kind, update.id), update.name)
    rows: list[tuple[Value, ...]] = []
    for kind, reader in sorted(names, key=lambda key: (READERS.index(key[0]), *natural(key[1]))):
        own = texts.get((kind, reader), [])
        text = "\n".join(own) or locale.say("notices", "details_only")
        rows.append((kind, reader, names[kind, reader], len(own), text, files.get((kind, reader))))
    return _sheet("messages", [*_READER, ("changes", "number"), ("text", "text"), ("calendar", "text")], rows, locale)


def _sheet(name: str, columns: Iterable[tuple[str, Kind]], rows: Iterable[tuple[Value, ...]], locale: Locale) -> Sheet:
    """A sheet with the titles of the catalogue."""
    words = locale.words("notices")
    return sheet(name, words["sheets"][name], [(key, words["columns"][key], kind) for key, kind in columns], rows)


def _spoken(table: Sheet, locale: Locale) -> Sheet:
    """A table as people read it: codes and weekdays in their language."""
    if locale.language == "en":
        return table
    words, book = locale.words("notices"), Phrasebook(locale)

    def said(key: str, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        if key in _CODED:
            return str(words[_CODED[key]].get(value, value))
        return book.when(value) if key.endswith("_weekdays") else value

    keys = [column.key for column in table.columns]
    return replace(table, rows=tuple(tuple(said(key, value) for key, value in zip(keys, row, strict=True)) for row in table.rows))


def _row(notice: Notice) -> tuple[Value, ...]:
    stay = notice.after or notice.before
    about: tuple[Value, ...] = (None,) * 5
    if stay is not None:
        about = group_name(stay), stay.row.students, stay.row.program, stay.row.requirement, stay.requirement_name
    return (
        *(notice.kind, notice.reader, notice.name),
        *(notice.action, notice.what, notice.who, *about),
        *_side(notice.before),
        *_side(notice.after),
        *(notice.reason, notice.sentence),
    )


def _side(stay: Stay | None) -> tuple[Value, ...]:
    if stay is None:
        return (None,) * len(_SIDE)
    row = stay.row
    return (
        *(row.slot, stay.unit_name, stay.site_name, row.start, row.end),
        *(weekdays(stay), shift(stay), stay.preceptor_name or stay.faculty),
    )
