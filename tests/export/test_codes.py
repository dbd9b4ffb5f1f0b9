"""Codes: one for each id, the same whenever the key is, whoever else is there."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scheduler.export.codes import ALPHABET, codes

IDS = st.sets(st.text(max_size=12), max_size=12)
KEYS = st.binary(min_size=16, max_size=40)


def test_a_code_is_as_it_was_in_earlier_versions() -> None:
    """A change of these lines would cut every later export off from those that people have."""
    assert codes(b"0123456789abcdef", "student", ["n-01"]) == {"n-01": "student-sab7ftbj"}
    assert codes(b"0123456789abcdef", "preceptor", ["n-01"]) == {"n-01": "preceptor-kdsqtg49"}


def test_codes_are_easily_read() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32 and not set("01lo") & set(ALPHABET) and ALPHABET.lower() == ALPHABET
    for code in codes(bytes(16), "g", map(str, range(100))).values():
        assert re.fullmatch(rf"g-[{ALPHABET}]{{8}}", code)


@given(KEYS, IDS, IDS)
def test_the_same_key_gives_the_same_codes_beside_anybody_else(key: bytes, ids: set[str], others: set[str]) -> None:
    alone, beside = codes(key, "student", ids), codes(key, "student", sorted(ids | others, reverse=True))
    assert {one: beside[one] for one in ids} == alone


@given(KEYS, KEYS, IDS)
def test_another_key_gives_other_codes(key: bytes, other: bytes, ids: set[str]) -> None:
    if key != other and key.ljust(64, b"\0") != other.ljust(64, b"\0"):
        assert not set(codes(key, "student", ids).values()) & set(codes(other, "student", ids).values())


@given(KEYS, st.sets(st.text(max_size=6), max_size=60))
def test_where_letters_are_shared_more_tell_ids_apart(key: bytes, ids: set[str]) -> None:
    """With one letter each, nearly all of 60 collide; each still begins as it would alone."""
    found = codes(key, "student", ids, shortest=1)
    assert len(set(found.values())) == len(found) == len(ids)
    assert found == codes(key, "student", sorted(ids), shortest=1)
    for one in ids:
        assert codes(key, "student", [one])[one].startswith(found[one])
