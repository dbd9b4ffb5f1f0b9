"""Files of other kinds that are sent in place of a table, told by what is in them: whatever their name ends in."""

from __future__ import annotations

import re

from scheduler.intake.findings import Finding, Refused

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"PK\x07\x08", "packed"),
    (b"\x1f\x8b", "packed"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf", "packed"),
    (b"\xfd7zXZ", "packed"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"{\\rtf", "document"),
    (b"bplist00", "shortcut"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"MZ\x90\x00", "not_a_table"),
    (b"\x7fELF", "not_a_table"),
    (b"SQLite format", "not_a_table"),
)
_INSIDE: tuple[tuple[slice, tuple[bytes, ...], str], ...] = (
    (slice(8, 12), (b"WEBP",), "picture"),
    (slice(4, 12), (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"), "picture"),
)
_MARKUP = re.compile(r"\s*<(?:(?:!doctype|html|table|\?xml|head|body|meta|style|div)\b|!--)|mime-version:", re.IGNORECASE)
_SHORTCUT = re.compile(r'\s*\{[^{}]{0,2000}"(?:url|doc_id|resource_key)"\s*:|\[InternetShortcut\]')
_SCRIPT = re.compile(r"#!|<\?php")


def check_foreign(data: bytes) -> None:
    """Refuse what its first bytes tell.

    Raises
    ------
    Refused
        With a code of its own for each kind.
    """
    for beginning, code in _BEGINNINGS:
        if data.startswith(beginning):
            raise Refused(Finding(code))
    for place, marks, code in _INSIDE:
        if data[place] in marks:
            raise Refused(Finding(code))


def check_foreign_text(text: str) -> None:
    """Refuse text that is no table: a web page, a shortcut to a document, a program.

    Raises
    ------
    Refused
        With a code of its own for each kind.
    """
    beginning = text[:4_000]
    if _MARKUP.match(beginning):
        raise Refused(Finding("markup"))
    if _SHORTCUT.match(beginning):
        raise Refused(Finding("shortcut"))
    if _SCRIPT.match(beginning):
        raise Refused(Finding("not_a_table"))
