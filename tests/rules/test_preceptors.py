"""Rules about preceptors and faculty."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.choice import broken, cost, offered
from tests.verify.world import requirement, slot, week, world

KIM: dict[str, Any] = {"preceptor": "kim", "units": ("ward",), "most_at_once": 9}
LEE: dict[str, Any] = KIM | {"preceptor": "lee"}
MS = requirement("MS", supervision="precepted")


def precepted(*people: dict[str, Any], rules: dict[str, Any] | None = None, **tables: Any) -> Any:
    """Ann and bob take MS with somebody."""
    rows = {
        "students": [{"student": s, "program": "nurs"} for s in ("ann", "bob")],
        "requirements": [MS],
        "preceptors": list(people),
    }
    return world(rules, **(rows | tables))


@pytest.mark.parametrize("columns", [{"supervises": ("md",)}, {"licence": "md"}, {"specialties": ("family",)}])
def test_preceptor_qualified(columns: dict[str, Any]) -> None:
    found = offered(precepted(KIM, LEE | columns, slots=[slot("ward", last_start=None)]))
    assert found == {"ann MS ward 0 kim", "bob MS ward 0 kim"}


def test_preceptor_available() -> None:
    leave = {"who_kind": "preceptor", "who": "kim", "start": week(1), "end": week(1)}
    found = offered(precepted(KIM, slots=[slot("ward", last_start=week(2))], availability=[leave]))
    assert found == {"ann MS ward 2 kim", "bob MS ward 2 kim"}  # weeks 0 and 1 both touch week 1


def away(who: str, start: int, end: int, **columns: Any) -> dict[str, Any]:
    return {"who_kind": "preceptor", "who": who, "start": week(start), "end": week(end, 6)} | columns


def test_cover() -> None:
    kim, lee = KIM | {"cover": "lee"}, LEE | {"units": (), "most_at_once": 1}
    ward = [slot("ward", last_start=week(1))]
    # kim is away in week 1; lee takes over, unless away then as well, or of another profession or specialty
    assert len(offered(precepted(kim, lee, slots=ward, availability=[away("kim", 1, 1)]))) == 4
    assert not offered(precepted(kim, lee, slots=ward, availability=[away("kim", 1, 1), away("lee", 1, 1)]))
    assert not offered(precepted(kim, lee | {"supervises": ("md",)}, slots=ward, availability=[away("kim", 1, 1)]))
    assert not offered(precepted(kim, lee | {"specialties": ("family",)}, slots=ward, availability=[away("kim", 1, 1)]))
    # lee takes one student at a time: ann in week 1, from week 1 on bob; without bob's first week there is room
    covered = precepted(kim, lee, slots=ward, availability=[away("kim", 1, 1)])
    assert broken(covered, "ann MS ward 0 kim", "bob MS ward 1 kim") == {"preceptor_at_once"}
    later = precepted(kim, lee, availability=[away("kim", 1, 1), away("kim", 4, 4)])
    assert broken(later, "ann MS ward 0 kim", "bob MS ward 3 kim") == set()


def test_co_preceptors_share_a_student() -> None:
    both = [requirement("MS", supervision="co-precepted")]
    # kim works Monday to Wednesday and lee Thursday and Friday: one of them is always there
    days = [away("kim", 0, 11, weekdays="Th Fr"), away("lee", 0, 11, weekdays="Mo-We")]
    instance = precepted(KIM, LEE, requirements=both, availability=days, slots=[slot("ward", last_start=None)])
    assert offered(instance) == {"ann MS ward 0 kim lee", "bob MS ward 0 kim lee"}
    gap = [days[0], away("lee", 0, 11, weekdays="Mo-Th")]
    assert not offered(precepted(KIM, LEE, requirements=both, availability=gap))
    one = precepted(KIM, LEE | {"most_at_once": 1}, requirements=both)
    assert broken(one, "ann MS ward 0 kim lee", "bob MS ward 1 kim lee") == {"preceptor_at_once"}


def test_preceptor_trained() -> None:
    kim, lee = KIM | {"trained_until": week(3, 3)}, LEE | {"trained_until": week(1)}
    alone = precepted(kim, slots=[slot("ward", last_start=week(2))])
    assert offered(alone) == {
        f"{who} MS ward {w} kim" for who in ("ann", "bob") for w in (0, 1)
    }  # from week 2 on to Friday of week 3
    both = precepted(
        kim, lee, requirements=[requirement("MS", supervision="co-precepted")], slots=[slot("ward", last_start=week(2))]
    )
    assert offered(both) == {f"{who} MS ward {w} kim lee" for who in ("ann", "bob") for w in (0, 1)}


@pytest.mark.parametrize("most_at_once", [1, 2])
def test_preceptor_rest(most_at_once: int) -> None:
    kim = KIM | {"rest_weeks": 2, "most_at_once": most_at_once}
    hard, soft = (precepted(kim, rules={"preceptor_rest": {"kind": k}}) for k in ("hard", "soft"))
    first = "ann MS ward 0 kim"  # ends in week 1, so weeks 2 and 3 are for rest
    assert {w: broken(hard, first, f"bob MS ward {w} kim") for w in (2, 3, 4)} == {
        2: {"preceptor_rest"},
        3: {"preceptor_rest"},
        4: set(),
    }
    assert {w: cost("preceptor_rest", soft, first, f"bob MS ward {w} kim") for w in (2, 3, 4)} == {2: 1, 3: 1, 4: 0}
    if most_at_once == 2:
        assert broken(hard, first, "bob MS ward 1 kim") == set()  # they overlap: there is nothing between them


def test_preceptor_at_once() -> None:
    instance = precepted(KIM | {"most_at_once": 1}, LEE)
    assert broken(instance, "ann MS ward 0 kim", "bob MS ward 1 kim") == {"preceptor_at_once"}
    assert broken(instance, "ann MS ward 0 kim", "bob MS ward 1 lee") == set()


def test_preceptor_weeks() -> None:
    hard, soft = (precepted(KIM | {"most_weeks": 3}, rules={"preceptor_weeks": {"kind": k}}) for k in ("hard", "soft"))
    together = ("ann MS ward 0 kim", "bob MS ward 1 kim")  # weeks 0, 1 and 2
    assert broken(hard, *together) == set()
    assert broken(hard, "ann MS ward 0 kim", "bob MS ward 2 kim") == {"preceptor_weeks"}
    assert cost("preceptor_weeks", soft, "ann MS ward 0 kim", "bob MS ward 2 kim") == 1


def test_one_preceptor() -> None:
    halves = [requirement("MS", supervision="precepted", blocks=2)]
    instance = precepted(KIM, LEE, requirements=halves, slots=[slot("ward", length=1)])
    assert broken(instance, "ann MS ward 0 kim", "ann MS ward 4 lee") == {"one_preceptor"}
    assert broken(instance, "ann MS ward 0 kim", "ann MS ward 4 kim") == set()


def test_faculty() -> None:
    groups = [{"group": g, "program": "nurs", "size": 2, "faculty": "fay"} for g in ("A", "B")]
    tables: dict[str, Any] = {
        "students": [],
        "groups": groups,
        "requirements": [requirement("MS")],
        "preceptors": [{"preceptor": "fay", "kind": "faculty"}],
    }
    assert broken(world(**tables), "A MS ward 0", "B MS ward 1") == {"faculty"}
    assert broken(world(**tables), "A MS ward 0", "B MS ward 2") == set()
    busy = {"who_kind": "preceptor", "who": "fay", "start": week(0), "end": week(0)}
    assert "A MS ward 0" not in offered(world(commitments=[busy], **tables))


def test_preceptor_balance() -> None:
    instance = precepted(KIM, LEE)
    assert cost("preceptor_balance", instance, "ann MS ward 0 kim", "bob MS ward 4 kim") == 4  # two students of two weeks
    assert cost("preceptor_balance", instance, "ann MS ward 0 kim", "bob MS ward 4 lee") == 2
