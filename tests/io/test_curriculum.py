"""The usual mistakes in curricula are found, with their place and the likely fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import Problem
from scheduler.io import load_instance

SPACINGS = "program,requirement,other,least_weeks,most_weeks\n"


def problems(folder: Path, name: str, text: str) -> list[Problem]:
    """The problems of the term with another table; `text` may leave out what the term's own table has in common with it."""
    (folder / name).write_text(text, "utf-8")
    return load_instance(folder)[1]


def with_columns(folder: Path, name: str, first: str, **columns: str) -> str:
    """A table of the term with more columns, filled in the row that begins with `first`."""
    head, *rows = (folder / name).read_text("utf-8").splitlines()
    values = [",".join(columns.values()) if row.startswith(first) else "," * (len(columns) - 1) for row in rows]
    return "\n".join([f"{head},{','.join(columns)}", *(f"{row},{more}" for row, more in zip(rows, values, strict=True))])


@pytest.mark.parametrize(
    ("row", "severity", "sentence"),
    [
        ("bsn,N1,N22,1,", "error", "column other: unknown required rotation of program bsn (found 'N22'); did you mean 'N2'?"),
        ("bsn,P1,N2,1,", "error", "column requirement: unknown required rotation of program bsn (found 'P1')"),
        ("bsm,N1,N2,1,", "error", "column program: unknown id in programs (found 'bsm'); did you mean 'bsn'?"),
        ("bsn,N1,N2,3,2", "error", "column least_weeks: is larger than most_weeks (2) (found '3'); expected at most 2"),
        ("bsn,N1,N2,,", "warning", "column least_weeks: the row limits nothing; expected least_weeks or most_weeks"),
        ("bsn,N1,N1,1,", "warning", "column other: a rotation that is not split has no time between its placements (found 'N1')"),
    ],
)
def test_spacings(folder: Path, row: str, severity: str, sentence: str) -> None:
    (found,) = problems(folder, "spacings.csv", f"{SPACINGS}{row}\n")
    assert (found.severity, "spacings.csv row 2" in str(found), sentence in str(found)) == (severity, True, True), str(found)


def test_a_spacing_without_mistakes(folder: Path) -> None:
    assert problems(folder, "spacings.csv", f"{SPACINGS}bsn,N1,N2,1,4\n") == []


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"first_week": "5", "last_week": "4"}, "column first_week: is larger than last_week (4) (found '5')"),
        ({"first_week": "2", "last_week": "4"}, "column last_week: a placement of 4 weeks does not fit before it (found '4')"),
        ({"first_week": "17"}, "column first_week: the planning horizon has 16 weeks (found '17'); expected at most 16"),
        ({"within_weeks": "6"}, "column within_weeks: has no effect on a rotation that is not split (found '6')"),
        ({"blocks": "2", "within_weeks": "3"}, "column within_weeks: the rotation alone takes 4 weeks (found '3'); expected 4"),
        ({"heavy": "yes"}, "column heavy: it is the only heavy rotation of its program"),
    ],
)
def test_weeks_of_rotations(folder: Path, columns: dict[str, str], sentence: str) -> None:
    (found,) = problems(folder, "requirements.csv", with_columns(folder, "requirements.csv", "bsn,N1", **columns))
    assert sentence in str(found)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"most_sites": "1", "least_sites": "2"}, "column least_sites: is larger than most_sites (1) (found '2')"),
        ({"least_settings": "2"}, "column least_settings: there are none (found '2'); expected an empty cell"),
        ({"least_units": "9"}, "column least_units: there are only 3 units (found '9'); expected at most 3"),
        ({"continuity": "site", "least_sites": "2"}, "continuity asks for the same site throughout (found '2'); expected 1"),
        ({"least_setting_weeks": "rural:4"}, "column least_setting_weeks: no site has this setting (found 'rural')"),
    ],
)
def test_breadth(folder: Path, columns: dict[str, str], sentence: str) -> None:
    (found,) = problems(folder, "programs.csv", with_columns(folder, "programs.csv", "bsn", **columns))
    assert sentence in str(found)


def test_competencies(folder: Path) -> None:
    units = with_columns(folder, "units.csv", "4B", competencies="suturing")
    assert problems(folder, "units.csv", units) == []
    requirements = with_columns(folder, "requirements.csv", "bsn,N1", competencies="suturin")
    (found,) = problems(folder, "requirements.csv", requirements)
    assert "no unit or preceptor lists this competency (found 'suturin'); did you mean 'suturing'?" in str(found)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("unit", "Ped", "column unit: unknown id in units (found 'Ped'); did you mean 'Peds'?"),
        ("preceptor", "kimm", "column preceptor: unknown id in preceptors (found 'kimm'); did you mean 'kim'?"),
        ("unit", "elsewhere", ""),
    ],
)
def test_credits(folder: Path, column: str, value: str, sentence: str) -> None:
    found = problems(folder, "credits.csv", with_columns(folder, "credits.csv", "0001", **{column: value}))
    assert len(found) == bool(sentence)
    assert all(sentence in str(problem) for problem in found)
