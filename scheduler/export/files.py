"""Every format as files: rendered here, written by whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.domain import Instance
from scheduler.export import ChartFormat, Format
from scheduler.export.names import file_stems
from scheduler.export.plain import csv_file, json_file
from scheduler.export.readers import Reader, known_readers
from scheduler.export.view import View
from scheduler.words.locale import Locale


@dataclass(frozen=True, slots=True)
class Output:
    """The files of one format.

    Attributes
    ----------
    folder
        Folder below the one that is exported to; empty: that one itself.
    files
        Name to content.
    """

    format: Format | ChartFormat
    folder: str
    files: Mapping[str, bytes]


def render(seen: View, wanted: Format) -> Output:
    """A view in one format."""
    if wanted == "csv":
        return Output(wanted, "tables", {f"{sheet.name}.csv": csv_file(sheet) for sheet in seen.sheets})
    if wanted == "xlsx":
        from scheduler.export.spoken import Spoken
        from scheduler.export.workbook import workbook

        tables = Spoken(seen.locale).sheets(seen.sheets)
        return Output(wanted, "", {"schedule.xlsx": workbook(tables, seen.title, seen.instance.planning_date, seen.locale)})
    if wanted == "ics":
        from scheduler.export.calendars import calendars

        return Output(wanted, "calendars", calendars(seen))
    if wanted == "html":
        from scheduler.export.page import page

        return Output(wanted, "", {"schedule.html": page(seen)})
    return Output(wanted, "", {"schedule.json": json_file(seen)})


def render_charts(seen: View, wanted: ChartFormat, locale: Locale | None = None) -> Output:
    """A view as charts, one a file."""
    from scheduler.export.charts import charts
    from scheduler.export.charts.drawing import png, svg

    draw = svg if wanted == "svg" else png
    return Output(wanted, "charts", {f"{chart.name}.{wanted}": draw(chart) for chart in charts(seen, locale)})


def reader_folder(instance: Instance, reader: Reader) -> str:
    """Name of the folder for one reader, like ``school-maple``."""
    return file_stems(reader.kind, known_readers(instance, reader.kind))[reader.id]
