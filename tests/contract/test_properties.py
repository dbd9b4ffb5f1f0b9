"""What must not change the optimum, and what must not make it worse."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.domain import TABLES, Instance, Policy
from scheduler.solve import Settings, solve
from tests.contract.brute import Small
from tests.contract.worlds import FIRST_MONDAY, world

SEEDS = st.integers(0, 1 << 30)
few = settings(max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
#: Enough to prove every optimum here; small enough to notice if that were not so.
PROVE = Settings(workers=1, time_limit_s=60)
Best = tuple[int, ...] | None


def best(instance: Instance, how: Settings = PROVE) -> Best:
    """The optimum, level by level; None where there is no schedule."""
    schedule = solve(instance, how)
    assert schedule.status.value in ("OPTIMAL", "INFEASIBLE")
    return tuple(level.objective for level in schedule.levels) if schedule.placements or schedule.levels else None


def changed(instance: Instance, **tables: Any) -> Instance:
    """The instance with other rows in some tables."""
    data = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_validate(data | tables)


def no_worse(after: Best, before: Best) -> bool:
    """Whether an optimum is at least as good as another one."""
    return before is None or (after is not None and after <= before)


@few
@given(SEEDS)
def test_more_places_are_never_worse(seed: int) -> None:
    instance = world(seed)
    # guaranteed places follow from the size of a slot, and a school's `most` does not grow with it: leave these out
    before = changed(instance, reservations=())
    rng = random.Random(seed)
    slots, people, capacity = list(before.slots), list(before.preceptors), list(before.capacity)
    k = rng.randrange(len(slots))
    slots[k] = slots[k].model_copy(update={"most_students": slots[k].most_students + 1})
    if people:
        people[0] = people[0].model_copy(update={"most_at_once": people[0].most_at_once + 1})
    if capacity and capacity[0].most_students is not None:
        capacity[0] = capacity[0].model_copy(update={"most_students": capacity[0].most_students + 1})
    assert no_worse(best(changed(before, slots=slots, preceptors=people, capacity=capacity)), best(before))


@few
@given(SEEDS)
def test_another_slot_without_demands_of_its_own_is_never_worse(seed: int) -> None:
    instance = world(seed)
    plain = {"slot": "extra", "unit": "u1", "specialty": "x", "first_start": FIRST_MONDAY, "most_students": 9}
    assert no_worse(best(changed(instance, slots=(*instance.slots, plain))), best(instance))


@few
@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    instance = world(seed)
    # whose requirement comes first decides which specialty a slot with several counts as; everything else is a set
    rng = random.Random(seed)
    tables = {t: rng.sample(instance.rows(t), len(instance.rows(t))) for t in TABLES if t not in ("preferences", "units")}
    assert best(changed(instance, **tables)) == best(instance)


@few
@given(SEEDS)
def test_names_do_not_matter(seed: int) -> None:
    # a lottery draws by name
    no_lottery = Policy.model_validate({"rules": {"priority": {"order": ("tier", "student", "scholarship", "employer")}}})
    instance = world(seed)
    instance = changed(instance, policy=instance.policy.merged(no_lottery))
    new = {"s1": "z9", "s2": "a0", "g0": "m5", "k1": "q7", "k2": "b3", "u1": "w8", "u2": "c4"}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(v) for key, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [renamed(v) for v in value]
        return ";".join(new.get(part, part) for part in value.split(";")) if isinstance(value, str) else value

    tables = {t: [renamed(row.model_dump(exclude_unset=True)) for row in instance.rows(t)] for t in TABLES}
    assert best(changed(instance, **tables)) == best(instance)


@settings(few, max_examples=15)
@given(SEEDS)
def test_two_workers_find_the_same_optimum_as_one(seed: int) -> None:
    instance = world(seed)
    assume(Small(instance).size > 1)
    assert best(instance, Settings(workers=2, time_limit_s=60)) == best(instance)


@settings(few, max_examples=15)
@given(SEEDS)
def test_the_same_seed_gives_the_same_schedule(seed: int) -> None:
    how = Settings(deterministic=True, seed=seed % 97, time_limit_s=20)
    one, two = (solve(world(seed), how).model_dump_json() for _ in range(2))
    assert one == two
