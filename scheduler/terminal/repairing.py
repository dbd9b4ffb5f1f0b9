"""The command that makes a published schedule valid again, and writes what to tell whom."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.domain import Instance, Schedule, Status
from scheduler.domain.wording import count, percent
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE, NOTHING
from scheduler.terminal.inputs import check_writable, load
from scheduler.terminal.options import INSTANCE, JSON, LANGUAGE, PATH, POLICY, SECONDS
from scheduler.terminal.outcome import checked, no_schedule
from scheduler.terminal.problems import show_problems
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import screen
from scheduler.terminal.sections import Command, FiniteRange
from scheduler.terminal.stopping import Stopper, work_beside
from scheduler.terminal.summary import CONTINUED, Line, show_lines
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.compare import Move
    from scheduler.repair.repair import Repair
    from scheduler.scenario import Applied

#: The folder in a solution that holds the changed instance, and the one with what to tell whom.
INSTANCE_FOLDER, NOTICES_FOLDER = "instance", "notices"
#: So many lost rotations are named.
MOST_LOST = 10
_KINDS = {
    "preceptor": "another preceptor",
    "students": "another part of the group",
    "days": "other days",
    "dates": "other dates",
    "slot": "another slot of the unit",
    "unit": "another unit",
    "site": "another site",
    "lost": "lost",
    "new": "new",
}


@click.command(
    cls=Command,
    example="rotations repair instances/riverbend solutions/riverbend leave.toml\n"
    'rotations repair term out/term --change "withdrawn student=md28-03"',
)
@INSTANCE
@click.argument("solution", type=PATH, help="The published schedule: a solution folder, or a schedule.csv.")
@click.argument("changes", type=PATH, nargs=-1, help="Files with changes (docs/scenarios.md). None: what the instance says now.")
@click.option("--change", "words", multiple=True, metavar="CHANGE", help="A change in words: its kind and key=value …")
@click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="First day that may change; what starts before stays.  [default: the planning date]",
)
@click.option("--out", type=PATH, help="Folder of the new schedule.  [default: out/NAME OF INSTANCE-repaired]")
@click.option("--time-limit", type=SECONDS, default=60, show_default=True, metavar="S", help="Stop after S seconds.")
@click.option(
    "--gap",
    type=FiniteRange(0, 1),
    default=0.02,
    show_default=True,
    metavar="G",
    help="Enough proof: changes within this share of the fewest.",
)
@POLICY
@LANGUAGE
@JSON
def repair(
    instance: Path,
    solution: Path,
    changes: tuple[Path, ...],
    words: tuple[str, ...],
    since: datetime | None,
    out: Path | None,
    time_limit: float,
    gap: float,
    policy: Path | None,
    tag: str,
    as_json: bool,
) -> int:
    """Make a published schedule valid again, with the fewest changes.

    What has started stays, or goes on elsewhere where it cannot; another
    preceptor in the same place is milder than another site, and next month is
    milder than next week. Writes the new schedule, the instance with the
    changes, and who must be told what, with updates of calendars (in the language asked for).
    """
    from scheduler.io import load_solution

    locale = Locale(tag)
    real = instance.resolve()
    folder = out or Path("out") / f"{real.name if real.is_dir() else real.stem}-repaired"
    check_writable(folder)
    if folder.resolve() == (solution if solution.is_dir() else solution.parent).resolve():
        raise InputError(Problem("is the published schedule", file=str(folder), suggestion="name another folder with --out"))
    before, _ = load(instance, policy)
    published, problems = load_solution(solution, before)
    if published is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    applied, after = _changed(before, changes, words, since.date() if since else None)
    with Stopper() as stopper, ProgressLine(screen(sys.stderr), "minimise") as line:

        def work() -> Repair | Schedule:
            from scheduler.repair.repair import repair as find
            from scheduler.solve import Settings

            settings = Settings(time_limit_s=time_limit, gap=gap)
            return find(before, published, after, settings, line.update, stopper.requested)

        found = work_beside(work, lambda: line.tick(stopping=stopper.requested.is_set()))
        if isinstance(found, Schedule):
            return no_schedule(found, after, stopper.requested.is_set())
    schedule = found.schedule.model_copy(update={"made": datetime.now(UTC).replace(microsecond=0)}).replacing(published)
    report = checked(found.instance, schedule, folder)
    if report is None:
        return NOTHING
    schedule = schedule.model_copy(update={"schools": report.schools})
    notices = _write(folder, before, published, found.instance, schedule, locale)
    moved = _moves(published, schedule, found.instance.today)
    if as_json:
        click.echo(json.dumps(_data(found, schedule, applied, moved, folder, notices), indent=2))
    else:
        show_lines(screen(), _lines(found, schedule, applied, moved, folder, notices))
    return DONE


def _changed(before: Instance, files: tuple[Path, ...], words: tuple[str, ...], since: date | None) -> tuple[Applied, Instance]:
    """The instance with all changes, seen from the first day that may change."""
    from scheduler.scenario import Scenario, apply, parse_change, read_scenario

    scenarios = [read_scenario(path) for path in files]
    if words:
        scenarios.append(Scenario("--change", tuple(parse_change(text, "--change") for text in words)))
    applied = apply(before, scenarios)
    if since is not None and not before.first_monday <= since <= before.last_day:
        term = f"a day from {before.first_monday} to {before.last_day}"
        raise InputError(Problem("lies outside the term", "--from", value=str(since), expected=term, code="outside"))
    return applied, applied.instance.model_copy(update={"changes_from": since or applied.instance.today})


def _moves(published: Schedule, schedule: Schedule, today: date) -> list[Move]:
    """What changed; what was over is done, even where it no longer counts as a placement."""
    from scheduler.compare import moves

    found = (move for move in moves(published.placements, schedule.placements) if move.kind != "unchanged")
    return [move for move in found if move.after or move.row.end >= today]


def _write(folder: Path, before: Instance, published: Schedule, after: Instance, schedule: Schedule, locale: Locale) -> list[str]:
    """Write instance, schedule and notices; the names of the notices' files."""
    from scheduler.io import check_ours, write_export, write_instance, write_solution
    from scheduler.notices import notices

    files = notices(before, published, after, schedule, locale)
    check_ours(folder / NOTICES_FOLDER, files)
    write_instance(after, folder / INSTANCE_FOLDER)
    write_solution(schedule, after, folder, source=folder / INSTANCE_FOLDER)
    if files:
        write_export(folder / NOTICES_FOLDER, "notices", files, deidentified=False)
    return sorted(files)


def _lines(
    found: Repair, schedule: Schedule, applied: Applied, moved: list[Move], folder: Path, notices: list[str]
) -> list[Line]:
    """What a coordinator wants to know."""
    instance = found.instance
    kinds = Counter(move.kind for move in moved)
    there = {*instance.student_by_id, *instance.group_by_id}
    lost = [move.row for move in moved if move.kind == "lost" and (move.row.student or move.row.group) in there]
    left = sorted({move.row.who for move in moved if (move.row.student or move.row.group) not in there})
    kept = len(schedule.placements) - sum(n for kind, n in kinds.items() if kind != "lost")
    lines: list[Line] = [(f"{instance.name}: repaired from {instance.today}", "")]
    lines += [("Changes" if k == 0 else CONTINUED, sentence) for k, sentence in enumerate(applied.sentences)]
    lines.append(("Hit", f"{count(len(found.hit), 'placement')} cannot stay" + (_started(found))))
    if found.loosened:
        who = ", ".join(sorted({pin.student or pin.group or "" for pin in found.loosened}))
        lines.append((CONTINUED, f"pinned by 'must', which is 'prefer' now: {who}"))
    lines.append(("Unchanged", count(kept, "placement")))
    told = [f"{n} {_KINDS[kind]}" for kind, n in sorted(kinds.items(), key=lambda item: list(_KINDS).index(item[0]))]
    lines.append(("Changed", ", ".join(told) or "nothing"))
    if left:
        lines.append((CONTINUED, f"no longer there, with all placements: {', '.join(left)}"))
    if lost:
        names = "; ".join(f"{p.who} {p.requirement}" for p in lost[:MOST_LOST])
        more = f"; and {len(lost) - MOST_LOST} more" if len(lost) > MOST_LOST else ""
        lines.append(("Lost", f"{names}{more}: reasons in unplaced.csv"))
    lines.append(("Proof", _proof(found)))
    readers = len({name for name in notices if name.endswith(".ics")})
    written = [
        f"{folder}: schedule.csv, unplaced.csv, solution.json",
        f"{folder / INSTANCE_FOLDER}: the instance with the changes",
    ]
    if notices:
        tables = "changes.csv, messages.csv, changes.xlsx"
        written.append(f"{folder / NOTICES_FOLDER}: {tables} and {count(readers, 'calendar update')}")
    lines += [("Files" if k == 0 else CONTINUED, text) for k, text in enumerate(written)]
    return lines


def _started(found: Repair) -> str:
    """How many of those that cannot stay had started."""
    begun = [b for b in found.interrupted if b.weeks]
    if not begun:
        return ""
    return (
        f"; {len(begun)} of them {'has' if len(begun) == 1 else 'have'} started: what is done is credited, the rest is looked for"
    )


def _proof(found: Repair) -> str:
    """How far fewer changes are excluded."""
    points = f"{found.points:,} points of changes"
    if not found.points:
        return "nothing has to change"
    if found.bound >= found.points:
        return f"{points}, and fewer are impossible (proven)"
    return f"{points}, at least {found.bound:,} are needed: at most {percent(found.gap)} fewer could be possible"


def _data(
    found: Repair, schedule: Schedule, applied: Applied, moved: list[Move], folder: Path, notices: list[str]
) -> dict[str, Any]:
    """The same for programs."""
    return {
        "from": found.instance.today.isoformat(),
        "changes": list(applied.sentences),
        "hit": [{"who": p.who, "requirement": p.requirement, "slot": p.slot, "reason": reason} for p, reason in found.hit],
        "interrupted": [
            {"who": b.placement.who, "requirement": b.placement.requirement, "until": b.until.isoformat(), "weeks_done": b.weeks}
            for b in found.interrupted
        ],
        "loosened": [pin.model_dump(mode="json", exclude_none=True) for pin in found.loosened],
        "moves": [
            {
                "kind": move.kind,
                "who": move.row.who,
                "requirement": move.row.requirement,
                "before": move.before.model_dump(mode="json", exclude_defaults=True) if move.before else None,
                "after": move.after.model_dump(mode="json", exclude_defaults=True) if move.after else None,
            }
            for move in moved
        ],
        "points": found.points,
        "bound": found.bound,
        "gap": found.gap,
        "status": Status.OPTIMAL.value if found.bound >= found.points else Status.FEASIBLE.value,
        "placed": len(schedule.placements),
        "unplaced": len(schedule.unplaced),
        "folder": str(folder),
        "notices": notices,
    }
