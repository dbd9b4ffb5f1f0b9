"""The smallest instance that still fails: what a failing random test shows to people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from scheduler.domain import TABLES, Instance, Policy
from scheduler.io import instance_problems

#: Enough for a helpful message; what is left is smaller, perhaps not the smallest.
SECONDS = 20.0


def shrunk(instance: Instance, fails: Callable[[Instance], bool]) -> Instance:
    """Leave out rows, cells and policy entries as long as the instance still fails."""
    ends = time.monotonic() + SECONDS
    while (smaller := next((i for i in _smaller(instance) if time.monotonic() > ends or _holds(fails, i)), None)) is not None:
        if time.monotonic() > ends:
            break
        instance = smaller
    return instance


def _holds(fails: Callable[[Instance], bool], instance: Instance) -> bool:
    try:
        return fails(instance) and not any(p.severity == "error" for p in instance_problems(instance))
    except Exception:  # what breaks for another reason is no smaller example
        return False


def _smaller(instance: Instance) -> Iterator[Instance]:
    for rule in instance.policy.rules:
        rules = {r: s for r, s in instance.policy.rules.items() if r != rule}
        yield instance.model_copy(update={"policy": Policy(rules=rules)})
    for table in TABLES:
        rows = instance.rows(table)
        for k in range(len(rows)):
            yield _with(instance, table, (*rows[:k], *rows[k + 1 :]))
    for table in TABLES:
        rows = instance.rows(table)
        for k, row in enumerate(rows):
            for name, field in type(row).model_fields.items():
                default = field.get_default()
                if not field.is_required() and getattr(row, name) != default:
                    yield _with(instance, table, (*rows[:k], row.model_copy(update={name: default}), *rows[k + 1 :]))


def _with(instance: Instance, table: str, rows: tuple[object, ...]) -> Instance:
    data = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_validate(data | {table: rows})


def described(instance: Instance) -> str:
    """The rows of an instance with what differs from the defaults, one a line."""
    lines = [f"policy {rule}: {setting.model_dump(exclude_defaults=True)}" for rule, setting in instance.policy.rules.items()]
    for table in TABLES:
        lines += [f"{table}: {row.model_dump(exclude_defaults=True, mode='json')}" for row in instance.rows(table)]
    return "\n".join([f"{instance.weeks} weeks from {instance.first_monday}", *lines])
