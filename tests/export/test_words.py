"""Ids in sentences are replaced, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.export.words import Words


def test_reasons_lose_their_names_and_keep_their_counts() -> None:
    said = Words({"kim": "p1", "n-1": "s1", "12": "s2", "Dr. Kim Lee": "p1", "n-1 b": "s3"})
    assert said.replaced("12 offers: 12 with KIM, 2 without flu of n-1 b or N-1, and 12 that are not for this rotation") == (
        "12 offers: 12 with p1, 2 without flu of s3 or s1, and 12 that are not for this rotation"
    )
    assert said.replaced("3 against 12; asked by Dr. Kim Lee; n-10 and kims stay, kim's not") == (
        "3 against s2; asked by p1; n-10 and kims stay, p1's not"
    )
    assert Words({}).replaced("as it is") == "as it is"


def test_dates_are_no_ids() -> None:
    said = Words({"10": "s1", "2026": "s2"})
    assert said.replaced("without flu of 10 that was due by 2026-10-10") == "without flu of s1 that was due by 2026-10-10"


def test_an_id_that_is_a_plain_word_counts_only_where_somebody_is_named() -> None:
    said = Words({"A": "g1", "group A": "group g1", "full": "s1"}, {"a", "full"})
    assert said.replaced("1 in a full slot, 2 without flu of full, 3 beside group A") == (
        "1 in a full slot, 2 without flu of s1, 3 beside group g1"
    )


@given(st.sets(st.from_regex(r"[a-c1]([a-c1 .-]{0,4}[a-c1])?", fullmatch=True), min_size=1, max_size=6))
def test_no_word_is_left(words: set[str]) -> None:
    said = Words(dict.fromkeys(words, "?"))
    for word in words:
        assert said.replaced(f"x {word}") == "x ?"
