"""Tables as CSV, and everything as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from scheduler.domain.types import format_clock
from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import Stay

if TYPE_CHECKING:
    from scheduler.export.view import View

#: A text cell that begins like this could be read as a formula, also in its full-width form and after what cannot be seen.
FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]")


def csv_file(sheet: Sheet) -> bytes:
    """A table as CSV: UTF-8 with a byte order mark (without it, Excel reads another encoding), commas, dates as YYYY-MM-DD,
    lines that end as RFC 4180 says.

    A text that a spreadsheet could read as a formula gets an apostrophe in front; numbers and dates stay as they are.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.key for column in sheet.columns)
    writer.writerows([_cell(value) for value in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    return value.isoformat() if isinstance(value, date) else str(value)


def json_file(seen: View) -> bytes:
    """The frame, every table as a list of objects, and the placements with all their sessions."""
    instance, schedule = seen.instance, seen.schedule
    tables = {
        sheet.name: [dict(zip((column.key for column in sheet.columns), row, strict=True)) for row in sheet.rows]
        for sheet in seen.sheets
    }
    data = {
        "instance": {
            "name": instance.name,
            "first_monday": instance.first_monday,
            "weeks": instance.weeks,
            "planning_date": instance.planning_date,
            "timezone": instance.timezone,
            "hash": schedule.instance_hash,
        },
        "for": {"kind": seen.reader.kind, "id": seen.reader.id} if seen.reader else None,
        "status": schedule.status.value,
        "every_rule_holds": seen.report.ok,
        "violations": [{"rule": v.rule, "sentence": v.sentence} for v in seen.report.violations],
        "sheets": tables,
        "placements": [_placement(stay) for stay in seen.stays],
    }
    return (json.dumps(data, indent=1, ensure_ascii=False, default=date.isoformat) + "\n").encode()


def _placement(stay: Stay) -> dict[str, Any]:
    """One placement: the columns of schedule.csv, names, and sessions."""
    start, end = stay.span
    return stay.row.model_dump(mode="json") | {
        "who": stay.who,
        "named_students": stay.students,
        "profession": stay.profession,
        "school_name": stay.school_name,
        "program_name": stay.program_name,
        "requirement_name": stay.requirement_name,
        "site_name": stay.site_name,
        "unit_name": stay.unit_name,
        "preceptor_name": stay.preceptor_name,
        "faculty": stay.faculty,
        "place": stay.place,
        "follows_preceptor": stay.follows,
        "clock": [format_clock(start), format_clock(end % (24 * 60) or end)] if stay.timed else None,
        "sessions": stay.sessions,
        "paused": [{"date": day, "reason": reason} for day, reason in stay.paused],
    }
