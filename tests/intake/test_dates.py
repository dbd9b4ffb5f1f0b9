"""Dates and periods as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.intake.cells import Cells
from scheduler.intake.dates import SURE, readings, sole_order
from scheduler.intake.forms import Field
from scheduler.intake.known import Known
from scheduler.intake.unclear import Unclear
from tests.intake.given import HORIZON, MAPLE, term

CELLS = Cells(Known(term(), MAPLE), HORIZON, {})
PERIOD = Field("period", "period")


@pytest.mark.parametrize(
    "text",
    ["2026-08-24", "2026/8/24", "20260824", "46258", "24 Aug", "Aug 24", "24-Aug-26", "August 24th, 2026", "24 de agosto de 2026",
     "24. August 2026", "Monday, 24 August 2026", "lunes 24 de agosto de 2026", "2026-08-24T00:00:00", "2026-08-24 00:00",
     "ago 24, 2026", "Mon 24/08/2026", "Mon 8/24", "24 ago. 2026", "Aug. 24, '26"],
)  # fmt: skip
def test_one_meaning(text: str) -> None:
    found = readings(text, HORIZON)
    assert {d for days in found.values() for d in days} == {date(2026, 8, 24)}


def test_the_order_of_numbers() -> None:
    assert set(readings("03/09/2026", HORIZON)) == {"day first", "month first"}
    assert readings("09/09/2026", HORIZON) == {SURE: [date(2026, 9, 9)]}
    assert sole_order(readings("24.08.2026", HORIZON)) == "day first"
    assert sole_order(readings("8/24/26", HORIZON)) == "month first"
    assert sole_order(readings("2026-08-24", HORIZON)) is None
    # the day of the week decides, and one that contradicts leaves no date
    assert readings("Thu 03/09/2026", HORIZON) == {SURE: [date(2026, 9, 3)]}
    assert not readings("Fri 24/08/2026", HORIZON)


def test_a_year_that_is_left_out_is_that_of_the_term_or_open() -> None:
    assert readings("24 Aug", HORIZON) == {SURE: [date(2026, 8, 24)]}
    assert len(readings("3 Mar", HORIZON)[SURE]) > 1


@pytest.mark.parametrize("text", ["31/02/2026", "13/13/2026", "tomorrow", "8", "2026", "1/2/3/4", "24/08/1816", "Foo 24", ""])
def test_no_date(text: str) -> None:
    assert not readings(text, HORIZON)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("8/24–9/16", "2026-08-24/2026-09-16"),
        ("8/24-9/16", "2026-08-24/2026-09-16"),
        ("9/8 - 10/16", "2026-09-08/2026-10-16"),
        ("24 Aug - 3 Sep", "2026-08-24/2026-09-03"),
        ("31 Aug 2026 – 4 Sep", "2026-08-31/2026-09-04"),
        ("24-28 August 2026", "2026-08-24/2026-08-28"),
        ("Aug 24-28", "2026-08-24/2026-08-28"),
        ("Aug 24-28, 2026", "2026-08-24/2026-08-28"),
        ("del 24 al 28 de agosto de 2026", "2026-08-24/2026-08-28"),
        ("24/08/2026 al 01/09/2026", "2026-08-24/2026-09-01"),
        ("2026-08-24 to 2026-09-01", "2026-08-24/2026-09-01"),
        ("2026-08-24/2026-09-01", "2026-08-24/2026-09-01"),
        ("from 24.08. to 01.09.2026", "2026-08-24/2026-09-01"),
        ("Monday 24 August until Friday 4 September", "2026-08-24/2026-09-04"),
        ("14-18/9", "2026-09-14/2026-09-18"),
        ("14.-18.9.2026", "2026-09-14/2026-09-18"),
        ("9/14-18", "2026-09-14/2026-09-18"),
        ("11/26-11/27", "2026-11-26/2026-11-27"),
        ("9/7/2026 - 9/18/2026 (fall break)", "2026-09-07/2026-09-18"),
        ("week of 9/14", "2026-09-14/2026-09-20"),
        ("weeks 3-6", "2026-09-07/2026-10-04"),
        ("Week 3", "2026-09-07/2026-09-13"),
        ("wk 3 – wk 6", "2026-09-07/2026-10-04"),
        ("semanas 3 a 6", "2026-09-07/2026-10-04"),
        ("2026-09-01", "2026-09-01/2026-09-01"),
    ],
)
def test_periods(text: str, days: str) -> None:
    assert CELLS.read(PERIOD, text)[0] == days


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9/3–9/4/2026", "date_order"),
        ("weeks 3-60", "no_such_weeks"),
        ("week 0", "no_such_weeks"),
        ("week of 9/15", "week_of"),
        ("9/7/2026 (or 9/8)", "not_a_period"),
        ("2026-09-03 – 2026-09-01", "ends_before"),
        ("some day", "not_a_period"),
        ("-", ""),
    ],
)
def test_periods_that_are_open_or_none(text: str, code: str) -> None:
    if not code:
        assert CELLS.read(PERIOD, text) == ("", None)
        return
    with pytest.raises(Unclear) as unclear:
        CELLS.read(PERIOD, text)
    assert unclear.value.code == code


def test_an_answered_order_settles_a_period() -> None:
    assert CELLS.read(PERIOD, "9/3–9/4/2026", "month first")[0] == "2026-09-03/2026-09-04"
    assert CELLS.read(PERIOD, "9/3–9/4/2026", "day first")[0] == "2026-03-09/2026-04-09"
