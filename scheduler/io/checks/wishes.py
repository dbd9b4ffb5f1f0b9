"""Preferences and pins that are incomplete or contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from scheduler.domain.tables import Pin, Preference
from scheduler.io.checks.draft import Draft, Say, starts_of

#: Wishes about a number of things instead of one thing: they have a score and no value.
WITHOUT_VALUE = frozenset({"start", "site_change", "waiting"})
PARTS = ("requirement", "slot", "unit", "start", "weekdays", "preceptor", "co_preceptor", "team")


def check_preferences(draft: Draft) -> None:
    """A wish says about what, and how much."""
    seen: dict[tuple[object, ...], int] = {}
    for say, row in draft.each(Preference):
        if row.what in WITHOUT_VALUE:
            if row.value is not None:
                say("value", f"a wish about {row.what} has no value", "contradiction", value=row.value, expected="an empty cell")
        elif row.value is None:
            say("value", f"must be filled: which {row.what}", "missing_value")
        if row.what == "start" and row.start is None:
            say("start", "must be filled: which start", "missing_value", expected="a date written YYYY-MM-DD")
        given = [
            name
            for name, used in (("rank", row.rank is not None), ("score", row.score is not None), ("refuse", row.refuse))
            if used
        ]
        if row.what in ("site_change", "waiting"):
            if row.score is None or row.score > 0 or len(given) > 1:
                message = f"a wish about {row.what} has a score that says what each one costs"
                say("score", message, "one_of", value=row.score, expected="a whole number of at most 0, and no rank or refusal")
        elif len(given) != 1:
            message = "exactly one of rank, score and refuse must be filled"
            say("rank", message, "one_of", value=" and ".join(given) or None)
        key = (row.who_kind, row.who, row.requirement, row.what, row.value, row.start)
        if key in seen:
            say("value", f"row {seen[key]} is about the same", "duplicate_row", value=row.value, severity="warning")
        seen.setdefault(key, say.number)


def check_pins(draft: Draft) -> None:
    """A pin is about one party, fixes something that exists, and does not contradict another one."""
    musts: dict[tuple[str | None, str | None], list[tuple[Say, Pin]]] = defaultdict(list)
    bans: list[tuple[Say, Pin]] = []
    for say, pin in draft.each(Pin):
        if (pin.student is None) == (pin.group is None):
            say("student", "exactly one of student and group must be filled", "one_of", value=pin.student)
        if all(getattr(pin, part) is None for part in PARTS):
            say("requirement", "the pin fixes nothing", "missing_value", expected="a requirement, slot, unit, start or preceptor")
        if pin.part is not None and pin.group is None:
            say("part", "only a group has parts", "contradiction", value=pin.part, expected="an empty cell")
        if pin.override and pin.pin != "must":
            say("override", "is only used with 'must'", "no_effect", value="true", severity="warning")
        _check_pinned_slot(draft, say, pin)
        if pin.pin == "must":
            for earlier, other in musts[pin.student, pin.group]:
                if part := _different_part(draft, pin, other):
                    value = getattr(pin, part)
                    message = f"contradicts the pin in row {earlier.number}, which says {getattr(other, part)}"
                    say(part, message, "contradiction", value=value)
                    break
            musts[pin.student, pin.group].append((say, pin))
        elif pin.pin == "must not":
            bans.append((say, pin))
    for say, ban in bans:
        for earlier, must in musts[ban.student, ban.group]:
            if all(getattr(ban, part) in (None, getattr(must, part)) for part in ("part", *PARTS)):
                say("pin", f"contradicts the pin in row {earlier.number}, which says 'must'", "contradiction", value=ban.pin)
                break


def _check_pinned_slot(draft: Draft, say: Say, pin: Pin) -> None:
    slot = draft.slots.get(pin.slot) if pin.slot else None
    if slot is None:
        return
    if pin.unit is not None and slot.unit is not None and slot.unit != pin.unit:
        say("unit", f"slot {pin.slot} is in unit {slot.unit}", "contradiction", value=pin.unit, expected=slot.unit)
    starts = starts_of(slot)
    if pin.start is not None and starts and pin.start not in starts:
        nearest = min(starts, key=lambda day: abs(day - pin.start) if pin.start else 0)
        message = f"slot {pin.slot} has no such start"
        severity = "error" if pin.pin == "must" else "warning"
        fix = f"the nearest is {nearest}"
        say("start", message, "unknown_start", value=pin.start, suggestion=fix, severity=severity)  # type: ignore[arg-type]
    if pin.preceptor is not None and slot.preceptors and pin.preceptor not in slot.preceptors:
        message = f"the preceptor is not one of slot {pin.slot}"
        expected = ", ".join(slot.preceptors)
        say("preceptor", message, "contradiction", value=pin.preceptor, expected=expected, severity="warning")


def _different_part(draft: Draft, pin: Pin, other: Pin) -> str | None:
    """The part in which two 'must' pins of one party ask for two placements where only one is made; None if none."""
    if pin.requirement is None or pin.requirement != other.requirement:
        return None
    party = draft.students.get(pin.student) if pin.student else draft.groups.get(pin.group or "")
    if pin.part != other.part and None not in (pin.part, other.part):
        return None  # each part of a group goes its own way
    rotation = draft.requirements.get(party.program, {}).get(pin.requirement) if party is not None else None
    if rotation is None or rotation.blocks is None or rotation.blocks > 1:
        return None
    for part in ("slot", "unit", "start", "preceptor"):
        if None not in (getattr(pin, part), getattr(other, part)) and getattr(pin, part) != getattr(other, part):
            return part
    return None


CHECKS: tuple[Callable[[Draft], None], ...] = (check_preferences, check_pins)
