"""How wide a text is, roughly: enough to know what fits into a bar or beside it, before anything is drawn."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

_THIN, _WIDE = frozenset("ijltfrI.,:;'|!()[]-· "), frozenset("mwMW@%—")


def width_of(text: str, size: float) -> float:
    """Pixels of a text in a sans-serif font of a size."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    if combining(letter):
        return 0.0
    if east_asian_width(letter) in "WF":
        return 1.0
    if letter in _THIN:
        return 0.33
    if letter in _WIDE:
        return 0.9
    return 0.7 if letter.isupper() else 0.57


def fitted(text: str, pixels: float, size: float) -> str:
    """A text, or as much of it as fits with an ellipsis; empty where not even three letters do."""
    if width_of(text, size) <= pixels:
        return text
    short = text
    while short and width_of(short + "…", size) > pixels:
        short = short[:-1]
    return short.rstrip() + "…" if len(short) >= 3 else ""
