"""A pack as files: a page that stands by itself, a workbook and a calendar; and the index of all packs.

As in the page of the whole schedule, everything that comes from an instance is escaped by the template, and the browser is
forbidden all but the page's own style. Tables become cards on a phone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from scheduler.export.packs import KINDS, Pack, Packs
from scheduler.export.page import shown
from scheduler.export.readers import Reader
from scheduler.export.sheets import Sheet
from scheduler.export.tables.cells import Kind, sheet
from scheduler.export.workbook import workbook

INDEX = "index.html"
#: Pages with wider tables are printed across, in columns.
_MOST_UPRIGHT = 9
#: Calendars with more columns are printed small.
_MOST_ACROSS = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index: a reader, with links to what is in the pack."""

    name: str
    id: str
    links: tuple[tuple[str, str], ...]


class PackFiles:
    """Renders packs."""

    def __init__(self, packs: Packs) -> None:
        self._packs = packs
        self._environment = Environment(
            loader=PackageLoader("scheduler.export", "."),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._locale = packs.locale
        self._words = packs.locale.words("packs")
        self._environment.filters |= {"day": packs.locale.day, "shown": partial(shown, packs.locale)}
        self._style = self._environment.get_template("pack.css").render()

    def names(self, reader: Reader) -> list[str]:
        """What the files of a pack may be called."""
        return [f"{self._packs.stems[reader]}.{kind}" for kind in ("html", "xlsx", "ics")]

    def files(self, pack: Pack) -> dict[str, bytes]:
        """Name to content; the same pack always gives the same bytes."""
        page, book, calendar = self.names(pack.reader)
        instance = self._packs.whole.instance
        title = f"{instance.name}: {pack.name}"
        sheets = (self._about(pack), *pack.sheets)
        found = {page: self._page(pack), book: workbook(sheets, title, instance.planning_date, self._locale)}
        return found | ({calendar: pack.calendar} if pack.calendar else {})

    def _about(self, pack: Pack) -> Sheet:
        """What the page says above its tables, for the workbook."""
        words, instance = self._words["about"], self._packs.whole.instance
        rows = {
            "whose": pack.name if pack.name == pack.reader.id else f"{pack.name} ({pack.reader.id})",
            "place": pack.place,
            "term": self._frame,
            "planned": self._locale.day(instance.planning_date),
            "made": self._made,
            "rules": "" if self._packs.whole.holds else self._words["broken"],
        }
        columns: list[tuple[str, str, Kind]] = [("about", words["about"], "text"), ("value", "", "text")]
        return sheet("about", words["about"], columns, [(words[key], value) for key, value in rows.items() if value])

    def index(self, calendars: Iterable[Reader], *, complete: bool = True) -> bytes:
        """The page that lists all packs, for whoever hands them out.

        Parameters
        ----------
        calendars
            The readers who have a calendar.
        complete
            Whether all packs are written; before they are, the page says so.
        """
        with_calendar = set(calendars)
        found: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
        for reader in self._packs.readers:
            folder, names = self._packs.folders[reader], self.names(reader)
            words = self._words["links"][: 3 if reader in with_calendar else 2]
            links = tuple((word, quote(f"{folder}/{name}")) for word, name in zip(words, names, strict=False))
            found[reader.kind].append(Entry(self._packs.name(reader), reader.id, links))
        return self._rendered(
            "packs.html",
            shape="",
            complete=complete,
            sections=[(self._words["headings"][kind], those) for kind, those in found.items()],
        )

    def _page(self, pack: Pack) -> bytes:
        tables = [table for table in pack.sheets if table.name in pack.shown]
        widest = max((len(table.columns) for table in tables), default=0)
        shape = " ".join(name for name, most in (("wide", _MOST_UPRIGHT), ("many", _MOST_ACROSS)) if widest > most)
        return self._rendered("pack.html", pack=pack, tables=tables, shape=shape)

    def _rendered(self, template: str, **values: object) -> bytes:
        whole = self._packs.whole
        said = {"words": self._words, "locale": self._locale, "footer": self._footer, "frame": self._frame}
        given = said | {
            "style": Markup(self._style),
            "style_hash": self._style_hash,
            "instance": whole.instance,
            "holds": whole.holds,
        }
        return self._templates[template].render(**given, **values).encode()

    @cached_property
    def _footer(self) -> str:
        """What version of what it is."""
        whole, say = self._packs.whole, self._locale.say
        version = whole.schedule.instance_hash[:12]
        planned = say("page", "as_planned", name=whole.instance.name, day=self._locale.day(whole.instance.planning_date))
        made = say("page", "made", when=self._made) if self._made else ""
        return " · ".join(filter(None, (planned, made, say("page", "version", hash=version) if version else "")))

    @cached_property
    def _made(self) -> str:
        """When the schedule was made; empty where that is not recorded."""
        whole = self._packs.whole
        return self._locale.moment(whole.schedule.made, whole.instance.timezone) if whole.schedule.made else ""

    @cached_property
    def _frame(self) -> str:
        """From when to when the term is."""
        instance, day = self._packs.whole.instance, self._locale.day
        return self._locale.say(
            "packs", "frame", name=instance.name, first=day(instance.first_monday), last=day(instance.last_day)
        )

    @cached_property
    def _style_hash(self) -> str:
        return b64encode(sha256(self._style.encode()).digest()).decode()

    @cached_property
    def _templates(self) -> Mapping[str, Template]:
        return {name: self._environment.get_template(name) for name in ("pack.html", "packs.html")}
