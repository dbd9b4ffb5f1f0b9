"""The scorer that judges solutions of the public benchmark finds the right score, and every kind of mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.mss_scorer import RuleBroken, score_schedule

MONDAY = date(2026, 1, 5)

#: Two students, two disciplines of one period, d2 after d1; h2 needs somebody in d1 in period 1.
DATA = """Students=2; Disciplines=2; Hospitals=2; Duration=1; Horizon=4; Groups=1; MaxDiscPerHosp=2;
DiscGroup = [1,1];
StudDiscGroup = [| 2 | 1 |];
AllowedDisc = [| 1,1 | 1,0 |];
Precededby = [| 0,0 | 1,0 |];
Availability = [| 1,1,1,1 | 1,1,0,1 |];
Ability = array3d(1..Students,1..Hospitals,1..Disciplines,[1,1,1,1, 1,1,1,1]);
MaxPosHosp = array3d(1..Hospitals,1..Disciplines,1..Horizon,[1,1,1,1, 1,1,1,1, 1,1,1,1, 1,1,1,1]);
MinPosHosp = array3d(1..Hospitals,1..Disciplines,1..Horizon,[0,0,0,0, 0,0,0,0, 1,0,0,0, 0,0,0,0]);
WeightPref = [| 2,1,-3,-1 | 1,1,-1,-2 |];
PrefStudDisc = [| 5,4 | 3,0 |];
PrefStudHosp = [| 1,2 | 6,0 |];
ManPref = [1,2];
"""

GOOD = ("s1,d1,d1,h2,2026-01-05,2026-01-09", "s1,d2,d2,h1,2026-01-19,2026-01-23", "s2,d1,d1,h1,2026-01-12,2026-01-16")


def score(tmp_path: Path, *rows: str, data: str = DATA) -> int:
    dzn, table = tmp_path / "two.dzn", tmp_path / "schedule.csv"
    dzn.write_text(data)
    table.write_text("\n".join(("student,requirement,specialty,site,start,end", *rows)) + "\n")
    return score_schedule(dzn, table, MONDAY)


def test_score(tmp_path: Path) -> None:
    # s1: 2·(5 + 4) + 1·(2 + 1) + (1 + 2) − 3 (one change) − 1 (period 2 idle) = 20
    # s2: 3 + 6 + 1 − 2 (period 1 idle) = 8;  20 + 8 + the worst-off 8 = 36
    assert score(tmp_path, *GOOD) == 36


def test_score_of_longer_disciplines(tmp_path: Path) -> None:
    data = DATA.replace("Duration=1", "Duration=2")
    rows = ("s1,d1,d1,h2,2026-01-05,2026-01-16", "s1,d2,d2,h2,2026-01-19,2026-01-30", "s2,d1,d1,h1,2026-01-05,2026-01-16")
    # s1: 18 + 4 + 3 = 25;  s2: 3 + 6 + 1 = 10
    assert score(tmp_path, *rows, data=data) == 45


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (GOOD[:2], "s2 takes 0 disciplines of group 1 instead of 1"),
        ((*GOOD, "s2,d1,d1,h1,2026-01-05,2026-01-09"), "s2 takes a discipline twice"),
        ((*GOOD[:2], "s2,d2,d2,h1,2026-01-05,2026-01-09"), "s2 may not take d2"),
        ((*GOOD[:2], "s2,d1,d1,h1,2026-01-19,2026-01-23"), "s2 is not available for d1 from period 3"),
        ((*GOOD[:2], "s2,d1,d1,h1,2026-01-13,2026-01-16"), "no start of a period"),
        ((*GOOD[:2], "s2,d1,d1,h1,2026-02-02,2026-02-06"), "no start of a period"),
        ((*GOOD[:2], "s2,d1,d1,h1,2026-01-12,2026-01-23"), "not for 1 periods"),
        ((*GOOD[:2], "s2,d1,d2,h1,2026-01-12,2026-01-16"), "s2 takes d1 in a place for d2"),
        ((*GOOD[:2], "s9,d1,d1,h1,2026-01-12,2026-01-16"), "'s9' stands where one of s1 to s2 belongs"),
        ((GOOD[0], "s1,d2,d2,h1,2026-01-05,2026-01-09", GOOD[2]), "s1 is in d1 and d2 at the same time"),
        (
            ("s1,d1,d1,h2,2026-01-19,2026-01-23", "s1,d2,d2,h1,2026-01-05,2026-01-09", GOOD[2]),
            "s1 takes d2 without d1 before it",
        ),
        ((*GOOD[:2], "s2,d1,d1,h2,2026-01-05,2026-01-09"), "h2 has more students in d1 in period 1"),
        (("s1,d1,d1,h2,2026-01-12,2026-01-16", *GOOD[1:]), "h2 has fewer students in d1 in period 1"),
    ],
)
def test_mistakes_are_found(tmp_path: Path, rows: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        score(tmp_path, *rows)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("MaxDiscPerHosp=2", "MaxDiscPerHosp=1", "s1 takes 2 disciplines at h2"),
        ("[1,1,1,1, 1,1,1,1]);\nMax", "[1,1,1,0, 1,1,1,1]);\nMax", "s1 may not take d2 at h2"),
    ],
)
def test_limits_of_the_data_hold(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    rows = (GOOD[0], "s1,d2,d2,h2,2026-01-12,2026-01-16", GOOD[2])
    assert score(tmp_path, *rows) == 18 + 4 + 3 + 8 + 8  # no change, no waiting
    with pytest.raises(RuleBroken, match=sentence):
        score(tmp_path, *rows, data=DATA.replace(old, new))
