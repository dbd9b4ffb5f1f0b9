"""Updates of calendars, taken over as programs do it, with two parsers: they make of the old calendar the new one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.event import Event, EventStatus

from scheduler.domain import Schedule, Status
from scheduler.export.calendars import calendars, updates
from scheduler.export.events import Entry, Happening
from scheduler.export.stays import Stay
from scheduler.export.view import View
from tests.export.test_calendars import DAY, MONDAY, lines, on_the_clock, read, stay, view_of, weekly

MADE = datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)
STAMPS = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
GROUP = {"group": "g1", "program": "rn", "size": 4}
MEMBERS = tuple({"student": f"g-{n}", "program": "rn", "group": "g1"} for n in (1, 2))


def edition(seen: View, made: datetime | None = MADE, number: int | None = None) -> View:
    return replace(seen, schedule=Schedule(status=Status.FEASIBLE, made=made, edition=number))


def replacing(before: View, after: View) -> View:
    return replace(after, schedule=after.schedule.replacing(before.schedule))


def update(before: View, after: View) -> tuple[dict[str, bytes], View]:
    after = replacing(before, after)
    return {u.file: u.content for u in updates(before, after)}, after


def taken_over(own: bytes | None, new: bytes | None) -> dict[str, Event]:
    """A calendar after an import, by RFC 5546, 2.1.5: the higher SEQUENCE of a UID counts; what is cancelled is gone."""
    there = {e.uid: e for e in read(own).events} if own else {}
    for event in read(new).events if new else ():
        assert event.uid is not None
        known = there.get(event.uid)
        if known is not None:
            assert (event.sequence or 0) > (known.sequence or 0)
        if event.status is EventStatus.CANCELLED:
            assert known is not None, "only what people have is cancelled"
            del there[event.uid]
        else:
            there[event.uid] = event
    return {uid: event for uid, event in there.items() if uid is not None}


def said(events: dict[str, Event]) -> dict[str, Any]:
    return {uid: event.model_dump(exclude={"dtstamp", "last_modified", "sequence"}) for uid, event in events.items()}


def plain(content: bytes | None) -> dict[str, list[tuple[str, str]]]:
    """Events by UID as a second parser reads them, without the stamps."""
    found = icalendar.Calendar.from_ical(content).walk("VEVENT") if content else []
    return {str(e["uid"]): sorted((k, v.to_ical().decode()) for k, v in e.items() if k not in STAMPS) for e in map(_lists, found)}


def _lists(event: Any) -> Any:
    for key, value in list(event.items()):
        if isinstance(value, list):
            event[key] = value[0]
    return event


def check(before: View, after: View) -> dict[str, bytes]:
    """Every reader's calendar becomes the new one, and nobody gets an update for nothing."""
    found, after = update(before, after)
    was, now = calendars(before), calendars(after)
    assert set(found) <= {*was, *now}
    for name in {*was, *now}:
        result = taken_over(was.get(name), found.get(name))
        assert said(result) == said(taken_over(now.get(name), None)), name
        assert (name in found) == (plain(was.get(name)) != plain(now.get(name))), name
        if name in found:
            mine = plain(found[name])
            cancelled = {uid for uid, rows in mine.items() if ("STATUS", "CANCELLED") in rows}
            assert cancelled == plain(was.get(name)).keys() - plain(now.get(name)).keys()
            assert {u: e for u, e in mine.items() if u not in cancelled} == {
                u: e for u, e in plain(now.get(name)).items() if plain(was.get(name)).get(u) != e
            }
    return found


# -- any two schedules --------------------------------------------------------------------------------------------


@st.composite
def placed(draw: st.DrawFn) -> Stay:
    """A placement of a student or group, with any unit, preceptor, cover, days and clock times; some are nights."""
    start = MONDAY + 7 * draw(st.integers(0, 10)) * DAY
    weekdays = draw(st.sampled_from([(0,), (1, 3), (4, 5, 6), (5, 6)]))
    held = weekly(start, draw(st.integers(1, 4)), *weekdays)
    unit, preceptor = draw(st.sampled_from(["4B", "5C"])), draw(st.sampled_from(["", "kim", "lee"]))
    row: dict[str, Any] = {"unit": unit, "slot": f"{unit}-{len(weekdays)}", "preceptor": preceptor}
    row["requirement"] = draw(st.sampled_from(["R1", "R2"]))
    row["status"] = draw(st.sampled_from(["proposed", "confirmed"]))
    if preceptor == "kim" and draw(st.booleans()):
        row |= {"cover": "lee", "cover_start": held[0], "cover_end": held[len(held) // 2]}
    said: dict[str, Any] = {"unit_name": f"Ward {unit}", "preceptor_name": preceptor.title()}
    who = draw(st.sampled_from(["s-1", "s-2", "g1", "part"]))
    if who.startswith("s"):
        row["student"], said["students"] = who, (who,)
    else:
        row |= {"student": "", "group": "g1", "students": 4, "part": 0 if who == "g1" else draw(st.sampled_from([1, 2]))}
        said["students"] = ("g-1", "g-2") if who == "g1" else ()
    span = draw(st.sampled_from([None, (420, 1140), (1140, 1860), (90, 600)]))
    follows = draw(st.integers(0, 5)) == 0
    return stay(
        () if follows else held, start=start, end=held[-1], span=None if follows else span, row=row, follows=follows, **said
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(placed(), max_size=4), st.lists(placed(), max_size=4), st.randoms(use_true_random=False))
def test_an_update_makes_of_any_calendar_any_other(was: list[Stay], now: list[Stay], chance: random.Random) -> None:
    own: dict[str, Any] = {"groups": (GROUP,), "students": MEMBERS, "preceptors": ({"preceptor": "kim"}, {"preceptor": "lee"})}
    kept = [held for held in was if chance.random() < 0.6]
    before, after = view_of(*was, **own), view_of(*kept, *now, **own)
    later = MADE + chance.choice([-100_000, 0, 1, 60, 100_000]) * timedelta(minutes=1)
    check(edition(before, chance.choice([MADE, None])), edition(after, chance.choice([later, None])))


# -- what happens to people ---------------------------------------------------------------------------------------

FIRST, SECOND = stay(weekly(MONDAY, 2, 0)), stay(weekly(MONDAY + 28 * DAY, 2, 0))


def changed(*was: Stay, now: tuple[Stay, ...], **own: Any) -> dict[str, bytes]:
    return check(edition(view_of(*was, **own)), edition(view_of(*now, **own)))


def events(content: bytes) -> list[tuple[str, str, str]]:
    """Summary, first day and status."""
    return [(e.summary or "", str(e.start)[:10], e.status.value if e.status else "") for e in read(content).events]


def test_where_nothing_changed_nobody_gets_anything() -> None:
    assert changed(FIRST, now=(FIRST,)) == {}


@pytest.mark.parametrize(
    "other",
    [
        {"sessions": (*FIRST.sessions, SECOND.sessions[0])},
        {"timed": True, "span": (420, 1140)},
        {"follows": True},
        {"follows": True, "row": FIRST.row.model_copy(update={"end": SECOND.row.end})},
    ],
)
def test_other_dates_and_times_are_another_event_whatever_the_text_says(other: dict[str, Any]) -> None:
    text = Entry("u@x.invalid", "a", "b", "c", (), busy=True, firm=True)
    before, zone = FIRST if len(other) == 1 or "span" in other else replace(FIRST, follows=True), ZoneInfo("America/New_York")
    happening, again, moved = (Happening(held, text, zone) for held in (before, replace(before), replace(before, **other)))
    assert happening.same(again)
    assert not happening.same(moved)
    assert not happening.same(Happening(before, text, ZoneInfo("America/Chicago")))


def test_an_event_moves() -> None:
    moved = stay(weekly(MONDAY + 7 * DAY, 2, 0), row={"unit": "5C", "slot": "T"}, unit_name="Ward 5C")
    found = changed(FIRST, SECOND, now=(moved, SECOND))
    assert events(found["student-s-1.ics"]) == [("Nursing I, Ward 5C with Kim", "2026-08-31", "TENTATIVE")]
    # the old unit is told that nobody comes then, the new one who comes
    assert events(found["unit-4B.ics"]) == [("Cancelled: s-1 (rn) with Kim", "2026-08-24", "CANCELLED")]
    assert events(found["unit-5C.ics"]) == [("s-1 (rn) with Kim", "2026-08-31", "TENTATIVE")]


def test_one_who_has_nothing_left_is_told_so() -> None:
    found = changed(FIRST, now=())
    assert set(found) == {"student-s-1.ics", "preceptor-kim.ics", "unit-4B.ics"}
    content = found["student-s-1.ics"]
    assert events(content) == [("Cancelled: Nursing I, Ward 4B with Kim", "2026-08-24", "CANCELLED")]
    assert "TRANSP:TRANSPARENT" in lines(content)
    assert [line for line in lines(content) if line.startswith("METHOD")] == []


def test_when_the_first_of_two_is_withdrawn_the_second_is_there_once() -> None:
    """Placements are told by their ordinal: the first event becomes the second placement, and the second event is cancelled."""
    found = changed(FIRST, SECOND, now=(SECOND,))
    assert [status for *_, status in events(found["student-s-1.ics"])] == ["TENTATIVE", "CANCELLED"]
    assert {day for _, day, _ in events(found["student-s-1.ics"])} == {str(SECOND.sessions[0])}
    assert events(found["preceptor-kim.ics"]) == [("Cancelled: s-1 (rn), Ward 4B", "2026-08-24", "CANCELLED")]


def test_a_group_that_is_split_becomes_an_event_for_each_part() -> None:
    row = {"student": "", "group": "g1", "students": 4}
    whole = stay(weekly(MONDAY, 2, 1), row=row, students=("g-1", "g-2"))
    parts = tuple(stay(weekly(MONDAY, 2, 1 + n), row={**row, "part": n, "slot": f"S{n}"}, students=()) for n in (1, 2))
    found = changed(whole, now=parts, groups=(GROUP,), students=MEMBERS)
    for name in ("student-g-1.ics", "student-g-2.ics"):
        assert sorted(status for *_, status in events(found[name])) == ["CANCELLED", "TENTATIVE", "TENTATIVE"]


def test_a_night_in_which_clocks_change_leaves_nothing_behind() -> None:
    nights = weekly(date(2026, 10, 19), 3, 5)
    before = stay(nights, span=(1140, 1860))
    earlier = stay(tuple(day - 21 * DAY for day in nights), span=(1140, 1860))
    shorter = stay(nights, span=(1140, 1380))
    for after in (earlier, shorter):
        found = changed(before, now=(after,))["student-s-1.ics"]
        assert [status for *_, status in events(found)] == ["TENTATIVE", "CANCELLED"]
        held = taken_over(calendars(edition(view_of(before)))["student-s-1.ics"], found)
        assert len(held) == 1
        assert len(on_the_clock(list(read(calendars(edition(view_of(after)))["student-s-1.ics"]).timeline))) == 3


def test_a_student_who_leaves_a_group_loses_its_events_and_the_others_keep_them() -> None:
    row = {"student": "", "group": "g1", "students": 4}
    before = edition(
        view_of(stay(weekly(MONDAY, 2, 1), row=row, students=("g-1", "g-2")), groups=(GROUP,), students=MEMBERS), MADE
    )
    smaller = {**GROUP, "size": 3}
    after = edition(
        view_of(
            stay(weekly(MONDAY, 2, 1), row={**row, "students": 3}, students=("g-1",)), groups=(smaller,), students=MEMBERS[:1]
        )
    )
    found = check(before, after)
    assert [status for *_, status in events(found["student-g-2.ics"])] == ["CANCELLED"]
    assert "3 students" in (read(found["student-g-1.ics"]).events[0].description or "")


# -- editions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [-(10**6), -1, 0, 1, 59, 10**6])
def test_a_later_edition_is_later_whatever_the_clocks_say(later: int) -> None:
    made = MADE + later * timedelta(seconds=1)
    before = edition(view_of(FIRST))
    for held in (SECOND, FIRST, SECOND):
        found, after = update(before, edition(view_of(held), made))
        old, new = (read(calendars(seen)["student-s-1.ics"]).events[0] for seen in (before, after))
        assert {(e.sequence, e.dtstamp) for c in found.values() for e in read(c).events} == {(new.sequence, new.dtstamp)}
        assert (new.sequence or 0) > (old.sequence or 0)
        assert new.dtstamp > old.dtstamp
        assert new.dtstamp == new.last_modified
        before = after


def test_a_schedule_that_is_later_anyway_keeps_its_own_edition() -> None:
    early, late = (Schedule(status=Status.FEASIBLE, made=MADE + n * DAY) for n in (0, 1))
    assert late.replacing(early) is late
    again = early.replacing(late)
    assert (again.number, again.made) == (late.number + 1, MADE)
    assert again.replacing(late) is again
    assert early.replacing(again).number == late.number + 2


def test_two_time_zones_are_both_described() -> None:
    held = stay(weekly(MONDAY, 2, 0), span=(420, 1140))
    before, after = edition(view_of(held, SECOND)), edition(view_of(held, timezone="America/Chicago"))
    content = lines(check(before, after)["student-s-1.ics"])
    assert [line for line in content if line.startswith("TZID")] == ["TZID:America/New_York", "TZID:America/Chicago"]
