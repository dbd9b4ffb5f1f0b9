"""The summary of a schedule, in the coordinator's words and 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from scheduler.domain import GONE, RULES, Instance, LevelResult, Policy, RuleScore, Schedule, Unplaced
from scheduler.domain.equality import equality
from scheduler.domain.wording import count, obstacle, proof_sentence
from scheduler.terminal.at_risk import at_risk_lines
from scheduler.terminal.screen import WIDTH, wrapped

#: Up to so many unplaced rotations are shown each with all its reasons; more are grouped by what is most in their way.
MOST_DETAILED = 4
MOST_GROUPS = 6
MOST_NAMES = 3
MOST_UNPLACED = 10
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROWEST = 40
LABEL = 11
CONTINUED = ""
Line = tuple[str, str]
#: What files of a format are.
_FORMATS = {
    "csv": "Tables",
    "xlsx": "Workbook",
    "ics": "Calendars",
    "html": "Page",
    "json": "Data",
    "svg": "Charts",
    "png": "Charts",
}


def summary_lines(schedule: Schedule, instance: Instance, worst_off: str = "") -> list[Line]:
    """What a coordinator wants to know, as (label, sentence); `worst_off` is who is."""
    held = [p for p in schedule.placements if p.status not in GONE]
    places = sum(p.students for p in held)
    placed = count(len(held), "placement")
    if places != len(held):
        placed += f", which are {count(places, 'student place')}"
    whole = schedule.given is None or not schedule.given.not_planned  # shares of a part would look unfair
    lines = [
        (f"{instance.name}: {_frame(instance)}", ""),
        ("Placed", placed),
        *_unplaced_lines(schedule),
        *at_risk_lines(schedule, instance),
        *(_school_lines(schedule, instance) if whole else ()),
        *_worst_off_lines(schedule, instance, worst_off),
        ("Proof", proof_sentence(schedule)),
        *_slow_lines(schedule),
    ]
    return [*lines, *_cost_lines(schedule), *_not_kept_lines(schedule)]


def show_lines(console: Console, lines: list[Line]) -> None:
    """Print (label, sentence) lines in two columns; a line without a label continues the one above."""
    width = min(WIDTH, max(NARROWEST, console.width)) if console.is_terminal else WIDTH
    for label, sentence in lines:
        hanging = LABEL + (2 if label == CONTINUED else 0)
        text = Text(wrapped(f"{label:<{LABEL}}{'· ' if label == CONTINUED else ''}{sentence}".rstrip(), width - 1, hanging))
        text.stylize("bold", 0, len(label))
        console.print(text, soft_wrap=True)


def summary_data(schedule: Schedule, folder: Path) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "status": schedule.status.value,
        "placed": sum(p.status not in GONE for p in schedule.placements),
        "unplaced": len(schedule.unplaced),
        "given": None if schedule.given is None else schedule.given.model_dump(mode="json"),
        "more_possible_at_most": 0 if not schedule.unplaced else schedule.more,
        "objective": schedule.shown(schedule.objective),
        "bound": schedule.shown(schedule.bound),
        "gap": schedule.gap,
        "levels": [
            {
                "level": result.level,
                "status": result.status.value,
                "objective": schedule.shown(result.objective),
                "bound": schedule.shown(result.bound),
                "gap": result.gap,
            }
            for result in schedule.levels
        ],
        "seconds": round(schedule.seconds, 1),
        "effort": None if schedule.effort is None else schedule.effort.model_dump(mode="json"),
        "schools": [{**s.model_dump(mode="json"), "share": round(s.share, 4)} for s in schedule.schools],
        "equality": None if (alike := equality(schedule.schools)) is None else alike.model_dump(mode="json"),
        "folder": str(folder),
    }


def _slow_lines(schedule: Schedule) -> list[Line]:
    """Which rules made the search slow, and for what share of the parties."""
    if schedule.effort is None:
        return []
    parties = count(schedule.effort.parties, "party", "parties")
    forced = sorted(schedule.effort.forced.items(), key=lambda item: -item[1])
    return [
        ("Slow" if i == 0 else CONTINUED, f"only CP-SAT can price {n:,} of {parties}, because of {'rule ' * (why in RULES)}{why}")
        for i, (why, n) in enumerate(forced)
    ]


def _frame(instance: Instance) -> str:
    students = len(instance.students) + sum(g.size for g in instance.groups) - sum(bool(s.group) for s in instance.students)
    schools = count(len(instance.school_by_id), "school")
    return f"{count(students, 'student')} of {schools}, {instance.first_monday} to {instance.last_day}"


def _unplaced_lines(schedule: Schedule) -> list[Line]:
    rows = [u for u in schedule.unplaced if u.planned]
    left = count(len(schedule.unplaced) - len(rows), "required rotation")
    others = [("Left out", f"{left} of others, not planned this time")] if len(rows) < len(schedule.unplaced) else []
    return [*_missing_lines(rows), *others]


def _missing_lines(rows: Sequence[Unplaced]) -> list[Line]:
    if not rows:
        return [("Unplaced", "nobody")]
    # Somebody who lacks two rotations is one student. (Parts of a group are people of their own.)
    students = sum({(u.student, u.group, u.part): u.students for u in rows}.values())
    size = f"{count(len(rows), 'required rotation')} ({count(students, 'student')})"
    if len(rows) <= MOST_DETAILED:
        return [("Unplaced", size), *((CONTINUED, f"{_name(u)}: {_reason(u)}") for u in rows)]
    groups: dict[str, list[str]] = {}
    for u in rows:
        groups.setdefault(obstacle(_reason(u)), []).append(_name(u).replace(" ", NO_BREAK))
    largest = sorted(groups.items(), key=lambda item: -len(item[1]))
    lines = [("Unplaced", f"{size}; what is most in their way:")]
    lines += [(CONTINUED, f"{len(who):,}{NO_BREAK}× {why}: {_some(who)}") for why, who in largest[:MOST_GROUPS]]
    if len(largest) > MOST_GROUPS:
        rest = sum(len(who) for _, who in largest[MOST_GROUPS:])
        lines.append((CONTINUED, f"{rest:,}{NO_BREAK}× for {count(len(largest) - MOST_GROUPS, 'other reason')}"))
    return [*lines, (CONTINUED, "unplaced.csv has all their reasons")]


def _reason(row: Unplaced) -> str:
    return row.reason or "no reason recorded"


def unplaced_names(rows: Sequence[Unplaced], most: int = MOST_UNPLACED) -> str:
    """Who lacks what: ``p-01 FM, mA part 2 NUR310 and 3 more``."""
    return _some([_name(row) for row in rows], most)


def _name(row: Unplaced) -> str:
    who = row.student or (f"{row.group} part {row.part}" if row.part else row.group)
    return f"{who} {row.requirement}"


def _some(names: list[str], most: int = MOST_NAMES) -> str:
    """The first few of many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def _school_lines(schedule: Schedule, instance: Instance) -> list[Line]:
    """What share of its rotations each school has, how equal that is, and in which order places were given."""
    alike = equality(schedule.schools)
    lines: list[Line] = []
    if alike:
        ordered = sorted(schedule.schools, key=lambda s: (s.share, s.school))
        shares = [f"{s.school}{NO_BREAK}{100 * s.share:.0f}{NO_BREAK}%" for s in ordered]
        few = shares if len(shares) <= MOST_GROUPS else [*shares[: MOST_GROUPS - 1], "…", shares[-1]]
        index = f"smallest ÷ largest {alike.smallest_to_largest:.2f}, Jain's index {alike.jain:.3f}"
        lines.append(("Schools", f"{', '.join(few)} of their students' rotations are placed; {index}"))
    teams = [
        f"{s.school}{NO_BREAK}{100 * s.interprofessional:.0f}{NO_BREAK}%"
        for s in schedule.schools
        if s.interprofessional is not None
    ]
    if teams:
        lines.append(("Teams", f"{', '.join(teams)} of the students who should be are in an interprofessional team"))
    setting = instance.policy.setting(RULES["priority"])
    if setting.kind == "soft":
        said = ", then ".join(setting.names("order"))
        drawn = f" (seed {setting.parameters['seed']})" if "lottery" in said else ""
        lines.append(("Priority", f"{said}{drawn}; the exported table priorities says who goes first"))
    return lines


def _worst_off_lines(schedule: Schedule, instance: Instance, who: str) -> list[Line]:
    """Who is worst off, and with how many points; negative ones are points won. (Several may be equally badly off.)"""
    policy = instance.policy
    setting = policy.setting(RULES["worst_off"])
    each = " for each required rotation" if setting.parameters["scale"] == "per_requirement" else ""
    counted = [RULES[rule].words for rule in setting.names("rules") if _is_soft(policy, rule)]
    what = f" ({', '.join(counted)})" if counted else ""
    return [("Worst-off", _worst_off(s.penalty, who, what, each)) for s in schedule.scores if s.rule == "worst_off"]


def _worst_off(points: int, who: str, what: str, each: str) -> str:
    if not points:
        return f"nobody has points of unmet wishes{what}"
    if points < 0:
        size = f"{count(-points, 'point')} of granted wishes{what}{each}"
        return f"{who}: {size}; nobody has fewer" if who else f"everybody has at least {size}"
    size = f"{count(points, 'point')} of unmet wishes{what}{each}"
    return f"{who}: {size}; nobody has more" if who else f"nobody has more than {size}"


def _is_soft(policy: Policy, rule: str) -> bool:
    return policy.setting(RULES[rule]).kind == "soft"


def _cost_lines(schedule: Schedule) -> list[Line]:
    """Objective, and what it is made of; where there are several levels, what each costs and at best would."""
    total = schedule.shown(schedule.objective)
    if total is None:
        return []
    label = "Cost" if schedule.sense == "minimise" else "Won"
    costly = [score for score in schedule.scores if score.cost]
    if len(schedule.levels) > 1:
        lines = [(f"Level {result.level}", _level(schedule, result)) for result in schedule.levels]
        return [*lines, (label, f"{count(total, 'point')}, all levels together")]
    return [(label, count(total, "point") + _made_of(schedule, costly))]


def _not_kept_lines(schedule: Schedule) -> list[Line]:
    """Which rules gave way that could be hard, and where one sees whom that concerns."""
    titles = [RULES[score.rule].words for score in schedule.scores if score.cost > 0 and "hard" in RULES[score.rule].kinds]
    return [("Not kept", f"{', '.join(titles)}: the exported table not_kept says where")] if titles else []


def _level(schedule: Schedule, result: LevelResult) -> str:
    """``163 points, at best 154: waiting 44``."""
    points, best = schedule.shown(result.objective), schedule.shown(result.bound)
    assert points is not None
    proof = "as good as can be" if points == best else f"at best {best:,}"
    costly = [score for score in schedule.scores if score.cost and score.level == result.level]
    return f"{count(points, 'point')}, {proof}{_made_of(schedule, costly)}"


def _made_of(schedule: Schedule, scores: Sequence[RuleScore]) -> str:
    """What points are made of: costs before what is won, the largest first."""
    ordered = sorted(scores, key=lambda s: -s.cost)
    return ": " * bool(ordered) + ", ".join(f"{RULES[s.rule].words}{NO_BREAK}{schedule.shown(s.cost):,}" for s in ordered)


def export_lines(written: Sequence[tuple[str, Path, Sequence[str]]]) -> list[Line]:
    """What was written where, one line a format, from (format, folder, names of files)."""
    return [
        (_FORMATS[form], str(folder / names[0]) if len(names) == 1 else f"{folder} ({count(len(names), f'{form} file')})")
        for form, folder, names in written
    ]
