"""File names made of ids, for every file system."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

#: Ids may hold a colon, and in some scripts 64 letters are longer than a file name may be.
_UNSAFE = re.compile(r"[^\w .+#&()-]")
LONGEST = 50
#: What Windows keeps for devices.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


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


def folder_names(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """``{"4B": "4B"}``: names as of `file_stems` for folders below one that is called by the kind.

    The kind stands in front only where the id alone would be no name on every file system.
    """
    names = {}
    for own, stem in file_stems(kind, ids).items():
        bare = stem if own.startswith(f"{kind}-") else stem.removeprefix(f"{kind}-")
        plain = bare and bare[0] not in " ." and bare.partition(".")[0].strip().casefold() not in _RESERVED
        names[own] = bare if plain else stem
    return names
