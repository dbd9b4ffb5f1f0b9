"""What is sent when a published schedule is replaced, as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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

CHANGES, MESSAGES, WORKBOOK = "changes.csv", "messages.csv", "changes.xlsx"
_READER: tuple[tuple[str, str, Kind], ...] = (
    ("reader_kind", "Reader", "text"),
    ("reader", "Id", "text"),
    ("name", "Name", "text"),
)
_ABOUT: tuple[tuple[str, str, Kind], ...] = (
    ("action", "Action", "text"),
    ("what", "What changed", "text"),
    ("who", "Who", "text"),
    ("group", "Group", "text"),
    ("students", "Students", "number"),
    ("program", "Program", "text"),
    ("requirement", "Required rotation", "text"),
    ("rotation", "Name of the rotation", "text"),
)
_SIDE: tuple[tuple[str, str, Kind], ...] = (
    ("slot", "slot", "text"),
    ("unit", "unit", "text"),
    ("site", "site", "text"),
    ("start", "start", "date"),
    ("end", "end", "date"),
    ("weekdays", "weekdays", "text"),
    ("shift", "shift", "text"),
    ("preceptor", "preceptor", "text"),
)
_DETAILS_ONLY = "No place, date or preceptor has changed; your calendar has new details."


def notices(before: Instance, was: Schedule, after: Instance, now: Schedule) -> dict[str, bytes]:
    """What to send to whom when one schedule replaces another that was published.

    Parameters
    ----------
    before, was
        What was published, and the instance as it was then.
    after, now
        What replaces it, and the instance as it is now. To keep its calendars in step with the updates, `now` must be written as
        ``now.replacing(was)``.

    Returns
    -------
    dict
        File name to content: ``changes.csv``, a row for each reader and change; ``messages.csv``, a row for each reader, with all
        sentences as one text and the file to attach; both as ``changes.xlsx``, for programs that take ids for numbers; and the
        update of each calendar that is another one now (``student-n-01.ics`` …). Empty where nothing changed.
    """
    now = now.replacing(was)
    found = told(changes(before, was, after, now), before, after)
    calendars = updates(whole(before, was), whole(after, now))
    if not found and not calendars:
        return {}
    rows, messages = changes_sheet(found), messages_sheet(found, calendars)
    tables = {
        CHANGES: csv_file(rows),
        MESSAGES: csv_file(messages),
        WORKBOOK: workbook((rows, messages), f"{after.name}: what changed", after.planning_date),
    }
    return tables | {update.file: update.content for update in calendars}


def changes_sheet(found: Iterable[Notice]) -> Sheet:
    """A row for each reader and change; in ``old_…`` what concerned the reader, in ``new_…`` what does now."""
    sides = [(f"{side}_{key}", f"{side.title()} {title}", kind) for side in ("old", "new") for key, title, kind in _SIDE]
    columns = [*_READER, *_ABOUT, *sides, ("reason", "Reason", "text"), ("sentence", "In words", "text")]
    return sheet("changes", "Who must be told what", columns, map(_row, found))


def messages_sheet(found: Sequence[Notice], calendars: Sequence[Update]) -> Sheet:
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
        text = "\n".join(own) or _DETAILS_ONLY
        rows.append((kind, reader, names[kind, reader], len(own), text, files.get((kind, reader))))
    columns = [*_READER, ("changes", "Changes", "number"), ("text", "Text", "text"), ("calendar", "Calendar update", "text")]
    return sheet("messages", "A message for each reader", columns, rows)


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
