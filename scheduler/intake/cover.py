"""What the first sheet of a template says: for whom it is, what each sheet is for, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias

from scheduler.domain import Instance
from scheduler.intake.catalogue import day_text
from scheduler.intake.forms import Form
from scheduler.intake.sender import Sender
from scheduler.words import words

Look: TypeAlias = Literal["title", "name", "head", "plain"]
#: Rules of filling in that concern each sender, in their order; `required` and what a missing row means come last.
_RULES = {
    "school": ("rows", "ids", "dates", "lists", "rest_school", "required"),
    "unit": ("rows", "people", "dates", "lists", "rest_unit", "required"),
    "preceptor": ("rows", "people", "dates", "lists", "rest_preceptor", "required"),
}
#: Periods of programs that are named one by one; more would not fit the page.
_MOST_PERIODS = 8


def cover_lines(instance: Instance, sender: Sender, forms: Sequence[Form], language: str) -> list[tuple[str, Look]]:
    """Paragraphs with their looks, from top to bottom; empty ones are gaps.

    Parameters
    ----------
    forms
        The sheets that follow, in their order.
    """
    said, labels = words(language, "template"), words(language, "labels")
    titles = {**labels["sheets"], "leaves": labels["columns"]["leaves"]}
    lines: list[tuple[str, Look]] = [
        (said["title"].format(term=instance.name), "title"),
        (said[f"for_{sender.kind}"].format(name=_name(instance, sender)), "name"),
        *((text, "plain") for text in _dates(instance, sender, language)),
        ("", "plain"),
        (said[f"purpose_{sender.kind}"], "plain"),
    ]
    if any(form.name == "answers" for form in forms):
        lines.append((said["answers_steps"].format(sheet=titles["answers"]), "plain"))
    lines += [("", "plain"), (said["sheets"], "head")]
    lines += [(f"{titles[form.name]}: {labels['about'][form.name]}", "plain") for form in forms]
    lines += [("", "plain"), (said["rules"], "head")]
    rules = [said["rule"][name].format(**titles) for name in _RULES[sender.kind]]
    lines += [(f"{i}. {rule}", "plain") for i, rule in enumerate(rules, start=1)]
    lines += [("", "plain"), (said["next"], "head"), (said["next_steps"], "plain")]
    asking = said["ask_steps"].format(sheet=titles[forms[0].name])
    return [*lines, ("", "plain"), (said["ask"], "head"), (asking, "plain")]


def last_day(instance: Instance) -> date:
    """Last day of the term, a Sunday."""
    return instance.first_monday + timedelta(weeks=instance.weeks) - timedelta(days=1)


def _name(instance: Instance, sender: Sender) -> str:
    names = {
        "school": {s.school: s.name for s in instance.schools},
        "unit": {u.unit: u.name for u in instance.units},
        "preceptor": {p.preceptor: p.name for p in instance.preceptors},
    }[sender.kind]
    name = names.get(sender.id) or sender.id
    return name if name == sender.id else f"{name} ({sender.id})"


def _dates(instance: Instance, sender: Sender, language: str) -> Iterator[str]:
    """The whole term, the planning date, and when the school's own programs are in term."""
    said = words(language, "template")
    first, last, planned = (
        day_text(day, language) for day in (instance.first_monday, last_day(instance), instance.planning_date)
    )
    yield said["dates"].format(first=first, last=last)
    yield said["planned"].format(day=planned)
    if sender.kind != "school":
        return
    own = {p.program for p in instance.programs if p.school == sender.id}
    periods: dict[tuple[date, date], list[str]] = {}
    for row in instance.calendar:
        if row.program in own and row.kind == "term" and row.group is None and row.requirement is None:
            programs = periods.setdefault((row.start, row.end), [])
            if row.program not in programs:
                programs.append(row.program)
    for (start, end), programs in sorted(periods.items())[:_MOST_PERIODS]:
        yield f"{', '.join(programs)}: {said['period'].format(first=day_text(start, language), last=day_text(end, language))}"
