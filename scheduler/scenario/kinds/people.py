"""Who supervises, and who is away: preceptors and their training, leave, papers, changed starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from scheduler.domain.tables import Availability, Clearance, Group, Preceptor, Slot, Student
from scheduler.domain.tables.base import column
from scheduler.domain.types import Count, Date, Id, Ids, Text
from scheduler.scenario.change import Change, listed, when
from scheduler.scenario.gone import loosen_pins, remove
from scheduler.scenario.kinds.places import starts_of
from scheduler.scenario.names import DAY, fresh, new_id
from scheduler.scenario.work import Work, Wrong


class Away(Change):
    """A preceptor, student or group is not there: leave, illness, a trip."""

    kind: ClassVar[str] = "away"
    example: ClassVar[str] = "away preceptor=p-kerr start=2026-10-05 end=2026-10-18"
    one_of: ClassVar[tuple[str, ...]] = ("preceptor", "student", "group")

    preceptor: Ids = column("Preceptors who are away.", (), ref="preceptors", example="p-kerr")
    student: Ids = column("Students who are away.", (), ref="students")
    group: Ids = column("Groups that are away.", (), ref="groups")
    start: Date | None = column("First day; empty is from the beginning.", None)
    end: Date | None = column("Last day; empty is to the end.", None)

    def make(self, work: Work) -> str:
        kind = next(key for key in self.one_of if getattr(self, key))
        names: tuple[str, ...] = getattr(self, kind)
        for name in names:
            row = {"who_kind": kind, "who": name, "start": self.start, "end": self.end}
            work.add(Availability.model_validate(row))
        work.relies_on("preceptor_available" if kind == "preceptor" else "availability")
        loosen_pins(work, **{kind: names})
        return f"{kind} {listed(names)} {_is(names)} away {when(self.start, self.end)}"


class Leaves(Change):
    """A preceptor is gone for good: from a day on, or for the whole term.

    Gone for the whole term, the preceptor is left out, and with the row all that needs it: slots that name nobody else, pins,
    wishes. A group whose faculty member leaves has none: its school names somebody else, who is taken to be there when needed.
    """

    kind: ClassVar[str] = "leaves"
    example: ClassVar[str] = "leaves preceptor=p-kerr from=2026-11-01"

    preceptor: Ids = column("Preceptors who leave.", ref="preceptors", example="p-kerr")
    from_: Date | None = column("First day without them; empty: the whole term.", None)

    def make(self, work: Work) -> str:
        led = [(index, group) for index, group in work.each(Group) if group.faculty in self.preceptor]
        for index, _ in led:
            work.update(Group, index, faculty=None)
        whole = self.from_ is None or self.from_ <= work.before.first_monday
        if whole:
            remove(work, "preceptors", self.preceptor)
        else:
            for name in self.preceptor:
                row = {"who_kind": "preceptor", "who": name, "start": self.from_}
                work.add(Availability.model_validate(row))
            loosen_pins(work, preceptor=self.preceptor)
        if led:
            groups = tuple(group.group for _, group in led)
            work.notes.append(f"group {listed(groups)} {'need' if len(led) > 1 else 'needs'} another faculty member")
        return f"preceptor {listed(self.preceptor)} {'leave' if len(self.preceptor) > 1 else 'leaves'} {when(self.from_, None)}"


class Arrives(Change):
    """New preceptors, like an existing one or as the keys say.

    Slots that name the existing preceptor name the new ones too. Leave, commitments and wishes are not taken over.
    """

    kind: ClassVar[str] = "arrives"
    example: ClassVar[str] = "arrives preceptor=p-new like=p-kerr"

    preceptor: Id = column("Id of the new preceptor; of several, the others get numbers.", example="p-new")
    like: Id | None = column(
        "Existing preceptor with the same place, training and load.", None, ref="preceptors", example="p-kerr"
    )
    how_many: Count = column("How many arrive.", 1, unit="preceptors")
    name: Text = column("Name shown to people.", "")
    licence: Id | None = column("Own profession.", None, ref="professions")
    supervises: Ids = column("Professions of the students.", (), ref="professions")
    specialties: Ids = column("Specialties taught.", ())
    units: Ids = column("Units where they work.", (), ref="units")
    most_at_once: Count | None = column("Most students at once.", None, unit="students")
    most_weeks: Count | None = column("Most weeks with students.", None, unit="weeks")
    trained_until: Date | None = column("Last day on which the training is valid.", None)
    start: Date | None = column("First day; empty is from the beginning.", None)

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if not self.like and not self.units:
            yield Wrong("like", "like or units is missing: nobody knows where the new preceptor works", code="missing_value")

    def make(self, work: Work) -> str:
        fresh(work, "preceptors", "preceptor", self.preceptor)
        own = ("licence", "supervises", "specialties", "units", "most_at_once", "most_weeks", "trained_until")
        update: dict[str, Any] = {key: value for key in own if (value := getattr(self, key)) not in (None, ())}
        old = work.row(Preceptor, self.like) if self.like else None
        for k in range(1, self.how_many + 1):
            name = self.preceptor if k == 1 else new_id(work, "preceptors", f"{self.preceptor}-{k}")
            base = dict(old) if old else {}
            work.add(Preceptor.model_validate({**base, **update, "preceptor": name, "name": self.name}))
            for index, slot in list(work.each(Slot)):
                if self.like in slot.preceptors and (not self.units or slot.unit in self.units):
                    work.update(Slot, index, preceptors=(*slot.preceptors, name))
            if self.start and self.start > work.before.first_monday:
                row = {"who_kind": "preceptor", "who": name, "end": self.start - DAY}
                work.add(Availability.model_validate(row))
        who = (
            f"preceptor {self.preceptor} arrives"
            if self.how_many == 1
            else f"{self.how_many} preceptors arrive ({self.preceptor} …)"
        )
        return who + (f", like {self.like}" if self.like else "") + (f", {when(self.start, None)}" if self.start else "")


class Trained(Change):
    """Preceptors are trained: for longer, for more professions, specialties or students at once.

    Professions and specialties are added to those that a preceptor has; whoever takes all already takes all still.
    """

    kind: ClassVar[str] = "trained"
    example: ClassVar[str] = "trained preceptor=p-kerr;p-irons trained_until=2028-06-30 most_at_once=2"
    outside: ClassVar[bool] = True

    preceptor: Ids = column("Preceptors who are trained.", ref="preceptors", example="p-kerr;p-irons")
    first: Count | None = column("Only so many of them, in this order (for sweeps).", None, unit="preceptors")
    trained_until: Date | None = column("Last day on which the training is valid.", None)
    supervises: Ids = column("Professions that they supervise besides.", (), ref="professions")
    specialties: Ids = column("Specialties that they teach besides.", ())
    competencies: Ids = column("Competencies that can be developed with them besides.", ())
    units: Ids = column("Units where they work besides.", (), ref="units")
    most_at_once: Count | None = column("Most students at once.", None, unit="students")
    most_weeks: Count | None = column("Most weeks with students.", None, unit="weeks")

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        said = (self.trained_until, self.supervises, self.specialties, self.competencies, self.units)
        if not any(said) and self.most_at_once is None and self.most_weeks is None:
            yield Wrong("trained_until", "nothing is said that they are trained for", code="missing_value")

    def make(self, work: Work) -> str:
        chosen = self.preceptor if self.first is None else self.preceptor[: self.first]
        own = {key: value for key in ("trained_until", "most_at_once", "most_weeks") if (value := getattr(self, key)) is not None}
        for index, row in list(work.each(Preceptor)):
            if row.preceptor not in chosen:
                continue
            update: dict[str, Any] = dict(own)
            had = row.supervises or ((row.licence,) if row.licence else ())
            if self.supervises and had:
                update["supervises"] = _joined(had, self.supervises)
            if self.specialties and row.specialties:
                update["specialties"] = _joined(row.specialties, self.specialties)
            update["competencies"] = _joined(row.competencies, self.competencies)
            update["units"] = _joined(row.units, self.units)
            work.update(Preceptor, index, **update)
        who = listed(chosen) if len(chosen) <= 3 else f"{len(chosen)} of {len(self.preceptor)}"
        return f"preceptor {who or 'nobody'} {'are' if len(chosen) > 1 else 'is'} trained{self._said()}"

    def _said(self) -> str:
        parts = [f"until {self.trained_until}"] if self.trained_until else []
        parts += [f"to supervise {listed(self.supervises)}"] if self.supervises else []
        parts += [f"to teach {listed(self.specialties)}"] if self.specialties else []
        parts += [f"to work in {listed(self.units)}"] if self.units else []
        parts += [f"to take {self.most_at_once} at once"] if self.most_at_once is not None else []
        parts += [f"for {self.most_weeks} weeks"] if self.most_weeks is not None else []
        return " " + ", ".join(parts) if parts else ""


class ClearanceChange(Change):
    """What a student has on file changes: a paper expires, is renewed, promised or refused.

    All of the student's rows for the item change; where there is none, one is added.
    """

    kind: ClassVar[str] = "clearance"
    example: ClassVar[str] = "clearance student=0041653 item=bls end=2026-09-30"
    outside: ClassVar[bool] = True

    student: Ids = column("Students.", ref="students", example="0041653")
    item: Id = column("Compliance item.", example="bls")
    status: Literal["on file", "promised", "waived", "refused"] | None = column("How far it is; empty: as it was.", None)
    start: Date | None = column("First day on which it is valid; empty: as it was.", None)
    end: Date | None = column("Last day on which it is valid; empty: as it was.", None)

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if not (self.status or self.start or self.end):
            yield Wrong("status", "nothing is said that changes", expected="status, start or end", code="missing_value")

    def make(self, work: Work) -> str:
        update = {key: value for key in ("status", "start", "end") if (value := getattr(self, key)) is not None}
        for name in self.student:
            mine = [i for i, row in work.each(Clearance) if (row.student, row.item) == (name, self.item)]
            for index in mine:
                work.update(Clearance, index, **update)
            if not mine:
                work.add(Clearance.model_validate({"student": name, "item": self.item, **update}))
        said = [*([self.status] if self.status else []), *([when(self.start, self.end)] if self.start or self.end else [])]
        return f"{self.item} of student {listed(self.student)} is {', '.join(said) if self.status else 'valid ' + said[0]}"


class Delayed(Change):
    """A student, a group or a slot starts on another day.

    A slot's starts before the day move to it, later ones stay.
    """

    kind: ClassVar[str] = "delayed"
    example: ClassVar[str] = "delayed student=pa27-04 start=2026-09-14"
    one_of: ClassVar[tuple[str, ...]] = ("student", "group", "slot")

    student: Ids = column("Students who can be placed only from this day on.", (), ref="students", example="pa27-04")
    group: Ids = column("Groups that can be placed only from this day on.", (), ref="groups")
    slot: Ids = column("Slots that start only on this day.", (), ref="slots")
    start: Date = column("The day.", example="2026-09-14")

    def make(self, work: Work) -> str:
        for index, student in list(work.each(Student)):
            if student.student in self.student:
                work.update(Student, index, available_from=self.start)
        for name in self.group if self.start > work.before.first_monday else ():
            row = {"who_kind": "group", "who": name, "end": self.start - DAY}
            work.add(Availability.model_validate(row))
        for index, slot in list(work.each(Slot)):
            if slot.slot in self.slot:
                if slot.first_start is not None:
                    last = slot.last_start and max(slot.last_start, self.start)
                    work.update(Slot, index, first_start=self.start, last_start=last)
                else:
                    starts = {max(day, self.start) for day in starts_of(slot)}
                    work.update(Slot, index, starts=tuple(sorted(starts)))
        kind = next(key for key in self.one_of if getattr(self, key))
        names: tuple[str, ...] = getattr(self, kind)
        loosen_pins(work, **{kind: names})
        return f"{kind} {listed(names)} {'start' if len(names) > 1 else 'starts'} on {self.start}"


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return (*one, *(name for name in other if name not in one))


def _is(names: tuple[str, ...]) -> str:
    return "are" if len(names) > 1 else "is"
