"""Which ids tell who somebody is."""

from __future__ import annotations

import pytest

from scheduler.export.telling import Telling

PEOPLE = ["kim", "n-01", "0041752", "Ann Smith", "7", "A", "p 2"]


@pytest.mark.parametrize("text", ["kim", "4B-Kim", "ward n-01", "x0041752y", "ann smith's", "N_01", "slot p.2"])
def test_whoever_is_in_an_id_is_found(text: str) -> None:
    assert Telling(PEOPLE).tells(text)


@pytest.mark.parametrize("text", ["kimono", "4B-TuTh", "n-010", "7", "A", "week 7", "A-7", "smith", "p-3", ""])
def test_what_only_looks_alike_is_not(text: str) -> None:
    assert not Telling(PEOPLE).tells(text)


def test_where_nobody_is_nobody_is_found() -> None:
    assert not Telling([]).tells("anything")
