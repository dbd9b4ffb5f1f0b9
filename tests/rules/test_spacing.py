"""How a student's placements lie in time: statements about choices made by hand, and a best schedule each."""

from __future__ import annotations

from typing import Any

from scheduler.domain import Instance, Policy, RulePolicy
from tests.rules.choice import broken, cost, offered
from tests.rules.test_curriculum import ANN, BOTH, best
from tests.verify.world import GROUP, SPLIT, requirement, week, world

#: MS in two placements of two weeks.
HALVES: dict[str, Any] = {"requirements": [requirement("MS", amount=4, blocks=2), requirement("FM")]}


def judged(rule: str, kind: str, parameters: dict[str, Any] | None = None, /, **tables: Any) -> Instance:
    return world({rule: {"kind": kind, **(parameters or {})}}, **ANN | tables)


def spaced(kind: str, other: str = "FM", /, tables: dict[str, Any] | None = None, **weeks: int) -> Instance:
    return judged("spacing", kind, **(tables or {}), spacings=[{"program": "nurs", "requirement": "MS", "other": other, **weeks}])


def test_spacing() -> None:
    apart: dict[str, Any] = {"least_weeks": 2}
    # MS ends on the Friday of week 1: a start in week 3 leaves 9 days, one in week 4 leaves 16
    assert [cost("spacing", spaced("soft", **apart), BOTH[0], f"ann FM clinic {w}") for w in (2, 3, 4)] == [1, 1, 0]
    assert broken(spaced("hard", **apart), "ann MS ward 3", "ann FM clinic 0") == {"spacing"}  # whichever comes first
    assert broken(spaced("hard", **apart), "ann MS ward 4", "ann FM clinic 0") == set()
    together: dict[str, Any] = {"most_weeks": 0}
    assert [cost("spacing", spaced("soft", **together), BOTH[0], f"ann FM clinic {w}") for w in (2, 3)] == [0, 1]
    assert broken(spaced("hard", **together), BOTH[0]) == set()
    assert broken(spaced("hard", **apart), BOTH[0], "ann FM clinic 1") == {"one_place"}  # no time between them
    assert best(spaced("hard", least_weeks=8), "spacing") == (0, 0)  # weeks 0–1 and 10–11
    assert best(spaced("hard", least_weeks=9), "spacing") == (0, 1)


def test_spacing_of_one_split_rotation() -> None:
    instance = spaced("soft", "MS", HALVES, least_weeks=1, most_weeks=3)
    assert [cost("spacing", instance, "ann MS ward 0", f"ann MS ward {w}") for w in (2, 3, 5, 6)] == [1, 0, 0, 1]


def test_spacing_counts_pairs() -> None:
    instance = spaced("soft", "FM", HALVES, least_weeks=1)
    assert cost("spacing", instance, "ann MS ward 0", "ann FM clinic 2", "ann MS ward 4") == 2


def test_spacing_of_groups() -> None:
    # the second part alone is too early after what the whole group does
    instance = spaced("soft", "FM", SPLIT, least_weeks=1)
    assert cost("spacing", instance, "A MS ward 0", "A part 2 FM clinic 2", "A part 1 FM clinic 3") == 1
    assert cost("spacing", spaced("soft", "FM", GROUP, least_weeks=1), "A MS ward 0", "A FM clinic 2") == 1


def test_heavy() -> None:
    both: dict[str, Any] = {"requirements": [requirement(name, heavy=True) for name in ("MS", "FM")]}
    assert [cost("heavy", judged("heavy", "soft", **both), BOTH[0], f"ann FM clinic {w}") for w in (2, 3)] == [1, 0]
    assert cost("heavy", judged("heavy", "soft", {"weeks": 3}, **both), *BOTH) == 3  # weeks 2 to 4
    assert broken(judged("heavy", "hard", **both), *BOTH) == {"heavy"}
    assert broken(judged("heavy", "hard", {"weeks": 0}, **both), *BOTH) == set()
    one: dict[str, Any] = {"requirements": [requirement("MS", heavy=True), requirement("FM")]}
    assert broken(judged("heavy", "hard", **one), *BOTH) == set()
    assert best(judged("heavy", "hard", {"weeks": 8}, **both), "heavy") == (0, 0)  # weeks 0–1 and 10–11
    assert best(judged("heavy", "hard", {"weeks": 9}, **both), "heavy") == (0, 1)


def test_start_window() -> None:
    late: dict[str, Any] = {"requirements": [requirement("MS", last_week=4)]}
    assert offered(judged("start_window", "hard", **late)) == {f"ann MS ward {w}" for w in (0, 1, 2)}
    early: dict[str, Any] = {"requirements": [requirement("MS", first_week=10)]}
    assert offered(judged("start_window", "hard", **early)) == {"ann MS ward 9", "ann MS ward 10"}
    # who comes in the middle of week 3 has that as the first week
    coming = late | {"students": [{"student": "ann", "program": "nurs", "available_from": week(3, 2)}]}
    assert offered(judged("start_window", "hard", **coming)) == {"ann MS ward 4", "ann MS ward 5"}
    assert cost("start_window", judged("start_window", "soft", **late), "ann MS ward 3") == 1
    # what may start whenever it likes may do so before the student's first week, where availability is not asked for
    students = [{"student": "ann", "program": "nurs", "available_from": week(3, 2)}]
    free: dict[str, Any] = {"requirements": [requirement("MS"), requirement("FM", first_week=2)], "students": students}
    term = judged("start_window", "soft", **free)
    term = term.model_copy(update={"policy": Policy(rules={**term.policy.rules, "availability": RulePolicy(kind="off")})})
    assert cost("start_window", term, "ann MS ward 0") == 0


def test_kept_together() -> None:
    five: dict[str, Any] = {"requirements": [requirement("MS", amount=4, blocks=2, within_weeks=5), requirement("FM")]}
    assert [cost("kept_together", judged("kept_together", "soft", **five), BOTH[0], f"ann MS ward {w}") for w in (3, 4)] == [0, 1]
    assert broken(judged("kept_together", "hard", **five), BOTH[0], "ann MS ward 4") == {"kept_together"}
    assert broken(judged("kept_together", "hard", **five), BOTH[0]) == set()
    three: dict[str, Any] = {"requirements": [requirement("MS", amount=4, blocks=2, within_weeks=3)]}
    assert best(judged("kept_together", "hard", **three), "kept_together")[1] == 1  # two times two weeks are four
