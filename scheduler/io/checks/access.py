"""Agreements and compliance items that let nobody in, although they look as if they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import takewhile

from scheduler.domain.tables import Agreement, Clearance, SiteClearance, Slot
from scheduler.io.checks.draft import Draft, starts_of

TEN_YEARS = 3650


def check_agreements(draft: Draft) -> None:
    """An agreement does not end before every placement that begins under it, unless another one follows."""
    slots = [(slot, _site(draft, slot)) for _, slot in draft.each(Slot)]
    # each agreement once, however often it is listed, those of a school that end last first
    lasting = sorted({row for _, row in draft.each(Agreement)}, key=_end, reverse=True)
    of_school: dict[str, list[Agreement]] = {}
    for row in lasting:
        of_school.setdefault(row.school, []).append(row)
    too_early: dict[Agreement, date] = {}
    for row in lasting:
        if row.end is None or any(_follows(other, row) for other in _longer(of_school[row.school], row)):
            continue
        covered = [s for s, site in slots if (not row.sites or site in row.sites) and _accepts(s, row.professions)]
        ends = [last for slot in covered for last in _last_days(slot, row.start or date.min, row.end)]
        if ends and min(ends) > row.end:
            too_early[row] = min(ends)
    for say, row in draft.each(Agreement):
        if row in too_early:
            message = f"every placement that begins under this agreement ends after it, the first on {too_early[row]}"
            fix = f"a renewal, or an end on {too_early[row]} or later"
            say("end", message, "ends_too_early", value=row.end, suggestion=fix, severity="warning")


def check_site_clearances(draft: Draft) -> None:
    """What a site asks for all the year is something that at least one student has, where it is known what students have.

    An item of a season is often brought only when that begins.
    """
    known = {row.item for _, row in draft.each(Clearance)}
    for say, row in draft.each(SiteClearance):
        if row.due_days_before > TEN_YEARS:
            say("due_days_before", "the number is too large", "type", value=row.due_days_before, expected=f"at most {TEN_YEARS}")
        if known and row.item not in known and not row.season_start:
            message = "no student has this item, nor has promised it"
            say("item", message, "nobody_has", value=row.item, severity="warning", meant=known)


def _site(draft: Draft, slot: Slot) -> str | None:
    unit = draft.units.get(slot.unit)
    return unit.site if unit is not None else slot.unit


def _accepts(slot: Slot, professions: tuple[str, ...]) -> bool:
    return not professions or not slot.professions or bool(set(professions) & set(slot.professions))


def _end(row: Agreement) -> date:
    return row.end or date.max


def _longer(lasting: list[Agreement], row: Agreement) -> Iterator[Agreement]:
    """Those that end after a row, of agreements in the order in which they end, the last first."""
    return takewhile(lambda other: _end(other) > _end(row), lasting)


def _follows(other: Agreement, row: Agreement) -> bool:
    """Whether a longer agreement of the school goes on where one ends, at one of its sites."""
    shares = not other.sites or not row.sites or bool(set(other.sites) & set(row.sites))
    begins = row.end is not None and (other.start is None or other.start <= row.end + timedelta(days=1))
    return shares and begins


def _last_days(slot: Slot, first: date, last: date) -> Iterator[date]:
    """The last days with a session of placements that begin between two dates, as far as the slot says how long they are."""
    if slot.length is None or slot.length_unit == "months":
        return
    days = slot.length * (7 if slot.length_unit == "weeks" else 1)
    for start in starts_of(slot):
        if first <= start <= last:
            end = start + timedelta(days=days - 1)
            held = (end - timedelta(days=back) for back in range(7))
            yield end if slot.pattern != "fixed" else next((day for day in held if day.weekday() in slot.weekdays), end)


CHECKS: tuple[Callable[[Draft], None], ...] = (check_agreements, check_site_clearances)
