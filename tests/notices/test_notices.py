"""Who is told what, derived by hand and for any two schedules."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.compare import SEVERITY, Kind
from scheduler.domain import Instance, Placement, Schedule, Status, Unplaced
from scheduler.export.stays import Stay, stays
from scheduler.notices import Notice, changes, notices, told
from tests.verify.world import BASE, GROUP, PRECEPTED, SPLIT, put, requirement, slot, week, world

UNITS = [
    {"unit": "ward", "site": "mercy", "name": "Ward 4B", "specialties": ("medsurg",)},
    {"unit": "ward2", "site": "mercy", "name": "Ward 5C", "specialties": ("medsurg",)},
    {"unit": "clinic", "site": "lake", "name": "Clinic", "specialties": ("medsurg", "family")},
]
SLOTS = [
    slot("ward", weekdays=(1, 3)),
    slot("other", unit="ward", weekdays=(2, 4)),
    slot("again", unit="ward", weekdays=(1, 3)),
    slot("ward2", weekdays=(1, 3)),
    slot("clinic", weekdays=(1, 3)),
]
PEOPLE = [{"preceptor": "kim", "name": "P. Kim"}, {"preceptor": "lee", "name": "Dr Lee"}]
PLACES: dict[str, Any] = {
    "schools": [{"school": "maple", "name": "Maple College"}, {"school": "oak"}],
    "requirements": [requirement(name, p, supervision="precepted") for p in ("nurs", "med") for name in ("MS", "FM")],
    "units": UNITS,
    "slots": SLOTS,
    "preceptors": PEOPLE,
}
ANN = put("ann", "MS", "ward", week(0), preceptor="kim")


def schedule(*placements: Placement, **columns: Any) -> Schedule:
    return Schedule(status=Status.FEASIBLE, placements=placements, **columns)


def places(**tables: Any) -> Instance:
    return world(**{**BASE, **PLACES, **tables})


def heard(before: Instance, was: Sequence[Placement], now: Sequence[Placement], after: Instance | None = None) -> list[Notice]:
    later = after or before
    return told(changes(before, schedule(*was), later, schedule(*now)), before, later)


def said(found: list[Notice], kind: str, reader: str) -> list[str]:
    return [n.sentence for n in found if (n.kind, n.reader) == (kind, reader)]


def brief(found: list[Notice]) -> list[tuple[str, str, str, str]]:
    return [(n.kind, n.reader, n.action, n.what) for n in found]


STEPS: dict[Kind, tuple[dict[str, Any], str]] = {
    "unchanged": ({"status": "confirmed"}, ""),
    "preceptor": ({"preceptor": "lee"}, "stays where and when it is; the preceptor is now Dr Lee."),
    "dates": ({"start": week(1)}, "is now from January 13, 2026 to January 22, 2026."),
    "slot": ({"slot": "other"}, "is now from January 7, 2026 to January 16, 2026 on Wed Fri."),
    "unit": ({"slot": "ward2"}, "moves from Ward 4B to Ward 5C."),
    "site": ({"slot": "clinic", "preceptor": ""}, "moves from Ward 4B, mercy to Clinic, lake; there is no preceptor any more."),
}


@pytest.mark.parametrize("kind", STEPS)
def test_what_happened_is_the_most_noticeable_of_it(kind: Kind) -> None:
    columns, sentence = STEPS[kind]
    now = ANN.model_copy(update=columns)
    (change,) = changes(places(), schedule(ANN), places(), schedule(now))
    assert change.kind == kind
    (own,) = said(heard(places(), [ANN], [now]), "student", "ann") or [""]
    assert own == (sentence and f"Your rotation MS from January 6, 2026 {sentence}")
    assert (change.sentence == "") == (kind == "unchanged")


def test_the_order_of_severity() -> None:
    assert SEVERITY == ("unchanged", "preceptor", "students", "days", "dates", "slot", "unit", "site", "lost", "new")
    everything = ANN.model_copy(update={"slot": "clinic", "start": week(3), "preceptor": "lee"})
    (change,) = changes(places(), schedule(ANN), places(), schedule(everything))
    assert change.kinds == ("site", "dates", "preceptor")
    assert list(change.kinds) == sorted(change.kinds, key=SEVERITY.index, reverse=True)


def test_the_same_times_in_another_slot_are_said_to_be_the_same() -> None:
    (own,) = said(heard(places(), [ANN], [ANN.model_copy(update={"slot": "again"})]), "student", "ann")
    assert own.endswith("is now in the slot again of the same unit, at the same times.")


def test_the_old_and_the_new_preceptor_are_told_and_the_old_one_not_where_to() -> None:
    found = heard(places(), [ANN], [ANN.model_copy(update={"preceptor": "lee", "start": week(1)})])
    assert brief(found) == [
        ("student", "ann", "moved", "dates"),
        ("preceptor", "kim", "cancelled", "lost"),
        ("preceptor", "kim", "nothing left", ""),
        ("preceptor", "lee", "new", "new"),
        ("unit", "ward", "moved", "dates"),
        ("school", "maple", "moved", "dates"),
    ]
    old, _ = said(found, "preceptor", "kim")
    assert old == "ann (rn, Maple College) no longer comes to you for MS from January 6, 2026 to January 15, 2026."
    assert [n.after for n in found if n.reader == "kim"] == [None, None]
    assert said(found, "preceptor", "lee") == [
        "ann (rn, Maple College) comes to you for MS from January 13, 2026 to January 22, 2026, on Tue Thu in Ward 4B, mercy."
    ]
    assert [n.name for n in found if n.reader == "lee"] == ["Dr Lee"]
    assert said(found, "school", "maple") == [
        "The rotation MS of ann (rn) from January 6, 2026 is now from January 13, 2026 to January 22, 2026; "
        "the preceptor is now Dr Lee."
    ]


def test_the_old_and_the_new_unit_are_told() -> None:
    found = heard(places(), [ANN], [ANN.model_copy(update={"slot": "ward2"})])
    assert said(found, "unit", "ward") == [
        "ann (rn, Maple College) no longer comes to Ward 4B for MS from January 6, 2026 to January 15, 2026.",
        "Nobody comes to Ward 4B any more in test.",
    ]
    assert said(found, "unit", "ward2") == [
        "ann (rn, Maple College) comes to Ward 5C for MS from January 6, 2026 to January 15, 2026, on Tue Thu, with P. Kim."
    ]


def test_who_covers_is_told_of_those_days_alone() -> None:
    rows = [{**PEOPLE[0], "cover": "lee"}, PEOPLE[1]]
    away = [{"who_kind": "preceptor", "who": "kim", "start": week(1), "end": week(1, 6), "status": "unavailable"}]
    before, after = places(preceptors=rows), places(preceptors=rows, availability=away)
    found = heard(before, [ANN], [ANN], after)
    assert said(found, "preceptor", "lee") == [
        "ann (rn, Maple College) comes to you for MS from January 13, 2026 to January 15, 2026 in Ward 4B, mercy "
        "(you cover for somebody)."
    ]
    (own,) = said(found, "student", "ann")
    assert own.endswith(
        "stays where and when it is; the preceptor is now P. Kim (Dr Lee covers from Jan 13, 2026 to Jan 15, 2026)."
    )


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_what_is_lost_says_why(status: str) -> None:
    (change,) = changes(places(), schedule(ANN), places(), schedule(ANN.model_copy(update={"status": status})))
    assert (change.kind, change.reason) == ("lost", status)
    assert change.sentence.endswith(f"at Ward 4B, mercy from January 6, 2026 to January 15, 2026 ({status}).")


def test_what_is_lost_for_want_of_places_says_what_is_in_the_way() -> None:
    lacks = Unplaced(
        student="ann", program="nurs", requirement="MS", missing=2, unit="weeks", reason="5 offers: 4 in a full slot"
    )
    found = changes(places(), schedule(ANN), places(), schedule(unplaced=(lacks,)))
    why = "no place is left, mostly in a full slot"
    assert [change.reason for change in found] == [why]
    reasons = {n.kind: n.reason for n in told(found, places(), places()) if n.action == "cancelled"}
    assert reasons == {"student": why, "school": why, "preceptor": "", "unit": ""}  # no business of those who expected ann


def test_a_student_who_left_the_tables_is_told_and_named_by_the_old_ones() -> None:
    gone = places(students=BASE["students"][1:])
    found = heard(places(), [ANN], [], gone)
    assert brief(found)[:2] == [("student", "ann", "cancelled", "lost"), ("student", "ann", "nothing left", "")]
    assert next(n.reason for n in found if n.kind == "school") == "ann is no longer among the students"
    assert said(found, "school", "maple")[1] == "None of your students has a placement left in test."


def test_a_preceptor_who_is_new_in_the_tables_is_told_by_name() -> None:
    more = places(preceptors=[*PEOPLE, {"preceptor": "ortiz", "name": "A. Ortiz"}])
    found = heard(places(), [ANN], [ANN.model_copy(update={"preceptor": "ortiz"})], more)
    assert [(n.name, n.action) for n in found if n.reader == "ortiz"] == [("A. Ortiz", "new")]


def test_of_two_placements_of_a_rotation_the_same_ones_are_paired_first() -> None:
    second = ANN.model_copy(update={"start": week(4)})
    found = heard(places(), [ANN, second], [second])
    assert [(n.action, n.before.row.start if n.before else None) for n in found if n.kind == "student"] == [
        ("cancelled", week(0))
    ]


# -- groups -------------------------------------------------------------------------------------------------------

TEAM = put("A", "MS", "ward", week(0), preceptor="kim")


def test_every_member_known_by_name_is_told_and_the_group_counts_once_elsewhere() -> None:
    found = heard(places(**GROUP), [TEAM], [TEAM.model_copy(update={"slot": "ward2"})])
    assert [n.reader for n in found if n.kind == "student"] == ["ann", "bob"]
    assert [(n.kind, n.who) for n in found if n.kind != "student" and n.action != "nothing left"] == [
        ("preceptor", "A"),
        ("unit", "A"),
        ("unit", "A"),
        ("school", "A"),
    ]
    (own,) = said(found, "preceptor", "kim")
    assert own == (
        "The rotation MS of group A (4 rn, Maple College) with you from January 6, 2026 moves from Ward 4B to Ward 5C."
    )


def test_a_member_who_leaves_is_told_and_so_are_those_who_expected_her() -> None:
    left = {**GROUP, "students": GROUP["students"][:1], "groups": [{"group": "A", "program": "nurs", "size": 3}]}
    found = heard(places(**GROUP), [TEAM], [TEAM], places(**left))
    assert said(found, "student", "ann") == []
    assert [n.action for n in found if (n.kind, n.reader) == ("student", "bob")] == ["cancelled", "nothing left"]
    assert said(found, "unit", "ward") == [
        "The rotation MS of group A (3 rn, Maple College) in Ward 4B from January 6, 2026 is now for 3 students.",
        "bob no longer comes with group A to Ward 4B, mercy for MS from January 6, 2026 to January 15, 2026.",
    ]


def test_a_member_who_goes_on_alone_keeps_the_rotation() -> None:
    alone = {**GROUP, "students": [GROUP["students"][0], {"student": "bob", "program": "nurs"}]}
    mine = put("bob", "MS", "ward", week(0), preceptor="kim")
    found = heard(places(**GROUP), [TEAM], [TEAM, mine], places(**alone))
    assert said(found, "student", "bob") == []
    later = mine.model_copy(update={"start": week(1)})
    assert [(n.action, n.what) for n in heard(places(**GROUP), [TEAM], [TEAM, later], places(**alone)) if n.reader == "bob"] == [
        ("moved", "dates")
    ]


def test_a_group_that_is_split_tells_its_members_of_each_part() -> None:
    parts = [TEAM.model_copy(update={"part": n, "slot": name}) for n, name in ((1, "ward"), (2, "ward2"))]
    found = heard(places(**SPLIT), [TEAM], parts)
    assert sorted((n.reader, n.action, n.what) for n in found if n.kind == "student") == [
        ("ann", "changed", "students"),
        ("ann", "new", "new"),
        ("bob", "changed", "students"),
        ("bob", "new", "new"),
    ]
    assert said(found, "student", "ann")[1] == "Your rotation MS from January 6, 2026 is now for A part 1, 2 students."


def test_equal_parts_that_only_swap_numbers_are_nobodys_news() -> None:
    parts = [TEAM.model_copy(update={"part": n, "slot": name}) for n, name in ((1, "ward"), (2, "ward2"))]
    swapped = [TEAM.model_copy(update={"part": n, "slot": name}) for n, name in ((2, "ward"), (1, "ward2"))]
    assert heard(places(**SPLIT), parts, swapped) == []


# -- any two schedules --------------------------------------------------------------------------------------------


def anything(chance: random.Random, groups: bool) -> list[Placement]:
    rows = []
    for who in ("A", "cyd") if groups else ("ann", "bob", "cyd"):
        for name in ("MS", "FM"):
            for _ in range(chance.choice([0, 1, 1, 1, 2])):
                more = {"status": chance.choice(["proposed", "proposed", "confirmed", "declined"])}
                more |= {"preceptor": chance.choice(["kim", "lee", ""]), "co_preceptor": ""}
                place = chance.choice([row["slot"] for row in SLOTS])
                rows.append(put(who, name, place, week(chance.choice([0, 1, 4])), **more))
    return rows


def concerning(instance: Instance, placements: list[Placement]) -> dict[tuple[str, str], list[tuple[object, ...]]]:
    """What each reader sees of a schedule, as one would list it by hand."""
    seen: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    for stay in stays(instance, schedule(*placements)):
        row = stay.row
        what = (row.who, row.requirement, row.slot, row.start, row.end, row.preceptor)
        readers = [("school", row.school), ("unit", row.unit), *(("student", who) for who in stay.students)]
        for reader in [*readers, *([("preceptor", row.preceptor)] if row.preceptor else [])]:
            seen.setdefault(reader, []).append(what)
    return {reader: sorted(them, key=str) for reader, them in seen.items()}


def cells(notice: Notice) -> str:
    sides: list[Stay] = [stay for stay in (notice.before, notice.after) if stay]
    return " ".join([notice.who, notice.sentence, notice.reason, *(stay.who for stay in sides)])


@pytest.mark.parametrize("seed", range(60))
def test_whoever_sees_a_difference_is_told_and_nobody_else(seed: int) -> None:
    chance = random.Random(seed)
    groups = seed % 3 == 0
    instance = places(**(GROUP | {"students": [*GROUP["students"], BASE["students"][2]]} if groups else {}))
    was, now = anything(chance, groups), anything(chance, groups)
    now = [row for row in was if chance.random() < 0.5] + now[: chance.randrange(4)]
    found = heard(instance, was, now)
    before, after = concerning(instance, was), concerning(instance, now)
    different = {reader for reader in {*before, *after} if before.get(reader) != after.get(reader)}
    assert {(n.kind, n.reader) for n in found} == different
    assert {(n.kind, n.reader) for n in found if n.action == "nothing left"} == before.keys() - after.keys()
    schools = {"ann": "maple", "bob": "maple", "cyd": "oak"}
    for notice in found:
        named = {who for who in schools if who in cells(notice).replace(",", " ").replace("(", " ").split()}
        assert named <= {notice.who}, "no other student"
        if notice.kind == "student":
            assert notice.who in (notice.reader, "")
        if notice.kind == "school":
            assert {schools[who] for who in named} <= {notice.reader}
    # the other way round, what comes goes
    turned = {"new": "cancelled", "cancelled": "new"}
    back = heard(instance, now, was)
    told_, untold = (
        sorted((n.kind, n.reader, n.who, n.action) for n in them if n.action != "nothing left") for them in (found, back)
    )
    assert sorted((k, r, w, turned.get(a, a)) for k, r, w, a in untold) == told_


# -- files --------------------------------------------------------------------------------------------------------


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_files_are_ready_for_a_mail_merge() -> None:
    made = datetime(2025, 12, 1, tzinfo=UTC)
    instance = places()
    was, now = (schedule(row, made=made) for row in (ANN, ANN.model_copy(update={"preceptor": "lee"})))
    files = notices(instance, was, instance, now)
    assert sorted(files) == [
        "changes.csv",
        "changes.xlsx",
        "messages.csv",
        "preceptor-kim.ics",
        "preceptor-lee.ics",
        "student-ann.ics",
        "unit-ward.ics",
    ]
    first = rows(files["changes.csv"])[0]
    assert {key: first[key] for key in ("reader_kind", "reader", "action", "what", "who", "group", "requirement")} == {
        "reader_kind": "student",
        "reader": "ann",
        "action": "changed",
        "what": "preceptor",
        "who": "ann",
        "group": "",
        "requirement": "MS",
    }
    assert (first["old_preceptor"], first["new_preceptor"], first["new_unit"], first["new_weekdays"]) == (
        "P. Kim",
        "Dr Lee",
        "Ward 4B",
        "Tu Th",
    )
    messages = rows(files["messages.csv"])
    assert {row["calendar"] for row in messages if row["calendar"]} == {name for name in files if name.endswith(".ics")}
    kim = next(row for row in messages if row["reader"] == "kim")
    assert (kim["changes"], len(kim["text"].splitlines())) == ("2", 2)
    assert notices(instance, was, instance, was) == {}
    assert notices(instance, was, instance, now) == files


def test_who_gets_only_a_calendar_is_in_the_messages_too() -> None:
    named = {**GROUP, "students": GROUP["students"][:1]}
    files = notices(places(**named), schedule(TEAM), places(**GROUP), schedule(TEAM))
    found = {(row["reader_kind"], row["reader"]): row for row in rows(files["messages.csv"])}
    assert [who for kind, who in found if kind == "student"] == ["bob"]
    assert found["unit", "ward"]["text"].startswith("bob now comes with group A to Ward 4B")
    status = schedule(TEAM.model_copy(update={"status": "confirmed"}))
    confirmed = notices(places(**GROUP), schedule(TEAM), places(**GROUP), status)
    assert rows(confirmed["changes.csv"]) == []
    details = {(row["reader"], row["changes"], row["text"]) for row in rows(confirmed["messages.csv"])}
    assert ("ann", "0", "No place, date or preceptor has changed; your calendar has new details.") in details


def test_a_world_with_preceptors_by_unit_reads_the_same() -> None:
    instance = world(**PRECEPTED)
    found = heard(instance, [ANN.model_copy(update={"slot": "ward"})], [])
    assert [n.reader for n in found if n.kind == "preceptor"] == ["kim", "kim"]
