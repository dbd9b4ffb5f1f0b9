"""A rule is one name in six places: catalogue, class, verifier, docs, and its test here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.domain import RULES
from scheduler.rules import RULE_CLASSES
from scheduler.verify import CHECKS

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "rules.md"


def test_every_rule_is_everywhere() -> None:
    tested = {name for file in HERE.glob("test_*.py") for name in re.findall(r"^def test_(\w+)\(", file.read_text("utf-8"), re.M)}
    sections = set(re.findall(r"^## (\w+)$", DOCS.read_text("utf-8"), re.M))
    assert set(RULES) == set(RULE_CLASSES) == set(CHECKS) == sections
    assert set(RULES) <= tested


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_says_what_it_reads_and_gives_an_example(rule: str) -> None:
    cls = RULE_CLASSES[rule]
    assert cls.id == rule
    assert "Reads " in (cls.__doc__ or "")
    assert "Example:" in (cls.__doc__ or "")
