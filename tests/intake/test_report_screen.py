"""The report on the terminal."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from cli import run
from scheduler.intake.findings import Finding
from scheduler.intake.submission import Submission
from scheduler.terminal.intake_report import MOST_ALIKE, show_report
from scheduler.terminal.screen import screen
from tests.intake.filled import asked, guessed, submission, wrong

INSTANCES = Path(__file__).parents[2] / "instances"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy: that a file was checked is noted in the instance's log."""
    return Path(shutil.copytree(INSTANCES / "small", tmp_path / "small"))


def printed(of: Submission, language: str = "en") -> list[str]:
    out = io.StringIO()
    show_report(screen(out), of, language)
    return out.getvalue().splitlines()


def test_one_finding_is_one_sentence_under_its_sheet() -> None:
    assert printed(submission(wrong(6, "31/31"))) == [
        "S",
        "  to correct: B7 · First day: “31/31” is no date. Write it as 2026-09-14 (year, month, day).",
        "maple.xlsx: Not yet: 1 thing to correct in 1 row.",
    ]


def test_many_that_are_alike_are_one_sentence_and_their_cells() -> None:
    lines = printed(submission(*[wrong(n) for n in range(MOST_ALIKE + 1005)]), "es")
    assert lines[1] == "  corregir (1,025 veces): “x” no es una fecha. Escríbala como 2026-09-14 (año, mes, día)."
    assert lines[2].startswith("    B1, B2, B3, ")
    assert lines[2].endswith("B20 … y 1,005 más como estas")
    assert len(lines) == 4


def test_those_that_differ_have_a_line_each() -> None:
    assert printed(submission(wrong(1, "a"), wrong(2, "b"), guessed(1, "note")))[1:-1] == [
        "  to correct (2 times)",
        "    B2 · First day: “a” is no date.",
        "    B3 · First day: “b” is no date.",
        "    → Write it as 2026-09-14 (year, month, day).",
        "  how it was read: A2 · Unit: Read as 4B. If that is not what you mean, write it out in full.",
    ]


def test_markup_and_escapes_of_a_cell_are_printed_as_text() -> None:
    evil = "[red]x[/red]\x1b[2J\u202e"
    lines = printed(submission(Finding("not_a_date", "error", evil, 1, 1, evil, evil), name=f"{evil}.xlsx"))
    assert lines[0] == "[red]x[/red]U+001B[2JU+202E"
    assert not set("".join(lines)) & set("\x1b\u202e")


def test_questions_have_a_label_of_their_own() -> None:
    assert printed(submission(asked(1)))[1].startswith("  to answer: B2 · First day: “03/04/2026” can be a or b.")


@pytest.mark.parametrize("language", ["en", "es"])
def test_check_writes_a_page_and_a_marked_file(
    tmp_path: Path, small: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    (tmp_path / "students.csv").write_text("Student ID,Program\nn-99,nowhere\n", encoding="utf-8")
    command = ["intake", "check", str(tmp_path / "students.csv"), "--instance", str(small), "--school", "maple"]
    assert run([*command, "--language", language, "--report", str(tmp_path / "out"), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["counts"]["errors"] == 1
    assert data["problems"][0]["cell"] == "B2"
    assert f'lang="{language}"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "report.xlsx").read_bytes().startswith(b"PK")


def test_a_file_that_is_not_read_says_why(tmp_path: Path, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "students.csv").write_bytes(b"%PDF-1.7 x")
    command = ["intake", "check", str(tmp_path / "students.csv"), "--instance", str(small), "--school", "maple"]
    assert run(command) == 1
    assert "students.csv: This is a PDF. Send the spreadsheet from which it was made." in capsys.readouterr().out
    assert run([*command, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "pdf"
