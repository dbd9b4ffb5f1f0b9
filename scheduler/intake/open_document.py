"""What the reader of spreadsheets leaves out of an OpenDocument sheet: merged areas and failed formulas; and how far it reaches.

One pass over ``content.xml`` that keeps nothing of it. Rows and cells say there how often they are repeated, so that a hundred
bytes may stand for billions of cells: they are counted before anything sets them aside.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from scheduler.intake.findings import Finding, Refused
from scheduler.intake.grid import Area
from scheduler.intake.limits import MOST_CELL_TEXT, MOST_CHARACTERS, MOST_SHEETS, check_merged, check_size
from scheduler.io.formulas import NOT_CALCULATED

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_SCRIPT = "urn:oasis:names:tc:opendocument:xmlns:script:1.0 "
_CELLS = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
_LINKS = frozenset((f"{_TABLE}dde-link", f"{_TABLE}table-source", f"{_TABLE}cell-range-source", f"{_OFFICE}dde-source"))
_CHUNK = 1 << 20


@dataclass(slots=True)
class Notes:
    """What is known of one sheet beside its values."""

    merged: list[Area] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def read_notes(data: bytes) -> dict[str, Notes]:
    """By name of the sheet: its merged areas and failed formulas.

    Parameters
    ----------
    data
        An archive that `scheduler.intake.hostile.check_archive` has let pass.

    Raises
    ------
    Refused
        If a sheet is too large, or the file damaged, or it takes values from elsewhere.
    """
    content = _Content()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as stream:
            while chunk := stream.read(_CHUNK):
                content.parser.Parse(chunk, False)
        content.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError, zipfile.BadZipFile):
        raise Refused(Finding("damaged")) from None
    return content.sheets


class _Content:
    """Handlers of the parser; the position is that of the cell that is open."""

    def __init__(self) -> None:
        self.sheets: dict[str, Notes] = {}
        self._notes = Notes()
        self._name = ""
        self._row = self._column = 0
        self._rows = self._columns = 1  # how often the row and the cell are repeated
        self._attributes: dict[str, str] | None = None  # of the cell that is open
        self._text: list[str] = []
        self._length = self._characters = self._tables = 0
        self._reach, self._before = (0, 0), 0  # last row and column of this sheet; cells of those before it
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters_of
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise Refused(Finding("entities"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _CELLS:
            self._attributes, self._text, self._length = attributes, [], 0
            self._columns = int(attributes.get(f"{_TABLE}number-columns-repeated", 1))
        elif tag == f"{_TABLE}table-row":
            self._column, self._rows = 0, int(attributes.get(f"{_TABLE}number-rows-repeated", 1))
        elif tag == f"{_TABLE}table":
            self._name = attributes.get(f"{_TABLE}name", "")
            self._notes = self.sheets[self._name] = Notes()
            self._before += self._reach[0] * self._reach[1]
            self._row, self._reach = 0, (0, 0)
            self._tables += 1
            if self._tables > MOST_SHEETS:
                raise Refused(Finding("too_many_sheets", said={"most": MOST_SHEETS}))
        elif tag in _LINKS:
            raise Refused(Finding("external_links"))
        elif tag == f"{_SCRIPT}event-listener":
            raise Refused(Finding("macros"))

    def _end(self, tag: str) -> None:
        if tag in _CELLS and self._attributes is not None:
            self._cell(self._attributes)
            self._attributes = None
            self._column += self._columns
        elif tag == f"{_TABLE}table-row":
            self._row += self._rows

    def _characters_of(self, text: str) -> None:
        if self._attributes is not None:
            self._length += len(text)
            if self._length > MOST_CELL_TEXT:
                said = {"sheet": self._name}
                raise Refused(Finding("text_too_long", sheet=self._name, row=self._row, column=self._column, said=said))
            self._text.append(text)

    def _cell(self, attributes: dict[str, str]) -> None:
        down = int(attributes.get(f"{_TABLE}number-rows-spanned", 1))
        right = int(attributes.get(f"{_TABLE}number-columns-spanned", 1))
        if down * right > 1:
            self._notes.merged.append(Area(self._row, self._column, self._row + down - 1, self._column + right - 1))
            check_merged(len(self._notes.merged), self._name)
        kind, formula = attributes.get(f"{_OFFICE}value-type"), f"{_TABLE}formula" in attributes
        if kind is None and not formula and not self._length:
            return
        self._characters += self._rows * self._columns * self._length
        rows, columns = max(self._reach[0], self._row + self._rows), max(self._reach[1], self._column + self._columns)
        self._reach = rows, columns
        check_size(rows, columns, self._before + rows * columns)
        if self._characters > MOST_CHARACTERS:
            raise Refused(Finding("too_much_text"))
        shown = ""
        if attributes.get(f"{_CALC}value-type") == "error":
            shown = "".join(self._text).strip() or "#VALUE!"
        elif formula and kind is None:
            shown = NOT_CALCULATED
        if shown:
            for row in range(self._row, self._row + self._rows):
                self._notes.formulas.update({(row, self._column + i): shown for i in range(self._columns)})
