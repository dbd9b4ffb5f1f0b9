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
