"""The command ``rotations publish``: a numbered version of a schedule, which is never changed again."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from scheduler.domain import GONE, Placement
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE, MOST_PROBLEMS, NOT_HELD
from scheduler.terminal.inputs import comparable, made_from
from scheduler.terminal.options import JSON, PATH
from scheduler.terminal.outcome import show_violations
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command
from scheduler.terminal.summary import CONTINUED, Line, show_lines

if TYPE_CHECKING:
    from scheduler.compare import Comparison
    from scheduler.verify import Violation
    from scheduler.versions.frozen import Version

#: So many placements of a partner without an answer are named.
MOST_NAMED = 3
#: By kind and id of a partner: placements to which it has not yet said yes.
Missing: TypeAlias = Mapping[tuple[str, str], Sequence[Placement]]


@click.command(
    cls=Command,
    example='rotations publish out/small\nrotations publish out/small --note "sent to the schools"\n'
    "rotations publish out/small --final",
)
@click.argument("solution", type=PATH, help="Solution folder.")
@click.option("--final", is_flag=True, help="The last word: only where everything is confirmed by school and site.")
@click.option("--note", default="", metavar="TEXT", help="A note that stays with the version.")
@click.option("--instance", type=PATH, help="The instance, if it is no longer where it was.")
@JSON
def publish(solution: Path, final: bool, note: str, instance: Path | None, as_json: bool) -> int:
    """Publish a schedule as a numbered version that stays as it is.

    Checks it again first, and refuses one that breaks a hard rule. The version
    is a folder in SOLUTION/published; what changed since the one before is
    shown. The same schedule again makes no new version.
    """
    from scheduler.compare import compare
    from scheduler.verify import verify
    from scheduler.versions.frozen import freeze, missing_answers, snapshot, version_folder

    if not solution.is_dir():
        what = "is a file; a version is made of a solution folder" if solution.exists() else "there is no such folder"
        raise InputError(Problem(what, str(solution), suggestion="name the solution folder", code="not_a_folder"))
    data = made_from(solution, instance)
    files, schedule, problems = snapshot(solution, data)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    report = verify(data, schedule)
    if not report.ok:
        return _refused(as_json, report.violations)
    missing = missing_answers(schedule.placements)
    if final and missing:
        return _not_final(as_json, missing)
    version, is_new = freeze(solution, files, schedule, data, datetime.now(UTC), final=final, note=note)
    folder = version_folder(solution, version.number)
    found = None
    if is_new and version.number > 1:
        earlier = version_folder(solution, version.number - 1)
        found = compare(comparable(earlier, instance), comparable(folder, instance))
    if as_json:
        click.echo(json.dumps(_data(version, is_new, folder, found, missing), indent=2))
    elif not is_new:
        say(screen(), f"This is version {version.number} already, published {version.made}: {folder}")
    else:
        show_lines(screen(), _lines(version, solution, folder, found, missing, len(report.unplaced)))
        _show_changes(found)
    return DONE


def _refused(as_json: bool, violations: Sequence[Violation]) -> int:
    """Say which rules are broken; nothing is published."""
    if as_json:
        broken = [{"rule": v.rule, "sentence": v.sentence} for v in violations]
        click.echo(json.dumps({"published": False, "violations": broken}, indent=2))
        return NOT_HELD
    console = screen(sys.stderr)
    show_violations(console, violations[:MOST_PROBLEMS])
    what = count(len(violations), "violation")
    say(console, f"Not published: {what}. Repair the schedule (rotations repair) or solve again.", style="red")
    return NOT_HELD


def _not_final(as_json: bool, missing: Missing) -> int:
    """Say whose answers are missing; nothing is published."""
    if as_json:
        click.echo(json.dumps({"published": False, "missing_answers": _missing_data(missing)}, indent=2))
        return NOT_HELD
    console = screen(sys.stderr)
    waiting = len({p for rows in missing.values() for p in rows})
    what = f"{count(waiting, 'placement')} {'is' if waiting == 1 else 'are'} not confirmed by both school and site"
    say(console, f"Not final: {what}. Missing:", style="red")
    for (kind, name), rows in missing.items():
        who = ", ".join(f"{p.who} {p.requirement}" for p in rows[:MOST_NAMED])
        more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
        say(console, f"{kind} {name}: {count(len(rows), 'answer')} ({who}{more})", indent=2)
    return NOT_HELD


def _lines(
    version: Version, solution: Path, folder: Path, found: Comparison | None, missing: Missing, unplaced: int
) -> list[Line]:
    """What was published, what changed, and what comes next."""
    held = sum(n for status, n in version.statuses.items() if status not in GONE)
    said = ", ".join(f"{n:,} {status}" for status, n in version.statuses.items())
    title = f"Version {version.number}{' (final)' * version.final} is published: {folder}"
    lines: list[Line] = [(title, ""), ("Placed", f"{count(held, 'placement')}: {said}" if said else "nobody")]
    lines.append(("Unplaced", count(unplaced, "required rotation") if unplaced else "nobody"))
    if version.note:
        lines.append(("Note", version.note))
    changed = found is not None and found.changes > 0
    if found is not None:
        what = f"{count(found.changes, 'change')} since version {version.number - 1}"
        lines.append(("Changed", what if changed else f"no placement since version {version.number - 1}"))
    if missing:
        schools, units = (sum(kind == k for k, _ in missing) for kind in ("school", "unit"))
        partners = [count(n, word) for n, word in ((schools, "school"), (units, "unit")) if n]
        waiting = f"answers are missing from {' and '.join(partners)}"
        lines.append(("Next", f"{waiting}; rotations intake template with --schedule {folder} writes what they fill in"))
    elif not version.final:
        lines.append(("Next", f"everything is confirmed: rotations publish {solution} --final"))
    if changed:
        before = folder.parent / str(version.number - 1)
        label = CONTINUED if missing or not version.final else "Next"
        lines.append((label, f"rotations compare {before} {solution} --notices DIR writes who must be told what"))
    return lines


def _show_changes(found: Comparison | None) -> None:
    """Who is placed otherwise than in the version before."""
    if found is None or not found.changes:
        return
    from scheduler.terminal.comparison import show_comparison

    console = screen()
    console.print()
    show_comparison(console, found, "student")


def _data(version: Version, is_new: bool, folder: Path, found: Comparison | None, missing: Missing) -> dict[str, Any]:
    """The same for programs."""
    from scheduler.terminal.comparison import comparison_data

    return {
        "published": is_new,
        **asdict(version),
        "folder": str(folder),
        "changes": None if found is None else comparison_data(found),
        "missing_answers": _missing_data(missing),
    }


def _missing_data(missing: Missing) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "id": name, "placements": [p.model_dump(mode="json", exclude_defaults=True) for p in rows]}
        for (kind, name), rows in missing.items()
    ]
