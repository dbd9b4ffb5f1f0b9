"""Files: no cell is a formula, names are safe everywhere, JSON and CSV say what the tables say."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain import Schedule, Status
from scheduler.domain.types import parse_id
from scheduler.export.files import render
from scheduler.export.names import file_stems
from scheduler.export.plain import csv_file, json_file
from scheduler.export.readers import Reader
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.stays import stays
from scheduler.export.tables.cells import natural
from scheduler.export.view import view
from scheduler.io import read_instance, read_solution
from tests.verify.world import BASE, put, slot, week, world

ROOT = Path(__file__).parents[2]


def one_column(*values: Value) -> list[str]:
    """The cells of a CSV with one column, read back."""
    sheet = Sheet("t", "T", (Column("a", "A"), Column("b", "B")), tuple((value, None) for value in values))
    text = csv_file(sheet).decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "  =", "\u00a0@"])
def test_no_text_is_a_formula(start: str) -> None:
    assert one_column(f"{start}1+1") == [f"'{start}1+1"]


def test_numbers_dates_and_other_texts_stay_as_they_are() -> None:
    assert one_column(-5, -0.5, date(2026, 1, 5), "a=b", "n-1", "", None, "'", 'say "so", and\nmore') == [
        "-5",
        "-0.5",
        "2026-01-05",
        "a=b",
        "n-1",
        "",
        "",
        "'",
        'say "so", and\nmore',
    ]


@given(st.text())
def test_whatever_a_text_is_it_comes_back_and_is_no_formula(text: str) -> None:
    (cell,) = one_column(text)
    assert cell in (text, f"'{text}")
    assert not cell.strip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["\x1f@", "\u200b=1+1", "\ufeff-2", " \u202e+3"])
def test_what_cannot_be_seen_hides_no_formula(text: str) -> None:
    assert one_column(text) == [f"'{text}"]


def test_hostile_names_reach_tables_as_text() -> None:
    evil = '=HYPERLINK("http://x","y")'
    instance = world(units=[{**BASE["units"][0], "name": evil}, BASE["units"][1]])
    made = view(instance, Schedule(status=Status.FEASIBLE, placements=(put("ann", "MS", "ward", week(0)),)))
    tables = render(made, "csv").files
    with io.StringIO(tables["by_student.csv"].decode("utf-8-sig"), newline="") as text:
        (row,) = csv.DictReader(text)
    assert row["unit"] == f"'{evil}"
    assert json.loads(json_file(made))["sheets"]["by_student"][0]["unit"] == evil


# -------------------------------------------------------------------------------------------------------------- file names

HOSTILE = ["a:b", "a_b", "A:B", "N1", "n1", "x#1 & (y)+", "con", "a.b", "7" * 64, "7" * 63 + "8", "é", "É", "ﬁ", "fi", "ß", "ss"]


def test_names_differ_on_every_file_system() -> None:
    stems = file_stems("student", [i for i in HOSTILE if parse_id(i)])
    assert len({stem.casefold() for stem in stems.values()}) == len(HOSTILE)
    assert stems["N1"] == "student-N1" and stems["n1"] == "student-n1~2"
    for stem in stems.values():
        assert not set(stem) & set('<>:"/\\|?*') and stem == stem.strip(" .")
        assert len(stem.encode()) < 240


@given(
    st.sets(st.text(st.characters(categories=["L", "N"], include_characters=" .:+#&()_-"), min_size=1, max_size=64), max_size=8)
)
def test_any_ids_give_as_many_names(ids: set[str]) -> None:
    stems = file_stems("unit", ids)
    assert set(stems) == ids
    assert len({stem.casefold() for stem in stems.values()}) == len(ids)
    assert all(len(stem.encode()) < 240 for stem in stems.values())


def test_hostile_ids_are_exported() -> None:
    students = [{"student": s, "program": "nurs"} for s in ("n:1", "N:1", "n_1", "a & b (2)+")]
    schedule = Schedule(
        status=Status.FEASIBLE, placements=tuple(put("ann", "MS", "ward", week(0)).model_copy(update=s) for s in _who(students))
    )
    made = view(world(students=students), schedule)
    names = list(render(made, "ics").files)
    assert len({name.casefold() for name in names}) == 4 + 1
    assert not any(set(name) & set('<>:"/\\|?*') for name in names)
    assert len(json.loads(json_file(made))["placements"]) == 4


def _who(students: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"student": s["student"]} for s in students]


@given(st.lists(st.text(max_size=12), max_size=5))
def test_natural_order_is_total(texts: list[str]) -> None:
    assert sorted(map(natural, texts)) == sorted(sorted(map(natural, texts), reverse=True))


# -------------------------------------------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_what_is_read_is_what_the_schedule_says(name: str) -> None:
    """Filled in anew from the instance, the placements are those of the schedule, and as many hours as sessions."""
    instance = read_instance(ROOT / "instances" / name)
    schedule = read_solution(ROOT / "solutions" / name, instance)
    made = stays(instance, schedule)
    assert tuple(stay.row for stay in made) == schedule.placements
    bare = [p.model_copy(update={"end": p.start, "weeks": 0, "hours": 0.0, "hours_lost": 0.0}) for p in schedule.placements]
    assert stays(instance, schedule.model_copy(update={"placements": tuple(bare)})) == made
    for stay in made:
        assert stay.follows or (stay.row.start <= stay.sessions[0] and stay.sessions[-1] <= stay.row.end)
        assert {day.weekday() for day in stay.sessions} <= set(stay.row.weekdays)
        assert not set(stay.sessions) & {day for day, _ in stay.paused}


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_csv_and_json_say_what_the_tables_say(name: str) -> None:
    instance = read_instance(ROOT / "instances" / name)
    made = view(instance, read_solution(ROOT / "solutions" / name, instance))
    tables, data = render(made, "csv").files, json.loads(json_file(made))
    assert list(tables) == [f"{sheet.name}.csv" for sheet in made.sheets]
    assert (data["status"], data["every_rule_holds"]) == ("OPTIMAL", True)
    for sheet in made.sheets:
        keys = [column.key for column in sheet.columns]
        read = list(csv.DictReader(io.StringIO(tables[f"{sheet.name}.csv"].decode("utf-8-sig"), newline="")))
        assert [list(row) for row in read] == [keys] * len(sheet.rows)
        for row, from_csv, from_json in zip(sheet.rows, read, data["sheets"][sheet.name], strict=True):
            plain = [value.isoformat() if isinstance(value, date) else value for value in row]
            assert list(from_json.values()) == plain
            assert [cell.removeprefix("'") for cell in from_csv.values()] == ["" if v is None else str(v) for v in plain]


def test_json_has_every_session() -> None:
    instance = world(
        shifts=[{"shift": "night", "start": "19:00", "end": "07:00"}],
        slots=[slot("ward", weekdays=(1,), shift="night"), slot("clinic")],
        calendar=[{"program": "nurs", "start": week(1), "end": week(1, 6), "kind": "exam"}],
    )
    schedule = Schedule(status=Status.FEASIBLE, placements=(put("ann", "MS", "ward", week(0)),))
    data = json.loads(json_file(view(instance, schedule, Reader("student", "ann"))))
    assert data["for"] == {"kind": "student", "id": "ann"}
    (placement,) = data["placements"]
    assert placement["clock"] == ["19:00", "07:00"]
    assert placement["sessions"] == ["2026-01-06"]
    assert placement["paused"] == [{"date": "2026-01-13", "reason": "exam"}]
    assert (placement["hours"], placement["hours_lost"], placement["students"]) == (12, 12, 1)


def test_the_same_schedule_gives_the_same_files() -> None:
    instance = read_instance(ROOT / "instances" / "tiny")
    schedule = read_solution(ROOT / "solutions" / "tiny", instance)
    for kind in ("csv", "json", "ics", "html"):
        assert render(view(instance, schedule), kind) == render(view(instance, schedule), kind)
