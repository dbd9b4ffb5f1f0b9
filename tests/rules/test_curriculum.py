"""What a student's placements add up to, or have in common: statements about choices made by hand, and a best schedule each."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost
from tests.verify.world import GROUP, PRECEPTED, SPLIT, program, requirement, slot, week, world

ANN: dict[str, Any] = {
    "students": [{"student": "ann", "program": "nurs"}],
    "requirements": [requirement("MS"), requirement("FM")],
    "programs": [program()],
}
#: Ann takes MS at mercy and FM at lake.
BOTH = ("ann MS ward 0", "ann FM clinic 2")
AT_MERCY = [{"unit": u, "site": "mercy", "specialties": (s,)} for u, s in (("ward", "medsurg"), ("clinic", "family"))]
#: A rotation that ann has done in the clinic, with lee.
DONE: dict[str, Any] = {
    "requirements": [*ANN["requirements"], requirement("PH", specialties=("family",))],
    "credits": [{"student": "ann", "requirement": "PH", "amount": 2, "unit": "clinic", "preceptor": "lee"}],
}
#: Ann and bob take MS as a group, and FM each by themselves.
MIXED: dict[str, Any] = {
    **ANN,
    "students": GROUP["students"],
    "groups": [{**GROUP["groups"][0], "requirements": ("MS",)}],
}


def judged(rule: str, kind: str, parameters: dict[str, Any] | None = None, /, **tables: Any) -> Instance:
    return world({rule: {"kind": kind, **(parameters or {})}}, **ANN | tables)


def best(instance: Instance, rule: str) -> tuple[int, int]:
    """Penalty of a rule in the best schedule, and how many rotations it leaves unplaced."""
    schedule = solve(instance, Settings(workers=1))
    report = verify(instance, schedule)
    assert report.ok
    return report.penalties.get(rule, 0), len(schedule.unplaced)


def test_no_repeat() -> None:
    sites: dict[str, Any] = {"things": ("site",)}
    assert cost("no_repeat", judged("no_repeat", "soft", sites, units=AT_MERCY), *BOTH) == 1
    assert broken(judged("no_repeat", "hard", sites, units=AT_MERCY), *BOTH) == {"no_repeat"}
    assert broken(judged("no_repeat", "hard", sites), *BOTH) == set()
    assert cost("no_repeat", judged("no_repeat", "soft", {"things": ("unit",)}, units=AT_MERCY), *BOTH) == 0
    # two rotations at one site: one of them stays unplaced
    assert best(judged("no_repeat", "hard", sites, units=AT_MERCY), "no_repeat") == (0, 1)


def test_no_repeat_of_what_is_credited() -> None:
    precepted = PRECEPTED | {"requirements": [r | {"supervision": "precepted"} for r in DONE["requirements"]]}
    with_lee = ("ann MS ward 0 kim", "ann FM clinic 2 lee")
    assert cost("no_repeat", judged("no_repeat", "soft", **DONE | precepted), *with_lee) == 1
    assert cost("no_repeat", judged("no_repeat", "soft", **precepted), *with_lee) == 0


def test_a_co_preceptor_is_repeated_too() -> None:
    rows = [r | {"supervision": how} for r, how in zip(ANN["requirements"], ("co-precepted", "precepted"), strict=True)]
    people = [{"preceptor": "kim", "units": ("ward",)}, {"preceptor": "lee", "units": ("ward", "clinic")}]
    instance = judged("no_repeat", "soft", requirements=rows, preceptors=people)
    assert cost("no_repeat", instance, "ann MS ward 0 kim lee", "ann FM clinic 2 lee") == 1


def test_no_repeat_counts_a_split_rotation_once() -> None:
    tables: dict[str, Any] = {"requirements": [requirement("MS", amount=4, blocks=2), requirement("FM")], "units": AT_MERCY}
    instance = judged("no_repeat", "soft", {"things": ("site", "unit")}, **tables)
    assert cost("no_repeat", instance, "ann MS ward 0", "ann MS ward 4") == 0
    assert cost("no_repeat", instance, "ann MS ward 0", "ann MS ward 4", "ann FM clinic 2") == 1  # the site, not the unit


def test_students_with_rotations_of_their_own_stand_for_their_group() -> None:
    chosen = ("A MS ward 0", "ann FM clinic 2", "bob FM clinic 2")
    instance = judged("no_repeat", "soft", {"things": ("site",)}, **MIXED | {"units": AT_MERCY})
    assert cost("no_repeat", instance, *chosen) == 2  # once for ann and once for bob
    together = judged("no_repeat", "soft", {"things": ("site",)}, **GROUP | {"units": AT_MERCY})
    assert cost("no_repeat", together, "A MS ward 0", "A FM clinic 2") == 1


def test_continuity() -> None:
    one_site: dict[str, Any] = {"programs": [program(continuity="site")]}
    assert cost("continuity", judged("continuity", "soft", **one_site), *BOTH) == 1
    assert broken(judged("continuity", "hard", **one_site), *BOTH) == {"continuity"}
    assert broken(judged("continuity", "hard", **one_site, units=AT_MERCY), *BOTH) == set()
    assert best(judged("continuity", "hard", **one_site), "continuity") == (0, 1)
    one_person: dict[str, Any] = {"programs": [program(continuity="preceptor")]}
    assert cost("continuity", judged("continuity", "soft", **one_person), *BOTH) == 0  # nobody by name


def test_continuity_of_the_parts_of_a_group() -> None:
    tables: dict[str, Any] = {**SPLIT, "programs": [program(continuity="site")]}
    instance = judged("continuity", "soft", **tables)
    # each part is at one site alone; the part that also goes with the whole group is at two
    assert cost("continuity", instance, "A part 1 MS ward 0", "A part 2 FM clinic 0") == 0
    assert cost("continuity", instance, "A MS ward 0", "A part 1 FM clinic 2") == 1


def test_breadth() -> None:
    two: dict[str, Any] = {"programs": [program(least_sites=2)], "units": AT_MERCY}
    assert cost("breadth", judged("breadth", "soft", **two), *BOTH) == 1
    assert broken(judged("breadth", "hard", **two), *BOTH) == {"breadth"}
    assert broken(judged("breadth", "hard", **two), BOTH[0]) == set()  # the rotation that is not placed may be elsewhere
    assert broken(judged("breadth", "hard", programs=two["programs"]), *BOTH) == set()
    assert best(judged("breadth", "hard", **two), "breadth") == (0, 1)
    four: dict[str, Any] = {"programs": [program(least_units=4)]}
    assert cost("breadth", judged("breadth", "soft", **four), *BOTH) == 0  # two rotations: two units are all that can be


@pytest.mark.parametrize("thing", ["specialties", "sites", "units", "settings"])
def test_breadth_with_credits(thing: str) -> None:
    # what is credited in the clinic is no other than what is placed there: two of three. Lake has no setting, neither then nor
    # now: with two rotations there could be two settings, and one is there
    sites = [{"site": "mercy", "setting": "rural"}, {"site": "lake"}]
    limit: dict[str, Any] = {f"least_{thing}": 3}
    tables = DONE | {"programs": [program(**limit)], "sites": sites}
    assert cost("breadth", judged("breadth", "soft", **tables), *BOTH) == 1


def test_setting_weeks() -> None:
    rural: dict[str, Any] = {
        "programs": [program(least_setting_weeks=(("rural", 3),))],
        "sites": [{"site": "mercy", "setting": "rural"}, {"site": "lake"}],
    }
    assert cost("setting_weeks", judged("setting_weeks", "soft", **rural), *BOTH) == 1  # two weeks of three
    assert broken(judged("setting_weeks", "hard", **rural), *BOTH) == {"setting_weeks"}
    assert broken(judged("setting_weeks", "hard", **rural), BOTH[0]) == set()  # FM is not placed
    done = DONE | {"credits": [{**DONE["credits"][0], "unit": "ward"}]}
    assert cost("setting_weeks", judged("setting_weeks", "soft", **rural | done), *BOTH) == 0  # two more are credited
    assert best(judged("setting_weeks", "hard", **rural), "setting_weeks") == (0, 1)


def test_program_hours() -> None:
    # two weeks of five days of eight hours each: 80 and 80
    hours: dict[str, Any] = {"programs": [program(least_hours=165)]}
    assert cost("program_hours", judged("program_hours", "soft", **hours), *BOTH) == 5
    assert broken(judged("program_hours", "hard", **hours), *BOTH) == {"program_hours"}
    assert broken(judged("program_hours", "hard", **hours), BOTH[0]) == set()
    exam = {"program": "nurs", "start": week(0), "end": week(0), "kind": "exam"}
    assert cost("program_hours", judged("program_hours", "soft", **hours, calendar=[exam]), *BOTH) == 13  # a day is lost
    done = DONE | {"credits": [{**DONE["credits"][0], "hours": 3}]}
    assert cost("program_hours", judged("program_hours", "soft", **hours | done), *BOTH) == 2
    assert best(judged("program_hours", "soft", **hours), "program_hours") == (5, 0)


def test_hours_begun_count_in_full() -> None:
    tables: dict[str, Any] = {
        "programs": [program(least_hours=90)],
        "shifts": [{"shift": "long", "start": "08:00", "end": "15:30"}],
        "slots": [slot("ward", weekdays=(0,), shift="long", length=1), slot("clinic")],
        "requirements": [requirement("MS", amount=1), requirement("FM")],
    }
    assert cost("program_hours", judged("program_hours", "soft", **tables), *BOTH) == 3  # 7.5 and 80 of 90


def test_simulation_share() -> None:
    quarter: dict[str, Any] = {
        "programs": [program(most_simulation_percent=25)],
        "units": [
            {"unit": "ward", "site": "mercy", "specialties": ("medsurg",), "mode": "simulation"},
            {"unit": "clinic", "site": "lake", "specialties": ("family",)},
        ],
    }
    assert cost("simulation_share", judged("simulation_share", "soft", **quarter), *BOTH) == 40  # 80 of 160, 40 are allowed
    assert cost("simulation_share", judged("simulation_share", "soft", **quarter), BOTH[0]) == 60  # 80 of 80, 20 are allowed
    assert broken(judged("simulation_share", "hard", **quarter), *BOTH) == {"simulation_share"}
    done = DONE | {"credits": [{**DONE["credits"][0], "hours": 160}]}
    assert broken(judged("simulation_share", "hard", **quarter | done), *BOTH) == set()  # 80 of 320
    simulated = DONE | {"credits": [{**DONE["credits"][0], "unit": "ward", "hours": 160}]}
    # all that is credited is too much already, and costs nothing: 60 of the new 80 do
    assert cost("simulation_share", judged("simulation_share", "soft", **quarter | simulated), BOTH[0]) == 60
    assert best(judged("simulation_share", "hard", **quarter), "simulation_share") == (0, 1)


def test_competency() -> None:
    named = [requirement("MS", competencies=("suture",)), requirement("FM", competencies=("suture", "teach"))]
    units = [u | {"competencies": listed} for u, listed in zip(AT_MERCY, (("triage",), ("teach",)), strict=True)]
    tables: dict[str, Any] = {"requirements": named, "units": units}
    assert cost("competency", judged("competency", "soft", **tables), *BOTH) == 1  # suturing, in neither
    assert broken(judged("competency", "hard", **tables), *BOTH) == {"competency"}
    assert broken(judged("competency", "hard", **tables), BOTH[0]) == set()  # FM may still be where it can be learned
    assert broken(judged("competency", "hard", requirements=named), *BOTH) == set()  # nobody lists anything
    with_lee = {"preceptors": [{**p, "competencies": ("suture",)} for p in PRECEPTED["preceptors"]]}
    precepted = [r | {"supervision": "precepted"} for r in named]
    chosen = ("ann MS ward 0 kim", "ann FM clinic 2 lee")
    assert broken(judged("competency", "hard", **tables | with_lee | {"requirements": precepted}), *chosen) == set()
    credit = {"student": "ann", "requirement": "PH", "amount": 2, "competencies": ("suture",)}
    done = {"requirements": [*named, requirement("PH")], "credits": [credit]}
    assert cost("competency", judged("competency", "soft", **tables | done), *BOTH) == 0
    assert best(judged("competency", "hard", **tables), "competency") == (0, 1)
