"""What the tests of large example instances share: which rules find data in an instance, and instances with one cell changed."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from scheduler.domain import Instance
from scheduler.model.book import compile_book
from scheduler.model.reasons import funnel
from tests.examples import example


@cache
def stated(name: str) -> frozenset[str]:
    """The rules that rule out, price, limit or count at least one option of the instance."""
    book = compile_book(example(name))
    found = {reason.rule for party in book.facts.parties for demand in party.demands for reason in _why(book, party, demand)}
    used = {int(rule) for rule in book.shared.rule}
    for family in book.families():
        used |= {int(rule) for rule in family.rows.rule} | {rule for rule, _ in family.walks}
        used |= {rule for rule, cost in family.costs if np.any(cost)}
    return frozenset(found | {book.rules[rule].id for rule in used})


def _why(book: Any, party: Any, demand: int) -> Any:
    return funnel(book, party, book.facts.demands[demand]).reasons


def changed(instance: Instance, table: str, key: dict[str, object], **cells: object) -> Instance:
    """The instance with other cells in those rows of a table that have all values of `key`."""
    rows = instance.rows(table)
    hit = [all(getattr(row, column) == value for column, value in key.items()) for row in rows]
    assert any(hit)
    new = tuple(row.model_copy(update=cells) if here else row for row, here in zip(rows, hit, strict=True))
    every = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance(**{**every, table: new})
