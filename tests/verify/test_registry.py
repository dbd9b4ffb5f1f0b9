"""Every rule of the catalogue has one check, a function with the rule's id as its name."""

from __future__ import annotations

from scheduler.domain import RULES
from scheduler.verify import CHECKS


def test_one_check_for_each_rule() -> None:
    assert set(CHECKS) == set(RULES)
    assert {rule: getattr(check, "__name__", "") for rule, check in CHECKS.items()} == {rule: rule for rule in RULES}
