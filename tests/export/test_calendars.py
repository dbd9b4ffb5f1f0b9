"""Calendars, read back with a parser that is independent of the library that writes them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject  # type: ignore[import-untyped]
from dateutil.tz import tzical  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.export.calendars import calendars
from scheduler.export.phrases import Phrases
from scheduler.export.readers import Reader
from scheduler.export.stays import Stay
from scheduler.export.timezones import timezone
from scheduler.export.view import View, view
from scheduler.io import read_instance, read_solution
from scheduler.verify import Report
from scheduler.words.locale import Locale
from tests.export.reading import KEY

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
MONDAY = date(2026, 8, 24)
ZONES = ["America/New_York", "Australia/Sydney", "America/Santiago", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata", "UTC"]


def instance(**own: Any) -> Instance:
    rows = {
        "name": "fall",
        "first_monday": MONDAY,
        "weeks": 52,
        "planning_date": date(2026, 6, 15),
        "timezone": "America/New_York",
    }
    return Instance.model_validate(rows | own)


def stay(
    sessions: tuple[date, ...] = (),
    *,
    start: date | None = None,
    end: date | None = None,
    span: tuple[int, int] | None = None,
    row: dict[str, Any] | None = None,
    **own: Any,
) -> Stay:
    """A placement of student s-1 in unit 4B with the preceptor kim; `span` is None without a shift."""
    cells = {
        "student": "s-1",
        "program": "rn",
        "requirement": "R1",
        "specialty": "medsurg",
        "unit": "4B",
        "slot": "S",
        "preceptor": "kim",
    }
    dates = {"start": start or sessions[0], "end": end or sessions[-1], "weeks": 1, "hours": 40}
    weekdays = {"weekdays": tuple(sorted({day.weekday() for day in sessions})), "shift": "" if span is None else "x"}
    placement = Placement.model_validate(cells | dates | weekdays | (row or {}))
    said: dict[str, Any] = {
        "row": placement,
        "who": placement.who,
        "students": ("s-1",) if placement.student else (),
        "profession": "rn",
        "program_name": "Nursing",
        "requirement_name": "Nursing I",
        "school_name": "Maple",
        "unit_name": "Ward 4B",
        "site_name": "Mercy",
        "preceptor_name": "Kim",
        "place": "",
        "faculty": "",
        "shift_name": "x" if span else "",
        "span": span or (0, 1440),
        "timed": span is not None,
        "follows": False,
        "excuses": "",
        "sessions": sessions,
        "session_hours": 8.0,
        "paused": (),
    }
    return Stay(**said | own)


def view_of(*stays: Stay, **own: Any) -> View:
    return View(instance(**own), Schedule(status=Status.FEASIBLE), stays, (), Report((), {}, 0, ()))


def read(content: bytes) -> Calendar:
    (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
    return calendar


def read_all(seen: View) -> dict[str, Calendar]:
    return {name: read(content) for name, content in calendars(seen).items()}


def on_the_clock(events: list[Event]) -> list[tuple[date, date]]:
    """Start and end of every occurrence, as the clock on the wall shows them; dates for all-day events."""
    times = [(event.start, event.end) for event in events]
    return [tuple(t.replace(tzinfo=None) if isinstance(t, datetime) else t for t in pair) for pair in times]  # type: ignore[misc]


def expected(held: Stay) -> list[tuple[date, date]]:
    if not held.timed:
        return [(day, day + DAY) for day in held.sessions]
    midnights = [datetime.combine(day, time()) for day in held.sessions]
    first, last = (timedelta(minutes=m) for m in held.span)
    return [(midnight + first, midnight + last) for midnight in midnights]


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"2026-{text}") for text in texts)


def weekly(start: date, weeks: int, *weekdays: int) -> tuple[date, ...]:
    return tuple(d for i in range(7 * weeks) if (d := start + i * DAY).weekday() in weekdays)


def lines(content: bytes) -> list[str]:
    """Content lines, unfolded."""
    return content.decode().replace("\r\n ", "").split("\r\n")


# -- when ---------------------------------------------------------------------------------------------------------


@st.composite
def held_stays(draw: st.DrawFn) -> Stay:
    start = MONDAY + draw(st.integers(0, 250)) * DAY
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    planned = weekly(start, draw(st.integers(1, 16)), *weekdays)
    held = tuple(day for day in planned if draw(st.integers(0, 4))) or planned[:1]
    first = draw(st.integers(0, 95)) * 15
    span = draw(st.sampled_from([None, (420, 1140), (1140, 1860), (first, first + 720)]))
    return stay(held, start=start, end=planned[-1], span=span)


@settings(deadline=None)
@given(held_stays(), st.sampled_from(ZONES))
def test_every_session_and_nothing_else(held: Stay, zone: str) -> None:
    for name, calendar in read_all(view_of(held, timezone=zone)).items():
        occurrences = list(calendar.timeline)
        assert sorted(on_the_clock(occurrences)) == expected(held), name
        assert all(e.start.tzinfo == ZoneInfo(zone) for e in occurrences if isinstance(e.start, datetime)) or zone == "UTC"


@settings(deadline=None)
@given(held_stays(), st.sampled_from(ZONES))
def test_another_reader_finds_the_same_sessions(held: Stay, zone: str) -> None:
    """vobject expands rules with dateutil and knows only the zones that the file describes."""
    (content,) = {c for n, c in calendars(view_of(held, timezone=zone)).items() if n.startswith("student")}
    found: list[tuple[date, date]] = []
    for event in vobject.readOne(content.decode()).vevent_list:
        start, length = event.dtstart.value, event.dtend.value - event.dtstart.value
        for begin in event.getrruleset(addRDate=True) or [start]:
            if not isinstance(start, datetime):
                day = begin.date() if isinstance(begin, datetime) else begin
                found.append((day, day + length))
                continue
            clock = begin.replace(tzinfo=None)
            found.append((clock, clock + length))
            assert begin.astimezone(UTC) == clock.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert sorted(found) == expected(held)


def test_tuesdays_and_thursdays_over_thanksgiving() -> None:
    planned = weekly(date(2026, 10, 12), 7, 1, 3)
    content = calendars(view_of(stay(planned[:-1], start=date(2026, 10, 12), end=planned[-1], span=(420, 1140))))[
        "student-s-1.ics"
    ]
    assert "DTSTART;TZID=America/New_York:20261013T070000" in lines(content)
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261124T120000Z;BYDAY=TU,TH" in lines(content)
    assert not [line for line in lines(content) if line.startswith("EXDATE")]
    assert len(list(read(content).timeline)) == 13


def test_the_text_names_the_days_of_the_sessions_and_what_is_excused() -> None:
    held = weekly(date(2026, 10, 12), 2, 1, 3)
    placed = stay(held, start=date(2026, 10, 12), end=date(2026, 10, 29), span=(420, 1140), excuses="Fr am, We pm")
    (event,) = read(calendars(view_of(placed))["student-s-1.ics"]).events
    assert event.description is not None
    assert "4 sessions from Oct 13, 2026 to Oct 22, 2026 on Tue Thu" in event.description
    assert "Excused for a weekly session beside it: Fri am, Wed pm" in event.description


def test_pauses_are_exceptions_at_the_time_of_the_session() -> None:
    held = tuple(day for day in weekly(date(2026, 11, 16), 3, 1, 3) if day != date(2026, 11, 26))
    timed = calendars(view_of(stay(held, span=(420, 1140))))["student-s-1.ics"]
    assert "EXDATE;TZID=America/New_York:20261126T070000" in lines(timed)
    all_day = calendars(view_of(stay(held)))["student-s-1.ics"]
    assert "EXDATE;VALUE=DATE:20261126" in lines(all_day)
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261203;BYDAY=TU,TH" in lines(all_day)


def test_one_session_does_not_repeat() -> None:
    content = calendars(view_of(stay(days("10-31"), span=(1140, 1860))))["student-s-1.ics"]
    assert not [line for line in lines(content)[lines(content).index("BEGIN:VEVENT") :] if line.startswith("RRULE")]
    assert "DTEND;TZID=America/New_York:20261101T070000" in lines(content)


@pytest.mark.parametrize(("first", "single"), [("10-30", 1), ("10-31", 1), ("11-01", 0)])
def test_a_night_in_which_clocks_change_ends_when_the_shift_does(first: str, single: int) -> None:
    """19:00 to 07:00 takes 13 hours in that night; a calendar program that repeats 12 hours would end it at 06:00."""
    (start,) = days(first)
    held = stay(weekly(start, 2, 4, 5, 6), span=(1140, 1860))
    calendar = read(calendars(view_of(held))["student-s-1.ics"])
    weekly_, *own = calendar.events
    assert [(e.start.isoformat(), e.end.isoformat(), e.rrule) for e in own] == [
        ("2026-10-31T19:00:00-04:00", "2026-11-01T07:00:00-05:00", None)
    ] * single
    assert len({event.uid for event in calendar.events}) == 1 + single
    assert not [event for event in calendar.events if event.recurrence_id]
    assert weekly_.computed_duration == timedelta(hours=12)
    assert sorted(on_the_clock(list(calendar.timeline))) == expected(held)


def test_days_agreed_with_the_preceptor_are_one_span_that_takes_no_time() -> None:
    held = stay(start=date(2026, 10, 12), end=date(2026, 11, 8), follows=True)
    for calendar in read_all(view_of(held)).values():
        (event,) = calendar.timeline
        assert (event.start, event.end) == (date(2026, 10, 12), date(2026, 11, 9))
        assert event.transparency == "TRANSPARENT"
        assert "the days are agreed with the preceptor" in (event.description or "")


def test_a_placement_of_which_no_session_is_held_is_in_no_calendar() -> None:
    assert calendars(view_of(stay(start=MONDAY, end=MONDAY))) == {}


@pytest.mark.parametrize("zone", [*ZONES, "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Gaza", "Pacific/Apia"])
@pytest.mark.parametrize("first", [date(2026, 8, 24), date(2010, 1, 4)])
def test_the_written_time_zone_is_the_real_one_for_the_whole_horizon(zone: str, first: date) -> None:
    """Read by a third program that sees only what is written, not the zone's name."""
    last = first + timedelta(weeks=104)
    content = timezone(zone, first, last).to_ical().decode().replace(f"TZID:{zone}", "TZID:X")
    written = tzical(io.StringIO(f"BEGIN:VCALENDAR\r\n{content}END:VCALENDAR\r\n")).get("X")
    real = ZoneInfo(zone)
    hours = (datetime.combine(first, time()) + timedelta(hours=h) for h in range(24 * (last - first).days))
    # Clock times that exist twice or not at all name no moment; everything else must agree.
    plain = [t for t in hours if t.replace(tzinfo=real).utcoffset() == t.replace(tzinfo=real, fold=1).utcoffset()]
    assert [t for t in plain if t.replace(tzinfo=written).utcoffset() != t.replace(tzinfo=real).utcoffset()] == []


def test_changes_of_clocks_are_yearly_rules_in_the_time_before_them() -> None:
    content = lines(timezone("America/New_York", MONDAY, MONDAY + 90 * DAY).to_ical())
    assert [line for line in content if line.startswith(("DTSTART", "RRULE", "TZOFFSETFROM"))] == [
        "DTSTART:20250309T020000",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "TZOFFSETFROM:-0500",
        "DTSTART:20251102T020000",
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
        "TZOFFSETFROM:-0400",
    ]


# -- who and what -------------------------------------------------------------------------------------------------


def test_one_calendar_for_each_who_has_a_placement() -> None:
    group = {"student": "", "group": "g1", "students": 3, "preceptor": "", "requirement": "R2", "slot": "G", "unit": "OB"}
    seen = view_of(
        stay(weekly(MONDAY, 2, 0)),
        stay(weekly(MONDAY, 2, 1), row=group, who="group g1", students=("s-1", "s-2"), faculty="Jones", preceptor_name=""),
        groups=({"group": "g1", "program": "rn", "size": 3, "faculty": "f-jones"},),
        preceptors=({"preceptor": "kim"}, {"preceptor": "f-jones", "kind": "faculty"}),
    )
    found = read_all(seen)
    assert {name: len(calendar.events) for name, calendar in found.items()} == {
        "student-s-1.ics": 2,
        "student-s-2.ics": 1,
        "preceptor-kim.ics": 1,
        "preceptor-f-jones.ics": 1,
        "unit-4B.ics": 1,
        "unit-OB.ics": 1,
    }
    assert found["student-s-2.ics"].events[0] == found["student-s-1.ics"].events[1]
    summaries = {name: calendar.events[-1].summary for name, calendar in found.items()}
    assert summaries == {
        "student-s-1.ics": "Nursing I, Ward 4B with faculty Jones",
        "student-s-2.ics": "Nursing I, Ward 4B with faculty Jones",
        "preceptor-kim.ics": "s-1 (rn), Ward 4B",
        "preceptor-f-jones.ics": "group g1 (3 rn), Ward 4B",
        "unit-4B.ics": "s-1 (rn) with Kim",
        "unit-OB.ics": "group g1 (3 rn) with faculty Jones",
    }
    assert "Students: s-1, s-2 and 1 to be named" in (found["unit-OB.ics"].events[0].description or "")


def test_who_covers_or_shares_a_student_has_a_calendar_too() -> None:
    """Four Mondays with Kim, of whom Lee covers two; the next four with Kim and Ortiz. Each has one calendar."""
    away = {"cover": "lee", "cover_start": MONDAY + 7 * DAY, "cover_end": MONDAY + 14 * DAY}
    seen = view_of(
        stay(weekly(MONDAY, 4, 0), row=away, preceptor_name="Kim (Lee covers)"),
        stay(weekly(MONDAY + 28 * DAY, 4, 0), row={"co_preceptor": "ortiz", "requirement": "R2"}, preceptor_name="Kim and Ortiz"),
        preceptors=[{"preceptor": who} for who in ("kim", "lee", "ortiz")],
    )
    found = {name: calendar.events for name, calendar in read_all(seen).items() if name.startswith("preceptor")}
    first = {name: [event.start for event in events] for name, events in found.items()}
    assert first == {
        "preceptor-kim.ics": [MONDAY, MONDAY + 28 * DAY],
        "preceptor-lee.ics": [MONDAY + 7 * DAY],
        "preceptor-ortiz.ics": [MONDAY + 28 * DAY],
    }


def test_students_with_the_same_sessions_are_one_event_for_preceptor_and_unit() -> None:
    def one(n: int, sessions: tuple[date, ...]) -> Stay:
        return stay(sessions, end=date(2026, 9, 4), row={"student": f"s-{n}"}, students=(f"s-{n}",), who=f"s-{n}")

    week = weekly(MONDAY, 2, 0, 2)
    found = read_all(view_of(*(one(n, week) for n in range(1, 7)), one(7, week[:-1])))
    assert [event.summary for event in found["unit-4B.ics"].events] == [
        "s-7 (rn) with Kim",
        "6 students: s-1 (rn) with Kim, s-2 (rn) with Kim, s-3 (rn) with Kim, s-4 (rn) with Kim and 2 more",
    ]
    assert "s-6 (rn) with Kim: Nursing I" in (found["unit-4B.ics"].events[1].description or "")
    assert len({event.uid for event in found["unit-4B.ics"].events}) == 2


def test_students_of_a_split_group_see_every_part_as_tentative() -> None:
    def part(n: int) -> Stay:
        row = {"student": "", "group": "g1", "part": n, "slot": f"S{n}", "status": "confirmed"}
        return stay(weekly(MONDAY, 2, n), row=row, who=f"group g1 part {n}")

    students = (
        {"student": "s-1", "program": "rn", "group": "g1"},
        {"student": "s-2", "program": "rn", "group": "g1", "named": False},
    )
    found = read_all(view_of(part(1), part(2), groups=({"group": "g1", "program": "rn", "size": 6},), students=students))
    assert [name for name in found if name.startswith("student")] == ["student-s-1.ics"]
    events = found["student-s-1.ics"].events
    assert [event.summary for event in events] == [f"group g1 part {n}: Nursing I, Ward 4B with Kim" for n in (1, 2)]
    assert {(event.status, event.transparency) for event in events} == {("TENTATIVE", "TRANSPARENT")}
    assert {event.status for event in found["unit-4B.ics"].events} == {"CONFIRMED"}


def test_an_event_keeps_its_identity_when_the_placement_moves() -> None:
    def uids(*stays: Stay, **own: Any) -> list[str]:
        return sorted(event.uid for event in read_all(view_of(*stays, **own))["student-s-1.ics"].events)

    before = stay(weekly(MONDAY, 2, 0))
    moved = stay(weekly(MONDAY + 14 * DAY, 2, 0), row={"unit": "5C", "slot": "T", "preceptor": "lee"}, preceptor_name="Lee")
    again = stay(weekly(MONDAY + 28 * DAY, 2, 0))
    assert uids(before) == uids(moved) == uids(replace(before, unit_name="Ward", place="Main St 1"))
    assert set(uids(before)) < set(uids(before, again))
    assert uids(before) != uids(before, name="spring")
    assert re.fullmatch(r"[0-9a-f-]{36}@fall-term-26\.rotations\.invalid", uids(before, name="Fall term '26")[0])


def test_the_same_schedule_gives_the_same_bytes() -> None:
    a, b = stay(weekly(MONDAY, 3, 0), span=(420, 1140)), stay(weekly(MONDAY, 3, 2), row={"requirement": "R2"})
    content = calendars(view_of(a, b))
    assert calendars(view_of(b, a)) == content
    assert {event.dtstamp for e in content.values() for event in read(e).events} == {datetime(2026, 6, 15, tzinfo=UTC)}


def test_a_later_schedule_replaces_the_events_of_an_earlier_one() -> None:
    held = view_of(stay(weekly(MONDAY, 3, 0), span=(420, 1140)))

    def made(moment: datetime, **own: Any) -> Event:
        seen = replace(held, schedule=held.schedule.model_copy(update={"made": moment}))
        seen = replace(seen, instance=seen.instance.model_copy(update=own))
        assert calendars(seen) == calendars(seen)
        return read_all(seen)["student-s-1.ics"].events[0]

    first = datetime(2026, 5, 4, 9, 30, 20, tzinfo=UTC)  # before the planning date
    early, late = made(first), made(first + timedelta(minutes=90))
    assert early.dtstamp == early.last_modified == first
    assert (late.sequence or 0) - (early.sequence or 0) == 90
    # planning again from a later date must not go back
    assert (made(first + DAY, planning_date=date(2026, 7, 1)).sequence or 0) - (early.sequence or 0) == 24 * 60


def test_a_large_group_is_counted_like_everywhere() -> None:
    crowd = stay(weekly(MONDAY, 1, 0), row={"student": "", "group": "g1", "students": 1200})
    assert "With g1, 1,200 students" in Phrases(Locale()).student(crowd)["description"]


AWKWARD = 'Ward; 4, \\n "B":\r\nX-BAD:1\nEND:VCALENDAR é ☃ ' + "long " * 30


def test_any_text_stays_one_text() -> None:
    held = stay(
        weekly(MONDAY, 2, 0), unit_name=AWKWARD, preceptor_name=AWKWARD, place=AWKWARD, program_name=AWKWARD, school_name=AWKWARD
    )
    one_line = AWKWARD.replace("\r\n", "\n")
    for name, content in calendars(view_of(held, name="fall; or, \\n winter")).items():
        assert all(len(line.encode()) <= 75 for line in content.decode().split("\r\n")), name
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", content), name
        (event,) = read(content).events
        assert event.location == f"{one_line}, Mercy"
        assert one_line in (event.summary or "")
        assert len([line for line in lines(content) if line.startswith(("X-BAD", "END:VCALENDAR"))]) == 1


def test_file_names_differ_also_where_case_does_not_count() -> None:
    ids = ["A:1", "a:1", "A_1", "CON", "x.y"]
    stays = [stay(weekly(MONDAY, 1, 0), row={"student": i}, students=(i,), who=i) for i in ids]
    names = [name for name in calendars(view_of(*stays)) if name.startswith("student-")]
    assert len({name.casefold() for name in names}) == len(ids)
    assert not [name for name in names if re.search(r'[<>:"/\\|?*\x00-\x1f]', name)]
    assert "student-x.y.ics" in names


# -- a real schedule ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> View:
    read_in = read_instance(ROOT / "instances/small")
    return view(read_in, read_solution(ROOT / "solutions/small", read_in))


def test_small_as_a_whole(small: View) -> None:
    found = read_all(small)
    known = small.instance.student_by_id
    for student in known:
        own = [s for s in small.stays if student in s.students or (s.row.part and s.row.group == known[student].group)]
        occurrences = found[f"student-{student}.ics"].timeline if known[student].named else []
        times = [pair for s in own for pair in ([(s.row.start, s.row.end + DAY)] if s.follows else expected(s))]
        assert sorted(map(str, on_the_clock(list(occurrences)))) == sorted(map(str, times if known[student].named else []))
    assert len(found["unit-4B.ics"].events) == 3


def test_a_calendar_says_what_standard_and_programs_ask_for(small: View) -> None:
    for content in calendars(small).values():
        own = lines(content)
        assert own[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
        heads = [re.split("[:;]", line)[0] for line in own[: own.index("BEGIN:VTIMEZONE")]]
        assert {"PRODID", "UID", "NAME", "X-WR-CALNAME"} < set(heads)
        assert "METHOD" not in heads
        assert own.count("BEGIN:VTIMEZONE") == 1
        assert set(re.findall("TZID[=:]([^:]+)", "\n".join(own).split("BEGIN:VEVENT")[1])) <= {"America/New_York"}
        names = [
            [re.split("[:;]", line)[0] for line in event.split("\n")] for event in "\n".join(own).split("BEGIN:VEVENT\n")[1:]
        ]
        once = {
            "UID",
            "DTSTAMP",
            "LAST-MODIFIED",
            "SEQUENCE",
            "DTSTART",
            "DTEND",
            "SUMMARY",
            "LOCATION",
            "DESCRIPTION",
            "CATEGORIES",
            "STATUS",
            "TRANSP",
        }
        assert all([event.count(name) for name in once] == [1] * len(once) for event in names)


def test_a_schedule_that_breaks_rules_says_so_in_every_calendar(small: View) -> None:
    for holds in (True, False):
        for content in calendars(replace(small, holds=holds)).values():
            assert ("X-WR-CALNAME:Rotations (breaks rules): " in content.decode()) is not holds
            assert ("this schedule breaks rules" in "".join(lines(content))) is not holds


@pytest.mark.parametrize(("kind", "who"), [("student", "n-07"), ("preceptor", "patel"), ("unit", "FAM")])
def test_one_reader_gets_the_own_calendar_as_everybody_would(small: View, kind: Any, who: str) -> None:
    narrow = view(small.instance, small.schedule, Reader(kind, who))
    name = f"{kind}-{who}.ics"
    assert calendars(narrow) == {name: calendars(small)[name]}


def test_without_names_no_calendar_knows_anybody(small: View) -> None:
    found = calendars(view(small.instance, small.schedule, key=KEY))
    ids = [*small.instance.student_by_id, *small.instance.group_by_id, *small.instance.preceptor_by_id]
    text = "".join(name + "\n" + "\n".join(lines(content)) for name, content in found.items())
    assert [i for i in ids if re.search(rf"(?<![\w-]){re.escape(i)}(?![\w-])", text)] == []
    assert len(found) == len(calendars(small))


def test_a_school_gets_the_calendars_of_its_students(small: View) -> None:
    whole, own = calendars(small), calendars(view(small.instance, small.schedule, Reader("school", "oak")))
    students = {name: content for name, content in own.items() if name.startswith("student-")}
    assert sorted(students) == [f"student-{s}.ics" for s in ("m-01", "m-02", "m-03", "x-01", "x-02", "x-03")]
    assert students.items() <= whole.items()
    assert b"p-0" not in b"".join(own.values())
