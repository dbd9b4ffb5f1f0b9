"""Schedules written out for people: tables, a workbook, calendars and a page. Nothing is decided here."""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["csv", "xlsx", "ics", "html", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
ChartFormat = Literal["svg", "png"]
CHART_FORMATS: tuple[ChartFormat, ...] = get_args(ChartFormat)
ReaderKind = Literal["school", "preceptor", "unit", "student"]
READER_KINDS: tuple[ReaderKind, ...] = get_args(ReaderKind)
