"""The marked file: the sender's own values again, coloured and explained where something was found."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

import pytest

from scheduler.intake.findings import Finding
from scheduler.intake.grid import Area, Grid, Received, Value
from scheduler.intake.opening import open_data
from scheduler.intake.report_book import report_book
from scheduler.intake.submission import Submission
from scheduler.words import LANGUAGES
from tests.intake.filled import asked, guessed, submission, wrong
from tests.intake.given import read

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def again(of: Submission, language: str = "en") -> Received:
    """The marked file, opened as one that a sender sends."""
    return open_data("report.xlsx", report_book(of, language))


def part(of: Submission, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(report_book(of, "en"))) as archive:
        return archive.read(name).decode() if name in archive.namelist() else ""


def colours(of: Submission, sheet: int) -> dict[str, str]:
    """Colour of each coloured cell of a sheet (the list is sheet 1)."""
    styles = ElementTree.fromstring(part(of, "xl/styles.xml"))
    fills = [fill.find(f".//{MAIN}fgColor") for fill in styles.iter(f"{MAIN}fill")]
    looks = [int(xf.get("fillId", "0")) for xf in styles.find(f"{MAIN}cellXfs") or []]
    found = {}
    for cell in ElementTree.fromstring(part(of, f"xl/worksheets/sheet{sheet}.xml")).iter(f"{MAIN}c"):
        colour = fills[looks[int(cell.get("s", "0"))]]
        if colour is not None:
            found[cell.get("r", "")] = colour.get("rgb", "")
    return found


def comments(of: Submission, n: int = 1) -> dict[str, str]:
    """Text of each comment of the n-th sheet that has some."""
    xml = part(of, f"xl/comments{n}.xml")
    if not xml:
        return {}
    return {c.get("ref", ""): "".join(c.itertext()) for c in ElementTree.fromstring(xml).iter(f"{MAIN}comment")}


VALUES: list[list[Value]] = [
    ["Student", None, "Título"],
    ["=1+1", "@SUM(A1)", "http://example.org", "0041", "+1"],
    [1.0, 2.5, True, False, date(2026, 8, 24), datetime(2026, 8, 24, 9, 30)],
    ["Ana\u00a0María", "a\u202eb", "two\nlines", "_x0041_", " spaced ", "<b>&amp;"],
    [],
    [None, None, "after an empty row"],
]


def test_values_come_back_with_their_types() -> None:
    sheet = again(submission(wrong(1), guessed(3), grids=(Grid("S", VALUES),))).grids[1]
    assert sheet.name == "S"
    for before, after in zip(VALUES, sheet.rows, strict=True):
        padded = [*before, *[None] * (len(after) - len(before))]
        assert [(type(v), v) for v in after] == [(type(v), v) for v in padded]


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "+1", "-1", "{=A1}", "http://example.org", "mailto:a@b", "internal:S!A1"])
def test_no_text_becomes_a_formula_or_a_link(value: str) -> None:
    rows: list[list[Value]] = [["a", value]]
    of = submission(wrong(0, value), grids=(Grid(value, rows),), name=f"{value[:5]}.xlsx")
    for sheet in (1, 2):
        xml = part(of, f"xl/worksheets/sheet{sheet}.xml")
        assert "<f>" not in xml
        assert "r:id" not in re.sub(r"<legacyDrawing[^>]*>", "", xml)


@pytest.mark.parametrize(
    "value", ["a\x00b\x08\x1f", "\ud800", "\uffff", "x" * 40_000, float("nan"), float("inf"), date(1850, 1, 1)]
)
def test_odd_values_are_written_all_the_same(value: Value) -> None:
    assert again(submission(grids=(Grid("S", [[value, "next"]]),))).grids[1].rows[0][1] == "next"


def test_cells_are_coloured_by_what_presses_most_and_explained() -> None:
    row: list[Value] = ["4b", "x"]
    rows: list[list[Value]] = [["Unit", "First day"], row, row, row, row]
    of = submission(wrong(1), guessed(1), asked(2), guessed(3), guessed(4, "note"), wrong(3), grids=(Grid("S", rows),))
    assert colours(of, 2) == {
        "A2": "FFFBE0A5",
        "B2": "FFF8B4AE",
        "B3": "FFE6CCF0",
        "A4": "FFFBE0A5",
        "B4": "FFF8B4AE",
        "A5": "FFCFE3F7",
    }
    assert comments(of)["B2"] == "“x” is no date. Write it as 2026-09-14 (year, month, day)."
    assert comments(of).keys() == colours(of, 2).keys()


def test_two_findings_of_one_cell_share_its_comment_and_have_the_worse_colour() -> None:
    both = Finding("read_as", "note", "S", 1, 1, "", "x", {"meaning": "y"}), wrong(1)
    of = submission(*both, grids=(Grid("S", [["a"], [None, "x"]]),))
    assert colours(of, 2) == {"B2": "FFF8B4AE"}
    assert comments(of)["B2"].splitlines()[0].startswith("“x” is no date")
    assert len(comments(of)["B2"].splitlines()) == 2


@pytest.mark.parametrize(
    ("finding", "cell"),
    [
        (Finding("remark_row", "error", "S", 2), "B3"),  # a row: its first filled cell
        (Finding("column_missing", "error", "S", 1, said={"field": "student"}), "A2"),
        (Finding("column_unknown", "error", "S", 1, 2), "C2"),
        (Finding("hidden_sheet", "error", "S"), "A1"),
        (Finding("cell_missing", "error", "S", 9, 3, said={"field": "who"}), "D10"),  # beyond what is filled
    ],
)
def test_rows_columns_and_sheets_are_marked_at_a_cell(finding: Finding, cell: str) -> None:
    of = submission(finding, grids=(Grid("S", [[None], ["t", "u", "v"], [None, "remark"]]),))
    assert colours(of, 2).keys() == {cell}
    assert f"location=\"'S'!{cell}\"" in part(of, "xl/worksheets/sheet1.xml")


def test_the_first_sheet_says_the_verdict_and_leads_to_every_cell() -> None:
    of = submission(wrong(1, sheet="O'Neil"), guessed(2, sheet="O'Neil"), rows=2, grids=(Grid("O'Neil", [["a"]]),))
    first = again(of).grids[0]
    assert first.name == "Report"
    assert first.rows[0][0] == "Not yet: 1 thing to correct in 3 rows."
    assert str(first.rows[2][0]).endswith("ab" * 32)
    assert first.rows[5:] == [
        ["to correct", "O'Neil", "B2", "First day", "x", "“x” is no date.", "Write it as 2026-09-14 (year, month, day)."],
        ["worth a look", "O'Neil", "A3", "Unit", "4b", "Read as 4B.", "If that is not what you mean, write it out in full."],
    ]
    assert "location=\"'O''Neil'!B2\"" in part(of, "xl/worksheets/sheet1.xml")


def test_a_finding_about_the_whole_file_has_no_link() -> None:
    of = submission(Finding("nothing_read"), grids=(Grid("S", [["a"]]),))
    assert "hyperlink" not in part(of, "xl/worksheets/sheet1.xml")


def test_a_csv_is_one_sheet_that_is_named_after_the_file() -> None:
    of = submission(
        wrong(1, sheet=""), grids=(Grid("", [["a"], ["b", "x"]]),), name="students of [maple] in a very long name.csv"
    )
    found = again(of)
    assert [len(grid.name) <= 31 for grid in found.grids] == [True, True]
    assert found.grids[1].rows == [["a", None], ["b", "x"]]
    assert colours(of, 2).keys() == {"B2"}


def test_names_of_sheets_are_made_such_that_a_workbook_takes_them() -> None:
    wanted = ("Report", "report", "History", "a" * 30 + "'b", "a" * 40, "x/y", "'", "😀" * 31, "\u202e")
    of = submission(grids=tuple(Grid(name, [["v"]]) for name in wanted))
    names = [grid.name for grid in again(of).grids]
    assert len({name.casefold() for name in names}) == len(wanted) + 1
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


def test_hidden_helper_sheets_are_left_out() -> None:
    assert [g.name for g in again(submission(grids=(Grid("S", [["a"]]), Grid("_lists", [["b"]])))).grids] == ["Report", "S"]


def test_merged_areas_stay_unless_they_would_hide_something() -> None:
    grid = Grid(
        "S",
        [["Title"], ["a", "b", "c"], ["x", None, "z"], ["p", "q"]],
        (Area(0, 0, 0, 2), Area(2, 0, 2, 1), Area(3, 0, 3, 1), Area(0, 1, 1, 1), Area(5, 0, 900_000, 5)),
    )
    sheet = again(submission(wrong(2), grids=(grid,))).grids[1]
    assert sheet.merged == (Area(0, 0, 0, 2),)
    assert sheet.rows[3][:2] == ["p", "q"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_marked_file_that_comes_back_is_read_like_the_first(language: str) -> None:
    text = "Student ID,Program,Group\nm-9,maple-bsn,mA\nm-8,nowhere,mA\n0041,maple-np,mB"
    first = read(Grid("Students", [list(line.split(",")) for line in text.splitlines()]))
    assert first.findings.failed
    back = read(*again(first, language).grids)
    assert [(f.code, f.sheet, f.cell) for f in back.findings] == [(f.code, f.sheet, f.cell) for f in first.findings]
    assert back.entries == first.entries


@pytest.mark.parametrize("column", ["Group", "Program", "Home town", "Available from", "Has a car", "Languages"])
def test_a_formula_that_failed_is_not_taken_for_an_empty_cell_when_it_comes_back(column: str) -> None:
    titles: list[Value] = ["Student ID", "Cohort", column]
    row: list[Value] = ["m-9", "c1", None]
    first = read(Grid("Students", [titles, row], formulas={(1, 2): "#NOT CALCULATED"}))
    back = read(*again(first).grids)
    assert first.findings.failed
    assert back.findings.failed
    assert not back.entries


def test_a_report_on_a_report_does_not_pile_up() -> None:
    once = again(submission(wrong(1), grids=(Grid("S", [["a"], ["b", "x"]]),)))
    twice = again(submission(wrong(1), grids=once.grids), "es")
    assert [grid.name for grid in twice.grids] == ["Informe", "S"]


def test_a_sheet_of_the_sender_that_is_called_report_is_no_report() -> None:
    of = submission(grids=(Grid("Report", [["Student ID", "Program"], ["m-9", "maple-bsn"]]),))
    assert [grid.name for grid in again(of).grids] == ["Report", "Report 2"]
    assert read(*again(of).grids).of("students")


def test_more_than_are_listed_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.intake.report_book.MOST_LISTED", 3)
    monkeypatch.setattr("scheduler.intake.report_book.MOST_COMMENTS", 2)
    of = submission(*[wrong(n) for n in range(1, 8)], grids=(Grid("S", [["a"]]),))
    assert again(of).grids[0].rows[-1][0] == "and 4 more like these"
    assert len(colours(of, 2)) == 7
    assert len(comments(of)) == 2


def test_the_same_submission_gives_the_same_file() -> None:
    of = submission(wrong(1), grids=(Grid("S", [["a"]]),))
    assert report_book(of, "en") == report_book(of, "en")
