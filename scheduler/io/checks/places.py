"""Units, capacity, slots and reservations that contradict themselves or each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from scheduler.domain.tables import CapacityRow, Reservation, Site, Slot
from scheduler.io.checks.draft import Draft, Say, least_above_most

#: Most confirmed guarantees of one slot: the rule looks at every set of schools that have one.
MOST_GUARANTEES = 7
HOURS_A_WEEK = 168


def check_units(draft: Draft) -> None:
    """A site without units is a unit itself: its id must not be that of another site's unit."""
    for say, site in draft.each(Site):
        unit = draft.units.get(site.site)
        if unit is not None and unit.site not in (None, site.site) and site.site not in draft.sites_with_units:
            say("site", f"is also the id of a unit of site {unit.site}", "ambiguous_id", value=site.site, expected="another id")


def check_capacity(draft: Draft) -> None:
    """A row limits something, and its least is not above its most."""
    for say, row in draft.each(CapacityRow):
        limits = (row.most_students, row.most_groups, row.most_precepted, row.least_students)
        if all(limit is None for limit in limits):
            message = "the row limits nothing"
            say("most_students", message, "no_effect", severity="warning", expected="most or least students, groups or precepted")
        if row.least_students is not None and row.most_students is not None and row.least_students > row.most_students:
            least_above_most(say, "least_students", row.least_students, "most_students", row.most_students)


def check_slots(draft: Draft) -> None:
    """A slot has starts, in one way; days to choose from; and least is not above most."""
    parties = (*draft.students, *draft.groups)
    parts = {slot.slot for _, slot in draft.each(Slot) if slot.part_of}
    for say, slot in draft.each(Slot):
        _check_starts(say, slot)
        for name in slot.kept_for:
            if name not in parties:
                say("kept_for", "unknown student or group", "unknown_reference", value=name, severity="warning", meant=parties)
        if slot.part_of and (slot.part_of in parts or slot.must_fill):
            wrong = "is itself part of another slot" if slot.part_of in parts else "has no places of its own that must be filled"
            say("part_of", wrong, "contradiction", value=slot.part_of, expected="a slot with places of its own")
        if not slot.weekdays:
            say("weekdays", "must be filled", "missing_value", expected="at least one weekday")
        if slot.pattern == "any" and slot.days_per_week is None:
            say("days_per_week", "must be filled for the pattern 'any'", "missing_value", expected="how many of the weekdays")
        if slot.pattern != "any" and slot.days_per_week is not None:
            say("days_per_week", "is only used with the pattern 'any'", "no_effect", value=slot.days_per_week, severity="warning")
        elif slot.days_per_week is not None and slot.days_per_week > len(slot.weekdays):
            message = f"the slot has only {len(slot.weekdays)} weekdays"
            say("days_per_week", message, "least_above_most", value=slot.days_per_week, expected=f"at most {len(slot.weekdays)}")
        if slot.least_students > slot.most_students:
            least_above_most(say, "least_students", slot.least_students, "most_students", slot.most_students)
        if slot.hours_per_week is not None and slot.hours_per_week > HOURS_A_WEEK:
            message = f"a week has {HOURS_A_WEEK} hours"
            say("hours_per_week", message, "type", value=slot.hours_per_week, expected=f"at most {HOURS_A_WEEK}")


def _check_starts(say: Say, slot: Slot) -> None:
    if slot.starts:
        if slot.first_start or slot.last_start:
            column = "first_start" if slot.first_start else "last_start"
            say(column, "the slot lists its starts already", "contradiction", expected="first_start and last_start, or starts")
        if len(set(slot.starts)) < len(slot.starts):
            say("starts", "a start is listed twice", "duplicate_row", severity="warning")
    elif slot.first_start is None:
        say("first_start", "the slot has no start", "no_start", expected="first_start (with last_start), or starts")
    elif slot.last_start is not None and slot.last_start < slot.first_start:
        message = f"lies before first_start ({slot.first_start})"
        say("last_start", message, "date_order", value=slot.last_start, expected=f"{slot.first_start} or later")


def check_reservations(draft: Draft) -> None:
    """Guarantees fit into their slot, and not too many schools share one."""
    by_slot: dict[str, list[tuple[Say, Reservation]]] = defaultdict(list)
    for say, row in draft.each(Reservation):
        if row.most is not None and row.most < row.guaranteed:
            say("most", f"is smaller than guaranteed ({row.guaranteed})", "least_above_most", value=row.most)
        if row.status == "confirmed" and row.guaranteed > 0:
            by_slot[row.slot].append((say, row))
    complete = {slot.slot: slot for _, slot in draft.each(Slot)}
    for name, rows in by_slot.items():
        say, last = rows[-1]
        total = sum(row.guaranteed for _, row in rows)
        slot = complete.get(name)
        if slot is not None and total > slot.most_students:
            message = f"{total} places of slot {name} are guaranteed, but it has {slot.most_students}"
            say("guaranteed", message, "too_many", value=last.guaranteed, expected=f"at most {slot.most_students} in all")
        if len(rows) > MOST_GUARANTEES:
            message = f"slot {name} has guarantees of {len(rows)} schools"
            fix = "divide it into two slots"
            say("slot", message, "too_many", value=name, expected=f"at most {MOST_GUARANTEES}", suggestion=fix)


CHECKS: tuple[Callable[[Draft], None], ...] = (check_units, check_capacity, check_slots, check_reservations)
