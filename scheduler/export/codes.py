"""Short codes for ids: the same key gives the same codes, and without it nobody can tell which id a code stands for."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable

#: Digits and lower-case letters without those that are taken for each other: 0 and o, 1 and l.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
#: Two of 12,000 people share eight letters in about one of 15,000 exports; six would be shared in every fifteenth.
SHORTEST = 8


def codes(key: bytes, kind: str, ids: Iterable[str], shortest: int = SHORTEST) -> dict[str, str]:
    """``{"n-01": "student-7kq3xn4h"}``: for each id the kind and the first letters of a keyed digest (HMAC-SHA256).

    Ids whose letters would be the same get as many more of their own as tell them apart, whatever the order of the ids.
    """
    letters = {one: _letters(digest(key, kind, one)) for one in ids}
    found: dict[str, str] = {}
    length = shortest
    while len(found) < len(letters):
        shared = Counter(text[:length] for text in letters.values())
        for one, text in letters.items():
            if shared[text[:length]] == 1:
                found.setdefault(one, f"{kind}-{text[:length]}")
        length += 1
    return found


def digest(key: bytes, kind: str, text: str) -> bytes:
    """The keyed digest of a text; the same text of another kind has another one."""
    return hmac.digest(key, f"{kind}\0{text}".encode(), "sha256")


def _letters(found: bytes) -> str:
    number = int.from_bytes(found)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(8 * len(found) - 5, -1, -5))
