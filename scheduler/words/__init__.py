"""Every word that people read, in each language: ``words/<language>/*.toml``. Programs read names and codes instead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scheduler.errors import InputError

_FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(path.name for path in _FOLDER.iterdir() if (path / "labels.toml").exists()))


@cache
def words(language: str, page: str) -> Mapping[str, Any]:
    """The words of one page (``labels``, ``findings``, ``template``, ``report``, …) in a language.

    Raises
    ------
    InputError
        For a language that there is not.
    """
    if language not in LANGUAGES:
        raise InputError(f"there are no words in {language!r}; one of {', '.join(LANGUAGES)}")
    return tomllib.loads((_FOLDER / language / f"{page}.toml").read_text(encoding="utf-8"))
