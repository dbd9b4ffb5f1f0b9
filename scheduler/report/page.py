"""The page itself: HTML that stands by itself, with its data, scripts and style inside.

The browser is forbidden everything but the scripts and the style that are in the page, by their hashes; data is JSON that no
browser takes for markup, and scripts put it into the page as text. Charts are drawn by Vega-Lite (https://vega.github.io), which
comes with the package vl-convert.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.domain import Instance, Unplaced
from scheduler.export.charts import Chart
from scheduler.export.charts.drawing import VERSION
from scheduler.export.colours import FILLS, LINES
from scheduler.report.content import Given, content

#: What the scripts call to draw a chart into an element; see ``6-charts.js``.
_DRAW = "window.drawChart = (box, spec, options) => vegaEmbed(box, spec, options);"
#: Parts below the board, and the charts that belong to each, by the beginnings of their names.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "unplaced": (),
    "risks": (),
    "changes": (),
    "occupancy": ("occupancy",),
    "load": ("load",),
    "equity": ("equity",),
    "preferences": ("preferences",),
    "worst": (),
    "costs": ("gap",),
}
#: What is more than not yet due.
_LATE = ("expires", "overdue", "refused")
_DRAWN = tuple(name for names in _PARTS.values() for name in names)


@dataclass(frozen=True, slots=True)
class _Fact:
    """One figure of the head."""

    figure: str
    what: str
    more: str
    tone: str
    target: str = ""


def page(given: Given, pictures: Sequence[Chart] = ()) -> bytes:
    """The page of a schedule.

    Parameters
    ----------
    pictures
        Charts, shown in the parts that their names say; others are left out.

    Returns
    -------
    bytes
        HTML5 in UTF-8. The same input always gives the same bytes.
    """
    locale = given.locale
    words = locale.words("report_page")
    data = content(given)
    pictures = [picture for picture in pictures if picture.name.startswith(_DRAWN)]
    parts = list(_parts(given, data, words, pictures))
    data["words"] = {**words, "counts": dict(locale.words("counts"))}
    data["charts"] = [picture.spec for picture in pictures]
    environment = _environment()
    style = environment.get_template("report.css").render(fills=FILLS, lines=LINES)
    scripts = [*([_chart_library()] if pictures else []), _scripts()]
    return (
        environment.get_template("report.html")
        .render(
            locale=locale,
            words=words,
            title=given.instance.name,
            about=_about(given, data),
            facts=list(_facts(given, data)),
            proof=data["proof"],
            violations=[f"{said} [{rule}]" for rule, said in data["violations"]],
            parts=parts,
            compared=given.comparison is not None,
            broken=bool(data["broken"]),
            specialties=data["specialties"],
            footer=_footer(given),
            data=Markup(_json(data)),
            style=Markup(style),
            style_hash=_hash(style),
            scripts=[Markup(script) for script in scripts],
            script_hashes=[_hash(script) for script in scripts],
        )
        .encode()
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader("scheduler.report", "page"), PackageLoader("scheduler.export", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _scripts() -> str:
    """The scripts of ``page/`` in the order of their names, in one function of their own."""
    folder = files("scheduler.report").joinpath("page")
    sources = sorted((one for one in folder.iterdir() if one.name.endswith(".js")), key=lambda one: one.name)
    body = "\n".join(one.read_text("utf-8") for one in sources)
    return f'(() => {{\n"use strict";\n{body}}})();'


@cache
def _chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script (BSD licence), as vl-convert bundles them."""
    from vl_convert import javascript_bundle

    library = javascript_bundle(_DRAW, vl_version=VERSION).replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(() => {{\n{library}\n}})();"


def _json(data: Mapping[str, Any]) -> str:
    """JSON for a script element: nothing in it can end the element or begin a comment in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _parts(
    given: Given, data: Mapping[str, Any], words: Mapping[str, Any], pictures: Sequence[Chart]
) -> Iterator[dict[str, Any]]:
    """Id, title, note and charts of each part below the board; what there is nothing about is left out."""
    for part, names in _PARTS.items():
        if (part == "risks" and not data["risks"]) or (part == "changes" and data["changes"] is None):
            continue
        charts = [
            {"place": i, "title": picture.title, "description": picture.description}
            for i, picture in enumerate(pictures)
            if names and picture.name.startswith(names)
        ]
        note = words["notes"].get(part, "")
        yield {"id": part, "title": words[part], "note": note.format(baseline=given.baseline), "charts": charts}
    for n, run in enumerate(given.whatifs):
        yield {
            "id": f"whatif-{n}",
            "title": words["whatif"].format(name=run.name),
            "note": words["notes"]["whatif"],
            "charts": [],
        }


def _about(given: Given, data: Mapping[str, Any]) -> str:
    instance, locale = given.instance, given.locale
    students = sum(not s.group for s in instance.students) + sum(g.size for g in instance.groups)
    return locale.say(
        "report_page",
        "about",
        first=locale.day(instance.first_monday),
        last=locale.day(instance.last_day),
        students=locale.count(students, "student"),
        schools=locale.count(len(data["schools"]), "school"),
        today=locale.day(instance.planning_date),
    )


def _facts(given: Given, data: Mapping[str, Any]) -> Iterator[_Fact]:
    """The figures that a coordinator asks for first."""
    locale, report = given.locale, given.report
    words = locale.words("report_page")
    places = sum(data["parties"][row[0]][3] for row in data["placements"])
    yield _fact(
        locale.count(len(data["placements"]), "placement"),
        locale.count(places, "student_place"),
        "good" if places else "bad",
        "board",
    )
    missing = report.unplaced
    students = len(_people(given.instance, missing))
    tone = "bad" if missing else "good"
    yield _fact(locale.count(len(missing), "unplaced_rotation"), locale.count(students, "student"), tone, "unplaced")
    if data["risks"]:
        who = len({row[1] for row in data["risks"]})
        items = len({(row[1], row[2]) for row in data["risks"]})  # each counts once, however many placements need it
        late = len({(row[1], row[2]) for row in data["risks"] if row[3] in _LATE})
        due = locale.count(items, "item_due")
        more = words["late"].format(items=due, n=locale.number(late)) if late else due
        yield _fact(locale.count(who, "student_at_risk"), more, "due" if late else "good", "risks")
    if data["changes"] is not None:
        yield _fact(
            locale.count(len(data["changes"]), "change"), words["since"].format(baseline=given.baseline), "due", "changes"
        )
    if report.ok:
        yield _Fact("✓", words["rules_hold_softly" if report.gave_way else "rules_hold"], words["checked"], "good")
    else:
        yield _fact(locale.count(len(report.violations), "broken_place"), words["does_not_pass"], "bad")


def _people(instance: Instance, missing: Iterable[Unplaced]) -> set[object]:
    """Who lacks something, each counted once, alone and with a group; of a part nobody knows who is in it."""
    members: dict[str, list[str]] = defaultdict(list)
    for student in instance.students:
        members[student.group or ""].append(student.student)
    found: set[object] = set()
    for row in missing:
        if row.student:
            found.add(row.student)
        elif row.part:
            found |= {(row.group, row.part, n) for n in range(row.students)}
        else:
            own = members[row.group]
            found |= {*own, *((row.group, n) for n in range(row.students - len(own)))}
    return found


def _fact(said: str, more: str, tone: str, target: str = "") -> _Fact:
    figure, _, what = said.partition(" ")
    return _Fact(figure, what, more, tone, target)


def _footer(given: Given) -> str:
    schedule, locale = given.schedule, given.locale
    when = schedule.made and locale.moment(schedule.made, given.instance.timezone)
    made = locale.say("page", "made", when=when) if when else ""
    version = schedule.instance_hash[:12]
    said = [made, locale.say("report_page", "version", hash=version) if version else ""]
    return " · ".join(part for part in said if part)
