"""What a specialty looks like, the same in every file: a light fill for black text, and the line at its left.

The fills are Paul Tol's *light* scheme, made for labelled cells and told apart in colour-blind vision too. There are fewer fills
than specialties, so specialties of one fill differ in the line. Colour never says anything alone: the text is in the cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

FILLS = ("#77AADD", "#EE8866", "#EEDD88", "#FFAABB", "#99DDFF", "#44BB99", "#BBCC33", "#AAAA00")
#: Styles of the line at the left of a cell, by their names in CSS.
LINES = ("none", "solid", "dashed", "double", "dotted")
_IMAGING = ("imaging-general", "imaging-surgery", "imaging-trauma")
#: Common specialties, one row a line and one column a fill: those of one program mostly differ in their fills.
_KNOWN = (
    ("internal", "surgery", "pediatrics", "obgyn", "neurology", "family", "psychiatry", "emergency"),
    ("medsurg", "orthopedics", "leadership", "obstetrics", "telemetry", "community", "rehab", "capstone"),
    ("hospital-pharmacy", "acute-care-pharmacy", "community-pharmacy", "ambulatory-pharmacy", *_IMAGING, "primary-care"),
    ("critical-care", "anesthesia", "geriatrics", "wound", "clinical-skills", "home-health", "respiratory", "oncology"),
)
_PLACE = {name: (fill, line) for line, row in enumerate(_KNOWN) for fill, name in enumerate(row)}


@dataclass(frozen=True, slots=True)
class Look:
    """How cells of one specialty are drawn: indices into `FILLS` and `LINES`."""

    fill: int
    line: int


def looks(specialties: Iterable[str]) -> dict[str, Look]:
    """The look of each specialty, sorted by name; "" is none and has no look.

    A common specialty has always the same look. Any other has always the same fill, and the first line that nothing else in
    the file has with that fill; when all are taken, lines repeat.
    """
    names = sorted({name for name in specialties if name})
    found = {name: Look(*_PLACE[name]) for name in names if name in _PLACE}
    for name in names:
        if name not in found:
            fill = crc32(name.encode()) % len(FILLS)
            taken = [look.line for look in found.values() if look.fill == fill]
            found[name] = Look(fill, min(range(len(LINES)), key=taken.count))
    return {name: found[name] for name in names}
