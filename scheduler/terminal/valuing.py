"""The command that says what one more place is worth."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.domain.wording import count
from scheduler.terminal.failures import DONE, NOT_HELD
from scheduler.terminal.inputs import check_writable
from scheduler.terminal.options import INSTANCE, JSON, PATH, POLICY
from scheduler.terminal.planning import CLUSTER, EACH, MOST_LISTED, SOLUTION, TOP, WORKERS, beside, read_held, settings_of
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command

if TYPE_CHECKING:
    from scheduler.whatif.again import Cost
    from scheduler.whatif.estimates import Estimate
    from scheduler.whatif.values import Value, Values


@click.command(
    cls=Command,
    example="rotations value instances/riverbend solutions/riverbend\n"
    "rotations value instances/small solutions/small --top 3 --out out/values",
)
@INSTANCE
@SOLUTION
@TOP
@EACH
@click.option("--out", type=PATH, help="Folder for values.csv, which lists every place.")
@POLICY
@JSON
@WORKERS
@CLUSTER
def value(
    instance: Path,
    solution: Path,
    top: int,
    time_limit: float,
    out: Path | None,
    policy: Path | None,
    as_json: bool,
    workers: int,
    cluster: str | None,
) -> int:
    """Show what one more place would be worth: in slots and units, with preceptors.

    Every place is estimated; the N most promising ones are solved again with
    one more place, and only what is found there is called a value. Nothing is
    changed. Ctrl-C ends with what was found so far.
    """
    from scheduler.io.publish import replace_file
    from scheduler.whatif.values import values

    if out:
        check_writable(out, "list")
    data, schedule = read_held(instance, solution, policy)
    if schedule is None:
        return NOT_HELD
    settings = settings_of(time_limit, workers, cluster)
    found = beside(data, lambda said, stop: values(data, schedule, settings, top=top, on_progress=said, stop=stop))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / "values.csv", _csv(found))
    if as_json:
        rows = [_estimate_data(e, found.values) for e in found.estimates]
        click.echo(json.dumps({"cost": found.base.cost, "better_without": found.improved, "places": rows}, indent=2))
        return DONE
    console = screen()
    if found.improved:
        say(console, "The same effort makes the schedule better without any more places; that is counted for none of them.")
    if found.values:
        say(console, "Values: one more place, solved again and verified", style="bold")
        for v in sorted(found.values, key=lambda v: (-v.placed, tuple(-g for g in v.gain))):
            say(console, f"- {v.estimate.edit.sentence}: {_value_words(v)}", indent=2)
    seen = {v.estimate.edit.key for v in found.values}
    rest = [e for e in found.estimates if e.edit.key not in seen and (round(e.points or 0) or e.wanted)]
    if rest:
        say(console, "Estimates: not looked into", style="bold")
        for e in rest[:MOST_LISTED]:
            say(console, f"- {e.edit.sentence}: {_estimate_words(e)}", indent=2)
    idle = len(found.estimates) - len(seen) - len(rest)
    more = len(rest) - MOST_LISTED
    if more > 0:
        say(console, f"  and {more:,} more with an estimate")
    say(console, f"At {idle:,} of {count(len(found.estimates), 'place')} one more would be worth nothing, by estimate.")
    return DONE


def _points(cost: Cost) -> str:
    """Points by level, fewer or more."""
    said = []
    for level, points in enumerate(cost, start=1):
        if points:
            at = f" at level {level}" if len(cost) > 1 else ""
            said.append(f"{count(abs(points), 'point')} {'less' if points > 0 else 'more'}{at}")
    return " and ".join(said)


def _value_words(v: Value) -> str:
    if v.exact:
        return f"{_placed(v)}{_points(v.gain)} (proven)" if any(v.gain) else "worth nothing (proven)"
    if v.proven is not None:
        least = "at least that" if v.proven == v.gain else f"at least {_points(v.proven)}"
        return f"{_placed(v)}{_points(v.gain)} ({least} proven)"
    if any(v.gain):
        return f"no proven value ({_placed(v)}{_points(v.gain)} found, which lies inside the gap)"
    return "nothing found in this time"


def _placed(v: Value) -> str:
    return f"{v.placed:,} more placed, " if v.placed > 0 else ""


def _estimate_words(e: Estimate) -> str:
    parts = [] if e.points is None else [f"about {count(round(e.points), 'point')}"]
    if e.wanted:
        parts.append(f"keeps {count(e.wanted, 'unplaced rotation')} out" + (f", {e.alone:,} by itself" if e.alone else ""))
    return ", ".join(parts)


def _estimate_data(e: Estimate, values: tuple[Value, ...]) -> dict[str, Any]:
    found = next((v for v in values if v.estimate.edit.key == e.edit.key), None)
    data = {"edit": e.edit.data(), "estimate": e.points, "keeps_out": e.wanted, "keeps_out_alone": e.alone}
    if found is not None:
        data["value"] = {"placed": found.placed, "gain": found.gain, "proven": found.proven, "exact": found.exact}
    return data


def _csv(found: Values) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["place", "estimate", "keeps_out", "keeps_out_alone", "more_placed", "points_less", "proven", "exact"])
    for e in found.estimates:
        v = next((v for v in found.values if v.estimate.edit.key == e.edit.key), None)
        points = "" if e.points is None else round(e.points, 1)
        known = (
            ["", "", "", ""] if v is None else [v.placed, _joined(v.gain), _joined(v.proven or ()), "yes" if v.exact else "no"]
        )
        rows.writerow([e.edit.sentence, points, e.wanted, e.alone, *known])
    return text.getvalue().encode()


def _joined(cost: Cost) -> str:
    return ";".join(str(points) for points in cost)
