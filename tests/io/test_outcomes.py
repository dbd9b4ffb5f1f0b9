"""The folder of outcomes: what is wrong is said with file, row, column and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import Problem
from scheduler.io import Known, load_outcomes

KNOWN = Known(("fall", "spring"), {"maple", "oak"}, {"mercy"})
OUTCOMES = "term,starts,school,site,measure,count,of\n"
SURVEYS = "term,starts,school,site,respondent,answers,scale_min,scale_max,mean\n"
GOOD = OUTCOMES + "fall,,maple,,graduates_hired,3,4\n"


def problems(folder: Path, outcomes: str = "", surveys: str = "") -> list[Problem]:
    for name, text in (("outcomes.csv", outcomes), ("surveys.csv", surveys)):
        if text:
            (folder / name).write_text(text, "utf-8")
    found, wrong = load_outcomes(folder, KNOWN)
    assert (found is None) == any(p.severity == "error" for p in wrong)
    return wrong


def test_what_is_right_is_read(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD + "FALL,,,,research_projects,2,\n", SURVEYS + "spring,,,mercy,unit,7,0,10,4.5\n") == []
    found, _ = load_outcomes(tmp_path, KNOWN)
    assert found is not None
    assert [(row.school, row.count, row.of) for row in found.outcomes] == [("maple", 3, 4), (None, 2, None)]
    assert (found.surveys[0].answers, found.surveys[0].mean) == (7, 4.5)


@pytest.mark.parametrize(
    ("row", "column", "code", "says"),
    [
        ("fall,,mapel,,graduates_hired,3,4", "school", "unknown_reference", "did you mean 'maple'?"),
        ("fall,,,mercey,graduates_hired,3,4", "site", "unknown_reference", "did you mean 'mercy'?"),
        ("fal,,,,graduates_hired,3,4", "term", "unknown_reference", "did you mean 'fall'? Else fill starts with its first day"),
        ("2019,,,,graduates_hired,3,4", "term", "unknown_reference", "fill starts with its first day"),
        ("fall,,,,graduates_hird,3,4", "measure", "unknown_choice", "did you mean 'graduates_hired'?"),
        ("fall,,,,graduates_hired,5,4", "count", "too_many", "at most 4"),
        ("fall,,,,graduates_hired,3,", "of", "missing_value", "of how many graduates_hired is counted"),
        ("fall,,,,research_projects,3,4", "of", "not_alone", "an empty cell"),
        ("fall,,,,graduates_hired,-3,4", "count", "type", "a whole number of at least 0"),
        ("fall,,,,graduates_hired,many,4", "count", "type", "a whole number of at least 0"),
        ("fall,9/1/19,,,graduates_hired,3,4", "starts", "type", "a date written YYYY-MM-DD"),
        (",,,,graduates_hired,3,4", "term", "missing_value", "must be filled"),
        ("fall,,,,graduates_hired,#REF!,4", "count", "spreadsheet_error", "a formula that failed"),
        ("=cmd|'/c calc'!A1,,,,graduates_hired,3,4", "term", "unknown_reference", "fill starts"),
    ],
)
def test_what_is_wrong_in_outcomes(tmp_path: Path, row: str, column: str, code: str, says: str) -> None:
    (wrong,) = problems(tmp_path, f"{OUTCOMES}{row}\n")
    assert (wrong.file, wrong.row, wrong.column, wrong.code) == ("outcomes.csv", 2, column, code)
    assert says in str(wrong)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("fall,,,,student,9,1,5,5.1", "mean", "scale"),
        ("fall,,,,student,9,1,5,0.9", "mean", "scale"),
        ("fall,,,,student,9,5,1,3", "scale_max", "scale"),
        ("fall,,,,student,9,5,5,5", "scale_max", "scale"),
        ("fall,,,,student,0,1,5,3", "answers", "type"),
        ("fall,,,,student,9,1,5,nan", "mean", "type"),
        ("fall,,,,students,9,1,5,3", "respondent", "unknown_choice"),
    ],
)
def test_what_is_wrong_in_surveys(tmp_path: Path, row: str, column: str, code: str) -> None:
    (wrong,) = problems(tmp_path, surveys=f"{SURVEYS}{row}\n")
    assert (wrong.file, wrong.row, wrong.column, wrong.code) == ("surveys.csv", 2, column, code)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    rows = "fall,,mapel,,graduates_hired,5,4\nfall,,oak,,graduates_hired,x,4\n"
    wrong = problems(tmp_path, OUTCOMES + rows, SURVEYS + "fall,,,,student,9,1,5,7\n")
    assert [(p.file, p.row, p.column) for p in wrong] == [
        ("outcomes.csv", 2, "school"),
        ("outcomes.csv", 2, "count"),
        ("outcomes.csv", 3, "count"),
        ("surveys.csv", 2, "mean"),
    ]


def test_a_row_about_the_same_is_a_mistake(tmp_path: Path) -> None:
    (wrong,) = problems(tmp_path, GOOD + "Fall,,maple,,graduates_hired,1,2\nfall,,oak,,graduates_hired,1,2\n")
    assert (wrong.row, wrong.column, wrong.code) == (3, "measure", "duplicate_row")
    assert "row 2" in wrong.message


def test_a_term_that_nobody_knows_has_one_first_day(tmp_path: Path) -> None:
    told = "2019,2019-08-26,maple,,graduates_hired,1,2\n2019,,oak,,graduates_hired,1,2\n"
    assert problems(tmp_path, OUTCOMES + told) == []
    (wrong,) = problems(tmp_path, OUTCOMES + told + "2019,2019-09-02,,,graduates_hired,1,2\n")
    assert (wrong.row, wrong.column, wrong.code) == (4, "starts", "two_starts")
    (tmp_path / "outcomes.csv").write_text(OUTCOMES + told.splitlines()[0] + "\n", "utf-8")
    assert problems(tmp_path, surveys=SURVEYS + "2019,,,,student,9,1,5,3\n") == [], "the other file says when it begins"


def test_columns_are_strict(tmp_path: Path) -> None:
    (wrong,) = [p for p in problems(tmp_path, GOOD.replace("school", "schol")) if p.code == "unknown_column"]
    assert (wrong.row, wrong.column) == (1, "schol")
    assert "school" in wrong.suggestion


def test_a_folder_without_any(tmp_path: Path) -> None:
    (wrong,) = problems(tmp_path)
    assert wrong.code == "missing_file"
    (absent,) = problems(tmp_path / "nowhere")
    assert "there is no such folder" in absent.message
    (tmp_path / "file").write_text("x")
    (no_folder,) = problems(tmp_path / "file")
    assert "is a file" in no_folder.message


def test_a_file_of_another_name_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text("x")
    (wrong,) = problems(tmp_path, GOOD)
    assert (wrong.severity, wrong.file, wrong.suggestion) == ("warning", "survey.csv", "did you mean 'surveys.csv'?")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "surveys.csv").write_bytes(b"PK\x03\x04")
    wrong = problems(tmp_path, GOOD)
    assert [(p.file, p.code) for p in wrong] == [("surveys.csv", "binary")]
