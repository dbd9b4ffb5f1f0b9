"""One cell to the text of our own files."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from scheduler.intake.aliases import load_aliases
from scheduler.intake.cells import Cells
from scheduler.intake.forms import AVAILABILITY, CLEARANCES, GROUPS, STUDENTS, Field
from scheduler.intake.grid import Value
from scheduler.intake.known import Known
from scheduler.intake.unclear import Unclear
from tests.intake.given import HORIZON, MAPLE, term

CELLS = Cells(Known(term(), MAPLE), HORIZON, load_aliases().choices)
YES_NO, COUNT, NUMBER, DAYS = (
    Field("drives", "yes_no"),
    Field("size", "amount"),
    Field("home_lat", "number"),
    Field("weekdays", "weekdays"),
)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        *((YES_NO, v, "true") for v in ("y", "Yes", "X", "TRUE", "✓", "sí", "1", 1.0, True, " yes ", "☑")),
        *((YES_NO, v, "false") for v in ("n", "No", "False", "FALSE", "0", 0.0, False, "☐")),
        (YES_NO, "n/a", ""),
        (COUNT, 8.0, "8"),
        (COUNT, " 8 ", "8"),
        (COUNT, "8.0", "8"),
        (COUNT, "1,200", "1200"),
        (NUMBER, "40,7128", "40.7128"),
        (DAYS, "MWF", "Mo We Fr"),
        (DAYS, "TTh", "Tu Th"),
        (DAYS, "T/R", "Tu Th"),
        (DAYS, "Tuesdays and Thursdays", "Tu Th"),
        (DAYS, "lunes a viernes", "Mo Tu We Th Fr"),
        (DAYS, "L-V", "Mo Tu We Th Fr"),
        (DAYS, "Sat–Mon", "Mo Sa Su"),
        (DAYS, "weekdays", "Mo Tu We Th Fr"),
        (STUDENTS["available_from"], datetime(2026, 9, 1), "2026-09-01"),
        (STUDENTS["available_from"], date(2026, 9, 1), "2026-09-01"),
        (STUDENTS["available_from"], 46266.0, "2026-09-01"),
        (STUDENTS["student"], 1001.0, "1001"),
        (STUDENTS["student"], '="0041"', "0041"),
        (STUDENTS["student"], "m\u00a0004", "m 004"),
        (STUDENTS["student"], "m-\u200b004", "m-004"),
        (STUDENTS["student"], 41.0, "0041"),  # a spreadsheet dropped the zeros
        (STUDENTS["program"], "maple bsn", "maple-bsn"),
        (STUDENTS["program"], "Maple BSN", "maple-bsn"),
        (STUDENTS["employer_unit"], "Ward 4 B", "4B"),
        (STUDENTS["languages"], "English, Spanish", "english;spanish"),
        (GROUPS["requirements"], "NUR310 / NUR320", "NUR310;NUR320"),
        (GROUPS["split"], "yes", "allowed"),
        (AVAILABILITY["status"], "Vacation", "unavailable"),
        (AVAILABILITY["status"], "No disponible", "unavailable"),
        (CLEARANCES["status"], "Pending", "promised"),
        (CLEARANCES["item"], "TB-Test", "tb test"),
    ],
)  # fmt: skip
def test_understood(field: Field, value: Value, text: str) -> None:
    assert CELLS.read(field, value)[0] == text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (YES_NO, "maybe", "not_yes_no"),
        (YES_NO, "×", "not_yes_no"),  # a cross, or a mark?
        (COUNT, "8 students", "not_a_count"),
        (COUNT, "7.5", "not_a_count"),
        (COUNT, "1,2", "not_a_count"),
        (NUMBER, "far", "not_a_number"),
        (DAYS, "LMV", "weekday_letter"),
        (DAYS, "S", "weekday_letter"),
        (DAYS, "someday", "not_weekdays"),
        (STUDENTS["available_from"], "03/09/2026", "date_order"),
        (STUDENTS["available_from"], True, "not_a_date"),
        (STUDENTS["available_from"], 12.0, "not_a_date"),
        (STUDENTS["student"], "123-45-6789", "private_number"),
        (STUDENTS["student"], "ann@maple.edu", "private_address"),
        (STUDENTS["student"], "=1+1", "not_an_id"),
        (STUDENTS["student"], "m\u202e001", "invisible"),
        (STUDENTS["student"], "m\x07001", "invisible"),
        (STUDENTS["program"], "maple-bns", "unknown_name_near"),
        (STUDENTS["program"], "lake-bsn", "unknown_name_near"),
        (STUDENTS["home"], "=HYPERLINK(1)", "formula"),
        (AVAILABILITY["who"], "l-001", "other_school"),
        (AVAILABILITY["who"], "m-01", "unknown_name_near"),
        (AVAILABILITY["shift"], "zzz", "unknown_name_choices"),
        (AVAILABILITY["status"], "x", "not_a_choice"),
    ],
)
def test_asked_about(field: Field, value: Value, code: str) -> None:
    with pytest.raises(Unclear) as unclear:
        CELLS.read(field, value)
    assert unclear.value.code == code


def test_what_is_read_in_another_way_is_said() -> None:
    text, remark = CELLS.read(STUDENTS["student"], 41.0)
    assert remark is not None and remark.severity == "warning" and remark.said["meaning"] == text
    assert CELLS.read(STUDENTS["program"], "MAPLE-BSN")[1].severity == "note"  # type: ignore[union-attr]  # it says so
    assert CELLS.read(STUDENTS["program"], "maple-bsn")[1] is None
