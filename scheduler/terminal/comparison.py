"""What changed from one schedule to another, on screen and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from rich.console import Console

from scheduler.compare import Comparison, Kind, Move, Roster, RosterKind, rosters
from scheduler.domain import GONE, RULES, Placement, Schedule
from scheduler.domain.types import format_weekdays
from scheduler.domain.wording import count, percent
from scheduler.terminal.screen import WIDTH, column, say
from scheduler.terminal.summary import CONTINUED, NARROWEST, NO_BREAK, Line, show_lines, unplaced_names

#: By what changes can be listed.
By = Literal["student", "preceptor", "unit", "rule"]

MOST_SHOWN = 15
NUMBER = 10
KINDS: dict[Kind, str] = {
    "site": "to another site",
    "unit": "to another unit",
    "slot": "to another slot of the unit",
    "dates": "to other dates",
    "days": "to other days or shifts",
    "students": "with other students of the group",
    "preceptor": "to another preceptor",
}
_PLURALS: dict[By, str] = {"student": "Students and groups", "preceptor": "Preceptors", "unit": "Units"}


def show_comparison(console: Console, found: Comparison, by: By | None = None) -> None:
    """Print both schedules side by side, then who changed; all of them where it is asked by whom."""
    if by is None or by == "rule":
        _show_numbers(console, found)
    if by is None:
        console.print()
        show_lines(console, _lines(found))
    elif by == "student":
        by_party: dict[str, list[Move]] = {}
        for move in found.moves:
            by_party.setdefault(move.row.student or move.row.group, []).append(move)
        _show_heading(console, by, len(by_party))
        for who, moves in sorted(by_party.items()):
            say(console, who, style="bold")
            for move in moves:
                say(console, _sentence(move).removeprefix(f"{who} "), indent=2)
    elif by != "rule":
        there = rosters(found, by)
        _show_heading(console, by, len(there))
        for roster in there:
            _show_roster(console, roster)


def _show_heading(console: Console, by: By, number: int) -> None:
    say(console, f"{_PLURALS[by]} with a change: {number or 'none, everybody is placed as before'}")


def _show_roster(console: Console, roster: Roster) -> None:
    a, b = roster.before, roster.after
    load = f"{_arrow(a.students, b.students)} students, {_arrow(a.weeks, b.weeks)} weeks of a student"
    say(console, f"{roster.id}: {load}", style="bold")
    for label, moves in (("comes", roster.comes), ("no longer", roster.gone), ("otherwise", roster.changed)):
        for move in moves:
            row = (move.before if label == "no longer" else None) or move.row
            say(console, f"{label:<9} {_sentence(move) if label == 'otherwise' else _placed(row)}", indent=2)


def _arrow(was: int, now: int) -> str:
    return f"{was:,}" if was == now else f"{was:,} → {now:,}"


def _sentence(move: Move) -> str:
    if move.before is None or move.after is None:
        return f"{_placed(move.row)} ({'new' if move.before is None else 'no longer'})"
    return _moved(move)


def _show_numbers(console: Console, found: Comparison) -> None:
    before, after = found.before, found.after
    rows: list[tuple[str, int | None, int | None]] = [
        ("Placements", len(_there(before)), len(_there(after))),
        ("Student places", _places(before), _places(after)),
        ("Unplaced", len(before.unplaced), len(after.unplaced)),
        ("Points", before.shown(before.objective), after.shown(after.objective)),
        *((f"  {_title(r.rule)}", before.shown(r.before), after.shown(r.after)) for r in found.rules),
    ]
    gaps = [percent(s.gap) if s.gap is not None else "?" for s in (before, after)]
    table = [("", "before", "after", "change"), *((label, *_numbered(was, now)) for label, was, now in rows), ("Gap", *gaps, "")]
    width = max(len(label) for label, *_ in table) + 1
    shown = min(WIDTH, max(console.width, NARROWEST)) if console.is_terminal else WIDTH
    width = min(width, shown - 1 - 3 * NUMBER)
    for k, (label, *cells) in enumerate(table):
        line = column(label, width - 1) + " " + "".join(f"{cell:>{NUMBER}}" for cell in cells)
        console.print(line.rstrip(), style="" if k else "bold", soft_wrap=True)


def _title(rule: str) -> str:
    return RULES[rule].title if rule in RULES else rule


def _numbered(was: int | None, now: int | None) -> tuple[str, str, str]:
    change = "" if was is None or now is None else "=" if was == now else f"{now - was:+,}"
    before, after = ("?" if value is None else f"{value:,}" for value in (was, now))
    return before, after, change


def _lines(found: Comparison) -> list[Line]:
    if not found.changes:
        lines = [("Changes", "none: everybody is placed as before")]
    else:
        parts = [(len(found.added), "added"), (len(found.removed), "removed"), (len(found.moved), "moved")]
        students = sum(found.concerned.values())
        who = f"{count(len(found.concerned), 'student or group', 'students and groups')}, {count(students, 'person', 'people')}"
        made_of = ", ".join(f"{n:,} {word}" for n, word in parts if n)
        lines = [("Changes", f"{count(found.changes, 'placement')} of {who}: {made_of}")]
        lines += _listed("Moved", [_moved(move) for move in found.moved], _by_kind(found.moved))
        lines += _listed("Added", [_placed(p) for p in found.added])
        lines += _listed("Removed", [_placed(p) for p in found.removed])
    if found.newly_placed:
        lines.append(("Now placed", unplaced_names(found.newly_placed)))
    if found.newly_unplaced:
        lines.append(("No longer", unplaced_names(found.newly_unplaced)))
    return lines


def _listed(label: str, sentences: Sequence[str], heading: str = "") -> list[Line]:
    if not sentences:
        return []
    lines = [(label, heading or f"{len(sentences):,}"), *((CONTINUED, s) for s in sentences[:MOST_SHOWN])]
    if len(sentences) > MOST_SHOWN:
        lines.append((CONTINUED, f"and {len(sentences) - MOST_SHOWN:,} more, which --json lists"))
    return lines


def _by_kind(moves: Sequence[Move]) -> str:
    """Each move by what is most noticeable about it."""
    sizes = Counter(move.kinds[0] for move in moves)
    return ", ".join(f"{sizes[kind]:,} {words}" for kind, words in KINDS.items() if sizes[kind])


def _moved(move: Move) -> str:
    """Only what is different: ``mA NUR310: 4B-TuTh → OB-WeFr, 2026-08-24 → 2026-10-12``."""
    a, b = move.before, move.after
    assert a is not None and b is not None
    pairs = [
        (a.slot, b.slot),
        (str(a.start), str(b.start)),
        (f"until {a.end}", f"until {b.end}") if a.start == b.start else ("", ""),
        (_days(a), _days(b)),
        (_supervisors(a), _supervisors(b)),
        (f"{a.students} students", f"{b.students} students") if a.who == b.who else ("", ""),
    ]
    return f"{a.who} {a.requirement}: " + ", ".join(f"{x} → {y}" for x, y in [*pairs, (a.who, b.who)] if x != y)


def _supervisors(p: Placement) -> str:
    words = " and ".join(filter(None, (p.preceptor, p.co_preceptor))) or "nobody"
    return f"{words} (covered by {p.cover} from {p.cover_start} to {p.cover_end})" if p.cover else words


def _placed(p: Placement) -> str:
    return f"{p.who} {p.requirement}: {p.slot}, {p.start}" + (f", {p.preceptor}" if p.preceptor else "")


def _days(p: Placement) -> str:
    words = " ".join(part for part in (format_weekdays(p.weekdays), p.shift) if part) or "the preceptor's days"
    return words.replace(" ", NO_BREAK)


def _places(schedule: Schedule) -> int:
    return sum(p.students for p in _there(schedule))


def _there(schedule: Schedule) -> list[Placement]:
    """Without what was declined or withdrawn."""
    return [p for p in schedule.placements if p.status not in GONE]


def comparison_data(found: Comparison) -> dict[str, Any]:
    """The same for ``--json``, with every placement."""
    before, after = found.before, found.after
    return {
        "changes": found.changes,
        "concerned": found.concerned,
        "added": [p.model_dump(mode="json") for p in found.added],
        "removed": [p.model_dump(mode="json") for p in found.removed],
        "moved": [
            {"kinds": m.kinds, **{side: p.model_dump(mode="json") for side, p in (("before", m.before), ("after", m.after)) if p}}
            for m in found.moved
        ],
        "preceptors": _roster_data(found, "preceptor"),
        "units": _roster_data(found, "unit"),
        "newly_placed": [u.model_dump(mode="json") for u in found.newly_placed],
        "newly_unplaced": [u.model_dump(mode="json") for u in found.newly_unplaced],
        "before": _numbers(before),
        "after": _numbers(after),
        "rules": {
            r.rule: {"title": _title(r.rule), "before": before.shown(r.before), "after": after.shown(r.after)}
            for r in found.rules
        },
    }


def _roster_data(found: Comparison, kind: RosterKind) -> dict[str, Any]:
    return {
        roster.id: {
            "before": asdict(roster.before),
            "after": asdict(roster.after),
            **{
                key: [{"who": m.row.who, "requirement": m.row.requirement, "kind": m.kind} for m in moves]
                for key, moves in (("comes", roster.comes), ("gone", roster.gone), ("changed", roster.changed))
            },
        }
        for roster in rosters(found, kind)
    }


def _numbers(schedule: Schedule) -> dict[str, Any]:
    return {
        "status": schedule.status.value,
        "placed": len(_there(schedule)),
        "students": _places(schedule),
        "unplaced": len(schedule.unplaced),
        "objective": schedule.shown(schedule.objective),
        "bound": schedule.shown(schedule.bound),
        "gap": schedule.gap,
    }
