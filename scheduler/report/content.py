"""All that the page tells, as plain data.

Days are counted from the first Monday, names and repeated texts are places in lists (`scheduler.report.index`), so that a term of
3,000 students is a few megabytes.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import Any

from scheduler.compare import Comparison
from scheduler.domain import RULES, Instance, Schedule
from scheduler.domain.equality import equality
from scheduler.domain.onboarding import onboarding
from scheduler.domain.wording import proof_sentence
from scheduler.export.stays import stays
from scheduler.report.alternatives import Alternatives, key_of
from scheduler.report.board import Board, Row, unplaced_rows
from scheduler.report.comparisons import WhatIf, changed
from scheduler.report.index import Index
from scheduler.report.places import loads, occupancy
from scheduler.report.reasons import Reasons, reasons
from scheduler.verify import Report
from scheduler.verify.facts import Facts
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook


@dataclass(frozen=True)
class Given:
    """What the page is made from.

    Attributes
    ----------
    report
        What the verifier says about the schedule.
    alternatives
        Other places and explanations; None where nobody looked for them.
    comparison
        What changed since an earlier schedule, `baseline`; None where there is none to compare with.
    whatifs
        Runs of ``rotations whatif``.
    command
        Instance and solution as one writes them in a command.
    """

    instance: Instance
    schedule: Schedule
    report: Report
    locale: Locale = field(default_factory=Locale)
    alternatives: Alternatives | None = None
    comparison: Comparison | None = None
    baseline: str = ""
    whatifs: tuple[WhatIf, ...] = ()
    command: tuple[str, str] = ("", "")


def content(given: Given) -> dict[str, Any]:
    """The data of the page, ready for JSON; the scripts of ``page/`` say how each part is shown."""
    instance, schedule, report = given.instance, given.schedule, given.report
    facts = Facts(instance, schedule)
    shown = stays(instance, schedule)
    asked = (required.specialties[0] for required in instance.requirements if required.specialties)
    index = Index(instance, [*(stay.row.specialty for stay in shown), *asked], given.locale)
    found = reasons(facts)
    board = Board(facts, shown, index, found)
    said = {(u.student, u.group, u.part, u.requirement): u.reason for u in schedule.unplaced}
    placements = board.placements()
    data: dict[str, Any] = {
        "title": instance.name,
        "locale": given.locale.html,
        "first": instance.first_monday.isoformat(),
        "weeks": instance.weeks,
        "today": (instance.planning_date - instance.first_monday).days,
        "command": [shlex.quote(part) for part in given.command],
        "percent": given.locale.percent(0.5).replace("50", "{n}"),
        "won": schedule.sense == "maximise",
        "holds": report.ok,
        "violations": [[v.rule, index.book.said(v.sentence)] for v in report.violations],
        "proof": _proof(given, index),
        "parties": board.parties(),
        "placements": placements,
        "unplaced": unplaced_rows(facts, board, index, report.unplaced, said),
        "why": _why(given, index),
        "others": _others(given, index, [key_of(stay.row) for stay in shown]),
        "searched": None if given.alternatives is None else given.alternatives.complete,
        "occupancy": occupancy(facts, index),
        "loads": loads(facts, index),
        "risks": _risks(given, facts, board),
        "broken": board.broken(report.violations),
        "schools_served": _served(given, index),
        "equality": _equality(report),
        "worst_off": report.worst_off,
        "costs": _costs(given),
        "bound": schedule.shown(schedule.bound),
        "objective": schedule.shown(report.objective),
        "gap": schedule.gap,
        "baseline": given.baseline,
        "changes": None if given.comparison is None else changed(given.comparison, instance, index),
        "kinds": _kinds(given, [key_of(stay.row) for stay in shown], index),
        "whatifs": [_whatif(run, index) for run in given.whatifs],
    }
    _check(found, data)
    return {**data, **index.lists(), "texts": index.texts.all(), "rules": _rules(given)}


def _check(found: Reasons, data: dict[str, Any]) -> None:
    """Every party that a rule counts for must be on the board: figures would silently be lost otherwise."""
    assert len(found.points) <= len(data["parties"])


def _proof(given: Given, index: Index) -> str:
    """How good the schedule is proven to be; a schedule that does not pass the check proves nothing."""
    if not given.report.ok:
        return ""
    text = index.book.said(proof_sentence(given.schedule.model_copy(update={"unplaced": given.report.unplaced})))
    return f"{text[0].upper()}{text[1:]}."


def _rules(given: Given) -> dict[str, list[str]]:
    """By rule its title and its sentence; the sentences of rules are English."""
    titles, policy, english = given.locale.words("rules")["titles"], given.instance.policy, given.locale.language == "en"
    rules = ((rule, spec) for rule, spec in RULES.items() if policy.setting(spec).kind != "off")
    return {rule: [titles[rule], spec.sentence if english else ""] for rule, spec in rules}


def _costs(given: Given) -> list[Row]:
    """``[rule, level, weight, amount, its unit, points]``, the dearest first."""
    policy = given.instance.policy
    rows = []
    for rule, amount in given.report.penalties.items():
        setting = policy.setting(RULES[rule])
        points = given.schedule.shown(setting.weight * amount)
        unit = given.locale.words("rules")["units"][RULES[rule].unit]
        rows.append([rule, setting.level, setting.weight, amount, unit, points])
    return sorted(rows, key=lambda row: (-abs(row[5]), row[0]))


def _served(given: Given, index: Index) -> list[Row]:
    """``[school, asked, placed, preference cost a placement, interprofessional share]``."""
    return [
        [index.school[s.school], s.asked, round(s.placed, 2), s.preference, s.interprofessional] for s in given.report.schools
    ]


def _equality(report: Report) -> list[float] | None:
    """Smallest share ÷ largest, and Jain's index; None where nothing is placed, or there is nothing to compare."""
    alike = equality(report.schools) if any(school.placed for school in report.schools) else None
    return [alike.smallest_to_largest, alike.jain] if alike else None


def _risks(given: Given, facts: Facts, board: Board) -> list[Row]:
    """``[due, who, item, how far, unit, start, note, party]`` of compliance items that are still due, the most urgent first."""
    first = given.instance.first_monday
    rows, book = [p.row for p in facts.placed], Phrasebook(given.locale)
    found: dict[tuple[object, ...], Row] = {}
    for item in onboarding(given.instance, rows):
        key = item.student, item.item, item.status, item.due, item.unit, item.start
        if key in found:  # in whichever part of the group
            found[key][6] = ""
            continue
        found[key] = [
            None if item.due is None else (item.due - first).days,
            item.student,
            item.item,
            item.status,
            item.unit,
            (item.start - first).days,
            book.said(item.note),
            board.of_student(item.student, item.group),
        ]
    return list(found.values())


def _why(given: Given, index: Index) -> list[Row]:
    """Of each unplaced rotation, in the order of the report, sentences that explain it; empty where nobody has looked."""
    found = given.alternatives.why if given.alternatives else {}
    rows = given.report.unplaced
    return [
        [index.texts(_spoken(index.book, line)) for line in found.get((u.student, u.group, u.part, u.requirement), ())]
        for u in rows
    ]


def _spoken(book: Phrasebook, line: str) -> str:
    """A line in the reader's language, as far to the right as it was."""
    text = line.lstrip()
    return " " * (len(line) - len(text)) + book.said(text)


def _others(given: Given, index: Index, keys: list[Any]) -> list[Row | None]:
    """Of each placement ``[how many fit, [[unit, preceptor, first day, last day, weekdays, shift, cost by level], …]]``."""
    found = given.alternatives.of if given.alternatives else {}
    first = given.instance.first_monday
    rows: list[Row | None] = []
    for key in keys:
        if key not in found:
            rows.append(None)
            continue
        shown, count = found[key]
        rows.append(
            [
                count,
                [
                    [
                        index.unit[a.row.unit],
                        index.preceptor.get(a.row.preceptor, -1),
                        (a.row.start - first).days,
                        (a.row.end - first).days,
                        sum(1 << day for day in a.row.weekdays) or -1,
                        index.texts(a.row.shift),
                        [given.schedule.shown(points) for points in a.cost],
                    ]
                    for a in shown
                ],
            ]
        )
    return rows


def _kinds(given: Given, keys: list[Any], index: Index) -> list[int]:
    """Of each placement what changed since the baseline, as a text; -1: nothing."""
    if given.comparison is None:
        return []
    kind = {key_of(move.after): move.kind for move in given.comparison.moves if move.after}
    return [index.texts(kind[key]) if key in kind else -1 for key in keys]


def _whatif(run: WhatIf, index: Index) -> dict[str, Any]:
    return {
        "name": run.name,
        "outcomes": [
            {
                "name": str(o["name"]),
                "status": str(o["status"]),
                "changes": [str(change) for change in o["changes"]],
                "figures": {str(k): v for k, v in o["figures"].items() if isinstance(v, int | float)},
                "verdict": index.book.said(str((o.get("against_base") or {}).get("sentence", ""))),
            }
            for o in run.outcomes
        ],
    }
