"""The ends of what a solve is asked: nobody to place, nothing offered, hours in many blocks, no time at all, several levels."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from scheduler.domain import Status
from scheduler.errors import InputError
from scheduler.model.book import Book, compile_book
from scheduler.offers.facts import Facts
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Family, Party
from scheduler.rules import RULE_CLASSES
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Cost, Rows, Terms, Unary, at_most
from scheduler.solve import Settings, solve
from scheduler.solve.construct import construct
from scheduler.verify import verify
from tests.verify.world import requirement, slot, world

SHORT = Settings(workers=1, time_limit_s=20)


@pytest.mark.parametrize("missing", ["students", "slots", "requirements", "units"])
def test_an_empty_table_still_solves(missing: str) -> None:
    tables: dict[str, list[object]] = {missing: []} if missing != "units" else {"units": [], "slots": []}
    schedule = solve(world(**tables), SHORT)
    assert schedule.status is Status.OPTIMAL
    assert schedule.placements == ()


def test_a_rotation_in_hours_is_placed_only_when_all_hours_are() -> None:
    # 240 hours at 40 a week take six weeks in six blocks; one week alone places nothing in full
    tables = {
        "requirements": [requirement("MS", amount=240, amount_unit="hours", blocks=6, weeks_min=1)],
        "students": [{"student": "ann", "program": "nurs"}],
        "slots": [slot("ward", length=1)],
    }
    instance = world(**tables)
    assert solve(instance, SHORT).unplaced == ()
    stop = threading.Event()
    stop.set()
    stopped = solve(instance, SHORT, stop=stop)
    assert stopped.more is None or stopped.more >= len(stopped.unplaced)


def test_the_first_schedule_places_also_where_a_rule_measures_load() -> None:
    # a precepted rotation for which the balance of load has a variable: nothing stands in its way
    tables = {
        "requirements": [requirement("MS", supervision="precepted")],
        "students": [{"student": "ann", "program": "nurs"}],
        "preceptors": [{"preceptor": "kim", "units": ("ward",)}],
    }
    book = compile_book(world(**tables))
    chosen = construct(book, list(book.families()))
    assert [len(picked) for picked in chosen] == [1]


def test_more_counts_what_another_schedule_could_place() -> None:
    # one place, two students: one is left out, and no schedule places both
    tables = {
        "requirements": [requirement("MS")],
        "students": [{"student": "ann", "program": "nurs"}, {"student": "bob", "program": "nurs"}],
        "slots": [slot("ward", most_students=1, last_start=None)],
    }
    schedule = solve(world(**tables), SHORT)
    assert (len(schedule.unplaced), schedule.more) == (1, 0)


def test_more_is_an_upper_limit_when_placing_is_not_worth_it() -> None:
    # a rotation costs nothing to leave out, and each placement costs a point: nothing is placed, though all three could be
    tables = {
        "requirements": [requirement("MS", program=p) for p in ("nurs", "med")],
        "preferences": [{"who_kind": "school", "who": s, "what": "unit", "value": "ward", "score": -1} for s in ("maple", "oak")],
    }
    schedule = solve(world({"requirement": {"weight": 0}}, **tables), SHORT)
    assert (len(schedule.placements), schedule.more) == (0, 3)


def test_no_time_and_a_stop_before_the_start_end_at_once_with_what_there_is() -> None:
    stop = threading.Event()
    stop.set()
    instance = world()
    for settings, event in ((Settings(workers=1, time_limit_s=0), None), (SHORT, stop)):
        schedule = solve(instance, settings, stop=event)
        assert schedule.status in (Status.FEASIBLE, Status.OPTIMAL)
        assert verify(instance, schedule).ok


def test_several_levels_have_bounds_of_their_own_and_none_of_the_whole() -> None:
    schedule = solve(world({"requirement": {"level": 1}, "preference": {"level": 2}, "waiting": {"level": 2}}), SHORT)
    assert schedule.bound is None
    assert schedule.gap is None
    assert [level.objective for level in schedule.levels] == [level.bound for level in schedule.levels]


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"workers": -1}, {"time_limit_s": -1.0}, {"gap": -0.1}])
def test_settings_that_nobody_could_follow_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="must not be negative"):
        Settings(**wrong)  # type: ignore[arg-type]  # wrong on purpose


class _PricedAlthoughHard(Rule):
    id = "conflict"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        yield Cost(np.ones(len(options), dtype=np.int64))


class _CountsInFamily(Rule):
    id = "conflict"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        yield at_most([1], Terms.of([0], [0]), count="students")


@pytest.mark.parametrize("rule", [_PricedAlthoughHard, _CountsInFamily])
def test_what_the_contract_cannot_keep_is_refused_by_name(rule: type[Rule]) -> None:
    facts = Facts(world())
    settings = {name: facts.setting(name) for name in RULE_CLASSES if name != "conflict"}
    others = tuple(RULE_CLASSES[name](facts, setting) for name, setting in settings.items() if setting.kind != "off")
    with pytest.raises(ValueError, match="rule conflict"):
        list(Book(facts, (*others, rule(facts, facts.setting("conflict"))), {}).families())
