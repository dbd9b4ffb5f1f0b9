"""The workbook: read back it says what the sheets say, and no cell of it is a formula or a link."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date

from python_calamine import CalamineWorkbook

from scheduler.export.colours import FILLS, LINES, looks
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.workbook import workbook

MONDAY = date(2026, 8, 24)


def table(*rows: tuple[Value, ...], name: str = "by_student", title: str = "By student", colour: str = "") -> Sheet:
    """A sheet with a column of each kind; its last cell of a row is coloured."""
    columns = (
        Column("who", "Who"),
        Column("start", "First day", "date"),
        Column("hours", "Hours", "number"),
        Column(MONDAY.isoformat(), "24 Aug", "week", 6),
    )
    return Sheet(name, title, columns, rows, 1, (("", "", "", colour),) * len(rows) if colour else ())


def read(data: bytes) -> dict[str, Sequence[Sequence[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(f"xl/{name}").decode()


def test_every_value_comes_back_with_its_type() -> None:
    data = workbook([table(("p-01", MONDAY, 37.5, "ICU"), ("007", None, 1200, None))], "small")
    header, first, second = read(data)["By student"]
    assert header == ["Who", "First day", "Hours", "Aug\n24"]
    assert first == ["p-01", MONDAY, 37.5, "ICU"]
    assert second == ["007", "", 1200, ""]


def test_text_that_looks_like_something_else_stays_text() -> None:
    hostile = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "https://example.org",
        "mailto:a@example.org",
        "external:b.xlsx",
        "1e5",
        "TRUE",
    ]
    data = workbook([table(*((text, None, 1, text) for text in hostile))], "=title", MONDAY)
    rows = read(data)["By student"][1:]
    assert [(row[0], row[3]) for row in rows] == [(text, text) for text in hostile]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode()
            assert not re.search(r"<f[ >/]|<hyperlink|<definedName[^>]*>\s*=|ddeLink", content), name
            assert 'TargetMode="External"' not in content and "externalLink" not in name


def test_markup_and_control_characters_come_back() -> None:
    odd = ["<b>&amp;</b>", "a\x01b", "_x0041_", " padded ", "\N{GRINNING FACE}"]
    rows = read(workbook([table(*((text, None, 1, None) for text in odd))], "&[File] &P"))["By student"][1:]
    assert [row[0] for row in rows] == odd


def test_a_text_longer_than_a_cell_is_cut_with_a_mark() -> None:
    (_, row) = read(workbook([table(("\N{GRINNING FACE}" * 20_000, None, 1, None))], "long"))["By student"]
    text = str(row[0])
    assert text.endswith("…") and 32_000 < len(text.encode("utf-16-le")) // 2 <= 32_767


def test_headers_are_frozen_filtered_and_repeated_on_paper() -> None:
    page = part(workbook([table(("p-01", MONDAY, 1, "ICU"), name="board", title="Board & more")], "R&D"), "worksheets/sheet1.xml")
    assert re.search(r'<pane xSplit="1" ySplit="1" topLeftCell="B2"[^>]*state="frozen"', page)
    assert '<autoFilter ref="A1:D2"/>' in page
    assert 'orientation="landscape"' in page and 'fitToHeight="0"' in page
    assert "&amp;LR&amp;&amp;D&amp;CBoard &amp;&amp; more&amp;RPage &amp;P of &amp;N" in page
    book = part(workbook([table(("p-01", MONDAY, 1, "ICU"))], "t"), "workbook.xml")
    assert "'By student'!$1:$1" in book


def test_units_of_a_week_stand_below_each_other_where_they_do_not_fit() -> None:
    rows = read(workbook([table(("p-01", None, 1, "RMC-PED + RMC-SIM"), ("p-02", None, 1, "IM + ED"))], "small"))["By student"]
    assert [row[3] for row in rows[1:]] == ["RMC-PED +\nRMC-SIM", "IM + ED"]


def test_the_summary_is_first_and_the_legend_last() -> None:
    sheets = [table(("p-01", None, 1, "ICU"), colour="family"), table(("Placed", None, 3, None), name="summary", title="Summary")]
    found = read(workbook(sheets, "small"))
    assert list(found) == ["Summary", "By student", "Colours"]
    assert found["Colours"] == [["Specialty"], ["family"]]
    assert list(read(workbook([table(("p-01", None, 1, "ICU"))], "small"))) == ["By student"]


def test_cells_are_coloured_by_specialty_with_black_text() -> None:
    styles = part(workbook([table(("p-01", None, 1, "ICU"), colour="medsurg")], "small"), "styles.xml")
    assert f"FF{FILLS[looks(['medsurg'])['medsurg'].fill][1:]}" in styles


def test_the_same_sheets_give_the_same_bytes() -> None:
    sheets = [table(("p-01", MONDAY, 1, "ICU"), colour="zebra medicine")]
    assert workbook(sheets, "small", MONDAY) == workbook(sheets, "small", MONDAY)
    assert workbook(sheets, "small", MONDAY) != workbook(sheets, "small", date(2026, 8, 25))


def test_names_of_worksheets_are_made_valid_and_distinct() -> None:
    odd = "A [title]: with / everything that is * forbidden?"
    names = list(read(workbook([table(title=odd), table(title=odd.upper()), table(title="")], "t")))
    assert len({name.casefold() for name in names}) == 3
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_a_table_without_rows_has_its_header() -> None:
    assert read(workbook([table()], "empty")) == {"By student": [["Who", "First day", "Hours", "Aug\n24"]]}


def test_a_specialty_looks_the_same_in_every_file() -> None:
    everything = looks(["internal", "surgery", "basket weaving", "zoology", "", "medsurg"])
    assert "" not in everything
    assert looks(["surgery"])["surgery"] == everything["surgery"]
    assert looks(["zoology"])["zoology"].fill == everything["zoology"].fill


def test_specialties_look_different_as_long_as_that_is_possible() -> None:
    names = [f"specialty {i}" for i in range(12)] + ["internal", "medsurg", "pediatrics", "community-pharmacy"]
    assert len(set(looks(names).values())) == len(names)
    many = looks(f"specialty {i}" for i in range(200))
    assert {look.fill for look in many.values()} == set(range(len(FILLS)))
    assert {look.line for look in many.values()} == set(range(len(LINES)))


def test_black_text_is_readable_on_every_fill() -> None:
    for fill in FILLS:
        channels = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert (luminance + 0.05) / 0.05 >= 7, fill  # WCAG AAA
