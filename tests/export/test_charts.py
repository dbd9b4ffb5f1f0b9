"""Charts: they show what the tables say, only what a reader may see, in the reader's language; nothing in them runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from scheduler.domain import Instance, Policy, RulePolicy, Schedule, Step
from scheduler.export.charts import Chart, charts
from scheduler.export.charts.chart import on_pages
from scheduler.export.charts.drawing import png, svg
from scheduler.export.charts.rows import MOST_ROWS
from scheduler.export.readers import Reader
from scheduler.export.view import View, view
from scheduler.io import read_instance, read_solution
from scheduler.words.locale import Locale

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>",
    '"onload="alert(1)',
    "javascript:alert(1)",
    "</text></svg><b>",
    "a\x00b\x08c\x1fd\x85e\ufffe\ud800",
    "\u202eabc\u200f\u2066",
    "datum['x'].y[0].z",
    "]]>&amp;<!--",
)


def term(name: str) -> tuple[Instance, Schedule]:
    instance = read_instance(ROOT / "instances" / name)
    return instance, read_solution(ROOT / "solutions" / name, instance)


def seen(name: str, reader: Reader | None = None) -> View:
    return view(*term(name), reader)


@pytest.fixture(scope="module")
def small() -> View:
    return seen("small")


@pytest.fixture(scope="module")
def riverbend() -> View:
    return seen("riverbend")


def by_name(made: View, locale: Locale | None = None) -> dict[str, Chart]:
    found = charts(made, locale)
    assert len({chart.name.casefold() for chart in found}) == len(found)
    return {chart.name: chart for chart in found}


def values(chart: Chart, field: str) -> list[dict[str, Any]]:
    """The rows of the layers whose data has a field."""
    return [row for layer in chart.spec["layer"] for row in layer["data"]["values"] if field in row]


def table(made: View, name: str) -> list[dict[str, Any]]:
    sheet = next(sheet for sheet in made.sheets if sheet.name == name)
    return [dict(zip((column.key for column in sheet.columns), row, strict=True)) for row in sheet.rows]


# --------------------------------------------------------------------------------------------------------- what they show


def bars(chart: Chart) -> list[dict[str, Any]]:
    """What is drawn for placements."""
    return next(layer for layer in chart.spec["layer"] if "tooltip" in layer["encoding"])["data"]["values"]  # type: ignore[no-any-return]  # plain data


def test_the_board_has_a_bar_for_each_placement_at_its_dates(small: View) -> None:
    board = by_name(small)["board"]
    first, length = small.instance.first_monday, 7 * small.instance.weeks
    drawn = Counter((bar["place"], bar["day"], ceil(bar["day2"])) for bar in bars(board))
    held = [s.sessions or (s.row.start, s.row.end) for s in small.stays]
    assert any(days[0] > s.row.start or days[-1] < s.row.end for s, days in zip(small.stays, held, strict=True))
    spans = [((days[0] - first).days, (days[-1] - first).days + 1) for days in held]
    assert drawn == Counter((s.unit_name, begin, min(length, end)) for s, (begin, end) in zip(small.stays, spans, strict=True))
    assert len(board.rows) == len(small.stays)


def test_no_two_bars_of_a_row_overlap(riverbend: View) -> None:
    for name, chart in by_name(riverbend).items():
        if name.startswith("board"):
            rows: dict[float, list[tuple[float, float]]] = {}
            for bar in bars(chart):
                rows.setdefault(bar["row"], []).append((bar["day"], bar["day2"]))
            assert all(a[1] <= b[0] for row in rows.values() for a, b in zip(sorted(row), sorted(row)[1:], strict=False))


def test_a_large_term_has_boards_by_school_and_page_with_every_placement_once(riverbend: View) -> None:
    boards = {name: chart for name, chart in by_name(riverbend).items() if name.startswith("board")}
    assert set(boards) == {"board-ash", "board-blu", "board-car", "board-del-1", "board-del-2"}
    shown = Counter(row for chart in boards.values() for row in chart.rows)
    assert sum(shown.values()) == len(riverbend.stays)
    assert all(chart.spec["height"] <= 13 * (MOST_ROWS + 1) for chart in boards.values())


def test_pages_are_about_equal_and_keep_together_what_fits() -> None:
    pages = on_pages([["a"] * 3, ["b"] * 3, ["c"] * 3, ["d"] * 2], 9)
    assert pages == [["a"] * 3 + ["b"] * 3, ["c"] * 3 + ["d"] * 2]
    assert list(map(len, on_pages([["a"] * 25], 10))) == [9, 9, 7]


def test_the_heat_map_is_the_table_by_unit(riverbend: View) -> None:
    chart = by_name(riverbend)["occupancy"]
    cells = Counter((row[2], row[3], row[5]) for row in chart.rows)
    assert cells == Counter((row["week"], row["at_once"], row["most_at_once"]) for row in table(riverbend, "by_unit"))


def test_full_weeks_have_a_frame_and_a_week_is_overfull_only_where_a_limit_may_give_way(riverbend: View) -> None:
    def weeks(made: View) -> dict[tuple[str, str], tuple[bool, str]]:
        rows = values(by_name(made)["occupancy"], "frame")
        return {(row["unit"], row["week"]): (row["frame"] != row["shade"], row["text"]) for row in rows}

    hard = weeks(riverbend)
    assert hard["Medical-surgical ward 4B", "Aug 24, 2026"] == (False, "8")
    assert hard["Medical-surgical ward 2 East", "Nov 30, 2026"] == (False, "1")
    # eight on Saturdays and one who follows a preceptor, whom the limit of eight does not count
    assert hard["Medical-surgical ward 2 East", "Oct 19, 2026"] == (True, "9")
    instance, schedule = term("riverbend")
    soft = instance.policy.merged(Policy(rules={"unit_capacity": RulePolicy(kind="soft", weight=1)}))
    less = tuple(row.model_copy(update={"most_students": 7} if row.most_students == 8 else {}) for row in instance.capacity)
    found = weeks(view(instance.model_copy(update={"policy": soft, "capacity": less}), schedule))
    assert found["Medical-surgical ward 2 East", "Oct 19, 2026"] == (True, "9!")


def test_units_of_one_name_are_told_apart() -> None:
    instance, schedule = term("riverbend")
    units = tuple(unit.model_copy(update={"name": "Ward"}) for unit in instance.units)
    made = by_name(view(instance.model_copy(update={"units": units}), schedule))["occupancy"]
    assert len({row[:2] for row in made.rows}) == len({placement.unit for placement in schedule.placements})


def test_load_counts_each_preceptor_once(small: View) -> None:
    rows = by_name(small)["load"].rows
    assert {row[0]: row[1:] for row in rows} == {
        row["preceptor"]: (row["weeks_used"], row["most_weeks"]) for row in table(small, "by_preceptor")
    }
    assert rows[0] == ("kim", 8, 8)


def test_many_preceptors_are_counted_by_share_and_the_fullest_are_named(riverbend: View) -> None:
    made = by_name(riverbend)
    loads = {row["preceptor"]: (row["weeks_used"], row["most_weeks"]) for row in table(riverbend, "by_preceptor")}
    full = sum(most is not None and taken >= most for taken, most in loads.values())
    assert {row["title"]: row["count"] for row in values(made["load"], "count")}["full"] == full
    assert sum(row["count"] for row in bars(made["load"])) == sum(most is not None for _, most in loads.values())
    assert len(made["load-most"].rows) <= 40


def test_schools_are_as_in_their_table(small: View) -> None:
    rows = {row[0]: row[1:4] for row in by_name(small)["equity"].rows}
    shown = table(small, "by_school")
    assert rows == {row["school"]: (row["asked"], row["placed"], row["share"]) for row in shown if row["asked"]}


def test_choices_are_counted_as_ranked(small: View) -> None:
    ranked = {(row.who, row.requirement, row.value): row.rank for row in small.instance.preferences if row.rank is not None}
    about = {key[:2] for key in ranked}
    expected: Counter[int] = Counter()
    for row in small.schedule.placements:
        who = row.student or row.group, row.requirement
        if who in about:
            expected[ranked.get((*who, row.unit)) or ranked.get((*who, row.preceptor)) or 0] += 1
    assert expected == {1: 4, 2: 1}, "what the test is about"
    assert by_name(small)["preferences"].rows == (("1st choice", 4), ("2nd choice", 1), ("not ranked", 0))


def test_a_search_is_shown_where_its_trace_ends_with_the_schedule() -> None:
    instance, schedule = term("small")
    assert "gap" not in by_name(view(instance, schedule))
    end = Step(seconds=4.0, objective=schedule.objective, bound=schedule.bound)
    traced = schedule.model_copy(update={"trace": (Step(seconds=1.0, objective=(schedule.objective or 0) + 50), end)})
    chart = by_name(view(instance, traced))["gap"]
    assert [row[0] for row in chart.rows] == [1.0, 4.0]
    assert chart.rows[-1][1:3] == (schedule.objective, schedule.bound)
    other = traced.model_copy(update={"objective": (schedule.objective or 0) + 1})
    assert "gap" not in by_name(view(instance, other)), "the schedule was changed since"


# --------------------------------------------------------------------------------------------------------------- for whom


def test_readers_get_what_is_theirs() -> None:
    readers = (Reader("school", "oak"), Reader("unit", "4B"), Reader("preceptor", "kim"), Reader("student", "m-01"))
    names = {reader.kind: set(by_name(seen("small", reader))) for reader in readers}
    assert names == {
        "school": {"board", "load"},
        "unit": {"board", "occupancy", "load"},
        "preceptor": {"board"},
        "student": {"board"},
    }


def test_a_school_sees_no_other_students() -> None:
    board = by_name(seen("small", Reader("school", "oak")))["board"]
    assert {row[0] for row in board.rows} == {"m-01", "m-02", "m-03", "x-01", "x-02", "x-03"}


# ------------------------------------------------------------------------------------------------------------- as files


def texts(drawn: bytes) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(drawn).iter() if element.tag != f"{SVG}svg"]


def test_words_dates_and_numbers_are_those_of_the_language(riverbend: View) -> None:
    english = " ".join(" ".join(texts(svg(chart))) for chart in charts(riverbend))
    spanish = " ".join(" ".join(texts(svg(chart))) for chart in charts(riverbend, Locale("es")))
    assert "Aug 24" in english
    assert "24 ago" in spanish
    assert "97,3\u00a0%" in spanish or "97,3%" in spanish
    months = set(re.findall(r"\b(?:Jan|Aug|Sep|Oct|Nov|Dec) \d", spanish))
    assert not months
    for word in ("Placements", "Students", "Preceptors", "placed", "Unplaced", "choice", "weeks", "Week of", "full"):
        assert word not in spanish, word


def hostile() -> View:
    """The small term where every name tries to be something else."""
    instance, schedule = term("small")
    names = iter(HOSTILE * 20)
    tables = {
        table: tuple(row.model_copy(update={"name": next(names)}) for row in instance.rows(table))
        for table in ("schools", "programs", "units", "sites", "preceptors")
    }
    tables["students"] = instance.students
    return view(instance.model_copy(update={**tables, "name": " ".join(HOSTILE)}), schedule)


def test_nothing_from_input_runs_or_breaks_a_picture() -> None:
    made = charts(hostile())
    shown = ""
    for chart in made:
        drawn = svg(chart)
        root = ElementTree.fromstring(drawn)  # a control character would end here
        for element in root.iter():
            assert element.tag.removeprefix(SVG) in {"svg", "g", "path", "text", "tspan", "rect", "line", "title", "desc"}
            odd = [name for name in element.attrib if name.lower().startswith("on") or "href" in name.lower()]
            assert not odd
            assert not re.search(r"url\(|javascript:", " ".join(element.attrib.values()))
        assert root.findtext(f"{SVG}title")
        assert root.findtext(f"{SVG}desc") == chart.description
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", drawn.decode())
        shown += "\n".join(texts(drawn))
        assert png(chart).startswith(b"\x89PNG")
    assert "<script>alert(1)</script>" in shown, "shown as it is"


def keys(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a specification outside its data, with what it holds."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "values":
                yield key, inner
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_input_is_data_never_an_expression_or_the_name_of_a_field() -> None:
    for chart in charts(hostile()):
        found = list(keys(chart.spec))
        assert not {key for key, _ in found} & {"expr", "signal", "calculate", "filter", "test", "href", "url", "transform"}
        assert all(re.fullmatch(r"[a-z]+2?", name) for key, name in found if key == "field")


def test_letters_with_accents_stay() -> None:
    instance, schedule = term("small")
    made = view(instance.model_copy(update={"name": "Otoño 2026: clínica 漢字"}), schedule)
    assert "Otoño 2026: clínica 漢字" in svg(charts(made)[0]).decode()


def test_the_same_schedule_gives_the_same_bytes(small: View) -> None:
    assert [svg(chart) for chart in charts(small)] == [svg(chart) for chart in charts(seen("small"))]


def test_dates_of_rows_are_dates(small: View) -> None:
    board = by_name(small)["board"]
    assert all(isinstance(row[5], date) for row in board.rows)
    assert all(len(row) == len(chart.columns) for chart in charts(small) for row in chart.rows)
