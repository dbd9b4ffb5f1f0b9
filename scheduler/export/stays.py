"""The placements of a schedule as people read them: names, dates, and every single session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scheduler.domain import GONE, Instance, Placement, Schedule
from scheduler.domain.types import format_weekdays
from scheduler.verify.cover import Cover
from scheduler.verify.facts import Facts
from scheduler.verify.placed import Placed
from scheduler.verify.timing import Window, effect, weekday


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement with everything a reader asks about it.

    Attributes
    ----------
    row
        The placement itself; what it says of end, weeks and hours is filled in from the check.
    who
        The party in words, like ``n-01`` or ``group mA part 1``.
    students
        Ids of the students known by name: the student, or those of the group. Empty for a part of a group: who is in which
        part is open.
    profession, program_name, requirement_name, school_name, unit_name, site_name, preceptor_name, place
        Names for people; the id where there is no name. `place` is the site's address.
        The preceptor's says all who supervise.
    faculty
        Name of the faculty member who comes with the group, if any.
    shift_name, span
        Shift and clock times in minutes after the midnight before a session; the whole day (0, 1440) without a shift.
    timed
        Whether the clock times are known: False without a shift.
    follows
        Whether it follows the preceptor's own days, so that no session is known.
    excuses
        Sessions that may be missed for a longitudinal one beside it, like ``Fr am, We pm``.
    sessions
        Dates of the sessions that are held.
    session_hours
        What each of them counts.
    paused
        Dates between start and end on its weekdays on which no session is held, with the reason (``holiday``, ``exam`` …).
    """

    row: Placement
    who: str
    students: tuple[str, ...]
    profession: str
    program_name: str
    requirement_name: str
    school_name: str
    unit_name: str
    site_name: str
    preceptor_name: str
    place: str
    faculty: str
    shift_name: str
    span: tuple[int, int]
    timed: bool
    follows: bool
    excuses: str
    sessions: tuple[date, ...]
    session_hours: float
    paused: tuple[tuple[date, str], ...]

    @property
    def first_day(self) -> date:
        """The first day that somebody comes, as far as it is known: a slot that starts on Monday may be held on Tuesdays."""
        return self.sessions[0] if self.sessions else self.row.start

    @property
    def last_day(self) -> date:
        """The last day that somebody comes, as far as it is known."""
        return self.sessions[-1] if self.sessions else self.row.end

    @property
    def unit_and_site(self) -> str:
        """``Ward 4B, Mercy Hospital``; the unit alone where its name has the site's."""
        return self.unit_name if self.site_name in self.unit_name else f"{self.unit_name}, {self.site_name}"


def stays(instance: Instance, schedule: Schedule) -> tuple[Stay, ...]:
    """The placements that hold, in the order of the schedule.

    Placements that name something unknown are left out (the verifier reports them), and those declined or withdrawn.
    """
    return _stays(Facts(instance, schedule))


def within(stay: Stay, first: date, last: date) -> Stay:
    """A placement as if it lasted only from one day to another."""
    row = stay.row.model_copy(update={"start": first, "end": last})
    return replace(
        stay,
        row=row,
        sessions=tuple(day for day in stay.sessions if first <= day <= last),
        paused=tuple((day, why) for day, why in stay.paused if first <= day <= last),
    )


def gone_stays(instance: Instance, schedule: Schedule) -> tuple[Stay, ...]:
    """The placements that were declined or withdrawn, as they would have been."""
    gone = [row for row in schedule.placements if row.status in GONE]
    if not gone:
        return ()
    again = [row.model_copy(update={"status": "proposed"}) for row in gone]
    status = {id(row): was.status for row, was in zip(again, gone, strict=True)}
    return _stays(Facts(instance, schedule.model_copy(update={"placements": tuple(again)})), status)


def _stays(facts: Facts, status: Mapping[int, str] | None = None) -> tuple[Stay, ...]:
    order = {id(row): i for i, row in enumerate(facts.schedule.placements)}
    placed = sorted(facts.placed, key=lambda p: order[id(p.row)])
    return tuple(_stay(facts, p, (status or {}).get(id(p.row), p.row.status)) for p in placed)


def _stay(facts: Facts, placed: Placed, status: str) -> Stay:
    """One placement with everything that follows from the instance; never what its row claims."""
    instance, party, timing, slot, unit = facts.instance, placed.party, placed.timing, placed.slot, placed.unit
    program, site = party.program, instance.site_by_id.get(placed.unit.site)
    school = instance.school_by_id.get(program.school)
    cover = facts.covers.get(placed)
    group = instance.group_by_id.get(party.group)
    faculty = instance.preceptor_by_id.get(group.faculty) if group and group.faculty else None
    lost_h = timing.lost * timing.session_minutes / 60
    paused = dict(_paused(facts, placed))
    row = placed.row.model_copy(
        update={
            "students": party.size,
            "school": program.school,
            "program": program.program,
            "specialty": placed.specialty or placed.row.specialty,
            "site": unit.site,
            "unit": unit.unit,
            "end": date.fromordinal(timing.end),
            "weekdays": tuple(sorted(timing.weekdays)),
            "shift": slot.shift or "",
            "weeks": timing.weeks,
            "hours": timing.minutes / 60 - lost_h,
            "hours_lost": lost_h,
            "status": status,
            "cover": cover.who.preceptor if cover else "",
            "cover_start": date.fromordinal(cover.first) if cover else None,
            "cover_end": date.fromordinal(cover.last) if cover else None,
        }
    )
    if party.student:
        students: tuple[str, ...] = (party.student,)
    else:
        students = () if party.part else tuple(s.student for s in party.members if s.named)
    return Stay(
        row=row,
        who=party.name,
        students=students,
        profession=program.profession,
        program_name=program.name or program.program,
        requirement_name=placed.requirement.name or placed.requirement.requirement,
        school_name=(school.name if school else "") or program.school,
        unit_name=unit.name or unit.unit,
        site_name=(site.name if site else "") or unit.site,
        preceptor_name=_supervisors(placed, cover),
        place=site.place if site else "",
        faculty=(faculty.name or faculty.preceptor) if faculty else "",
        shift_name=slot.shift or "",
        span=timing.span,
        timed=slot.shift is not None,
        follows=timing.follows,
        excuses=", ".join(f"{format_weekdays((day,))} {shift}".strip() for day, shift in slot.excuses),
        sessions=tuple(date.fromordinal(day) for day in timing.days if day not in paused),
        session_hours=timing.session_minutes / 60,
        paused=tuple((date.fromordinal(day), why) for day, why in sorted(paused.items())),
    )


def _supervisors(placed: Placed, cover: Cover | None) -> str:
    """Who supervises, in words: ``Kim and Lee``, or ``Kim (Lee covers from 2026-10-05 to 2026-10-09)``."""
    words = " and ".join(who.name or who.preceptor for who in placed.preceptors)
    if cover is None:
        return words
    first, last = date.fromordinal(cover.first), date.fromordinal(cover.last)
    return f"{words} ({cover.who.name or cover.who.preceptor} covers from {first} to {last})"


def present(facts: Facts, placed: Iterable[Placed]) -> dict[int, list[Placed]]:
    """Placements by the days (ordinals) on which somebody comes, as far as that is known.

    A place stays taken on days on which its student is away, for an exam or a holiday; here those days do not count.
    """
    days: dict[int, list[Placed]] = defaultdict(list)
    for p in placed:
        away = {} if p.timing.follows else dict(_paused(facts, p))
        for day in range(p.start, p.end + 1) if p.timing.follows else p.timing.days:
            if day not in away:
                days[day].append(p)
    return days


def _paused(facts: Facts, placed: Placed) -> Iterator[tuple[int, str]]:
    """Days of its weekdays on which no session is held, and the kind of the calendar row that says so."""
    timing = placed.timing
    for row in facts.calendar(placed.party, placed.requirement.requirement):
        if effect(row) in ("pause", "extend"):
            window = Window.of(row, facts.instance)
            for day in range(max(timing.start, window.first), min(timing.end, window.last) + 1):
                if weekday(day) in timing.weekdays and window.has_session(day, timing.span):
                    yield day, row.kind
