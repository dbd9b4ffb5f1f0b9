"""What is called proved is so: the true difference of optima lies where it is said to lie."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.scenario import Scenario, apply, parse_change
from scheduler.solve import Settings
from scheduler.whatif.alternatives import Alternative, Outcome, against, solved
from scheduler.whatif.proof import Difference, Span, difference
from tests.contract.test_properties import best, no_worse
from tests.contract.worlds import world

few = settings(max_examples=20, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    ("before", "after", "verdict", "least", "most"),
    [
        ([(100, 100)], [(100, 100)], "equal", 0, 0),
        ([(90, 100)], [(90, 100)], "not proven", -10, 10),
        ([(90, 100)], [(80, 89)], "better", -20, -1),
        ([(90, 100)], [(80, 90)], "not proven", -20, 0),  # the best before may cost 90, too
        ([(90, 100)], [(101, 120)], "worse", 1, 30),
        ([(90, 100)], [(100, 120)], "not proven", 0, 30),
        ([(None, 100)], [(10, 10)], "not proven", -90, None),
        ([(None, 100)], [(110, 120)], "worse", 10, None),
        ([(90, 100)], [(None, 80)], "better", None, -10),
        ([(-50, -40)], [(-70, -60)], "better", -30, -10),
        ([(5, 5), (1, 9)], [(5, 5), (10, 12)], "worse", 1, 11),
        ([(5, 5), (1, 9)], [(4, 5), (100, 100)], "not proven", -1, 0),  # the first level is not known: the second says nothing
        ([(5, 5), (1, 9)], [(4, 4), (100, 100)], "better", -1, -1),
        ([(5, 5)], [(5, 5), (3, 3)], "worse", 3, 3),
    ],
)
def test_verdicts(
    before: list[tuple[int | None, int]],
    after: list[tuple[int | None, int]],
    verdict: str,
    least: int | None,
    most: int | None,
) -> None:
    was, now = ([Span(k, *pair) for k, pair in enumerate(some, start=1)] for some in (before, after))
    found = difference(was, now)
    assert (found.verdict, found.least, found.most) == (verdict, least, most)
    assert difference(was, now, same_policy=False).verdict == "not comparable"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Difference("better", -20, -1), "better (proved): by 1 to 20 points"),
        (Difference("worse", 7, 7), "worse (proved): by 7 points"),
        (Difference("worse", 10, None), "worse (proved): by 10 points or more"),
        (Difference("better", None, -1), "better (proved): by 1 point or more"),
        (Difference("not proven", -1, 1), "no proven difference"),
    ],
)
def test_sentences(found: Difference, sentence: str) -> None:
    assert found.sentence == sentence


@few
@given(st.integers(0, 1 << 30))
def test_what_is_claimed_holds_for_the_optima(seed: int) -> None:
    """Solved with a coarse gap, from each other's schedule; the true optima are proven apart from that."""
    instance = world(seed)
    slots = sorted(slot.slot for slot in instance.slots)
    text = (
        f"close slot={slots[seed % len(slots)]}" if seed % 2 and len(slots) > 1 else f"places slot={slots[0]} more={seed % 5 - 2}"
    )
    changed = apply(instance, [Scenario("test", (parse_change(text),))]).instance
    coarse = Settings(workers=1, time_limit_s=60, gap=0.3)
    base: Outcome = solved(Alternative("base", instance), None, coarse)
    other = against(base, solved(Alternative("other", changed), base.schedule, coarse))
    was, now = best(instance), best(changed)
    for outcome, optimum in ((base, was), (other, now)):
        assert outcome.solved == (optimum is not None)
    if was is None or now is None or other.difference is None:
        return
    found = other.difference
    if found.verdict == "better":
        assert now < was
    elif found.verdict == "worse":
        assert now > was
    elif found.verdict == "equal":
        assert now == was
    if len(was) == len(now) == 1:
        change = now[0] - was[0]
        assert found.least is None or found.least <= change
        assert found.most is None or change <= found.most


@few
@given(st.integers(0, 1 << 30))
def test_more_places_never_make_the_optimum_worse(seed: int) -> None:
    instance = world(seed)
    kind, names = ("slot", [s.slot for s in instance.slots]) if seed % 2 else ("unit", [s.unit for s in instance.slots])
    change = parse_change(f"places {kind}={names[seed % len(names)]} more={1 + seed % 3}")
    more = apply(instance, [Scenario("more", (change,))]).instance
    assert no_worse(best(more), best(instance))
