"""Random changes of a published schedule, repaired; and the changed term planned from scratch beside it, for the time.

python benchmarks/repair.py instances/riverbend solutions/riverbend
python benchmarks/repair.py term out/term --hit 0.14 0.53 --week 8 --full-s 300 --seeds 3
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

# Run as a script, this folder would be searched and not the one above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scheduler.domain import GONE, Instance, Placement, Schedule
from scheduler.domain.edits import Edit, changed
from scheduler.domain.tables import Availability, CapacityRow
from scheduler.io import read_instance, read_solution
from scheduler.repair.repair import Repair, repair
from scheduler.scenario import Scenario, apply, parse_change
from scheduler.solve import Settings, solve
from scheduler.verify import verify

#: A repair may take this part of the time of planning anew.
SHARE = 5


@dataclass(frozen=True)
class Hit:
    """A changed instance, and how many placements that were still to come, or had begun, the changes meet."""

    instance: Instance
    hit: int
    of: int


def hit(instance: Instance, schedule: Schedule, share: float, week: int, seed: int) -> Hit:
    """Leaves of preceptors and students, closures and withdrawals until a share of the placements is met, seen from a week."""
    rng = random.Random(seed)
    today = instance.first_monday + timedelta(days=7 * week)
    rows = [p for p in schedule.placements if p.status not in GONE and p.end >= today]
    met: set[Placement] = set()
    away: list[Availability] = []
    closed: list[CapacityRow] = []
    left: set[str] = set()
    while len(met) < share * len(rows):
        p, what = rng.choice(rows), rng.random()
        first = max(today, p.start + timedelta(days=rng.choice((0, 0, 7, 14))))
        last = first + timedelta(days=rng.choice((6, 13, 27)))
        there = {q for q in rows if q.start <= last and q.end >= first}
        if what < 0.55 and p.preceptor:
            away.append(Availability(who_kind="preceptor", who=p.preceptor, start=first, end=last))
            met |= {q for q in there if p.preceptor in (q.preceptor, q.co_preceptor)}
        elif what < 0.75:
            last = min(last, first + timedelta(days=13))
            closed.append(CapacityRow(unit=p.unit, start=first, end=last, most_students=0))
            met |= {q for q in there if q.unit == p.unit and q.start <= last}
        elif what < 0.9:
            kind, who = ("student", p.student) if p.student else ("group", p.group)
            away.append(Availability(who_kind=kind, who=who, start=first, end=last))
            met |= {q for q in there if (q.student, q.group) == (p.student, p.group)}
        elif p.student:
            left.add(p.student)
            met |= {q for q in rows if q.student == p.student}
    more = [Edit("availability", "leave", more=tuple(away)), Edit("capacity", "closures", more=tuple(closed))]
    words = tuple(parse_change(f"withdrawn student={who}") for who in sorted(left))
    after = apply(changed(instance, more), [Scenario("withdrawals", words)]).instance
    # planned anew, a pin that the changes contradict would leave no schedule
    pins = tuple(pin.model_copy(update={"pin": "prefer", "override": False}) if pin.pin == "must" else pin for pin in after.pins)
    return Hit(after.model_copy(update={"changes_from": today, "pins": pins}), len(met), len(rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each share and seed; 1 where a repair was not valid."""
    asked = _parser().parse_args(arguments)
    before = read_instance(asked.instance)
    published = read_solution(asked.solution, before)
    print("share seed  hit broken  lost points   bound   gap repair_s anew_s ratio peak_GB valid")
    wrong = 0
    for share in asked.hit:
        for seed in range(1, asked.seeds + 1):
            found = hit(before, published, share, asked.week, seed)
            wrong += _line(before, published, found, share, seed, asked)
    return min(wrong, 1)


def _line(before: Instance, published: Schedule, found: Hit, share: float, seed: int, asked: argparse.Namespace) -> int:
    began = time.monotonic()
    anew = solve(found.instance, Settings(time_limit_s=asked.full_s, gap=asked.gap))
    full = time.monotonic() - began
    began = time.monotonic()
    # changes within 2 % of the fewest are proof enough
    limit = max(asked.least_s, full / SHARE)
    fixed = repair(before, published, found.instance, Settings(time_limit_s=limit, gap=0.02))
    took = time.monotonic() - began
    if not isinstance(fixed, Repair):
        print(f"{share:5.2f} {seed:4}  {fixed.status.value}")
        return 1
    valid = verify(fixed.instance, fixed.schedule).ok
    lost = len(fixed.schedule.unplaced) - len(published.unplaced)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{share:5.2f} {seed:4} {found.hit:4} {len(fixed.interrupted):6} {lost:5} {fixed.points:6} {fixed.bound:7} "
        f"{fixed.gap:5.1%} {took:8.1f} {full:6.1f} {took / full:5.2f} {memory:7.2f} {valid} ({anew.status.value})",
        flush=True,
    )
    return not valid


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path)
    parser.add_argument("solution", type=Path)
    parser.add_argument("--hit", type=float, nargs="+", default=[0.14, 0.53], help="shares of placements that changes meet")
    parser.add_argument("--week", type=int, default=6, help="week of the repair, counted from 0")
    parser.add_argument("--seeds", type=int, default=1, help="how many random sets of changes")
    parser.add_argument("--full-s", type=float, default=300, help="time limit of planning anew")
    parser.add_argument("--gap", type=float, default=0.0, help="gap at which planning anew may stop")
    parser.add_argument("--least-s", type=float, default=10, help="time that a repair has in any case")
    return parser


if __name__ == "__main__":
    sys.exit(main())
