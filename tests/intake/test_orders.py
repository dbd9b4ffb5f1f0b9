"""In which order a column writes day and month."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.intake.given import cells, read, rows, said


def days(text: str, **more: Any) -> list[tuple[str, str]]:
    return [(c.get("start", ""), c.get("end", "")) for c in cells(read(text, file="availability.csv", **more), "availability")]


def test_a_cell_of_the_column_proves_it_for_all() -> None:
    found = read("ID,From\n0041,03/09/2026\nm-002,14/09/2026\n", file="availability.csv")
    assert [c["start"] for c in cells(found, "availability")] == ["2026-09-03", "2026-09-14"]
    assert said(found) == ["order_proven B2"]
    assert days("ID,From\n0041,09/03/2026\nm-002,9/14/2026\n") == [("2026-09-03", ""), ("2026-09-14", "")]


def test_first_and_last_days_are_written_alike() -> None:
    assert days("ID,From,To\n0041,03/09/2026,14/09/2026\n") == [("2026-09-03", "2026-09-14")]
    # but other columns prove nothing
    found = read("ID,Available from,Program\nm-8,03/09/2026,maple-bsn\n", file="students.csv")
    assert said(found, "error") == ["date_order B2"]


def test_an_open_column_is_asked_about_and_the_answer_counts() -> None:
    open_column = "ID,From\n0041,03/09/2026\nm-002,04/09/2026\n"
    assert said(read(open_column, file="availability.csv"), "error") == ["date_order B2", "date_order B3"]
    assert days(open_column, dates="day first") == [("2026-09-03", ""), ("2026-09-04", "")]
    # an answer does not outvote what a cell proves
    assert days("ID,From\n0041,03/09/2026\nm-002,14/09/2026\n", dates="month first")[0] == ("2026-09-03", "")


def test_a_title_can_name_the_order() -> None:
    assert days("ID,From (mm/dd/yyyy)\n0041,09/03/2026\n") == [("2026-09-03", "")]
    assert days("ID,From DD.MM.\n0041,03.09.2026\n") == [("2026-09-03", "")]


def test_a_column_that_writes_both_orders_stays_open() -> None:
    found = read("ID,From\n0041,14/09/2026\nm-002,9/15/2026\nmA,03/09/2026\n", file="availability.csv")
    assert said(found, "error") == ["date_order B4"]
    assert [c["start"] for c in cells(found, "availability")] == ["2026-09-14", "2026-09-15"]


def test_real_dates_beside_leftover_text_may_be_exchanged() -> None:
    lines = [["ID", "From"], ["0041", date(2026, 9, 3)], ["m-002", "14/09/2026"]]
    assert said(read(rows(*lines, name="Availability")), "error") == ["dates_mixed B2"]
    fine = [["ID", "From"], ["0041", date(2026, 9, 23)], ["m-002", "14/09/2026"]]
    assert not read(rows(*fine, name="Availability")).findings.failed
