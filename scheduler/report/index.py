"""Names of a term, each once: the rest of the page's data points at them by their place in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scheduler.domain import Instance
from scheduler.export.colours import looks
from scheduler.export.tables.cells import natural
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook


class Texts:
    """Texts in the order in which they first came; calling it with a text gives its place."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self._place.setdefault(text, len(self._place))

    def all(self) -> list[str]:
        """All texts, each at its place."""
        return list(self._place)


class Index:
    """Who and what a term has.

    Attributes
    ----------
    school, program, site, unit, preceptor, specialty
        By id, the place in the list of that kind.
    texts
        Sentences and other texts that come again and again.
    book
        The program's own sentences in the reader's language.
    kinds
        What kinds of days in a calendar are called, like holidays.
    """

    def __init__(self, instance: Instance, specialties: Iterable[str], locale: Locale) -> None:
        self._instance = instance
        self.book = Phrasebook(locale)
        self.kinds: Mapping[str, str] = locale.words("tables")["calendar"]
        used = {row.program for row in instance.students} | {row.program for row in instance.groups}
        self._programs = [row for row in instance.programs if row.program in used]
        self.school = _places(row.school for row in self._programs)
        self.program = _places(row.program for row in self._programs)
        self.site = _places(instance.site_by_id)
        self.unit = _places(instance.unit_by_id)
        self.preceptor = _places(instance.preceptor_by_id)
        self._looks = looks(specialties)
        self.specialty = {name: i for i, name in enumerate(self._looks)} | {"": -1}
        self.texts = Texts()

    def said(self, text: str) -> int:
        """The place of a sentence of the program, in the reader's language."""
        return self.texts(self.book.said(text))

    def lists(self) -> dict[str, Any]:
        """The lists: of schools, sites and preceptors ``[id, name]``, of the others more (see `scheduler.report.content`)."""
        instance = self._instance
        schools, programs, units = instance.school_by_id, instance.program_by_id, instance.unit_by_id
        return {
            "schools": [[key, (row.name if (row := schools.get(key)) else "") or key] for key in self.school],
            "programs": [
                [key, programs[key].name or key, self.school[programs[key].school], programs[key].profession]
                for key in self.program
            ],
            "sites": [[key, instance.site_by_id[key].name or key] for key in self.site],
            "units": [[key, units[key].name or key, self.site.get(units[key].site, -1)] for key in self.unit],
            "preceptors": [[key, instance.preceptor_by_id[key].name or key] for key in self.preceptor],
            "specialties": [[name, look.fill, look.line] for name, look in self._looks.items()],
        }


def _places(ids: Iterable[str]) -> Mapping[str, int]:
    return {key: i for i, key in enumerate(sorted(set(ids), key=natural))}
