"""Values of one more place: exact ones are differences of optima, and luck is nobody's merit."""

from __future__ import annotations

from dataclasses import replace

from scheduler.domain import Schedule, Status
from scheduler.domain.edits import Edit, changed
from scheduler.solve import solve
from scheduler.verify import verify
from scheduler.whatif.again import Outcome, outcome
from scheduler.whatif.estimates import Estimate
from scheduler.whatif.values import _value, _without_luck, values
from tests.contract.brute import Small
from tests.whatif.planned import MOST_CHOICES, SETTINGS, best, few, nothing, stop

NOTHING = Estimate(Edit("slots", "one more place"), 0.0, 0, 0)


def test_exact_values_are_differences_of_optima() -> None:
    seen = worth = 0
    for seed, instance, schedule in few():
        least = best(instance)
        found = values(instance, schedule, SETTINGS, top=3, on_progress=nothing, stop=stop())
        assert least == found.base.cost
        for v in found.values:
            other = changed(instance, [v.estimate.edit])
            assert v.exact and v.proven == v.gain, seed
            assert verify(other, Schedule(status=Status.FEASIBLE, placements=v.found.placements)).ok
            if Small(other).size > 4 * MOST_CHOICES:
                continue
            assert v.found.cost == best(other), (seed, v.estimate.edit.sentence)
            seen += 1
            worth += any(v.gain)
    assert seen > 6 and worth > 3


def test_a_gain_that_does_not_need_the_place_belongs_to_the_base() -> None:
    _, instance, schedule = next(w for w in few() if w[2].placements)
    poor = outcome(instance, ())
    assert poor.report.ok
    good = outcome(instance, schedule.placements)
    assert good.cost < poor.cost
    assert _without_luck(instance, poor, [good]).cost == good.cost


def test_a_schedule_that_is_not_the_best_gives_the_place_no_value() -> None:
    """The values of an empty schedule are those of the best one: the base had the same effort."""
    _, instance, schedule = next(w for w in few() if w[2].placements)
    empty = schedule.model_copy(update={"placements": (), "levels": (), "status": Status.UNKNOWN})
    found = values(instance, empty, SETTINGS, top=2, on_progress=nothing, stop=stop())
    assert found.improved
    assert found.base.cost == outcome(instance, solve(instance, SETTINGS).placements).cost


def test_what_lies_inside_the_gap_is_not_proven() -> None:
    _, instance, _ = few()[0]
    base = replace(outcome(instance, ()), cost=(1000,))
    better = replace(base, cost=(900,))

    def proven(bound: int | None, found: Outcome = better) -> tuple[int, ...] | None:
        return _value(NOTHING, found, base, bound).proven

    assert proven(None) is None
    assert proven(850) is None
    assert proven(900) is None
    assert proven(960) == (60,)
    assert _value(NOTHING, better, replace(base, best=True), None).proven == (100,)
    assert not _value(NOTHING, better, base, 960).exact
    assert _value(NOTHING, replace(base, cost=(1100,)), base, 800).gain == (0,)  # what the base does is possible, too
