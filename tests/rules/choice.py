"""What the statements say of hand-made choices in the small world of the verifier's tests.

An option is written ``ann MS ward 2``: who, required rotation, slot, week of the start, and the preceptor, co-preceptor and team
where there are any.
"""

from __future__ import annotations

from scheduler.domain import Instance
from scheduler.model import Evaluation, compile_book, evaluate
from scheduler.solve.result import placement
from tests.contract.brute import Small, arrays


def options(instance: Instance) -> list[list[str]]:
    """The options that are left of each family."""
    small = Small(instance)
    return [[_name(small, f, o) for o in range(len(book.options))] for f, book in enumerate(small.families)]


def offered(instance: Instance) -> set[str]:
    """All options that are left."""
    return {name for family in options(instance) for name in family}


def _name(small: Small, f: int, o: int) -> str:
    row = placement(small.book, small.families[f], o)
    week = small.instance.week_of(row.start)
    words = (row.who, row.requirement, row.slot, str(week), row.preceptor, row.co_preceptor, row.team)
    return " ".join(word for word in words if word)


def judged(instance: Instance, *chosen: str) -> Evaluation:
    """The evaluation of a choice of options."""
    book = compile_book(instance)
    names = options(instance)
    missing = set(chosen) - {name for family in names for name in family}
    assert not missing, f"no such options: {missing}"
    picked = [tuple(o for o, name in enumerate(family) if name in chosen) for family in names]
    return evaluate(book, list(book.families()), arrays(picked))


def broken(instance: Instance, *chosen: str) -> set[str]:
    """The hard rules that a choice breaks."""
    return {sentence.split(":")[0] for sentence in judged(instance, *chosen).broken}


def cost(rule: str, instance: Instance, *chosen: str) -> int:
    """The penalty of one rule for a choice, in its own unit."""
    book = compile_book(instance)
    return judged(instance, *chosen).penalty.get(book.rule_index[rule], 0)
