"""A new site like an existing one."""

from __future__ import annotations

from typing import ClassVar

from scheduler.domain.tables import Agreement, Availability, CapacityRow, Preceptor, Site, SiteClearance, Unit
from scheduler.domain.tables.base import column
from scheduler.domain.types import Date, Id, Text
from scheduler.domain.wording import count
from scheduler.scenario.change import Change, when
from scheduler.scenario.gone import slots_of
from scheduler.scenario.names import DAY, fresh, new_id
from scheduler.scenario.work import Work


class Opens(Change):
    """A new site with units and slots like those of an existing one.

    Their ids begin with the id of the site. Rows of `capacity` and `site_clearances`, and the agreements that cover the existing
    site, hold for the new one too. Preceptors who work at the existing site have somebody like them at the new one.
    """

    kind: ClassVar[str] = "opens"
    example: ClassVar[str] = "opens site=east like=nor start=2026-10-01"

    site: Id = column("Id of the new site.", example="east")
    like: Id = column("Existing site whose units and slots it has.", ref="sites", example="nor")
    start: Date | None = column("First day; empty is from the beginning.", None)
    end: Date | None = column("Last day; empty is to the end.", None)
    name: Text = column("Name shown to people; empty: that of the existing site.", "")
    region: Id | None = column("Region; empty: that of the existing site.", None)
    lat: float | None = column("Latitude; empty: that of the existing site.", None, unit="°")
    lon: float | None = column("Longitude; empty: that of the existing site.", None, unit="°")
    staff: bool = column("Whether it has preceptors like those of the existing site.", True)

    def make(self, work: Work) -> str:
        fresh(work, "sites", "site", self.site)
        own = {key: value for key in ("name", "region", "lat", "lon") if (value := getattr(self, key)) not in (None, "")}
        old = work.row(Site, self.like)
        if old is not None:
            work.add(old.model_copy(update={**own, "site": self.site}))
        units = {u.unit: self._id(work, "units", u.unit) for u in work.rows(Unit) if u.site == self.like}
        for unit in [u for u in work.rows(Unit) if u.unit in units]:
            work.add(unit.model_copy(update={"unit": units[unit.unit], "site": self.site}))
        units = units or {self.like: self.site}
        people = self._people(work, units) if self.staff else {}
        slots = [s for _, s in slots_of(work, units)]
        without = 0
        for slot in slots:
            named = tuple(people[p] for p in slot.preceptors if p in people)
            if slot.preceptors and not named:
                without += 1
                continue
            update = {
                "slot": self._id(work, "slots", slot.slot),
                "unit": units[slot.unit],
                "preceptors": named,
                "must_fill": False,
            }
            work.add(slot.model_copy(update=update))
        for row in [r for r in work.rows(CapacityRow) if r.unit in units]:
            work.add(row.model_copy(update={"unit": units[row.unit], "least_students": None}))
        for paper in [r for r in work.rows(SiteClearance) if r.site == self.like]:
            work.add(paper.model_copy(update={"site": self.site}))
        for index, agreement in list(work.each(Agreement)):
            if self.like in agreement.sites:
                work.update(Agreement, index, sites=(*agreement.sites, self.site))
        first = self.start - DAY if self.start else None
        for start, end in ((None, first), (self.end + DAY if self.end else None, None)):
            for unit_id in units.values() if start or end else ():
                work.add(Availability.model_validate({"who_kind": "unit", "who": unit_id, "start": start, "end": end}))
        if without:
            work.notes.append(f"{count(without, 'slot')} without preceptors left out")
        size = f"{count(len(units), 'unit')}, {count(len(slots) - without, 'slot')} and {count(len(people), 'preceptor')}"
        return f"site {self.site} opens like {self.like}, {when(self.start, self.end)}, with {size}"

    def _people(self, work: Work, units: dict[str, str]) -> dict[str, str]:
        """Preceptors of the existing site, and those like them at the new one."""
        named = {p for _, slot in slots_of(work, units) for p in slot.preceptors}
        there = [p for p in work.rows(Preceptor) if p.kind != "faculty" and (p.preceptor in named or set(p.units) & set(units))]
        new = {p.preceptor: self._id(work, "preceptors", p.preceptor) for p in there}
        for p in there:
            places = tuple(units[u] for u in p.units if u in units)
            cover = new.get(p.cover or "")
            work.add(p.model_copy(update={"preceptor": new[p.preceptor], "name": "", "units": places, "cover": cover}))
        return new

    def _id(self, work: Work, table: str, old: str) -> str:
        return new_id(work, table, f"{self.site}-{old}")
