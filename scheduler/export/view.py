"""What is exported: a schedule beside its instance, checked, with its placements and tables as a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scheduler.domain import Instance, Schedule
from scheduler.export.pseudonyms import pseudonymous, without_homes
from scheduler.export.readers import Others, Reader, own_instance, own_report, own_schedule, own_stays
from scheduler.export.sheets import Sheet
from scheduler.export.stays import Stay, gone_stays, stays
from scheduler.export.tables import sheets
from scheduler.verify import Report, verify
from scheduler.verify.facts import Facts
from scheduler.words.locale import Locale


@dataclass(frozen=True, slots=True)
class View:
    """A schedule as one reader sees it; every format is written from it.

    Attributes
    ----------
    instance, schedule
        The schedule and what it was made from; for one reader only what is theirs, and neither cost nor proof.
    stays
        Every placement that holds.
    gone
        Placements that were declined or withdrawn.
    report
        What the verifier, run anew, found about the placements shown.
    holds
        Whether every rule holds in the whole schedule.
    reader
        For whom it is; None: for everybody who may see all.
    sheets
        The tables, in the order in which they are shown, in English (`scheduler.export.spoken` says them in the locale).
    locale
        The reader's language and country.
    """

    instance: Instance
    schedule: Schedule
    stays: tuple[Stay, ...]
    gone: tuple[Stay, ...]
    report: Report
    holds: bool = True
    reader: Reader | None = None
    sheets: tuple[Sheet, ...] = ()
    locale: Locale = field(default_factory=Locale)

    @property
    def title(self) -> str:
        """The heading of every format."""
        if self.reader is None:
            return self.instance.name
        kind = self.locale.words("tables")["readers"][self.reader.kind]
        return self.locale.say("page", "title_for", name=self.instance.name, kind=kind, id=self.reader.id)


def view(
    instance: Instance,
    schedule: Schedule,
    reader: Reader | None = None,
    *,
    key: bytes | None = None,
    locale: Locale | None = None,
) -> View:
    """A schedule as a reader sees it.

    Parameters
    ----------
    reader
        One of `scheduler.export.readers`; None: somebody who may see all.
    key
        Secret bytes of which pseudonyms for people are made; None: people keep ids and names.
    locale
        In whose language it is written; None: English.
    """
    if key is not None:
        instance, schedule, names = pseudonymous(instance, schedule, key)
        reader = reader and replace(reader, id=names.id(reader.kind, reader.id))
    seen = replace(whole(instance, schedule), locale=locale or Locale())
    if key is not None:  # sentences about distances, employers and scholarships would tell who somebody is
        seen = replace(seen, report=replace(seen.report, gave_way=()))
    if reader is not None:
        seen = narrowed(seen, reader)
    seen = replace(seen, sheets=sheets(seen, Facts(instance, schedule)))
    return replace(seen, instance=without_homes(seen.instance)) if key is not None else seen


def whole(instance: Instance, schedule: Schedule) -> View:
    """A schedule as somebody sees it who may see all, without the tables: for calendars alone."""
    report = verify(instance, schedule)
    return View(instance, schedule, stays(instance, schedule), gone_stays(instance, schedule), report, report.ok)


def narrowed(seen: View, reader: Reader) -> View:
    """Only what a reader may see of what somebody sees who may see all; without the tables."""
    placed, gone = (own_stays(seen.instance, reader, them) for them in (seen.stays, seen.gone))
    instance = own_instance(seen.instance, reader, (*placed, *gone))
    others = Others(seen.instance, seen.schedule, instance, reader)
    report = own_report(seen.report, instance, reader, placed, others)
    placed, gone = (tuple(map(others.unnamed, them)) for them in (placed, gone))
    return View(
        instance=instance,
        schedule=own_schedule(seen.schedule, instance, reader, (*placed, *gone), others),
        stays=placed,
        gone=gone,
        report=report,
        holds=seen.holds,
        reader=reader,
        locale=seen.locale,
    )
