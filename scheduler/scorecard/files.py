"""A scorecard in every form, as files: rendered here, written by whoever asks."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.export.plain import csv_file
from scheduler.export.workbook import workbook
from scheduler.scorecard import Form
from scheduler.scorecard.card import Scorecard
from scheduler.scorecard.tables import json_file, sheets
from scheduler.scorecard.wording import Wording
from scheduler.words.locale import Locale


def render(card: Scorecard, wording: Wording, form: Form) -> Mapping[str, bytes]:
    """Name to content of the files of one form: tables and JSON, which programs read, have one language."""
    if form == "csv":
        return {f"{sheet.name}.csv": csv_file(sheet) for sheet in sheets(card, Wording(Locale()))}
    if form == "xlsx":
        title = f"{card.title}: {wording.say('title')}"
        return {"scorecard.xlsx": workbook(sheets(card, wording), title, card.latest.instance.planning_date)}
    if form == "json":
        return {"scorecard.json": json_file(card, Wording(Locale()))}
    if form == "html":
        from scheduler.scorecard.page import page

        return {"scorecard.html": page(card, wording)}
    from scheduler.export.charts.drawing import png, svg
    from scheduler.scorecard.pictures import pictures

    draw = svg if form == "svg" else png
    return {f"{name}.{form}": draw(drawn) for name, drawn in pictures(card, wording).items()}
