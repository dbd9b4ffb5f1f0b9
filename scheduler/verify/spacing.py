"""How a student's placements lie in time: how far apart, how close together, in which weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product

from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.placed import Placed, day_name
from scheduler.verify.students import required, students


def spacing(facts: Facts) -> Iterator[Finding]:
    """Pairs of times, of the one rotation and of the other, with too few or too many weeks between them."""
    for person in students(facts):
        for row in facts.instance.spacings:
            if row.program != person.party.program.program:
                continue
            one = [p for p in person.placed if p.requirement.requirement == row.requirement]
            other = [p for p in person.placed if p.requirement.requirement == row.other]
            pairs = combinations(one, 2) if row.requirement == row.other else product(one, other)
            seen = set()
            for a, b in pairs:
                earlier, later = sorted((a, b), key=lambda p: (p.start, p.end))
                times = (a.start, a.end, b.start, b.end)
                if later.start <= earlier.end or times in seen:
                    continue
                seen.add(times)
                weeks = (later.start - earlier.end - 1) // 7
                wrong = ""
                if row.least_weeks is not None and weeks < row.least_weeks:
                    wrong = f"at least {row.least_weeks}"
                if row.most_weeks is not None and weeks > row.most_weeks:
                    wrong = f"at most {row.most_weeks}"
                if wrong:
                    sentence = (
                        f"{person.party.name}: between {earlier.requirement.requirement} (to {day_name(earlier.end)}) and "
                        f"{later.requirement.requirement} (from {day_name(later.start)}) lie {weeks} whole weeks, "
                        f"{wrong} are wanted"
                    )
                    yield Finding(sentence, 1, (earlier, later), person.party)


def heavy(facts: Facts) -> Iterator[Finding]:
    """Weeks with more than one heavy placement in them or just before."""
    rest = facts.setting("heavy").number("weeks")
    for person in students(facts):
        heavy_ones = [p for p in person.placed if p.requirement.heavy]
        if len(heavy_ones) < 2:
            continue
        monday = min(facts.monday(p.start) for p in heavy_ones)
        while monday <= max(p.end for p in heavy_ones) + 7 * rest:
            near = [p for p in heavy_ones if facts.monday(p.start) <= monday <= facts.monday(p.end) + 7 * rest]
            if len(near) > 1:
                names = ", ".join(p.requirement.requirement for p in near)
                yield Finding(
                    f"{person.party.name}: {names} leave no week of rest, in the week of {day_name(monday)}",
                    len(near) - 1,
                    tuple(near),
                    person.party,
                )
            monday += 7


@each_placement(bows_to_pins=True)
def start_window(facts: Facts, placed: Placed) -> Iterator[str]:
    """The weeks of a placement, counted from the first week in which its student is available."""
    begin = max(placed.party.available_from or date.min, facts.instance.first_monday).toordinal()
    first = (facts.monday(placed.start) - facts.monday(begin)) // 7 + 1
    last = (facts.monday(placed.end) - facts.monday(begin)) // 7 + 1
    rule = placed.requirement
    if rule.first_week is not None and first < rule.first_week:
        yield f"it starts in week {first} of {placed.party.name}, not before week {rule.first_week}"
    if rule.last_week is not None and last > rule.last_week:
        yield f"it ends in week {last} of {placed.party.name}, after week {rule.last_week}"


def kept_together(facts: Facts) -> Iterator[Finding]:
    """Pairs of times of a split rotation, asked once, that reach over too many weeks."""
    for person in students(facts):
        for name, demands in required(facts, person).items():
            rule = demands[0].requirement
            if rule.within_weeks is None or sum(len(d.tasks) for d in demands) > 1:
                continue
            placed = [p for p in person.placed if p.requirement.requirement == name]
            times = {(p.start, p.end): p for p in placed}
            for a, b in combinations(sorted(times), 2):
                days = max(a[1], b[1]) - min(a[0], b[0]) + 1
                if days > 7 * rule.within_weeks:
                    yield Finding(
                        f"{person.party.name}: placements of {name} from {day_name(a[0])} to {day_name(max(a[1], b[1]))} "
                        f"do not lie within {rule.within_weeks} weeks",
                        1,
                        (times[a], times[b]),
                        person.party,
                    )


CHECKS: dict[str, Check] = {
    "spacing": spacing,
    "heavy": heavy,
    "start_window": start_window,
    "kept_together": kept_together,
}
