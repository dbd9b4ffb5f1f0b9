"""Suggestions: nothing that fits is missing, each is verified, and what it is said to cost is exact."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.errors import InputError
from scheduler.io import instance_problems
from scheduler.offers.days import IntArray
from scheduler.repair.newcomer import with_newcomer
from scheduler.repair.suggest import Suggester, Suggestion
from scheduler.rules.demand import meeting
from scheduler.solve import Settings, solve
from scheduler.solve.given import options_of
from scheduler.solve.result import placement, placements
from scheduler.standing.ground import Ground, Missing
from scheduler.verify import Report, verify
from tests.contract.brute import Small, arrays
from tests.contract.worlds import world as any_world
from tests.verify.world import slot, week, world

ONE_WORKER = Settings(workers=1, time_limit_s=20)
#: So many worlds are looked at, and of each so many schedules, most of which leave something out.
WORLDS, SCHEDULES, TRIES = 60, 1, 12
MOST = 3
#: Of families with more choices than these, not all are tried.
MOST_CHOICES = 400


class Case:
    """A tiny world with a valid schedule of it, in the brute force's book and in a suggester."""

    def __init__(self, small: Small, rows: tuple[Placement, ...]) -> None:
        self.small = small
        self.schedule = Schedule(status=Status.FEASIBLE, placements=rows)
        self.chosen = options_of(small.book, small.families, self.schedule)
        self.report = verify(small.instance, self.schedule)
        self.suggester = Suggester(small.instance, self.schedule, most=MOST)
        #: Where a rotation is asked twice, the verifier assumes the best of which placement is which.
        self.repeats = any(demand.copy for demand in small.book.facts.demands)

    def cost(self, f: int, picked: list[int]) -> tuple[int, ...] | None:
        """What the schedule costs with other options of one family; None where it is not valid."""
        chosen = [tuple(int(o) for o in now) for now in self.chosen]
        chosen[f] = tuple(sorted(picked))
        return self.small.cost(chosen)

    def now(self, f: int) -> tuple[int, ...]:
        cost = self.cost(f, self.chosen[f].tolist())
        assert cost is not None
        return cost

    def lacks(self, f: int, picked: tuple[int, ...]) -> bool:
        """Whether a family lacks anything if it has other options."""
        chosen = [arrays([picked])[0] if g == f else now for g, now in enumerate(self.chosen)]
        rows = placements(self.small.book, self.small.families, chosen)
        left = verify(self.small.instance, Schedule(status=Status.FEASIBLE, placements=rows)).unplaced
        facts = self.small.book.facts
        parties = [facts.parties[p] for p in facts.families[f].parties]
        return any((u.student, u.group, u.part) in {(p.student, p.group, p.part) for p in parties} for u in left)

    def fits(self, missing: Missing, without: IntArray | None = None) -> dict[tuple[Any, ...], tuple[int, ...]]:
        """All placements that would meet what is missing and fit, with what each costs more, by trying every option."""
        f, facts = missing.family, self.small.book.facts
        options, now = self.small.families[f].options, self.chosen[f].tolist()
        found: dict[tuple[Any, ...], tuple[int, ...]] = {}
        for demand in missing.demands:
            for o in meeting(facts, options, facts.demands[demand.index]).nonzero()[0].tolist():
                cost = None if o in now else self.cost(f, [*now, o])
                if cost is not None:
                    more = tuple(b - a for a, b in zip(self.now(f), cost, strict=True))
                    row = told(placement(self.small.book, self.small.families[f], o))
                    found[row] = min(found.get(row, more), more)
        return found


def told(row: Placement) -> tuple[Any, ...]:
    return tuple(row.model_dump().values())


@cache
def cases() -> list[Case]:
    """Valid schedules of random worlds, drawn without a solver."""
    found = []
    for seed in range(WORLDS):
        instance = any_world(seed)
        if any(p.severity == "error" for p in instance_problems(instance)):
            continue
        small = Small(instance)
        valid = [chosen for chosen in small.sample(random.Random(seed), TRIES) if small.cost(chosen) is not None]
        for chosen in valid[:SCHEDULES]:
            rows = placements(small.book, small.families, arrays(chosen))
            if verify(instance, Schedule(status=Status.FEASIBLE, placements=rows)).ok:
                found.append(Case(small, rows))
    return found


def lacking() -> Iterator[tuple[Case, Missing]]:
    for case in cases():
        for missing in case.suggester.missing():
            yield case, missing


def check(case: Case, suggestion: Suggestion) -> Report:
    """It is valid, nobody loses anything, and the cost that is stated is the difference of the verifier's objectives."""
    after = verify(case.small.instance, Schedule(status=Status.FEASIBLE, placements=suggestion.placements))
    assert after.ok
    assert sum(suggestion.cost) == after.objective - case.report.objective == sum(suggestion.rules.values())
    lacks = {(u.student, u.group, u.part, u.requirement): u.missing for u in case.report.unplaced}
    for u in after.unplaced:
        assert u.missing <= lacks.get((u.student, u.group, u.part, u.requirement), 0)
    kept = [told(p) for p in suggestion.placements if p not in (*suggestion.gets, *suggestion.others_after)]
    gone = [told(p) for p in (*suggestion.gives_up, *suggestion.others_before)]
    assert sorted(map(repr, [*kept, *gone])) == sorted(map(repr, map(told, case.schedule.placements)))
    return after


def test_nothing_that_fits_is_missing_and_costs_are_exact() -> None:
    seen = fitting = 0
    for case, missing in lacking():
        family = case.suggester.ground.family(missing.family)
        fits = case.suggester.fitting(missing)
        rows = {told(placement(case.suggester.ground.book, family, fit.option)): fit.cost for fit in fits}
        assert rows == case.fits(missing)
        assert [fit.cost for fit in fits] == sorted(fit.cost for fit in fits)
        seen, fitting = seen + 1, fitting + len(fits)
    assert seen > WORLDS / 3
    assert fitting > WORLDS / 3


def test_every_suggestion_is_verified_and_costs_what_it_says() -> None:
    staying = moving = 0
    for case, missing in lacking():
        found = case.suggester.for_missing(missing, move=True)
        assert len(found.staying) == min(found.fits, MOST) or case.repeats
        for one in found.staying:
            check(case, one)
            assert len(one.gets) == 1
            assert not (one.gives_up or one.others_before or one.others_after)
        costs = [one.cost for one in found.staying]
        assert costs == sorted(costs) or case.repeats
        for one in found.moving or ():
            after = check(case, one)
            row = missing.row
            assert (row.student, row.group, row.part, row.requirement) not in {
                (u.student, u.group, u.part, u.requirement) for u in after.unplaced
            }
        staying, moving = staying + len(found.staying), moving + len(found.moving or ())
    assert staying > WORLDS / 3
    assert moving > 5


def test_another_place_instead_costs_what_it_says() -> None:
    seen = 0
    for case in cases():
        for party in {p.student or p.group for p in case.schedule.placements}:
            for places in case.suggester.instead(party):
                for one in places.staying:
                    check(case, one)
                    assert one.gives_up == (places.now,)
                    assert len(one.gets) == 1
                    seen += 1
    assert seen > WORLDS / 3


def test_all_together_is_the_best_of_all_choices() -> None:
    """Where all that somebody lacks fits beside what it has, brute force over all its choices finds nothing cheaper."""
    seen = 0
    for case in cases():
        for f in {m.family for m in case.suggester.missing()}:
            missing = [m for m in case.suggester.missing() if m.family == f]
            if case.repeats or math.prod(map(len, case.small.picks(f))) > MOST_CHOICES:
                continue
            found = case.suggester.together(missing)
            if found is not None:
                check(case, found)
            now = set(case.chosen[f].tolist())
            more = [picked for picked in case.small.of_family(f) if now < set(picked)]
            costs = sorted((cost, picked) for picked in more if (cost := case.cost(f, [*picked])))
            best = next((cost for cost, picked in costs if not case.lacks(f, picked)), None)
            if best is not None:
                assert found is not None
                assert not found.missing
                assert not found.gives_up
                assert found.cost == tuple(b - a for a, b in zip(case.now(f), best, strict=True))
                seen += 1
    assert seen > 5


def test_what_others_lose_is_what_no_longer_fits() -> None:
    seen = 0
    for case, missing in lacking():
        for one in case.suggester.for_missing(missing, move=False).staying:
            after = Case(case.small, one.placements)
            others = [x for x in one.lost if x.missing.family != missing.family]
            lost = {(x.missing.who, x.missing.row.requirement): (x.places, x.of) for x in others}
            expected = {}
            for other in case.suggester.missing():
                if other.family != missing.family:
                    before, left = case.fits(other), after.fits(other)
                    if gone := sum(row not in left for row in before):
                        expected[other.who, other.row.requirement] = gone, len(before)
            if not case.repeats:
                assert lost == expected
                seen += len(lost)
    assert seen


def test_what_stands_is_the_same_with_the_options_of_placements_alone() -> None:
    """A schedule costs the same whether all options of everybody are gathered or only those that are chosen."""
    for case in cases():
        ground = Ground(case.small.instance, case.schedule)
        lean = ground.standing.cost
        assert lean == (0, *case.now(0))
        assert [now.tolist() for now in ground.chosen] == [now.tolist() for now in case.chosen]
        assert ground.standing.cost == lean


# -- by hand --------------------------------------------------------------------------------------------------------------


def full_ward(**tables: Any) -> Instance:
    """One start in the ward, for two students; the clinic has room."""
    return world(slots=[slot("ward", last_start=None, most_students=2), slot("clinic")], **tables)


def test_a_student_who_came_after_the_schedule_was_made_gets_places() -> None:
    before = world()
    found = Suggester(with_newcomer(before, "late", "ann"), solve(before, ONE_WORKER))
    missing = found.missing("late")
    assert {m.row.requirement for m in missing} == {"FM", "MS"}
    for one in missing:
        places = found.for_missing(one)
        assert places.fits == 11
        assert places.staying[0].rules["requirement"] == -1000
    together = found.together(missing)
    assert together is not None
    assert {p.requirement for p in together.gets} == {"FM", "MS"}
    assert not together.missing


def test_a_newcomer_has_the_papers_of_the_one_it_is_like_but_not_the_wishes() -> None:
    tables = {
        "clearances": [{"student": "ann", "item": "flu"}],
        "availability": [{"who_kind": "student", "who": "ann", "start": week(0), "end": week(1)}],
        "preferences": [{"who_kind": "student", "who": "ann", "what": "site", "value": "lake", "rank": 1}],
        "pins": [{"student": "ann", "requirement": "MS", "slot": "ward"}],
    }
    new = with_newcomer(world(**tables), "late", "ann")
    assert new.student_by_id["late"].program == "nurs"
    assert [row.item for row in new.clearances if row.student == "late"] == ["flu"]
    assert [row.start for row in new.availability if row.who == "late"] == [week(0)]
    assert len(new.preferences) == len(new.pins) == 1


def test_the_last_place_is_called_so_and_what_it_uses_up() -> None:
    instance = full_ward()
    ann = solve(full_ward(students=[{"student": "ann", "program": "nurs"}]), ONE_WORKER).placements
    found = Suggester(instance, Schedule(status=Status.FEASIBLE, placements=ann))
    best = found.for_missing(found.missing("bob", "MS")[0]).staying[0]
    assert "takes the last of 2 places in slot ward" in best.effects[0].sentences
    assert [(x.missing.who, x.places, x.of) for x in best.lost] == [("cyd", 1, 1)]


def test_a_slot_that_has_enough_again_is_told() -> None:
    """Ann is alone in a slot for at least two: the schedule is not valid, and bob would mend it."""
    instance = world(slots=[slot("ward", last_start=None, least_students=2), slot("clinic")])
    rows = solve(instance, ONE_WORKER).placements
    alone = tuple(p for p in rows if p.requirement != "MS" or p.student == "ann")
    found = Suggester(instance, Schedule(status=Status.FEASIBLE, placements=alone))
    assert not found.report.ok
    best = found.for_missing(found.missing("bob", "MS")[0]).staying[0]
    assert "slot ward has enough to run: the least of 2 is reached" in best.effects[0].sentences


def test_what_was_declined_is_not_suggested_again() -> None:
    instance = world(slots=[slot("ward", last_start=week(6)), slot("clinic")])
    rows = solve(instance, ONE_WORKER).placements
    ann = next(p for p in rows if (p.student, p.requirement) == ("ann", "MS"))
    now = tuple(p.model_copy(update={"status": "declined"}) if p == ann else p for p in rows)
    found = Suggester(instance, Schedule(status=Status.FEASIBLE, placements=now))
    missing = found.missing("ann")[0]
    assert missing.row.requirement == "MS"
    places = found.for_missing(missing)
    assert places.fits
    assert all(one.gets[0].start != ann.start for one in places.staying)


def test_who_moves_are_as_few_as_possible() -> None:
    """Bob can only be in the ward in its first weeks, where ann is, who has all term."""
    late = {"who_kind": "student", "who": "bob", "start": week(2), "end": week(11, 6)}
    instance = world(slots=[slot("ward", most_students=1), slot("clinic")], availability=[late], students=world().students[:2])
    ann = solve(instance.model_copy(update={"students": instance.students[:1], "availability": ()}), ONE_WORKER)
    first = [p for p in ann.placements if p.requirement == "MS"]
    assert first[0].start == week(0)
    found = Suggester(instance, Schedule(status=Status.FEASIBLE, placements=tuple(first)))
    places = found.for_missing(found.missing("bob", "MS")[0])
    assert not places.fits
    assert places.moving
    assert [p.who for p in places.moving[0].others_before] == ["ann"]
    assert [p.requirement for p in places.moving[0].gets] == ["MS"]


def test_a_placement_that_is_not_to_be_had_is_refused() -> None:
    row = next(p for p in solve(full_ward(), ONE_WORKER).placements if p.requirement == "MS")
    other = row.model_copy(update={"start": week(4), "end": week(5, 4)})
    with pytest.raises(InputError):
        Suggester(full_ward(), Schedule(status=Status.FEASIBLE, placements=(other,)))
