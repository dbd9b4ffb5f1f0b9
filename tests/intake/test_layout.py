"""Where the table of a sheet is, and which rows are rows of it."""

from __future__ import annotations

from scheduler.intake.grid import Area
from scheduler.intake.titles import off_by_little, rank_of
from tests.intake.given import KIM, WARD, cells, read, rows, said


def test_a_header_below_a_title_and_empty_rows() -> None:
    found = read("Maple State,,\n\nFall term,,\nStudent ID*,Program (required),Has a car?\nm-9,maple-bsn,no\n")
    assert cells(found, "students") == [{"student": "m-9", "program": "maple-bsn", "drives": "false"}]
    assert found.entries[0].row == 4 and not said(found)


def test_a_header_over_two_rows() -> None:
    lines = [
        ["Student ID", "Program", "Available", None],
        [None, None, "from", "Has a car"],
        ["m-9", "maple-np", "2026-09-01", "y"],
    ]
    merged = (Area(0, 0, 1, 0), Area(0, 1, 1, 1))
    found = read(rows(*lines, name="Students", merged=merged))
    assert cells(found, "students")[0]["drives"] == "true"
    assert found.of("students")[0].cells["student"] == "m-9"


def test_merged_cells_belong_to_every_row() -> None:
    lines = [["Student ID", "From", "To"], ["m-002", "2026-09-01", "2026-09-02"], [None, "2026-10-01", "2026-10-02"]]
    found = read(rows(*lines, name="Availability", merged=(Area(1, 0, 2, 0),)))
    assert [c["who"] for c in cells(found, "availability")] == ["m-002", "m-002"]
    assert said(read(rows(*lines, name="Availability")), "error") == ["cell_missing row 3"]


def test_rows_that_are_none() -> None:
    found = read(
        "Student ID,Program,Home town\nEXAMPLE,maple-bsn,Salem\nm-9,maple-bsn,\n,,\n"
        "Student ID,Program,Home town\nm-10,maple-np,Bend\n"
        "* as confirmed by the dean,,\nTotal,2,\nTotal: 2,,\n"
    )
    assert [c["student"] for c in cells(found, "students")] == ["m-9", "m-10"]
    assert said(found) == ["header_again row 5", "remark_row A7", "total_row row 8", "total_row row 9"]


def test_a_lone_cell_is_asked_about_but_a_list_of_ids_is_a_list() -> None:
    assert said(read("Student ID,Program,Cohort\nm-9,maple-bsn,a\nm-10,maple-bsn,a\nConfidential,,\n"), "error") == [
        "lone_cell A4"
    ]
    # columns that nobody fills in
    assert said(read("Student ID,Cohort\n0041,\nm-002,\n"), "error") == []


def test_a_heading_over_several_columns_is_no_row() -> None:
    lines = [["Student ID", "Program", "Cohort"], ["Juniors"], ["m-9", "maple-bsn", "a"], ["m-10", "maple-bsn", "a"]]
    found = read(rows(*lines, name="Students", merged=(Area(1, 0, 1, 2),)))
    assert said(found) == ["remark_row A2"] and len(found.entries) == 2
    assert said(read(rows(*lines, name="Students")), "error") == ["lone_cell A2"]


def test_titles_that_are_misspelt_unknown_private_or_missing() -> None:
    found = read("Studnet ID,Prorgam,Last Name,Locker,Email\nm-9,maple-bsn,Doe,17,x\n", file="students.csv")
    assert said(found) == [
        "column_guessed A1",
        "column_guessed B1",
        "private_column C1",
        "column_unknown D1",
        "private_column E1",
    ]
    assert cells(found, "students") == [{"student": "m-9", "program": "maple-bsn"}]
    assert said(read("Program,Cohort\nmaple-bsn,a\n", file="students.csv"), "error") == ["column_missing row 1"]
    assert said(read("Student ID,SID,Program\nm-9,m-8,maple-bsn\n"), "error") == ["column_twice A1", "column_twice B1"]
    assert said(read("ID,Program,\nm-9,maple-bsn,left\n"), "warning") == ["column_untitled C1"]


def test_sheets_are_told_by_name_or_by_columns() -> None:
    found = read(
        rows(["ID", "From", "To"], ["mA", "2026-09-01", "2026-09-04"], name="Fall time off"),
        rows(["ID", "Item", "Expires"], ["0041", "flu", "2027-03-01"], name="Sheet2"),
        rows(["thanks for reading"], name="Notes"),
    )
    assert [e.form for e in found.entries] == ["availability", "clearances"]
    assert said(found) == ["no_table"]
    assert not found.findings.failed
    assert said(read("a,b\n1,2\n"), "error") == ["no_table", "nothing_read"] or read("a,b\n1,2\n").findings.failed


def test_two_tables_in_one_sheet_are_refused() -> None:
    found = read("Student ID,Program\nm-9,maple-bsn\n\nStudent,Item,Expires\n0041,flu,2027-03-01\n", file="students.csv")
    assert said(found, "error") == ["second_table row 4"]


def test_wishes_in_columns() -> None:
    found = read("ID,First choice,2nd choice,Choice 3\n0041,4B,mercy,\nm-002,,Lakeside,OB\n", file="preferences.csv")
    assert [(c["who"], c["rank"], c["what"], c["value"]) for c in cells(found, "preferences")] == [
        ("0041", "1", "unit", "4B"),
        ("0041", "2", "site", "mercy"),
        ("m-002", "2", "site", "lakeside"),
        ("m-002", "3", "unit", "OB"),
    ]
    assert rank_of("thirdchoice") == 3 and rank_of("opcion2") == 2 and rank_of("choices") == 0


def test_student_or_group_in_columns_of_their_own() -> None:
    found = read("Student,Group,From,To\nm-002,,2026-09-01,2026-09-02\n,mA,2026-09-01,2026-09-02\n", file="time off.csv")
    assert [c["who"] for c in cells(found, "availability")] == ["m-002", "mA"]
    assert said(read("Student,Group,From\nm-002,mA,2026-09-01\n", file="time off.csv"), "error") == ["two_in_row B2"]


def test_units_and_preceptors() -> None:
    found = read(rows(["Dates", "Shift"], ["weeks 3-4", None], name="Closures"), sender=WARD)
    assert found.entries[0].record.most_students == 0  # type: ignore[union-attr]  # a row of capacity
    leave = read(rows(["From", "To"], ["2026-09-01", "2026-09-04"], name="Leave"), sender=KIM)
    assert leave.entries[0].record.who == "kim"  # type: ignore[union-attr]  # a row of availability
    load = read(rows(["Preceptor", "Most students at once"], ["pat", 2.0], name="Load"), sender=KIM)
    assert said(load, "error") == ["other_preceptor A2"]


def test_a_slip_of_the_keyboard() -> None:
    assert off_by_little("studnetid", "studentid") and off_by_little("progam", "program") and off_by_little("coohort", "cohort")
    assert not off_by_little("rank", "bank0") and not off_by_little("start", "smart2")


def test_ids_that_begin_like_a_sum_are_no_sums() -> None:
    found = read("Group ID,Program,Number of students\nN 1,,8\nn-2,,6\nsum1,,4\n", file="groups.csv")
    assert [e["group"] for e in cells(found, "groups")] == [] and said(found, "error") == [
        f"program_missing A{i}" for i in (2, 3, 4)
    ]
    for text in ("Total", "TOTAL:", "n = 3", "n=3", "Sum (all)", "Count 3"):
        assert said(read(f"Group ID,Program,Number of students\nmA,,8\n{text},,8\n", file="groups.csv")) == ["total_row row 3"]
