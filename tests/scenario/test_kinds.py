"""Every kind of change does to the rows what its sentence says, and to all that refers to them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.errors import InputError
from scheduler.io import instance_problems
from scheduler.scenario import KINDS, Applied, Scenario, apply, parse_change
from tests.verify.world import GROUP, PRECEPTED, requirement, slot, week, world


def made(instance: Instance, *changes: str) -> Applied:
    """The changes made; what comes out is valid."""
    parsed = tuple(parse_change(text) for text in changes)
    applied = apply(instance, [Scenario("test", parsed)])
    assert not [p for p in instance_problems(applied.instance) if p.severity == "error"]
    return applied


def rows(instance: Instance, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, c) for c in columns) for row in instance.rows(table)]


def test_close_a_unit() -> None:
    base = world(
        slots=[slot("ward", must_fill=True), slot("clinic")],
        pins=[{"student": "ann", "requirement": "MS", "unit": "ward"}, {"student": "ann", "requirement": "FM", "unit": "clinic"}],
        capacity=[{"unit": "ward", "least_students": 1, "most_students": 5}],
    )
    done = made(base, f"close unit=ward start={week(2)} end={week(3, 6)}")
    new = done.instance
    assert rows(new, "availability", "who_kind", "who", "start", "end", "status") == [
        ("unit", "ward", week(2), week(3, 6), "unavailable")
    ]
    assert rows(new, "pins", "unit", "pin") == [("ward", "prefer"), ("clinic", "must")]
    assert sorted(rows(new, "capacity", "start", "end", "least_students", "most_students"), key=str) == sorted(
        [(week(2), week(3, 6), None, 5), (None, week(1, 6), 1, 5), (week(4), None, 1, 5)], key=str
    )
    assert [s.must_fill for s in new.slots] == [False, False]
    assert done.sentences == (
        "unit ward is closed from 2026-01-19 to 2026-02-01; 1 pin ('must') that names it is only preferred now; "
        "what must be filled there need not be",
    )


def test_a_policy_that_does_not_hold_a_change_is_said() -> None:
    said = made(world({"availability": {"kind": "soft"}}), "close unit=ward", "away student=ann").sentences
    assert all(sentence.endswith("rule availability is soft under the policy, so that this may not be kept") for sentence in said)


def test_close_a_site_closes_all_its_units() -> None:
    base = world(units=[{"unit": u, "site": "mercy", "specialties": ("medsurg",)} for u in ("ward", "clinic")])
    assert rows(made(base, "close site=mercy").instance, "availability", "who", "start", "end") == [
        ("clinic", None, None),
        ("ward", None, None),
    ]
    without_units = made(base, "close site=lake").instance  # lake has none, so it is a unit itself
    assert rows(without_units, "availability", "who") == [("lake",)]


def test_close_a_slot_leaves_the_starts_that_do_not_run_into_the_dates() -> None:
    base = world(reservations=[{"slot": "ward", "school": "maple", "guaranteed": 2}])
    new = made(base, f"close slot=ward start={week(4)} end={week(5, 6)}").instance
    assert new.slot_by_id["ward"].starts == tuple(week(k) for k in (0, 1, 2, 6, 7, 8, 9, 10))
    gone = made(base, "close slot=ward")
    assert "ward" not in gone.instance.slot_by_id
    assert gone.instance.reservations == ()
    assert gone.sentences == ("slot ward is closed for the whole term; with it go 1 row of reservations",)


def test_close_a_slot_without_a_length_keeps_no_start_before() -> None:
    base = world(slots=[slot("ward", length=None), slot("clinic")])
    new = made(base, f"close slot=ward start={week(4)} end={week(4, 6)}").instance
    assert new.slot_by_id["ward"].starts == tuple(week(k) for k in range(5, 11))


@pytest.mark.parametrize(("more", "unit", "ward"), [(2, 8, 11), (-3, 3, 6), (-9, 0, None)])
def test_places_of_a_unit(more: int, unit: int, ward: int | None) -> None:
    base = world(
        capacity=[{"unit": "ward", "most_students": 6, "most_precepted": 6}, {"unit": "clinic", "most_students": 6}],
        reservations=[{"slot": "ward", "school": "maple", "guaranteed": 5}, {"slot": "ward", "school": "oak", "guaranteed": 4}],
    )
    new = made(base, f"places unit=ward more={more}").instance
    assert rows(new, "capacity", "most_students", "most_precepted") == [(unit, unit), (6, None)]
    assert (new.slot_by_id["ward"].most_students if "ward" in new.slot_by_id else None) == ward
    assert new.slot_by_id["clinic"].most_students == 9
    assert [r.guaranteed for r in new.reservations] == {2: [5, 4], -3: [5, 1], -9: []}[more]


def test_places_on_some_dates() -> None:
    base = world(capacity=[{"unit": "ward", "most_students": 6}])
    new = made(base, f"places unit=ward more=2 start={week(4)} end={week(7, 6)}").instance
    beside = new.slot_by_id["ward-more"]
    assert (beside.starts, beside.most_students, beside.unit) == ((week(4), week(5), week(6)), 2, "ward")
    assert new.slot_by_id["ward"] == base.slot_by_id["ward"]
    assert sorted(rows(new, "capacity", "start", "end", "most_students"), key=str) == sorted(
        [(week(4), week(7, 6), 8), (None, week(3, 6), 6), (week(8), None, 6)], key=str
    )
    fewer = made(base, f"places unit=ward more=-2 start={week(4)} end={week(7, 6)}").instance
    assert rows(fewer, "capacity", "start", "end", "most_students") == [(None, None, 6), (week(4), week(7, 6), 4)]
    unlimited = made(world(), f"places unit=ward more=-2 start={week(4)}").instance
    assert rows(unlimited, "capacity", "start", "end", "most_students") == [(week(4), None, 7)]


def test_places_of_a_profession() -> None:
    base = world(
        slots=[slot("ward", professions=("rn",)), slot("w2", unit="ward", professions=("md",)), slot("clinic")],
        capacity=[{"unit": "ward", "most_students": 6, "profession": p} for p in ("rn", "md")],
    )
    new = made(base, "places unit=ward more=1 profession=md").instance
    assert rows(new, "slots", "slot", "most_students") == [("ward", 9), ("w2", 10), ("clinic", 9)]
    assert rows(new, "capacity", "profession", "most_students") == [("rn", 6), ("md", 7)]


def test_opens_like_another_site() -> None:
    base = world(
        **PRECEPTED,
        slots=[slot("ward", preceptors=("kim",)), slot("clinic")],
        capacity=[{"unit": "ward", "most_students": 6}],
        agreements=[{"school": "maple", "sites": ("mercy",)}],
        site_clearances=[{"site": "mercy", "item": "flu"}],
    )
    new = made(base, f"opens site=hill like=mercy start={week(2)} name=Hill").instance
    assert new.site_by_id["hill"].name == "Hill"
    assert new.unit_by_id["hill-ward"].specialties == ("medsurg",)
    assert (new.slot_by_id["hill-ward"].unit, new.slot_by_id["hill-ward"].preceptors) == ("hill-ward", ("hill-kim",))
    assert new.preceptor_by_id["hill-kim"].units == ("hill-ward",)
    assert new.agreements[0].sites == ("mercy", "hill")
    assert rows(new, "site_clearances", "site") == [("mercy",), ("hill",)]
    assert rows(new, "capacity", "unit") == [("ward",), ("hill-ward",)]
    assert rows(new, "availability", "who", "start", "end") == [("hill-ward", None, week(1, 6))]
    bare = made(base, "opens site=hill like=mercy staff=false")
    assert "hill-ward" not in bare.instance.slot_by_id  # nobody would be there
    assert "1 slot without preceptors left out" in bare.sentences[0]


@pytest.mark.parametrize(("key", "name"), [("preceptor", "kim"), ("student", "ann"), ("group", "A")])
def test_away(key: str, name: str) -> None:
    base = world(
        **PRECEPTED | GROUP, pins=[{"student": "ann", "requirement": "MS", "preceptor": "kim"}, {"group": "A", "start": week(1)}]
    )
    done = made(base, f"away {key}={name} start={week(1)} end={week(2, 6)}")
    assert rows(done.instance, "availability", "who_kind", "who", "start", "end") == [(key, name, week(1), week(2, 6))]
    assert [p.pin for p in done.instance.pins] == (["must", "prefer"] if key == "group" else ["prefer", "must"])
    assert done.sentences[0].startswith(f"{key} {name} is away from {week(1)} to {week(2, 6)}")


def test_leaves_for_good() -> None:
    base = world(
        **PRECEPTED,
        slots=[slot("ward", preceptors=("kim", "lee")), slot("clinic", preceptors=("kim",))],
        pins=[{"student": "ann", "requirement": "MS", "preceptor": "kim"}],
        conflicts=[{"student": "ann", "preceptor": "kim"}],
        commitments=[{"who_kind": "preceptor", "who": "kim", "start": week(1), "end": week(2)}],
    )
    done = made(base, "leaves preceptor=kim")
    new = done.instance
    assert rows(new, "preceptors", "preceptor") == [("lee",)]
    assert rows(new, "slots", "slot", "preceptors") == [("ward", ("lee",))]  # nobody else would be in the clinic's
    assert (new.pins, new.conflicts, new.commitments) == ((), (), ())
    assert done.sentences == (
        "preceptor kim leaves for the whole term; with it go 1 row of slots, 1 row of commitments, 1 row of conflicts, "
        "1 row of pins; adapted: 1 row of slots",
    )
    later = made(base, f"leaves preceptor=kim from={week(4)}").instance
    assert rows(later, "availability", "who", "start", "end") == [("kim", week(4), None)]
    assert later.pins[0].pin == "prefer"


def test_faculty_who_leaves_is_replaced_by_the_school() -> None:
    base = world(
        students=GROUP["students"],
        groups=[{"group": "A", "program": "nurs", "size": 4, "faculty": "fay"}],
        preceptors=[{"preceptor": "fay", "kind": "faculty", "school": "maple"}],
    )
    for text in ("leaves preceptor=fay", f"leaves preceptor=fay from={week(4)}"):
        done = made(base, text)
        assert done.instance.groups[0].faculty is None
        assert "group A needs another faculty member" in done.sentences[0]


def test_arrives_like_another() -> None:
    base = world(
        **PRECEPTED | {"preceptors": [{"preceptor": "kim", "units": ("ward",), "most_at_once": 2}]},
        slots=[slot("ward", preceptors=("kim",)), slot("clinic")],
    )
    new = made(base, f"arrives preceptor=zoe like=kim most_at_once=3 start={week(3)}").instance
    assert rows(new, "preceptors", "preceptor", "units", "most_at_once") == [("kim", ("ward",), 2), ("zoe", ("ward",), 3)]
    assert new.slot_by_id["ward"].preceptors == ("kim", "zoe")
    assert rows(new, "availability", "who", "end") == [("zoe", week(2, 6))]
    assert rows(made(base, "arrives preceptor=zoe units=clinic").instance, "preceptors", "preceptor") == [("kim",), ("zoe",)]
    for number in (0, 1, 3):
        some = made(base, f"arrives preceptor=zoe like=kim how_many={number}").instance
        assert len(some.preceptors) == len(some.slot_by_id["ward"].preceptors) == 1 + number


def test_trained() -> None:
    people = [
        {"preceptor": "kim", "units": ("ward",), "licence": "rn", "specialties": ("medsurg",)},
        {"preceptor": "lee", "units": ("clinic",)},
    ]
    base = world(**PRECEPTED | {"preceptors": people})
    text = "trained preceptor=kim;lee supervises=md specialties=family trained_until=2027-01-01 most_at_once=2"
    columns = ("supervises", "specialties", "trained_until", "most_at_once")
    assert rows(made(base, text).instance, "preceptors", *columns) == [
        (("rn", "md"), ("medsurg", "family"), date(2027, 1, 1), 2),
        ((), (), date(2027, 1, 1), 2),  # lee takes all professions and specialties already
    ]
    assert rows(made(base, f"{text} first=1").instance, "preceptors", "most_at_once") == [(2,), (1,)]
    assert made(base, f"{text} first=0").instance == base


def test_clearance() -> None:
    base = world(
        clearances=[{"student": "ann", "item": "bls", "end": week(9)}], site_clearances=[{"site": "mercy", "item": "bls"}]
    )
    new = made(base, f"clearance student=ann;bob item=bls status=promised end={week(2)}").instance
    assert rows(new, "clearances", "student", "status", "end") == [("ann", "promised", week(2)), ("bob", "promised", week(2))]


def test_delayed() -> None:
    base = world(**GROUP, slots=[slot("ward"), slot("clinic", first_start=None, last_start=None, starts=(week(0), week(3)))])
    assert made(base, f"delayed student=ann start={week(2)}").instance.student_by_id["ann"].available_from == week(2)
    assert rows(made(base, f"delayed group=A start={week(2)}").instance, "availability", "who", "end") == [("A", week(1, 6))]
    new = made(base, f"delayed slot=ward;clinic start={week(1)}").instance
    assert (new.slots[0].first_start, new.slots[0].last_start) == (week(1), week(10))
    assert new.slots[1].starts == (week(1), week(3))


def test_grow_students() -> None:
    base = world(student_requirements=[{"student": "ann", "requirement": "MS", "change": "waive"}])
    done = made(base, "grow program=nurs percent=150")
    new = [s for s in done.instance.students if s.student.startswith("nurs-new")]
    assert [(s.student, s.program, s.named) for s in new] == [(f"nurs-new-{k}", "nurs", False) for k in (1, 2, 3)]
    assert rows(done.instance, "student_requirements", "student") == [("ann",), ("nurs-new-1",), ("nurs-new-3",)]
    assert done.sentences == ("program nurs has 3 more students (2 → 5)",)
    assert made(base, "grow program=nurs percent=150").instance == done.instance


def test_grow_groups_with_faculty_of_their_own() -> None:
    base = world(
        students=[*GROUP["students"], {"student": "cyd", "program": "med"}],
        groups=[{"group": "A", "program": "nurs", "size": 4, "faculty": "fay"}],
        preceptors=[{"preceptor": "fay", "kind": "faculty", "school": "maple"}],
    )
    new = made(base, "grow school=maple students=6").instance
    assert rows(new, "groups", "group", "size", "faculty") == [
        ("A", 4, "fay"),
        ("nurs-new-1", 4, "nurs-new-1-faculty"),
        ("nurs-new-2", 2, "nurs-new-2-faculty"),
    ]
    assert [s.student for s in new.students if s.group == "nurs-new-1"] == ["nurs-new-1-1", "nurs-new-1-2"]
    assert new.preceptor_by_id["nurs-new-2-faculty"].kind == "faculty"


def test_shrink() -> None:
    students = [{"student": s, "program": "nurs", "named": s != "bob"} for s in ("ann", "bob", "dot")]
    base = world(
        students=[*students, {"student": "cyd", "program": "med"}], preferences=[
            {"who_kind": "student", "who": "bob", "what": "unit", "value": "ward", "rank": 1}
        ]
    )  # fmt: skip
    new = made(base, "grow program=nurs students=-2").instance
    assert rows(new, "students", "student") == [("ann",), ("cyd",)]  # to be named first, then the last
    assert new.preferences == ()
    group = world(**GROUP)
    assert rows(made(group, "grow program=nurs students=-1").instance, "groups", "size") == [(3,)]
    less = made(group, "grow program=nurs students=-3").instance
    assert (rows(less, "groups", "size"), rows(less, "students", "student")) == ([(1,)], [("ann",)])


def test_withdrawn() -> None:
    base = world(**GROUP, pins=[{"student": "ann", "requirement": "MS", "unit": "ward"}, {"group": "A", "start": week(1)}])
    new = made(base, "withdrawn student=ann").instance
    assert (rows(new, "students", "student"), new.groups[0].size, len(new.pins)) == ([("bob",)], 3, 1)
    other = world(**GROUP | {"students": [*GROUP["students"], {"student": "cyd", "program": "med"}]})
    new = made(other, "withdrawn group=A").instance
    assert (rows(new, "students", "student"), new.groups) == ([("cyd",)], ())


def test_joins() -> None:
    base = world(
        **GROUP | {"students": [*GROUP["students"], {"student": "cyd", "program": "med", "home": "Hill"}]},
        student_requirements=[{"student": "cyd", "requirement": "FM", "change": "waive"}],
    )
    new = made(base, f"joins student=dot like=cyd start={week(2)}").instance
    dot = new.student_by_id["dot"]
    assert (dot.program, dot.home, dot.named, dot.available_from) == ("med", "Hill", True, week(2))
    assert rows(new, "student_requirements", "student") == [("cyd",), ("dot",)]
    new = made(base, "joins student=dot program=nurs into=A").instance
    assert (new.student_by_id["dot"].group, new.groups[0].size) == ("A", 5)
    new = made(base, "joins group=B like=A size=3", "joins group=C program=med size=2").instance
    assert rows(new, "groups", "group", "program", "size") == [("A", "nurs", 4), ("B", "nurs", 3), ("C", "med", 2)]


def test_agreement() -> None:
    base = world(agreements=[{"school": "maple", "sites": ("mercy", "lake"), "end": week(5)}])
    columns = ("school", "sites", "start", "end", "status")
    renewed = made(base, f"agreement school=maple sites=lake what=renewed end={week(30)}").instance
    assert rows(renewed, "agreements", *columns) == [
        ("maple", ("mercy",), None, week(5), "signed"),
        ("maple", ("lake",), None, week(30), "signed"),
    ]
    ended = made(base, f"agreement school=maple what=ended end={week(3)}").instance
    assert rows(ended, "agreements", *columns) == [("maple", ("mercy", "lake"), None, week(3), "signed")]
    never = made(base, "agreement school=maple what=ended").instance  # still there: without any it could go everywhere
    assert rows(never, "agreements", "end") == [(date(2026, 1, 4),)]
    new = made(base, "agreement school=oak sites=lake what=new most_students=2")
    assert rows(new.instance, "agreements", "school", "most_students") == [("maple", None), ("oak", 2)]
    assert "oak had none and could go everywhere" in new.sentences[0]


def test_policy() -> None:
    base = world({"waiting": {"weight": 7}})
    new = made(base, "policy rule=waiting rule_kind=off", "policy rule=preference set.unranked=refused weight=3").instance
    assert (new.policy.rules["waiting"].kind, new.policy.rules["waiting"].weight) == ("off", 7)
    assert new.policy.rules["preference"].parameters == {"unranked": "refused"}
    assert base.policy.rules["waiting"].kind is None


def test_add_change_remove() -> None:
    base = world()
    new = made(base, "add table=capacity set.unit=ward set.weekdays='Mo Tu' set.most_students=3").instance
    assert rows(new, "capacity", "unit", "weekdays", "most_students") == [("ward", (0, 1), 3)]
    new = made(
        base, "change table=slots where.unit=ward set.most_students=4 set.length=", "remove table=units where.unit=clinic"
    ).instance
    assert rows(new, "slots", "slot", "most_students", "length") == [("ward", 4, None)]
    assert made(base, "change table=slots set.most_students=4").sentences == ("2 rows of slots: most_students 4",)


def test_remove_a_rotation() -> None:
    base = world(
        requirements=[requirement("MS"), requirement("FM", after=("MS",)), requirement("MS", "med"), requirement("FM", "med")],
        preferences=[
            {"who_kind": "student", "who": "ann", "requirement": "MS", "what": "unit", "value": "ward", "rank": 1},
            {"who_kind": "student", "who": "cyd", "requirement": "MS", "what": "unit", "value": "ward", "rank": 1},
        ],
        groups=[{"group": "A", "program": "nurs", "size": 4, "requirements": ("MS",)}],
    )
    new = made(base, "remove table=requirements where.program=nurs where.requirement=MS").instance
    assert rows(new, "requirements", "program", "requirement", "after") == [
        ("nurs", "FM", ()),
        ("med", "MS", ()),
        ("med", "FM", ()),
    ]
    assert rows(new, "preferences", "who") == [("cyd",)]
    assert new.groups == ()  # no rotation of its own is left, and an empty list would mean all


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("close unit=wrd", "key change.1.unit: there is no unit 'wrd' (found 'wrd'); did you mean 'ward'?"),
        ("close unit=ward start=2030-01-01", "lies outside the term, so nothing would change"),
        ("places slot=ward more=-1 start=2026-02-02", "only more can have dates"),
        ("places unit=ward more=1 start=2026-03-28", "no slot there has a placement that lies in these dates"),
        ("arrives preceptor=kim like=lee", "there already is a preceptor 'kim'"),
        ("arrives preceptor=zoe", "like or units is missing"),
        ("trained preceptor=kim", "nothing is said that they are trained for"),
        ("grow program=nurs students=-3", "nurs has only 2 students"),
        ("grow program=nurs percent=5 students=3", "exactly one of percent and students"),
        ("joins student=zoe", "program or like is missing"),
        ("joins student=zoe like=amn", "there is no student 'amn'"),
        ("joins group=B program=nurs", "a group that is like no other needs a size"),
        ("agreement school=maple what=ended", "maple has no agreement"),
        ("policy rule=waitng weight=1", "there is no rule 'waitng' (found 'waitng'); did you mean 'waiting'?"),
        ("policy rule=waiting set.weeks=1", "the rule waiting has no such parameter"),
        ("add table=slot set.slot=x", "there is no such table"),
        ("add table=slots set.slot=x set.unit=wad set.first_start=2026-01-05", "leave a problem in slots (row 4), column unit"),
        ("add table=students set.student=ann set.program=nurs", "row 2 has the same student"),
        ("change table=slots where.slot=wart set.most_students=2", "no row of slots has slot wart"),
        ("change table=slots set.most=2", "there is no column most in slots"),
        ("change table=slots set.most_students=many", "the value does not fit (found 'many')"),
        ("remove table=slots", "it is not said which rows are left out"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_said(text: str, says: str) -> None:
    base = world(**PRECEPTED)
    with pytest.raises(InputError) as error:
        apply(base, [Scenario("test", (parse_change(text),))])
    assert says in str(error.value)


def test_all_kinds_were_tried() -> None:
    """A new kind needs a test here."""
    tried = re.findall(r'made\(\w+, f?"(\w+) |text = f?"(\w+) |for text in \(f?"(\w+) ', Path(__file__).read_text("utf-8"))
    assert {name for names in tried for name in names} >= set(KINDS)
