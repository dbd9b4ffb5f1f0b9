"""What is written is read back the same: any row of any table, through CSV and through a workbook."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain import TABLES, Instance, Policy
from scheduler.domain.tables import Row, School, Slot
from scheduler.errors import InputError
from scheduler.io import instance_hash, load_instance, read_instance, write_instance
from scheduler.io.columns import columns_of
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.files import decode
from scheduler.io.report import Report
from scheduler.io.tables import Sheet, read_table, write_cells
from scheduler.io.workbook import read_workbook, workbook_bytes

FRAME: dict[str, Any] = {"name": "x", "first_monday": "2026-08-24", "weeks": 4, "planning_date": "2026-08-01"}

ID = r"[0-9A-Za-zÀ-ÖØ-öø-ÿ][0-9A-Za-z _.:+#&()-]{0,6}[0-9A-Za-z)+#]"
ids = st.from_regex(ID, fullmatch=True).filter(lambda s: ".." not in s)
names = ids.filter(lambda s: ":" not in s)
texts = st.one_of(
    st.sampled_from(
        ["=1+1|x!A1", "+1", "-1", "@x", "'", '"', 'a,"b"', "1e5", "007", "true", "1.0", "_x0041_", "<&>", "2026-08-24", "𝟙 é"]
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12),
)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
numbers = st.integers(1, 1_000_000)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "an id": ids,
    "ids separated by ;": st.lists(ids, min_size=1, max_size=3).map(tuple),
    "text": texts,
    "a date written YYYY-MM-DD": days,
    "dates written YYYY-MM-DD, separated by ;": st.lists(days, max_size=3).map(tuple),
    "weekdays like Tu Th or Mo-Fr": st.sets(st.integers(0, 6), min_size=1).map(lambda s: tuple(sorted(s))),
    "weekday and shift, like Fr am, separated by ;": st.lists(st.tuples(st.integers(0, 6), st.just("") | ids), max_size=3).map(
        tuple
    ),
    "names with counts, like rn:2;pharmd:1": st.lists(
        st.tuples(ids.filter(lambda s: ":" not in s), numbers), min_size=1, max_size=2
    ).map(tuple),
    "a whole number of at least 0": numbers | st.just(0),
    "a whole number of at least 1": numbers,
    "a whole number": st.integers(-(10**18), 10**18),
    "a number": st.floats(allow_nan=False, allow_infinity=False),
    "true or false": st.booleans(),
}


def rows_for(model: type[Row]) -> st.SearchStrategy[Row]:
    """Any row of a table: required columns filled, the others filled or left to their default."""
    always: dict[str, st.SearchStrategy[Any]] = {}
    maybe: dict[str, st.SearchStrategy[Any]] = {}
    for name, column in columns_of(model).items():
        value = st.sampled_from(column.choices) if column.choices else VALUES[column.type]
        (always if column.required or name in ("student", "pin") else maybe)[name] = value
    return st.fixed_dictionaries(always, optional=maybe).map(model.model_validate)


def read_csv(model: type[Row], data: bytes) -> tuple[Row, ...]:
    report = Report()
    table = read_table(Sheet("t.csv", "", rows_of(decode(data, "t.csv"), "t.csv")), model, report)
    assert report.problems() == []
    return tuple(entry.row for entry in table.entries)


@pytest.mark.parametrize("model", TABLES.values(), ids=TABLES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_rows_through_csv(model: type[Row], data: st.DataObject) -> None:
    rows = data.draw(st.lists(rows_for(model), min_size=1, max_size=3))
    assert read_csv(model, to_csv(*write_cells(model, rows))) == tuple(rows)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_rows_through_a_workbook(data: st.DataObject) -> None:
    models = data.draw(st.lists(st.sampled_from(list(TABLES.values())), min_size=1, max_size=3, unique=True))
    tables = {
        m.table: tuple(
            data.draw(
                st.lists(rows_for(m), min_size=1, max_size=2, unique_by=lambda r: tuple(getattr(r, k) for k in r.key) or id(r))
            )
        )
        for m in models
    }
    instance = Instance(**FRAME, **tables)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(workbook_bytes(instance))
        report = Report()
        source = read_workbook(path, report)
    found = {m.table: tuple(e.row for e in read_table(source.sheets[m.table], m, report).entries) for m in models}
    assert report.problems() == []
    assert found == tables


def test_folder_to_workbook_to_folder(folder: Path, instance: Instance, tmp_path: Path) -> None:
    write_instance(instance, tmp_path / "one")
    write_instance(read_instance(tmp_path / "one"), tmp_path / "book.xlsx")
    again, problems = load_instance(tmp_path / "book.xlsx")
    assert problems == []
    assert again == instance
    assert instance_hash(again) == instance_hash(instance)
    write_instance(again, tmp_path / "two")
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert set(one) == {p.name for p in folder.iterdir()}
    assert workbook_bytes(again) == workbook_bytes(instance)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_instances_of_the_repository(name: str, tmp_path: Path) -> None:
    instance, problems = load_instance(Path(__file__).parents[2] / "instances" / name)
    assert problems == []
    assert instance is not None
    for path in (tmp_path / "out", tmp_path / "out.xlsx"):
        write_instance(instance, path)
        assert read_instance(path) == instance


@pytest.mark.parametrize("suffix", ["", ".xlsx"])
def test_frame_and_policy(instance: Instance, tmp_path: Path, suffix: str) -> None:
    policy = {
        "sense": "maximise",
        "rules": {"preference": {"unranked": "refused", "kind": "soft"}, "worst_off": {"rules": []}, "order": {}},
    }
    changed = instance.model_copy(
        update={
            "name": 'a "b" \\ = [ü]',
            "shifts": (),
            "professions": (),
            "policy": Policy.model_validate(policy),
            "availability": (),
        }
    )
    quiet = {"slots": tuple(s.model_copy(update={"shift": None, "excuses": ()}) for s in changed.slots), "capacity": ()}
    changed = changed.model_copy(update=quiet)
    write_instance(changed, tmp_path / f"x{suffix}")
    again = read_instance(tmp_path / f"x{suffix}")
    assert again == changed
    assert again.policy.rules["worst_off"].parameters == {"rules": ()}
    assert again.shifts == ()


def test_only_columns_in_use_are_written(tmp_path: Path, instance: Instance) -> None:
    write_instance(instance, tmp_path / "out")
    assert (tmp_path / "out" / "schools.csv").read_text() == "school,name\nmaple,Maple State\nelm,Elm\n"
    assert not (tmp_path / "out" / "housing.csv").exists()


def test_tables_that_became_empty_are_removed_and_other_files_stay(folder: Path, instance: Instance) -> None:
    (folder / "notes.txt").write_text("mine")
    write_instance(instance.model_copy(update={"pins": ()}), folder)
    assert not (folder / "pins.csv").exists()
    assert (folder / "notes.txt").read_text() == "mine"
    assert read_instance(folder).pins == ()


@pytest.mark.parametrize("row", [{"name": "a\x07b"}, {"name": "#REF!"}])
def test_what_would_not_come_back_is_not_written(instance: Instance, tmp_path: Path, row: dict[str, str]) -> None:
    changed = instance.model_copy(update={"schools": (School(school="maple", **row),)})
    with pytest.raises(InputError, match="cannot be written"):
        write_instance(changed, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_list_of_weekdays_is_not_written_as_all_days(instance: Instance, tmp_path: Path) -> None:
    slot = Slot.model_validate({"slot": "s", "unit": "4B", "first_start": "2026-08-24", "weekdays": ()})
    with pytest.raises(InputError, match="would not be read back the same"):
        write_instance(instance.model_copy(update={"slots": (slot,)}), tmp_path / "out.xlsx")
    assert list(tmp_path.glob("*out*")) == []


def test_hash_tells_contents_apart_but_not_how_they_are_written(folder: Path, instance: Instance) -> None:
    text = (folder / "schools.csv").read_text()
    (folder / "schools.csv").write_text("name,school,tier\nMaple State,maple,1\n Elm ,elm,\n", "utf-8-sig")
    assert instance_hash(read_instance(folder)) == instance_hash(instance)
    (folder / "schools.csv").write_text(text.replace("Elm", "Elms"))
    assert instance_hash(read_instance(folder)) != instance_hash(instance)


def test_cells_that_a_person_typed_into_a_workbook(tmp_path: Path, instance: Instance) -> None:
    """Real dates, clock times, numbers as ids, a formula: what Excel makes of plain typing."""
    path = tmp_path / "typed.xlsx"
    book = xlsxwriter.Workbook(path)
    day, clock = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "instance": [
            ("key", "value"),
            ("name", "typed"),
            ("first_monday", date(2026, 8, 24)),
            ("weeks", 4),
            ("planning_date", date(2026, 8, 1)),
        ],
        "shifts": [("shift", "start", "end"), ("day", time(7, 30), time(15, 0))],
        "programs": [("program", "school", "profession"), (12, "maple", "rn")],
        "requirements": [("program", "requirement", "specialties", "amount"), (12, 101, "medsurg", 2.0)],
        "students": [("student", "program", "drives"), (42, 12, True), (43, 12, False)],
        "units": [("unit", "site", "specialties"), ("4B", "mercy", "medsurg")],
        "slots": [("slot", "unit", "first_start", "length"), ("s", "4B", date(2026, 8, 24), "=1+1")],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, datetime.combine(value, time()), day)
                elif isinstance(value, time):
                    sheet.write_datetime(r, c, value, clock)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(r, c, value, None, 2)
                else:
                    sheet.write(r, c, value)
    book.close()
    typed, problems = load_instance(path)
    assert problems == []
    assert typed is not None
    assert (typed.first_monday, typed.shifts[0].start, typed.slots[0].length) == (date(2026, 8, 24), 450, 2)
    assert [(s.student, s.program, s.drives) for s in typed.students] == [("42", "12", True), ("43", "12", False)]


def test_problems_of_a_workbook_name_sheet_and_row(tmp_path: Path, instance: Instance) -> None:
    wrong = instance.model_copy(update={"name": "x", "groups": ()})
    write_instance(wrong, tmp_path / "w.xlsx")
    _, problems = load_instance(tmp_path / "w.xlsx")
    sentence = "w.xlsx sheet students row 2, column group: unknown id in groups (found 'gA')"
    assert f"{sentence}; expected a row in w.xlsx, sheet groups, which is missing or has no rows" in [str(p) for p in problems]


def test_problems_of_the_sheets_of_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    book = xlsxwriter.Workbook(path)
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "instance": [("key", "value"), ("name", "x"), ("first_monday", "2026-08-25"), ("weaks", 4), ("name", "y")],
        "shifts": [("shift", "start", "end"), ("day", "7 am", "15:00")],
        "policy": [("rule", "weight", "unranked"), ("waiting", "x", ""), ("preference", "", "lst"), ("waitin", 1, "")],
        "slotz": [("slot",)],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            sheet.write_row(r, 0, row)
    book.close()
    _, problems = load_instance(path)
    places = {(p.sheet, p.row, p.column, p.code) for p in problems if p.code != "missing_table"}
    assert places == {
        ("slotz", None, "", "unknown_sheet"),
        ("instance", 5, "key", "duplicate_id"),
        ("instance", 4, "weaks", "unknown_key"),
        ("instance", 3, "first_monday", "type"),
        ("instance", None, "weeks", "missing_key"),
        ("instance", None, "planning_date", "missing_key"),
        ("shifts", 2, "start", "type"),
        ("policy", 2, "weight", "type"),
        ("policy", 3, "unranked", "unknown_choice"),
        ("policy", 4, "waitin", "unknown_rule"),
    }


def test_a_control_character_in_one_sheet_does_not_hide_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("programs").write_row(0, 0, ("program", "a\x07b"))
    book.add_worksheet("slots").write_row(0, 0, ("slot", "unit", "colour"))
    book.close()
    _, problems = load_instance(path)
    assert ("programs", 1, "binary") in {(p.sheet, p.row, p.code) for p in problems}
    assert ("slots", 1, "unknown_column") in {(p.sheet, p.row, p.code) for p in problems}
