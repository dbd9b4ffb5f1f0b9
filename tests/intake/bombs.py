"""Files that no school should send, each a few lines of XML or bytes; written to a path, small where they can be."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
Members = Mapping[str, str | bytes]
CELL = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'


def xlsx(
    rows: str = f'<row r="1">{CELL}</row>', more: Members | None = None, sheets: int = 1, every: bool = False
) -> dict[str, str | bytes]:
    """The files of a workbook whose first sheet has these rows, or every one; `more` adds files, or replaces some."""
    tags = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, sheets + 1))
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELS}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, sheets + 1)
    )
    page = '<worksheet xmlns="{}"><sheetData>{}</sheetData></worksheet>'
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{tags}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}<Relationship Id="ss" '
        f'Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        **{f"xl/worksheets/sheet{i}.xml": page.format(_MAIN, rows if i == 1 or every else "") for i in range(1, sheets + 1)},
        **(more or {}),
    }


def shared(*texts: str) -> dict[str, str | bytes]:
    """The shared texts of a workbook."""
    return {"xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">' + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"}


def ods(rows: str, more: Members | None = None, before: str = "") -> dict[str, str | bytes]:
    """The same for OpenDocument; `before` stands ahead of the sheet."""
    content = f"<office:document-content {_ODS}><office:body><office:spreadsheet>{before}"
    content += f'<table:table table:name="S1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    return {"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": "<manifest/>", **(more or {})}


def ods_row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def ods_text(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def pack(path: Path | IO[bytes], members: Members) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)


def bomb(path: Path) -> None:
    """A sheet of 400 MB in 400 kB."""
    pack(path, {name: text for name, text in xlsx().items() if name != "xl/worksheets/sheet1.xml"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as stream:
        for _ in range(400):
            stream.write(b" " * 1_000_000)


def lying(path: Path) -> None:
    """The directory says that a sheet of 400 MB has ten bytes."""
    bomb(path)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 400_000_000), struct.pack("<I", 10)))


def overlapping(path: Path) -> None:
    """Many entries of the directory share one packed content of 10 MB."""
    pack(path, xlsx(more={f"xl/media/{i:04}.bin": b"" for i in range(1_500)} | {"xl/media/whole.bin": b"0" * 10_000_000}))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        whole = archive.getinfo("xl/media/whole.bin")
        start = archive.start_dir
    sizes = struct.pack("<III", whole.CRC, whole.compress_size, whole.file_size)
    while data[start : start + 4] == b"PK\x01\x02":
        length, extra, comment = struct.unpack_from("<HHH", data, start + 28)
        if data[start + 46 : start + 46 + length].startswith(b"xl/media/0"):
            data[start + 16 : start + 28] = sizes
            struct.pack_into("<H", data, start + 10, zipfile.ZIP_DEFLATED)
            struct.pack_into("<I", data, start + 42, whole.header_offset)
        start += 46 + length + extra + comment
    path.write_bytes(bytes(data))


def sparse(path: Path, size: int) -> None:
    """A file of a size that takes no place on disk."""
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(size)


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _again(text: str, columns: int, rows: int = 1) -> dict[str, str | bytes]:
    """One cell of an ods that stands for many."""
    cell = ods_text(text, f'table:number-columns-repeated="{columns}"')
    return ods(ods_row(cell, f'table:number-rows-repeated="{rows}"'))


def _rows(count: int, cells: str) -> str:
    return "".join(f'<row r="{i}">{cells.replace("#", str(i))}</row>' for i in range(1, count + 1))


_REFERENCE = '<c r="A#" t="s"><v>0</v></c><c r="B#" t="s"><v>0</v></c>'
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

_EMPTY = ods_row('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1048575"')

_SPAN = '<table:table-cell table:number-columns-spanned="99999" table:number-rows-spanned="99999"/>'
_FAR = '<row r="190000"><c r="A190000"><v>1</v></c></row>'

#: By name of the file: what writes it, and the code with which it is refused.
BOMBS: dict[str, tuple[Callable[[Path], None], str]] = {
    "bomb.xlsx": (bomb, "unpacks_too_large"),
    "lying.xlsx": (lying, "unpacks_too_large"),
    "overlapping.xlsx": (overlapping, "unpacks_too_large"),
    "members.xlsx": (lambda p: pack(p, xlsx(more={f"x/{i}": b"" for i in range(100_000)})), "too_many_members"),
    "entities.xlsx": (lambda p: pack(p, xlsx(more={"xl/sharedStrings.xml": _LAUGHS + "<sst>&b;</sst>"})), "entities"),
    "entities16.xlsx": (
        lambda p: pack(p, xlsx(more={"xl/workbook.xml": (_LAUGHS + "<workbook/>").encode("utf-16-le")})),
        "entities",
    ),
    "entities.ods": (lambda p: pack(p, ods("", {"styles.xml": _LAUGHS + "<x>&b;</x>"})), "entities"),
    "macros.xlsm": (lambda p: pack(p, xlsx(more={"xl/vbaProject.bin": b"x"})), "macros"),
    "macro-sheet.xlsx": (lambda p: pack(p, xlsx(more={"xl/MacroSheets/sheet1.xml": "<x/>"})), "macros"),
    "basic.ods": (lambda p: pack(p, ods("", {"Basic/Standard/Module1.xml": "<x/>"})), "macros"),
    "scripts.ods": (lambda p: pack(p, ods("", {"Scripts/python/x.py": b"x"})), "macros"),
    "listener.ods": (lambda p: pack(p, ods("", before="<script:event-listener/>")), "macros"),
    "links.xlsx": (lambda p: pack(p, xlsx(more={"xl/externalLinks/externalLink1.xml": "<x/>"})), "external_links"),
    "dde.ods": (lambda p: pack(p, ods("", before="<table:dde-links><table:dde-link/></table:dde-links>")), "external_links"),
    "source.ods": (lambda p: pack(p, ods("<table:table-source/>")), "external_links"),
    "object.xlsx": (lambda p: pack(p, xlsx(more={"xl/embeddings/oleObject1.bin": b"x"})), "embedded"),
    "object.ods": (lambda p: pack(p, ods("", {"Object 1": b"x"})), "embedded"),
    "sheets.xlsx": (lambda p: pack(p, xlsx(sheets=60)), "too_many_sheets"),
    "sheets.ods": (lambda p: pack(p, ods('</table:table><table:table table:name="x">' * 60)), "too_many_sheets"),
    "paths.xlsx": (lambda p: pack(p, xlsx(more={"../../x": b"x"})), "odd_paths"),
    "absolute.xlsx": (lambda p: pack(p, xlsx(more={"/etc/x": b"x"})), "odd_paths"),
    "deep.xlsx": (lambda p: pack(p, xlsx(more={"x/" * 40 + "x": b"x"})), "odd_paths"),
    "corner.xlsx": (lambda p: pack(p, xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "too_many_cells"),
    "far-down.xlsx": (lambda p: pack(p, xlsx('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')), "too_many_cells"),
    "wide.xlsx": (lambda p: pack(p, xlsx('<row r="190000"><c r="OA190000"><v>1</v></c></row>')), "too_many_cells"),
    "long-text.xlsx": (lambda p: pack(p, xlsx(f'<row r="1">{CELL.replace("x", "x" * 10_000_000, 1)}</row>')), "text_too_long"),
    "long-text.ods": (lambda p: pack(p, ods(ods_row(ods_text("x" * 10_000_000)))), "text_too_long"),
    "shared.xlsx": (lambda p: pack(p, xlsx(_rows(100_000, _REFERENCE), shared("x" * 30_000))), "too_much_text"),
    "shared-long.xlsx": (lambda p: pack(p, xlsx(_rows(100_000, _REFERENCE), shared("x" * 10_000_000))), "too_much_text"),
    "repeated.ods": (lambda p: pack(p, _again("x", 1_024, 1_048_576)), "too_many_cells"),
    "repeated-twice.ods": (lambda p: pack(p, _again("x", 400, 100_000)), "too_many_cells"),
    "repeated-lots.ods": (lambda p: pack(p, _again("x", 9_999_999_999)), "too_many_cells"),
    "repeated-text.ods": (lambda p: pack(p, _again("x" * 30_000, 100, 9_999)), "too_much_text"),
    "sheets-far.xlsx": (lambda p: pack(p, xlsx(_FAR, sheets=12, every=True)), "too_many_cells"),
    "merged.ods": (lambda p: pack(p, ods(ods_row(_SPAN * 30_000))), "too_many_merged"),
    "negative.ods": (lambda p: pack(p, _again("x", -5)), "damaged"),
    "long-number.ods": (lambda p: pack(p, _again("x", 10**4000)), "too_many_cells"),
    "deep.ods": (lambda p: pack(p, ods("<a>" * 1_000_000)), "damaged"),
    "size.xlsx": (lambda p: sparse(p, 300_000_000), "too_large"),
    "backtrack.xlsx": (lambda p: pack(p, xlsx("<c r " * 4_000_000)), "damaged"),
    "nul.csv": (lambda p: _put(p, b"student\n\x00\x00,4B\n"), "binary"),
    "commas.csv": (lambda p: _put(p, b"," * 40_000_000), "too_many_cells"),
    "columns.csv": (lambda p: _put(p, (b"," * 240 + b"\n") * 190_000), "too_many_cells"),
    "lines.csv": (lambda p: _put(p, b"a,b\n" * 10_000_000), "too_many_cells"),
    "long-cell.csv": (lambda p: _put(p, b"a,b\n1," + b"x" * 10_000_000), "cell_too_long"),
    "quote.csv": (lambda p: _put(p, b'a,b\n1,"' + b"x\n" * 10_000_000), "cell_too_long"),
}
#: What is large and harmless: it is read, without what is empty in it.
HARMLESS: dict[str, Callable[[Path], None]] = {
    "styled.xlsx": lambda p: pack(p, xlsx(_rows(1_000_000, '<c r="A#" s="1"/>').replace('<c r="A1" s="1"/>', CELL, 1))),
    "styled-rows.xlsx": lambda p: pack(p, xlsx(f'<row r="1">{CELL}</row><row r="1048576" ht="12"/>')),
    "styled.ods": lambda p: pack(
        p,
        ods(
            ods_row(ods_text("x"))
            + ods_row('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1048575"')
        ),
    ),
    "rows.ods": lambda p: pack(p, ods(ods_row(ods_text("x")) + ods_row('<table:table-cell table:style-name="c"/>') * 1_000_000)),
}
