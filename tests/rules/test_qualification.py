"""Rules about which preceptors will do, and how many students, units and preceptors there are to one another."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost, offered
from tests.verify.world import GROUP, SPLIT, program, requirement, slot, week, world

KIM: dict[str, Any] = {"preceptor": "kim", "units": ("ward",), "most_at_once": 9, "licence": "np", "supervises": ("rn", "md")}
LEE: dict[str, Any] = KIM | {"preceptor": "lee", "licence": "pa"}
MAX: dict[str, Any] = KIM | {"preceptor": "max", "licence": None}
ANN: list[dict[str, Any]] = [{"student": "ann", "program": "nurs"}]
NURSES: list[dict[str, Any]] = [*ANN, {"student": "bob", "program": "nurs"}]


def precepted(*people: dict[str, Any], rules: dict[str, Any] | None = None, ms: Any = None, **tables: Any) -> Any:
    """Ann takes MS, 2 weeks or as `ms` says, with somebody on the ward."""
    rows = {
        "students": ANN,
        "requirements": [requirement("MS", supervision="precepted", **(ms or {}))],
        "preceptors": list(people),
        "slots": [slot("ward", last_start=None)],
    }
    return world(rules, **(rows | tables))


def test_licence() -> None:
    everybody = {f"ann MS ward 0 {who}" for who in ("kim", "lee", "max")}
    assert offered(precepted(KIM, LEE, MAX)) == everybody
    np_or_md = {"licences": ("np", "md")}
    assert offered(precepted(KIM, LEE, MAX, ms=np_or_md)) == {"ann MS ward 0 kim"}  # a licence that is not known does not do
    soft = precepted(KIM, LEE, MAX, ms=np_or_md, rules={"licence": {"kind": "soft"}})
    assert [cost("licence", soft, f"ann MS ward 0 {who}") for who in ("kim", "lee", "max")] == [0, 1, 1]


@pytest.mark.parametrize(("own", "left"), [(None, "lm"), (0, "klm"), (2, "m"), (3, "m")])
def test_experience(own: int | None, left: str) -> None:
    people = [KIM | {"experience_years": 0}, LEE | {"experience_years": 1}, MAX]  # of max nothing is known
    rows = {"least_experience_years": own} if own is not None else {}
    assert {name.split()[-1][0] for name in offered(precepted(*people, ms=rows))} == set(left)
    soft = precepted(*people, ms=rows, rules={"experience": {"kind": "soft"}})
    assert cost("experience", soft, "ann MS ward 0 kim") == int("k" not in left)


def test_experience_can_be_asked_of_everybody() -> None:
    people = [KIM | {"experience_years": 2}, LEE | {"experience_years": 3}]
    assert offered(precepted(*people, rules={"experience": {"years": 3}})) == {"ann MS ward 0 lee"}


def with_hours(kind: str, hours: int, **tables: Any) -> Any:
    """MS in up to two placements of one week of 40 hours."""
    halves = {"blocks": 2}
    programs = [program(licence_hours=(("np", hours),)), program("med")]
    rows = {"programs": programs, "slots": [slot("ward", length=1)]}
    return precepted(
        KIM, LEE, ms=halves, rules={"licence_hours": {"kind": kind}, "one_preceptor": {"kind": "off"}}, **(rows | tables)
    )


def test_licence_hours() -> None:
    one_of_two = ("ann MS ward 0 kim", "ann MS ward 1 lee")
    assert broken(with_hours("hard", 41), *one_of_two) == {"licence_hours"}
    assert cost("licence_hours", with_hours("soft", 55), *one_of_two) == 15
    assert broken(with_hours("hard", 40), *one_of_two) == set()
    # as long as something is missing nothing is asked
    assert broken(with_hours("hard", 41), "ann MS ward 1 lee") == set()
    assert broken(with_hours("hard", 41)) == set()
    assert cost("licence_hours", with_hours("soft", 41), "ann MS ward 1 lee") == 0


def test_hours_credited_with_a_licence_count() -> None:
    one_of_two = ("ann MS ward 0 kim", "ann MS ward 1 lee")
    elsewhere = requirement("FM", amount=8)
    credits = [{"student": "ann", "requirement": "FM", "amount": 8, "preceptor": "kim"}]  # 8 weeks of 40 hours
    ms = requirement("MS", supervision="precepted", blocks=2)
    for hours, missing in ((360, 0), (365, 5)):
        instance = with_hours("soft", hours, requirements=[ms, elsewhere], credits=credits)
        assert cost("licence_hours", instance, *one_of_two) == missing


def test_hours_with_a_licence_are_found() -> None:
    # both weeks have to be with kim; bob may go to lee
    programs = [program(licence_hours=(("np", 80),)), program("med")]
    instance = with_hours("hard", 80, programs=programs)
    schedule = solve(instance, Settings(workers=1))
    assert {p.preceptor for p in schedule.placements} == {"kim"}
    assert not schedule.unplaced
    assert verify(instance, schedule).ok


def test_hours_of_a_group_whose_students_have_more_of_their_own() -> None:
    # the group takes MS with faculty, ann and bob their FM with kim: nothing is asked of the group without its students
    programs = [program(licence_hours=(("np", 80),)), program("med")]
    kim = KIM | {"units": ("clinic",)}
    groups = [{**GROUP["groups"][0], "requirements": ("MS",)}]
    rotations = [requirement("MS", supervision="faculty"), requirement("FM", supervision="precepted")]
    tables = GROUP | {"groups": groups, "requirements": rotations, "preceptors": [kim], "programs": programs}
    instance = world(**tables)
    assert broken(instance, "A MS ward 0") == set()
    assert broken(instance, "A MS ward 0", "ann FM clinic 2 kim", "bob FM clinic 2 kim") == set()
    more = world(**(tables | {"programs": [program(licence_hours=(("np", 81),)), program("med")]}))
    assert broken(more, "A MS ward 0", "ann FM clinic 2 kim") == {"licence_hours"}


def test_most_preceptors() -> None:
    thirds = {"amount": 3, "blocks": 3, "most_preceptors": 2}
    off = {"one_preceptor": {"kind": "off"}}
    instance = precepted(KIM, LEE, MAX, ms=thirds, rules=off, slots=[slot("ward", length=1)])
    assert broken(instance, "ann MS ward 0 kim", "ann MS ward 1 lee", "ann MS ward 2 max") == {"most_preceptors"}
    assert broken(instance, "ann MS ward 0 kim", "ann MS ward 1 lee", "ann MS ward 2 kim") == set()


def test_preceptor_units() -> None:
    units = [{"unit": u, "site": "mercy", "specialties": ("medsurg",)} for u in ("ward", "icu")]
    both = {"units": units, "slots": [slot("ward"), slot("icu")], "students": NURSES}
    kim = KIM | {"units": ("ward", "icu"), "most_units": 1}
    hard, soft = (precepted(kim, rules={"preceptor_units": {"kind": k}}, **both) for k in ("hard", "soft"))
    assert broken(hard, "ann MS ward 0 kim", "bob MS icu 4 kim") == {"preceptor_units"}
    assert broken(hard, "ann MS ward 0 kim", "bob MS ward 4 kim") == set()
    assert cost("preceptor_units", soft, "ann MS ward 0 kim", "bob MS icu 4 kim") == 1


def test_preceptor_ratio() -> None:
    students = [*NURSES, {"student": "cyd", "program": "med"}]
    rotations = [requirement("MS", p, supervision="precepted") for p in ("nurs", "med")]
    tables: dict[str, Any] = {"students": students, "requirements": rotations, "slots": [slot("ward")]}
    hard, soft = (
        precepted(KIM, rules={"preceptor_ratio": {"kind": k, "ratios": ("rn:1", "md:1")}}, **tables) for k in ("hard", "soft")
    )
    assert broken(hard, "ann MS ward 0 kim", "bob MS ward 1 kim") == {"preceptor_ratio"}
    assert broken(hard, "ann MS ward 0 kim", "cyd MS ward 0 kim", "bob MS ward 2 kim") == set()
    assert cost("preceptor_ratio", soft, "ann MS ward 0 kim", "bob MS ward 0 kim") == 2  # one too many in each of two weeks
    assert broken(precepted(KIM, **tables), "ann MS ward 0 kim", "bob MS ward 0 kim") == set()  # no ratio is the default


def test_group_ratio() -> None:
    rotations = [requirement("MS", supervision="faculty"), requirement("FM")]
    slots = [slot("ward", last_start=None), slot("clinic", first_start=week(2), last_start=None)]

    def led(most: int, group: Any, kind: str = "hard") -> Any:
        programs = [program(most_per_faculty=most), program("med")]
        return world({"group_ratio": {"kind": kind}}, programs=programs, requirements=rotations, slots=slots, **group)

    assert offered(led(4, GROUP)) == {"A MS ward 0", "A FM clinic 2"}
    assert offered(led(3, GROUP)) == {"A FM clinic 2"}  # which faculty does not lead
    in_ms = {name for name in offered(led(2, SPLIT)) if " MS " in name}
    assert in_ms == {"A part 1 MS ward 0", "A part 2 MS ward 0"}  # which have two students each
    assert cost("group_ratio", led(3, GROUP, "soft"), "A MS ward 0") == 1
    split = solve(led(3, SPLIT), Settings(workers=1))
    assert {p.part for p in split.placements if p.requirement == "MS"} == {1, 2}
    assert not split.unplaced
