"""File names made of ids, for every file system."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

#: Ids may hold a colon, and in some scripts 64 letters are longer than a file name may be.
_UNSAFE = re.compile(r"[^\w .+#&()-]")
LONGEST = 50


def file_stems(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """``{"4B": "unit-4B"}``: a name for each id, different from all others also where upper and lower case are the same.

    An id that begins with the kind, as pseudonyms do, is a name by itself.
    """
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for own in sorted(ids):
        begin = "" if own.startswith(f"{kind}-") else f"{kind}-"
        plain = f"{begin}{_UNSAFE.sub('_', normalize('NFC', own))[:LONGEST].rstrip(' .')}"
        stem, n = plain, 1
        while stem.casefold() in taken:
            n += 1
            stem = f"{plain}~{n}"
        taken.add(stem.casefold())
        stems[own] = stem
    return stems
