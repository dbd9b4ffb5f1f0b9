"""Schedules written out for people: tables, a workbook, calendars and a page. Nothing is decided here."""
