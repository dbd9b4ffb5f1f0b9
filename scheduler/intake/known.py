"""What the names in a file can mean: ids of the instance that the sender may name, and the names that people see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from scheduler.domain import Instance
from scheduler.domain.tables import Preceptor
from scheduler.intake.sender import Sender
from scheduler.intake.text import bare
from scheduler.intake.unclear import Remark, Unclear
from scheduler.io.report import nearest


class Names:
    """Ids of one kind, found as people write them.

    Parameters
    ----------
    ids
        The ids that may be named.
    called
        Names that people see, by id.
    """

    def __init__(self, ids: Iterable[str], called: Mapping[str, str] | None = None) -> None:
        self.ids = tuple(dict.fromkeys(ids))
        self.called = {id_: name for id_, name in (called or {}).items() if name}
        self._exact = frozenset(self.ids)
        self._cache: dict[str, str | None] = {}

    @cached_property
    def _forms(self) -> tuple[dict[str, set[str]], ...]:
        """Ids by what they are looked up by, the closest first: other case; the name; punctuation; zeros in front."""
        steps: tuple[dict[str, set[str]], ...] = ({}, {}, {}, {})
        for id_ in self.ids:
            keys = id_.casefold(), self.called.get(id_, "").casefold(), bare(id_), bare(id_).lstrip("0")
            for step, key in zip(steps, keys, strict=True):
                if key:
                    step.setdefault(key, set()).add(id_)
        for id_, name in self.called.items():
            steps[2].setdefault(bare(name), set()).add(id_)
        return steps

    def __contains__(self, text: str) -> bool:
        return text in self._exact

    def find(self, text: str) -> str | None:
        """The one id that is meant; None where none or several could be."""
        if text in self._exact:
            return text
        if text not in self._cache:
            self._cache[text] = self._find(text)
        return self._cache[text]

    def _find(self, text: str) -> str | None:
        plain = bare(text)
        for step, key in zip(self._forms, (text.casefold(), text.casefold(), plain, plain.lstrip("0")), strict=True):
            found = step.get(key, set()) if key else set()
            if len(found) == 1:
                return next(iter(found))
            if found:
                return None
        return None

    def meant(self, text: str) -> str:
        """The id that comes nearest; empty where none comes close."""
        candidates = {**{name: id_ for id_, name in self.called.items()}, **{id_: id_ for id_ in self.ids}}
        near = nearest(text, candidates)
        return candidates[near] if near is not None else ""

    def read(self, text: str) -> tuple[str, Remark | None]:
        """The id that a text means.

        Raises
        ------
        Unclear
            Where none is known, with the nearest one.
        """
        found = self.find(text)
        if found is None:
            near = self.meant(text)
            if near:
                raise Unclear("unknown_name_near", near=near)
            if 0 < len(self.ids) <= 12:
                raise Unclear("unknown_name_choices", choices=self.ids)
            raise Unclear("unknown_name")
        same = text.casefold() in (found.casefold(), self.called.get(found, "").casefold())
        return found, None if text == found else Remark("read_as", "note" if same else "warning", {"meaning": found})


class Known:
    """The names of an instance, as far as they concern a sender.

    Parameters
    ----------
    more
        Ids of students and groups that the file itself brings.
    """

    def __init__(self, instance: Instance, sender: Sender, more: Mapping[str, Iterable[str]] | None = None) -> None:
        self.instance, self.sender, self._more = instance, sender, more or {}

    @cached_property
    def programs(self) -> frozenset[str]:
        """Programs of the school; all for other senders."""
        rows = self.instance.programs
        return frozenset(p.program for p in rows if self.sender.kind != "school" or p.school == self.sender.id)

    @cached_property
    def students(self) -> frozenset[str]:
        return frozenset(s.student for s in self.instance.students if s.program in self.programs)

    @cached_property
    def groups(self) -> frozenset[str]:
        return frozenset(g.group for g in self.instance.groups if g.program in self.programs)

    @cached_property
    def others(self) -> frozenset[str]:
        """Students and groups of other schools."""
        students = {s.student for s in self.instance.students} | {g.group for g in self.instance.groups}
        return frozenset(students - self.students - self.groups)

    def names(self, ref: str) -> Names:
        """The names of a kind (`Field.ref`)."""
        if ref not in self._names:
            self._names[ref] = self._make(ref)
        return self._names[ref]

    @cached_property
    def _names(self) -> dict[str, Names]:
        return {}

    def _make(self, ref: str) -> Names:
        i = self.instance
        more = tuple(self._more.get(ref, ()))
        if ref == "programs":
            return Names(sorted(self.programs), {p.program: p.name for p in i.programs if p.program in self.programs})
        if ref == "students":
            return Names((*sorted(self.students), *more))
        if ref == "groups":
            return Names((*sorted(self.groups), *more))
        if ref == "party":
            both = (*self._more.get("students", ()), *self._more.get("groups", ()))
            return Names((*sorted(self.students | self.groups), *both))
        if ref == "requirements":
            asked = [r for r in i.requirements if r.program in self.programs]
            return Names(dict.fromkeys(r.requirement for r in asked), {r.requirement: r.name for r in asked})
        if ref == "specialties":
            taught = {s for u in i.units for s in u.specialties} | {s for r in i.requirements for s in r.specialties}
            return Names(sorted(taught | {s.specialty for s in i.slots if s.specialty}))
        if ref == "shifts":
            return Names(s.shift for s in i.shifts)
        if ref == "professions":
            return Names(sorted(i.known_professions))
        if ref == "items":
            return Names(sorted({c.item for c in i.site_clearances} | {c.item for c in i.clearances}))
        if ref == "preceptors":
            theirs = [p for p in i.preceptors if self.sender.kind != "school" or p.school in (None, self.sender.id)]
            return Names((p.preceptor for p in theirs), {p.preceptor: p.name for p in theirs})
        if ref == "staff":
            here = [p for p in i.preceptors if self.sender.id in p.units] + self._named_by_slots()
            return Names(dict.fromkeys(p.preceptor for p in here), {p.preceptor: p.name for p in here})
        if ref == "units":
            with_units = {u.unit: u.name for u in i.units}
            lone = {s.site: s.name for s in i.sites if s.site not in {u.site for u in i.units}}
            return Names((*with_units, *lone), {**with_units, **lone})
        if ref == "sites":
            return Names((s.site for s in i.sites), {s.site: s.name for s in i.sites})
        if ref == "slots":
            return Names(s.slot for s in i.slots if self.sender.kind != "unit" or s.unit == self.sender.id)
        if ref == "scholarships":
            return Names((s.scholarship for s in i.scholarships), {s.scholarship: s.name for s in i.scholarships})
        raise KeyError(ref)

    def _named_by_slots(self) -> list[Preceptor]:
        named = {name for slot in self.instance.slots if slot.unit == self.sender.id for name in slot.preceptors}
        return [p for p in self.instance.preceptors if p.preceptor in named]
