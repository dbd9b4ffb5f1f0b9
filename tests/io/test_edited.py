"""A schedule.csv that a spreadsheet has changed is understood where only one reading is possible, else asked about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance, Placement, Schedule
from scheduler.errors import Problem
from scheduler.io import load_solution
from scheduler.io.spreadsheet import DAY_FIRST, MONTH_FIRST, Ids, date_order, date_readings, read_date, read_number


@pytest.fixture
def edited(instance: Instance, tmp_path: Path) -> Callable[[str | bytes], tuple[Schedule | None, list[Problem]]]:
    """Reads a schedule.csv of this content."""

    def read(content: str | bytes) -> tuple[Schedule | None, list[Problem]]:
        path = tmp_path / "schedule.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_solution(path, instance)

    return read


Edited = Callable[[str | bytes], tuple[Schedule | None, list[Problem]]]


def test_everything_that_excel_does_at_once(edited: Edited, schedule: Schedule) -> None:
    text = (
        "\ufeffSlot;Student;Group;Requirement;Start;End;Preceptor;Weekdays;Weeks;Hours;Hours lost;Status;Comment\r\n"
        "tuth;;gA;N1;9/1/2026;9/24/2026;;Tu Th;4;96,0;;Proposed;ok\r\n"
        "any2;1;;E1;10/5/2026;10/13/2026;KIM;Mo Tu;2;37,5;0,25;confirmed;\r\n"
        "lee;3;;P1;9/7/2026;11/1/2026;lee;;8;1.320,0;;;\r\n"
        ";;;;;;;;;;;;\r\n\r\n"
    )
    found, problems = edited(text)
    assert [p.code for p in problems if p.severity != "note"] == []
    assert found is not None
    one, two, three = schedule.placements
    assert found.placements == (one, two.model_copy(update={"hours_lost": 0.25}), three.model_copy(update={"hours": 1320.0}))
    assert {p.code for p in problems} == {"unknown_column", "date_order_read"}
    assert any("column start: dates are read month first, like 9/1/2026" in str(p) for p in problems)


@pytest.mark.parametrize(
    "start",
    [
        "2026-09-01",
        "9/1/2026",
        "01/09/2026",
        "01.09.2026",
        "1-Sep-26",
        "01-Sep-2026",
        "Sep 1, 2026",
        "2026/09/01",
        "2026-09-01 00:00:00",
        "46266",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_starts(edited: Edited, start: str, delimiter: str) -> None:
    rows = [["group", "requirement", "slot", "start"], ["gA", "N1", "TuTh", f'"{start}"']]
    found, problems = edited("\n".join(delimiter.join(row) for row in rows))
    assert found is not None, problems
    assert found.placements[0].start == date(2026, 9, 1)


def test_what_follows_from_the_instance_is_filled_in(edited: Edited, placement: Callable[..., Placement]) -> None:
    found, problems = edited(
        "sep=,\nstudent,group,requirement,slot,start,part\n,gA,N1,TuTh,2026-09-01,\n0001,,E1,any2,2026-10-05,\n"
    )
    assert found is not None
    group, student = found.placements
    blank = {"end": date(2026, 9, 1), "weeks": 0, "hours": 0.0}
    assert group == placement().model_copy(update=blank)
    assert (student.unit, student.site, student.specialty, student.students) == ("Peds", "mercy", "peds", 1)
    assert student.weekdays == ()  # which of them was a choice
    assert [p.code for p in problems] == ["blank_cells"]


def test_an_end_alone_does_not_say_how_long_it_takes(edited: Edited) -> None:
    found, _ = edited("group,requirement,slot,start,end,hours_lost\ngA,N1,TuTh,2026-09-01,2026-10-15,4\n")
    assert found is not None
    (row,) = found.placements
    assert (row.end, row.weeks, row.hours, row.hours_lost) == (row.start, 0, 0, 0)


def test_a_wrong_derived_cell_is_kept_for_the_check(edited: Edited) -> None:
    found, _ = edited("group,requirement,slot,start,unit\ngA,N1,TuTh,2026-09-01,Peds\n")
    assert found is not None
    assert found.placements[0].unit == "Peds"


WRONG = [
    ("gB,N1,TuTh,2026-09-01,", "row 2, column group: unknown group (found 'gB'); did you mean 'gA'?"),
    ("gA,N9,TuTh,2026-09-01,", "row 2, column requirement: unknown required rotation of program bsn (found 'N9')"),
    ("gA,P1,TuTh,2026-09-01,", "unknown required rotation of program bsn (found 'P1')"),
    ("gA,N1,TuFr,2026-09-01,", "row 2, column slot: unknown slot (found 'TuFr'); did you mean 'TuTh'?"),
    ("gA,N1,TuTh,2026-09-01,kin", "column preceptor: unknown preceptor (found 'kin'); did you mean 'kim'?"),
    ("gA,N1,TuTh,soon,", "column start: not a date (found 'soon'); expected a date written YYYY-MM-DD"),
    ("gA,N1,TuTh,30/30/2026,", "column start: not a date (found '30/30/2026')"),
    ("gA,N1,TuTh,,", "column start: must be filled"),
    ("gA,N1,TuTh,3/4/2027,", "the date may be 2027-03-04 or 2027-04-03 (found '3/4/2027'); expected a date written YYYY-MM-DD"),
    (",N1,TuTh,2026-09-01,", "exactly one of student and group must be filled"),
    ("gA,N1,TuTh,2026-09-01,,x", "row 2: the row has 6 cells, the header 5"),
]


@pytest.mark.parametrize(("row", "sentence"), WRONG)
def test_wrong_rows(edited: Edited, row: str, sentence: str) -> None:
    found, problems = edited(f"group,requirement,slot,start,preceptor\n{row}\n")
    assert found is None
    errors = [str(p) for p in problems if p.severity == "error"]
    assert len(errors) == 1
    assert sentence in errors[0]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("weekdays", "Tuesday", "expected weekdays like 'Tu Th'"),
        ("weeks", "4.5", "expected a whole number"),
        ("hours", "many", "expected a number"),
        ("students", "-1", "expected a whole number"),
        ("status", "confirmd", "the value is not one of the choices"),
        ("status", "confirmd", "did you mean 'confirmed'?"),
        ("status", "yes", "expected one of: proposed, accepted by school"),
        ("end", "never", "column end: not a date"),
        ("unit", "4C", "unknown unit (found '4C')"),
        ("shift", "dya", "unknown shift (found 'dya'); did you mean 'day'?"),
    ],
)
def test_wrong_optional_cells(edited: Edited, column: str, cell: str, sentence: str) -> None:
    found, problems = edited(f"group,requirement,slot,start,{column}\ngA,N1,TuTh,2026-09-01,{cell}\n")
    assert found is None
    assert [sentence in str(p) for p in problems if p.severity == "error"] == [True]


def test_wrong_header(edited: Edited) -> None:
    found, problems = edited("who,requirement,slots,start,start\ngA,N1,TuTh,2026-09-01,x\n")
    assert found is None
    assert [str(p) for p in problems] == [
        "schedule.csv row 1, column start: the column appears twice",
        "schedule.csv row 1, column student: a required column is missing (student, group or both)",
        "schedule.csv row 1, column slot: a required column is missing; did you mean the column 'slots'?",
    ]


def test_windows_1252_from_excel(edited: Edited) -> None:
    found, problems = edited("group,requirement,slot,start,comment\ngA,N1,TuTh,2026-09-01,é\n".encode("cp1252"))
    assert found is None
    assert 'row 2: is not UTF-8 (byte 0xE9); it looks like Windows-1252; save it as "CSV UTF-8"' in str(problems[0])


# -- readings -------------------------------------------------------------------------------------------------------------


def test_ids_are_found_only_where_one_is_meant() -> None:
    ids = Ids(["0042", "7", "007", "abc", "ABC", "Kim", "1E5", "a b"])
    assert ids.find("0042") == ids.find("42") == ids.find("42.0") == ids.find("'0042") == ids.find('="0042"') == "0042"
    assert ids.find("7") == "7"
    assert ids.find("07") is None  # 7 or 007
    assert ids.find("Abc") is None
    assert ids.find("KIM") == "Kim"
    assert ids.find("100000") == ids.find("1.00E+05") == "1E5"
    assert ids.find("1" * 5000) is None


def test_the_order_of_a_column() -> None:
    def order(*cells: str, starts: tuple[date, ...] = ()) -> str | None:
        return date_order(cells, [starts] * len(cells))

    assert order("3/4/2026", "14/4/2026") == DAY_FIRST
    assert order("3/4/2026", "4/14/2026") == MONTH_FIRST
    assert order("2026-03-04", "3-Mar-26") == ""
    assert order("3/4/2026", "5/6/2026") is None
    assert order("3/4/2026", "5/6/2026", starts=(date(2026, 4, 3),)) == DAY_FIRST
    assert order("14/4/2026", "4/14/2026") is None  # mixed: each row for itself
    assert read_date("14/4/2026", None) == date(2026, 4, 14)
    assert read_date("3/4/2026", None, {date(2026, 3, 4)}) == date(2026, 3, 4)
    assert read_date("9/9/2026", None) == date(2026, 9, 9)
    assert read_date("3/4/2026", None) == (date(2026, 3, 4), date(2026, 4, 3))


@given(st.text(max_size=14) | st.from_regex(r"\d{1,6}[-/. ]\w{1,4}[-/. ]\d{1,6}", fullmatch=True))
def test_no_text_ends_in_an_error(text: str) -> None:
    assert all(isinstance(day, date) for day in date_readings(text).values())
    Ids(["1", "a"]).find(text)
    read_number(text, comma=True)


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("7", False, 7),
        ("7.5", True, 7.5),
        ("7,5", True, 7.5),
        ("1,234", False, 1234),
        ("1.234,5", True, 1234.5),
        ("1,234.5", True, 1234.5),
    ],
)
def test_numbers(text: str, comma: bool, number: float) -> None:
    assert read_number(text, comma) == number


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_content_ends_in_an_error(edited: Edited, data: st.DataObject) -> None:
    rows = [
        ["student", "group", "requirement", "slot", "start", "end", "weekdays", "hours", "part"],
        ["", "gA", "N1", "TuTh", "2026-09-01", "9/24/2026", "Tu Th", "96,0", "0"],
        ["1", "", "E1", "any2", "5.10.26", "", "", "", ""],
    ]
    cells = st.sampled_from([*rows[0], *rows[1], "x", '"', "-1", "1e999", "0/0/0", ";", "99-Feb-26", "=A1", "\t"])
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, 2))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(cells)
    found, problems = edited("\n".join(data.draw(st.sampled_from([",", ";"])).join(row) for row in rows))
    assert (found is None) == any(p.severity == "error" for p in problems)
    assert all(str(p) for p in problems)
