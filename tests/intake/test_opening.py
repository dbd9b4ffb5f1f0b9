"""What was sent is read as it is, whatever tool wrote it and whatever its name says."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from scheduler.intake.findings import Refused
from scheduler.intake.grid import Area, Received
from scheduler.intake.opening import open_data, open_received
from scheduler.intake.reading import read_submission
from scheduler.io.formulas import NOT_CALCULATED
from tests.intake.bombs import CELL, ods, ods_row, ods_text, pack, shared, xlsx
from tests.intake.given import MAPLE, said, term

FILES = Path(__file__).parent / "files"


def rows(data: bytes | str, name: str = "a.csv") -> list[list[Any]]:
    return opened(data, name).grids[0].rows


def opened(data: bytes | str, name: str = "a.csv") -> Received:
    return open_data(name, data.encode() if isinstance(data, str) else data)


def refused(data: bytes | str, name: str = "a.csv") -> str:
    with pytest.raises(Refused) as caught:
        opened(data, name)
    return caught.value.finding.code


def packed(members: Any) -> bytes:
    out = io.BytesIO()
    pack(out, members)
    return out.getvalue()


# -- workbooks -----------------------------------------------------------------------------------------------------------


def test_types_of_an_xlsx() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": True})
    sheet, hidden = book.add_worksheet("List"), book.add_worksheet("Hid")
    hidden.hide()
    hidden.write(0, 0, "x")
    sheet.write_row(1, 1, ["a", 41, True])
    sheet.write_datetime(1, 4, datetime(2026, 8, 24), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime(1, 5, datetime(2026, 8, 24, 7, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    sheet.write_number(1, 6, 0.5, book.add_format({"num_format": "0%"}))
    sheet.write_formula(2, 1, "=1+1", None, 2)
    sheet.write_formula(2, 2, "=NA()", None, "#N/A")
    sheet.merge_range(3, 1, 4, 2, "both")
    book.close()
    received = open_data("a.xlsx", out.getvalue())
    assert received.kind == "xlsx"
    grid, other = received.grids
    assert grid.rows[0] == [None] * 7
    assert grid.rows[1] == [None, "a", 41, True, date(2026, 8, 24), datetime(2026, 8, 24, 7, 30), 0.5]
    assert isinstance(grid.rows[1][3], bool)
    assert grid.rows[2][1] == 2
    assert grid.formulas == {(2, 2): "#N/A"}
    assert grid.merged == (Area(3, 1, 4, 2),)
    assert (grid.hidden, other.hidden) == (False, True)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_types_of_files_of_libreoffice(kind: str) -> None:
    received = open_received(FILES / f"types.{kind}")
    assert (received.name, received.kind, len(received.sha256)) == (f"types.{kind}", kind, 64)
    grid, hidden = received.grids
    assert grid.rows[2][1] == "title"
    assert grid.rows[3][1:4] == [date(2026, 8, 24), datetime(2026, 8, 24, 7, 30), time(7, 30)]
    assert grid.rows[4][1:4] == [0.5, True, 41]
    assert grid.rows[5][1] == 2
    assert grid.rows[5][5] == date(2026, 8, 24)
    assert [row[1:3] for row in grid.rows[6:9]] == [["same", "same"]] * 3
    assert grid.formulas == {(5, 2): "#N/A", (5, 4): "#DIV/0!"}
    assert grid.merged == (Area(2, 1, 2, 3), Area(11, 1, 13, 2))
    assert hidden.hidden


def test_rows_and_cells_of_an_ods_that_stand_for_several() -> None:
    failed = '<table:table-cell table:formula="of:=1/0" calcext:value-type="error" office:value-type="string" '
    failed += 'table:number-columns-repeated="2"><text:p>#DIV/0!</text:p></table:table-cell>'
    true = '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    open_formula = '<table:table-cell table:formula="of:=A1"/>'
    body = ods_row(ods_text("a", 'table:number-columns-repeated="2"') + failed, 'table:number-rows-repeated="2"')
    body += ods_row("<table:table-cell/>", 'table:number-rows-repeated="3"')
    body += ods_row(true + open_formula)
    (grid,) = opened(packed(ods(body)), "a.ods").grids
    assert [row[:2] for row in grid.rows] == [["a", "a"]] * 2 + [[None, None]] * 3 + [[True, NOT_CALCULATED]]
    assert grid.formulas == {(r, c): "#DIV/0!" for r in (0, 1) for c in (2, 3)} | {(5, 1): NOT_CALCULATED}


def test_a_row_whose_formulas_all_failed_is_still_there() -> None:
    body = f'<row r="1">{CELL}</row><row r="3"><c r="A3"><f>1+1</f></c><c r="B3" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    (grid,) = opened(packed(xlsx(body)), "a.xlsx").grids
    assert grid.rows == [["x", None], [None, None], [NOT_CALCULATED, "#N/A"]]
    assert grid.formulas == {(2, 0): NOT_CALCULATED, (2, 1): "#N/A"}


def test_a_list_of_nothing_but_failed_formulas_is_not_an_empty_one() -> None:
    titles = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{title}</t></is></c>' for c, title in (("A", "Student"), ("B", "Program"))
    )
    body = f'<row r="1">{titles}</row><row r="2"><c r="A2"><f>X!A1</f></c><c r="B2"><f>X!B1</f></c></row>'
    submission = read_submission(opened(packed(xlsx(body)), "a.xlsx"), term(), MAPLE)
    assert "formula_failed A2" in said(submission, "error")


def test_texts_that_cells_share() -> None:
    body = '<row r="2"><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>1</v></c></row>'
    assert rows(packed(xlsx(body, shared("a", "b"))), "a.xlsx") == [[None, None, None], [None, "b", "b"]]


def test_a_workbook_for_macros_without_any() -> None:
    assert rows(packed(xlsx()), "a.xlsm") == [["x"]]


def test_a_chart_in_an_ods_is_no_reason_to_refuse() -> None:
    assert rows(packed(ods(ods_row(ods_text("x")), {"Object 1/content.xml": "<x/>"})), "a.ods") == [["x"]]


def test_invisible_characters_of_cells_stay() -> None:
    assert rows("a\u202eb,c\x07\n") == [["a\u202eb", "c\x07"]]


def test_formulas_of_a_csv_are_text() -> None:
    assert rows("=cmd|' /C calc'!A0,+1,@x,-y\n") == [["=cmd|' /C calc'!A0", "+1", "@x", "-y"]]


# -- what the content tells ----------------------------------------------------------------------------------------------


def test_a_name_is_no_proof() -> None:
    assert opened(packed(xlsx()), "a.xls").kind == "xlsx"
    assert opened("a,b\n1,2\n", "a.xlsx").kind == "csv"
    assert opened((FILES / "types.ods").read_bytes(), "a.xlsx").kind == "ods"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\n\x00", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "picture"),
        (b"\xff\xd8\xff\xe0\x00", "picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture"),
        (b"\x00\x00\x00\x18ftypheic\x00", "picture"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "markup"),
        (b"\xef\xbb\xbf  <!-- x --><table>", "markup"),
        ("<html><table>".encode("utf-16"), "markup"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "markup"),
        (json.dumps({"url": "https://x", "doc_id": "y"}).encode(), "shortcut"),
        (json.dumps({"": "WARNING!", "doc_id": "y", "email": "z"}).encode(), "shortcut"),
        (b"[InternetShortcut]\r\nURL=https://x\r\n", "shortcut"),
        (packed({"word/document.xml": "<x/>"}), "document"),
        (b"{\\rtf1 x}", "document"),
        (packed({"Index/Document.iwa": b"x"}), "numbers"),
        (packed({"xl/workbook.bin": b"x"}), "binary_workbook"),
        (packed({"list.csv": "a,b"}), "packed"),
        (packed({}), "packed"),
        (b"\x1f\x8b\x08\x00", "packed"),
        (packed({**ods(""), "mimetype": "application/vnd.oasis.opendocument.text"}), "document"),
        (packed({**ods(""), "META-INF/manifest.xml": "<m><encryption-data/></m>"}), "password"),
        (packed({"encrypted-package": b"x", "mimetype": "x"}), "password"),
        (packed({"xl/workbook.xml": "<workbook/>"}), "damaged"),
        (packed(xlsx())[:-40], "damaged"),
        (b"\xff\xfe \x00\r\x00\n\x00", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (bytes(range(256)), "binary"),
    ],
)
def test_other_kinds(data: bytes, code: str) -> None:
    assert refused(data, "a.xlsx") == code


# -- text ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "how"),
    [
        ("utf-8", "commas"),
        ("utf-8-sig", "commas"),
        ("utf-16", "UTF-16, commas"),
        ("utf-16-le", "UTF-16, commas"),
        ("utf-16-be", "UTF-16, commas"),
        ("cp1252", "Windows-1252, commas"),
    ],
)
def test_encodings(encoding: str, how: str) -> None:
    received = opened("Student,Name\n1,José Núñez\n".encode(encoding))
    assert received.grids[0].rows == [["Student", "Name"], ["1", "José Núñez"]]
    assert received.how == how


def test_one_broken_character_does_not_turn_the_others_into_signs() -> None:
    assert refused("a,José\nb,Núñez\nc,Zoë".encode() + b"\n\xe9\n") == "mixed_encoding"
    assert refused("a,José\nb,Núñez\nc,Zoë".encode()[:-1]) == "mixed_encoding"


@pytest.mark.parametrize(
    ("text", "first", "how"),
    [
        ("a;b;c\n1;2;3\n", ["a", "b", "c"], "semicolons"),
        ("a\tb\n1\t2\n", ["a", "b"], "tabs"),
        ("a|b\n1|2\n", ["a", "b"], "bars"),
        ("a\nb\n", ["a"], "commas"),
        ("id;name;choices\n" + "1;kim;x, y, z, w, v\n" * 40, ["id", "name", "choices"], "semicolons"),
        ("id;gpa;hours\n" + "1;3,5;7,5\n" * 9, ["id", "gpa", "hours"], "semicolons"),
        ("id;Name (Last, First);p\n" + "1;Lee, Kim;x\n" * 9, ["id", "Name (Last, First)", "p"], "semicolons"),
        ("id,units\n" + "1,4B;OB\n" * 9, ["id", "units"], "commas"),
        ("id,units,x\n" + "1,4B;OB;ED,y\n" * 9, ["id", "units", "x"], "commas"),
        ('id,note\n1,"a;b;c"\n2,"d;e;f"\n', ["id", "note"], "commas"),
        ("Maple State, Nursing, Fall\n\nid;name\n" + "1;x\n" * 9, ["Maple State, Nursing, Fall"], "semicolons"),
        ("id,1st,2nd\n1,a\n2,b,c\n3,d,e,f\n", ["id", "1st", "2nd"], "commas"),
        ("a;b\r1;2\r", ["a", "b"], "semicolons"),
    ],
)
def test_delimiters(text: str, first: list[str], how: str) -> None:
    received = opened(text)
    assert received.grids[0].rows[0] == first
    assert received.how == how


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_that_names_the_delimiter_keeps_its_row(line: str) -> None:
    assert rows(f"{line}\r\na,1;b\r\n") == [[], ["a,1", "b"]]


def test_another_delimiter_than_any_is_a_row_like_others() -> None:
    assert rows('sep="\na,b\n')[1] == ["a", "b"]


def test_quotes() -> None:
    assert rows('a,"b, ""c""\nd"\n5" pipe,x\n') == [["a", 'b, "c"\nd'], ['5" pipe', "x"]]
    assert rows("a,,\n\n,b\n") == [["a", None, None], [], [None, "b"]]


@pytest.mark.parametrize("text", ['a,b\n1,"x" y\n2,z\n', 'a,b\n1,"x\n2,y\n', 'a,b\n1,"Kim\n2,"Ann"\n'])
def test_a_stray_quote_is_refused_with_its_row(text: str) -> None:
    with pytest.raises(Refused) as caught:
        opened(text)
    assert (caught.value.finding.code, caught.value.finding.said) == ("quotes", {"row": 2})
