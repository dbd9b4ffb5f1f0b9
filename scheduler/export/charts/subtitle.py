"""What stands under the title of a chart: which schedule it is, and its dates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View


def dates(seen: View, locale: Locale) -> tuple[str, str]:
    """The first and last day of the horizon."""
    first = seen.instance.first_monday
    return locale.day(first), locale.day(first + timedelta(days=7 * seen.instance.weeks - 1))


def subtitle(seen: View, locale: Locale) -> str:
    """The name of the schedule, for whom it is, and its dates."""
    first, last = dates(seen, locale)
    term = seen.instance.name
    if seen.reader:
        term = locale.say("charts", f"reader.{seen.reader.kind}", term=term, id=seen.reader.id)
    return locale.say("charts", "subtitle", term=term, first=first, last=last)
