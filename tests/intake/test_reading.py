"""Rows of a file to rows of the instance: whose they are, what they repeat, whether they can be."""

from __future__ import annotations

import pytest

from scheduler.domain.tables import Student
from scheduler.intake.grid import Grid
from tests.intake.given import WARD, cells, read, rows, said, sheet


def test_what_the_sheet_has_no_column_for_stays() -> None:
    found = read("Student ID,Program,Has a car\n41,maple-bsn,no\n")
    assert found.entries[0].record == Student(student="0041", program="maple-bsn", drives=False, priority=3, home="Salem")
    assert found.entries[0].columns == {"student", "program", "drives"}
    # an empty cell of a column that is there is the default
    assert read("Student ID,Home town,Cohort\n0041,,a\n").entries[0].record == Student(
        student="0041", program="maple-bsn", cohort="a", priority=3
    )


def test_the_program_is_told_by_the_student_the_only_program_or_asked() -> None:
    assert read("Student ID,Cohort\nm-003,b\n").entries[0].record.program == "maple-np"  # type: ignore[union-attr]  # a student
    assert said(read("Student ID,Cohort\nm-9,b\n"), "error") == ["program_missing A2"]


@pytest.mark.parametrize(
    ("text", "file", "problems"),
    [
        ("Student ID,Program\nl-001,maple-bsn\n", "students.csv", ["other_school A2"]),
        ("ID,From\nl-001,2026-09-01\n", "time off.csv", ["other_school A2"]),
        ("ID,From\nlA,2026-09-01\n", "time off.csv", ["other_school A2"]),
        ("ID,From,To\n0041,2026-09-04,2026-09-01\n", "time off.csv", ["ends_before C2"]),
        ("ID,From,To\n0041,2025-09-04,2025-09-05\n", "time off.csv", ["outside_term C2"]),
        ("ID,From\n0041,2027-01-11\n", "time off.csv", ["outside_term B2"]),
        ("ID,Dates\n0041,weeks 30-31\n", "time off.csv", ["no_such_weeks B2"]),
        ("Student ID,Program\nm-9,maple-bsn\nm-9,maple-np\n", "students.csv", ["row_differs A3"]),
        ("Group ID,Program,Number of students\nmZ,maple-bsn,0\n", "groups.csv", ["does_not_fit C2"]),
        ("ID,Rotation,Amount done\nm-003,NUR310,2\n", "credits.csv", ["not_of_program B2"]),
        ("ID,Item\n0041,fluu\n", "clearances.csv", ["unknown_name_near B2"]),
        ("Student ID,Group,Program\nm-9,mA,maple-np\n", "students.csv", ["group_of_program B2"]),
        ("ID,Wish,Rank\n0041,nowhere,1\n", "preferences.csv", ["wish_unknown B2"]),
        ("ID,Wish\n0041,mercy\n", "preferences.csv", ["wish_without_rank B2"]),
        ("ID,Wish,Rank\n0041,,1\n", "preferences.csv", ["wish_empty row 2"]),
        ("ID,Status,Days\n0041,only,Mo\n", "time off.csv", ["only_when B2"]),
        ("Slot,Given back from\nOB-TuTh,2026-09-01\n", "reservations.csv", ["not_reserved A2"]),
    ],
)
def test_what_cannot_be_is_said_at_its_cell(text: str, file: str, problems: list[str]) -> None:
    found = read(text, file=file)
    assert said(found, "error") == problems
    assert all(e.row != 2 for e in found.entries)


def test_the_same_row_twice_is_read_once() -> None:
    found = read("Student ID,Program\nm-9,maple-bsn\nm-9,maple-bsn\n")
    assert len(found.entries) == 1 and said(found) == ["row_again A3"]
    # also in another sheet
    two = read(
        rows(["ID", "Program"], ["m-9", "maple-bsn"], name="Students"),
        rows(["ID", "Program"], ["m-9", "maple-np"], name="Roster"),
    )
    assert said(two, "error") == ["row_differs A2"]


def test_ids_that_differ_in_a_mark_only_are_remarked() -> None:
    found = read("Student ID,Program\nn-1,maple-bsn\nN1,maple-bsn\nn-2,maple-bsn\n")
    assert said(found) == ["nearly_same A3"] and len(found.entries) == 3


def test_other_sheets_may_name_what_the_file_brings() -> None:
    found = read(
        rows(["ID", "From"], ["m-9", "2026-09-01"], ["mZ", "2026-09-01"], name="Availability"),
        rows(["Student ID", "Program", "Group"], ["m-9", "maple-bsn", "mZ"], name="Students"),
        rows(["Group", "Program", "Size"], ["mZ", "maple-bsn", 6.0], name="Groups"),
    )
    assert not found.findings.failed
    assert [e.record.who_kind for e in found.of("availability")] == ["student", "group"]  # type: ignore[union-attr]  # availability


def test_only_then_is_said_by_when_not() -> None:
    found = read(
        "ID,From,To,Status\n0041,2026-09-07,2026-09-18,only then\nm-002,2026-08-24,2026-09-18,only\n", file="time off.csv"
    )
    assert cells(found, "availability") == [
        {"who": "0041", "end": "2026-09-06", "status": "unavailable"},
        {"who": "0041", "start": "2026-09-19", "status": "unavailable"},
        {"who": "m-002", "start": "2026-09-19", "status": "unavailable"},
    ]


def test_one_cell_may_hold_both_days() -> None:
    found = read("ID,Start,End\n0041,9/7/2026 - 9/18/2026,\n", file="time off.csv")
    assert cells(found, "availability") == [{"who": "0041", "start": "2026-09-07", "end": "2026-09-18"}]
    assert said(read("ID,Start,End\n0041,9/7/2026 - 9/18/2026,9/20/2026\n", file="time off.csv"), "error") == ["period_twice B2"]


def test_formulas_without_a_value() -> None:
    grid = sheet("Student ID,Program,Cohort\nm-9,maple-bsn,a\nm-10,maple-bsn,\n", "Students")
    grid = Grid(grid.name, grid.rows, formulas={(2, 2): "#REF!"})
    found = read(grid)
    assert said(found, "error") == ["formula_failed C3"] and len(found.entries) == 1


def test_errors_that_a_spreadsheet_left_in_a_csv() -> None:
    found = read("Student ID,Program,Cohort\nm-9,#N/A,a\n#REF!,,\n")
    assert said(found, "error") == ["formula_failed B2", "lone_cell A3"] and not found.entries


def test_who_leaves() -> None:
    found = read("Student ID,Remove\n0041,yes\nm-9,yes\nm-002,no\n")
    assert [(e.leaves, e.record is None) for e in found.entries] == [(True, True), (True, True), (False, False)]
    assert said(found) == ["leaves_unknown A3"]


def test_a_unit_speaks_of_its_own_slots_and_preceptors() -> None:
    found = read(
        rows(["Slot", "Most students"], ["4B-TuTh", 6.0], ["OB-TuTh", 6.0], ["4B-Fr", 2.0], name="Slots"),
        rows(["Preceptor", "From"], ["kim", "2026-09-01"], ["pat", "2026-09-01"], name="Preceptors"),
        sender=WARD,
    )
    assert said(found, "error") == ["other_unit A3", "unknown_name_choices A3"]
    assert [c["slot"] for c in cells(found, "slots")] == ["4B-TuTh", "4B-Fr"]
    assert [c["preceptor"] for c in cells(found, "staff")] == ["kim"]


def test_yes_and_no_instead_of_a_status() -> None:
    found = read("ID,Available?,From\n0041,N,2026-09-03\nm-002,Y,2026-09-03\n", file="availability.csv")
    assert cells(found, "availability") == [{"who": "0041", "start": "2026-09-03", "status": "unavailable"}]
    assert said(found) == ["can_come B3"]


def test_a_column_that_may_say_what_the_row_means_is_not_passed_over() -> None:
    assert said(read("ID,Can work,From\n0041,Y,2026-09-03\n", file="availability.csv"), "error") == ["column_matters B1"]
    # remarks do not, nor does anything where the status has a column
    assert not read("ID,Notes,From\n0041,Y,2026-09-03\n", file="availability.csv").findings.failed
    assert not read("ID,Can work,From,Status\n0041,Y,2026-09-03,off\n", file="availability.csv").findings.failed


def test_several_periods_in_one_cell() -> None:
    found = read('ID,Unavailable dates\n0041,"9/3-9/5, 9/20-9/25"\nm-002,9/14; 9/21\n', file="time off.csv")
    assert [(c["who"], c["start"], c["end"]) for c in cells(found, "availability")] == [
        ("0041", "2026-09-03", "2026-09-05"),
        ("0041", "2026-09-20", "2026-09-25"),
        ("m-002", "2026-09-14", "2026-09-14"),
        ("m-002", "2026-09-21", "2026-09-21"),
    ]


def test_hints_below_the_titles_and_quotation_marks() -> None:
    found = read("Student ID,Program,Available from\n(text),(list),mm/dd/yyyy\n“m-9”,maple-bsn,09/03/2026\n")
    assert cells(found, "students") == [{"student": "m-9", "program": "maple-bsn", "available_from": "2026-09-03"}]
    assert said(found) == ["hint_row row 2"]


def test_times_of_day_are_left_out_and_said() -> None:
    found = read("ID,From\n0041,2026-09-03 07:30\nm-002,9/14/2026 7:00 PM\n", file="availability.csv")
    assert [c["start"] for c in cells(found, "availability")] == ["2026-09-03", "2026-09-14"]
    assert said(found) == ["time_dropped B2", "time_dropped B3"]


def test_marks_at_ids_and_no_wishes() -> None:
    found = read("Student ID,Program\nm-9*,maple-bsn\nm-10,maple-bsn\n")
    assert [c["student"] for c in cells(found, "students")] == ["m-9", "m-10"] and said(found) == ["read_as A2"]
    found = read("ID,Wish,Rank\n0041,no preference,1st\nm-002,4B,2nd\n", file="preferences.csv")
    assert [(c["who"], c["rank"]) for c in cells(found, "preferences")] == [("m-002", "2")] and said(found) == ["no_wish B2"]


def test_completed_is_an_end_of_credits_and_a_beginning_of_clearances() -> None:
    text = "ID,{},Completed on\n0041,{},2026-09-01\n"
    credit = read("ID,Rotation,Amount done,Completed on\n0041,NUR310,3,2026-05-01\n", file="credits.csv")
    assert cells(credit, "credits")[0]["end"] == "2026-05-01"
    proof = read(text.format("Item", "flu"), file="clearances.csv")
    assert cells(proof, "clearances") == [{"student": "0041", "item": "flu", "start": "2026-09-01"}]


def test_a_closed_row_belongs_to_closures() -> None:
    assert said(read("Days,Most students\nSa Su,0\n", file="capacity.csv", sender=WARD), "error") == ["closed_row B2"]
