"""Reasons keep the program's own sentences, all of them, and nothing else."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.domain import RULES
from scheduler.domain.schedule import NOT_PLANNED
from scheduler.export.reasons import NOT_TOLD, PLAIN_WORDS, told
from scheduler.export.words import Words
from scheduler.model.obstacles import BESIDE_OTHERS, CLOSED, FITS

ROOT = Path(__file__).parents[2]
NOBODY = Words({})


def sentences() -> Iterator[str]:
    """The words of all reasons that rules and model have; what is filled in is cut out."""
    yield from (*BESIDE_OTHERS.values(), CLOSED, FITS, NOT_PLANNED)
    yield from (f"against the rule '{rule.title}'" for rule in RULES.values())
    for path in (ROOT / "scheduler" / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Drop":
                yield from (c.value for c in ast.walk(node.args[1]) if isinstance(c, ast.Constant) and isinstance(c.value, str))
    tree = ast.parse((ROOT / "scheduler" / "model" / "reasons.py").read_text("utf-8"))
    (why,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "_why_nothing")
    returned = (node.value for node in ast.walk(why) if isinstance(node, ast.Return))
    yield from (str(value.value) for value in returned if isinstance(value, ast.Constant))


def test_the_words_of_every_reason_are_known() -> None:
    found = {word for text in sentences() for word in re.findall(r"[^\W\d_]+(?:'[a-z]+)?", text.lower())}
    assert len(found) > 150
    assert found - PLAIN_WORDS == set()


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "solutions").iterdir()))
def test_reasons_of_the_bundled_solutions_stay_as_they_are(name: str) -> None:
    items = Words(dict.fromkeys(("flu", "background", "fingerprints"), ""))
    with (ROOT / "solutions" / name / "unplaced.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            assert told(row["reason"], NOBODY, items) == row["reason"]


def test_people_get_their_pseudonyms() -> None:
    people, kept = Words({"bob": "student-x"}), Words({"student-x": "", "flu": ""})
    assert told("3 offers: 2 in a full slot, 1 without flu of bob that was due by 2026-10-01", people, kept) == (
        "3 offers: 2 in a full slot, 1 without flu of student-x that was due by 2026-10-01"
    )


def test_what_else_is_said_is_only_counted() -> None:
    reason = (
        "9 offers: 4 in a full slot, 2 at sites that do not sponsor nhsc, 1 for other reasons, "
        "and 2 that are not for this rotation"
    )
    assert told(reason, NOBODY, NOBODY) == (
        "9 offers: 4 in a full slot, 3 for other reasons, and 2 that are not for this rotation"
    )
    assert told("she told me that her mother is ill", NOBODY, NOBODY) == NOT_TOLD
    assert told(NOT_PLANNED, NOBODY, NOBODY) == NOT_PLANNED
    assert told("no slot of an accepted specialty has a preceptor", NOBODY, NOBODY).startswith("no slot")
    assert told("5 offers: 3 farther than 60 km from home, 2 with 5550199", NOBODY, NOBODY) == (
        "5 offers: 3 farther than 60 km from home, 2 for other reasons"
    )
    assert told("2 offers: whatever, 3 Smith", NOBODY, NOBODY) == "2 offers: 3 for other reasons"
    assert "smith" not in told("2 offers: Smith 3 in a full slot", NOBODY, NOBODY).lower()
