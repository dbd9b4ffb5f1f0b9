"""A valid schedule made better for a while: neighbourhood search as a step of other strategies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from scheduler.model import Book, FamilyBook
from scheduler.offers.days import IntArray
from scheduler.solve.neighbourhood.search import Search


class Improve:
    """Neighbourhood search over one level that ends when gains become rare.

    Parameters
    ----------
    alone
        Proven least cost of each family by itself: how much a family could gain at most.
    goal
        Proven bound of the whole: reaching it ends the search.
    """

    def __init__(
        self,
        book: Book,
        families: Sequence[FamilyBook],
        chosen: Sequence[IntArray],
        level: int,
        *,
        alone: Sequence[int],
        goal: int,
        seed: int,
    ) -> None:
        self.search = Search(book, families, chosen, levels=(level,), least=alone, seed=seed)
        self.goal = goal

    def run(
        self, *, time_limit_s: float, tries: int | None, stop: threading.Event, said: Callable[[int, Sequence[IntArray]], None]
    ) -> list[IntArray]:
        """Improve until the goal, the time limit, the number of tries or patience is reached."""
        return self.search.run(
            time_limit_s=time_limit_s,
            tries=tries,
            stop=stop,
            goal=self.goal,
            patient=True,
            on_better=lambda search: said(search.cost[1], search.chosen),
        )
