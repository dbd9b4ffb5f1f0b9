"""What the cells of a template are chosen from: nothing that only another sender has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scheduler.domain import Instance
from scheduler.intake.forms import Field
from scheduler.intake.known import Known
from scheduler.intake.sender import Sender


class DropDowns:
    """Lists for the columns of one sender's template.

    Parameters
    ----------
    labels
        Words of the language (``labels``).
    """

    def __init__(self, instance: Instance, sender: Sender, labels: Mapping[str, Any]) -> None:
        self._instance, self._sender, self._labels = instance, sender, labels
        self._known = Known(instance, sender)
        self._own: dict[str, Callable[[], Iterable[str]]] = {
            "items": self._items,
            "specialties": self._specialties,
            "slots": self._slots,
            "preceptors": self._preceptors,
        }
        self._made: dict[str, tuple[str, ...]] = {}

    def key(self, form: str, field: Field) -> str:
        """What a list is kept under: columns with the same key share it."""
        if field.kind == "choice":
            return f"{form} {field.name}"
        return "yes_no" if field.kind == "yes_no" else field.ref or field.name

    def of(self, field: Field) -> tuple[str, ...]:
        """What a cell is chosen from; empty where anything may be written."""
        if field.kind == "yes_no":
            return tuple(self._labels["answers"][key] for key in ("yes", "no"))
        if field.kind == "choice":
            return tuple(self._labels["choices"][choice] for choice in field.choices)
        if field.kind in ("name", "names") and field.ref:
            return self._named(field.ref)
        if field.name == "cohort":
            programs = self._known.programs
            students = {s.cohort for s in self._instance.students if s.program in programs}
            groups = {g.cohort for g in self._instance.groups if g.program in programs}
            return tuple(sorted(filter(None, students | groups)))
        if field.name == "value":
            kinds = ("specialties", "sites", "units", "slots", "preceptors")
            return tuple(dict.fromkeys(id_ for ref in kinds for id_ in self._named(ref)))
        return ()

    def _named(self, ref: str) -> tuple[str, ...]:
        if ref not in self._made:
            make = self._own.get(ref)
            self._made[ref] = tuple(make()) if make else self._known.names(ref).ids
        return self._made[ref]

    def _items(self) -> list[str]:
        """What sites ask for, and what own students have: an item may be known of another school's students only."""
        asked = {c.item for c in self._instance.site_clearances}
        return sorted(asked | {c.item for c in self._instance.clearances if c.student in self._known.students})

    def _specialties(self) -> Iterable[str]:
        """Those that the sender has to do with first, then all others that are taught."""
        instance, sender = self._instance, self._sender
        if sender.kind == "school":
            first = {s for r in instance.requirements if r.program in self._known.programs for s in r.specialties}
        else:
            first = {s for u in instance.units if u.unit == sender.id for s in u.specialties}
        taught = {s for u in instance.units for s in u.specialties} | {s.specialty for s in instance.slots if s.specialty}
        return (*sorted(first), *sorted(taught - first))

    def _slots(self) -> list[str]:
        """Slots that were not arranged for somebody else alone."""
        if self._sender.kind != "school":
            return list(self._known.names("slots").ids)
        own = self._known.students | self._known.groups
        return [s.slot for s in self._instance.slots if not s.kept_for or own.intersection(s.kept_for)]

    def _preceptors(self) -> Iterable[str]:
        """Those of a unit's own staff; for others, without the faculty of other schools."""
        return self._known.names("staff" if self._sender.kind == "unit" else "preceptors").ids
