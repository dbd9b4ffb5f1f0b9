"""What is said to stand in the way of an offer is what breaks when it is chosen as well."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from scheduler.domain import RULES, Instance
from scheduler.model import compile_book, evaluate
from scheduler.model.obstacles import BESIDE_OTHERS, CLOSED, FITS, Obstacles
from scheduler.solve import Settings, solve
from scheduler.solve.construct import construct
from tests.contract.worlds import world as random_world
from tests.verify.world import PRECEPTED, program, requirement, slot, week, world


@pytest.mark.parametrize("seed", range(12))
def test_an_obstacle_is_a_rule_that_the_offer_would_break(seed: int) -> None:
    book = compile_book(random_world(seed))
    families = list(book.families())
    chosen = construct(book, families, seed)
    if evaluate(book, families, chosen).broken:
        pytest.skip("there is no schedule to begin with")
    obstacles = Obstacles(book, families, chosen)
    for f, family in enumerate(families):
        for o in np.setdiff1d(np.arange(len(family.options)), chosen[f]).tolist():
            more = [*chosen[:f], np.append(chosen[f], o), *chosen[f + 1 :]]
            broken = {sentence.split(":")[0] for sentence in evaluate(book, families, more).broken}
            (said,) = obstacles.of(family, chosen[f], np.array([o]))
            if said == CLOSED:
                said = BESIDE_OTHERS["unit_capacity"]
            assert said in ({BESIDE_OTHERS.get(r, f"against the rule '{RULES[r].title}'") for r in broken} or {FITS})


def test_obstacles_are_named_after_rules() -> None:
    assert set(BESIDE_OTHERS) <= set(RULES)


def _alone(**columns: Any) -> Instance:
    """One student, one rotation, one offer; and something that the program asks for."""
    return world(
        programs=[program("nurs", **columns), program("med")],
        requirements=[requirement("MS")],
        students=[{"student": "ann", "program": "nurs"}],
        slots=[slot("ward", last_start=None)],
    )


ONE_WEEK: dict[str, Any] = {"requirements": [requirement("MS"), requirement("MS", "med")]}


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        # three students for two places, or for a preceptor of two
        (world(**ONE_WEEK, slots=[slot("ward", last_start=None, most_students=2)]), "1 offer: 1 in a full slot"),
        (
            world(
                requirements=PRECEPTED["requirements"][::2],
                preceptors=[{"preceptor": "kim", "units": ("ward",), "most_at_once": 2}],
                slots=[slot("ward", last_start=None)],
            ),
            "1 offer: 1 with a full preceptor",
        ),
        # a unit that takes nobody for a while is not full, one in which others have all places is
        (
            world(
                requirements=[requirement("MS")],
                students=[{"student": "ann", "program": "nurs"}],
                slots=[slot("ward", last_start=None)],
                capacity=[{"unit": "ward", "most_students": 0}],
            ),
            "1 offer: 1 while the unit is closed",
        ),
        (
            world(
                requirements=[requirement("MS")],
                students=[{"student": "ann", "program": "nurs"}],
                slots=[slot("ward", last_start=None)],
                capacity=[{"unit": "ward", "most_students": 2}],
                commitments=[{"who_kind": "unit", "who": "ward", "start": week(0), "end": week(3), "students": 2}],
            ),
            "1 offer: 1 in a full unit",
        ),
        # the one start that can be had at all is taken; what cannot be had comes last, although there is more of it
        (
            world(
                students=[{"student": "ann", "program": "nurs"}, {"student": "bob", "program": "nurs"}],
                slots=[slot("ward", last_start=week(2), most_students=1)],
                availability=[{"who_kind": "unit", "who": "ward", "start": week(2), "end": week(3)}],
                requirements=[requirement("MS")],
            ),
            "3 offers: 1 in a full slot, 2 while the unit is unavailable",
        ),
        # two places, of which another school has one; or a school that may only have one
        *(
            (
                world(
                    requirements=[requirement("MS")],
                    students=[{"student": "ann", "program": "nurs"}, {"student": "bob", "program": "nurs"}],
                    slots=[slot("ward", last_start=None, most_students=2)],
                    reservations=[{"slot": "ward", **row}],
                ),
                "1 offer: 1 beyond what reservations leave to the school",
            )
            for row in ({"school": "oak", "guaranteed": 1}, {"school": "maple", "most": 1})
        ),
        # one nurse is with the physician in weeks 1 and 2, which fills these starts; the third start has no physician. Each offer
        # counts once, with a team or without
        (
            world(
                {"ipe_team": {"kind": "hard"}},
                programs=[program("nurs", least_ipe_weeks=1), program("med")],
                requirements=[requirement("MS"), requirement("MS", "med")],
                slots=[
                    slot("ward", last_start=week(2), most_students=1, professions=("rn",)),
                    slot("other", unit="ward", last_start=None, professions=("md",)),
                ],
                ipe_teams=[{"team": "T", "unit": "ward", "professions": (("rn", 1), ("md", 1)), "weeks": 2}],
            ),
            "4 offers: 2 in a full slot, 1 outside the teams that meet, and 1 that are not for this rotation",
        ),
        # what is asked for once everything is placed: ten days of 8 hours, in no setting, with nobody who has a licence
        (_alone(least_hours=81), "1 offer: 1 that would leave the student too few hours"),
        (_alone(least_setting_weeks=(("rural", 1),)), "1 offer: 1 that would leave the student too few weeks in a setting"),
        (_alone(licence_hours=(("np", 1),)), "1 offer: 1 with too few hours with a licence that the program asks for"),
    ],
)
def test_reasons_name_what_is_in_the_way_first(instance: Instance, reason: str) -> None:
    (row,) = Counter(u.reason for u in solve(instance, Settings(workers=1)).unplaced)
    assert row == reason
