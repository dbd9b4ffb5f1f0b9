"""Ways of improving that share the time by what they gain."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

#: What a way is worth more for each time that it waits, as a share of what the one that went brought.
CURIOSITY = 0.4


def by_worth(ways: Sequence[Callable[[], None]], cost: Callable[[], int], going: Callable[[], bool]) -> None:
    """Go the way that has gained most for its time lately, one after another while `going`.

    Each way is gone once before any is judged. `cost` says what the schedule costs now.
    """
    worth = [math.inf] * len(ways)
    while going():
        best = worth.index(max(worth))
        began, before = time.monotonic(), cost()
        ways[best]()
        worth[best] = (before - cost()) / max(time.monotonic() - began, 1e-3)
        for other in range(len(ways)):
            if other != best:
                worth[other] += CURIOSITY * worth[best]
