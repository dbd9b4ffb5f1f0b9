"""Nobody is moved for nothing, and nothing is lost by putting people back."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.compare import compare
from scheduler.domain import Status
from scheduler.model import compile_book
from scheduler.solve import Settings, solve, solve_book
from scheduler.verify import verify
from scheduler.whatif.calm import calmed
from tests.contract.worlds import world
from tests.verify.world import requirement, slot
from tests.verify.world import world as small

few = settings(max_examples=20, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@few
@given(st.integers(0, 1 << 30))
def test_a_calmed_schedule_costs_no_more_and_moves_no_more(seed: int) -> None:
    """Two optimal schedules of one world by other seeds: next to the first, the second becomes the first."""
    instance = world(seed)
    book = compile_book(instance)
    before, after = (solve_book(book, Settings(workers=1, time_limit_s=60, seed=k, strategy="direct")) for k in (1, 2))
    assume(before.status is Status.OPTIMAL)
    found = calmed(book, after, before)
    report = verify(instance, found)
    assert report.ok
    assert (found.objective, found.bound, found.status) == (after.objective, after.bound, after.status)
    assert report.objective == found.objective
    assert compare(before, found).changes == 0


def test_whoever_took_a_place_for_nothing_gives_it_back() -> None:
    """Ann and bob have each other's weeks: either alone would be in the way, both together are not."""
    rows = [requirement("MS", program) for program in ("nurs", "med")]
    instance = small(requirements=rows, slots=[slot("ward", most_students=1)])
    before = solve(instance, Settings(workers=1))
    placed = {p.student: p for p in before.placements}
    ann, bob = (placed[a].model_copy(update={"student": b}) for a, b in (("ann", "bob"), ("bob", "ann")))
    swapped = before.model_copy(update={"placements": (ann, bob, placed["cyd"])})
    assert verify(instance, swapped).ok
    assert compare(before, swapped).changes == 2
    assert compare(before, calmed(compile_book(instance), swapped, before)).changes == 0


def test_what_is_gained_is_kept() -> None:
    """Next to a schedule that leaves cyd out, only cyd comes in: nobody goes back to where something would be lost."""
    rows = [requirement("MS", program) for program in ("nurs", "med")]
    instance = small(requirements=rows, slots=[slot("ward", most_students=1)])
    after = solve(instance, Settings(workers=1))
    before = after.model_copy(update={"placements": tuple(p for p in after.placements if p.student != "cyd")})
    found = calmed(compile_book(instance), after, before)
    assert (found.objective, len(found.placements), compare(before, found).changes) == (after.objective, 3, 1)
