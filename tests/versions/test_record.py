"""Answers written down: log, pins and statuses, also where something fails in between."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from scheduler.errors import InputError
from scheduler.io import load_instance, read_instance, read_solution, write_instance, write_solution
from scheduler.io.intake_folder import intake_folder
from scheduler.verify import verify
from scheduler.versions import record
from scheduler.versions.decisions import Decision, append_decisions, read_decisions
from scheduler.versions.record import record_answers
from tests.versions.term import MAPLE, OAK, WARD, WHEN, content, one, precepted, said, solved, written

TERM = precepted()
FOUND = solved(TERM)
ANN, BOB = one(FOUND, "ann"), one(FOUND, "bob")


def test_log_pins_and_statuses(tmp_path: Path) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    (out / "mine.txt").write_text("notes")
    record_answers(term, out, [said(ANN), said(BOB, "false", reason="=1+1")], MAPLE, WHEN)
    record_answers(term, out, [said(ANN)], WARD, WHEN)
    instance, problems = load_instance(term)
    assert instance is not None and problems == []  # the folder with the log is not in the way
    assert [(pin.student, pin.pin) for pin in instance.pins] == [("bob", "must not"), ("ann", "must")]
    schedule = read_solution(out, instance)
    assert (one(schedule, "ann").status, one(schedule, "bob").status) == ("confirmed", "declined")
    assert verify(instance, schedule).ok
    assert (out / "mine.txt").read_text() == "notes"
    with (term / "intake" / "decisions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["status_after"] for row in rows] == ["accepted by school", "declined", "confirmed"]
    assert rows[1]["reason"] == "'=1+1"  # no formula
    assert read_decisions(term / "intake")[1].reason == "=1+1"
    before = content(term, out)
    assert record_answers(term, out, [said(ANN)], WARD, WHEN).decisions == ()
    assert content(term, out) == before


@pytest.mark.parametrize("at", ["append_decisions", "write_pins", "write_solution"])
def test_what_is_interrupted_is_finished_by_the_same_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    answers = [said(ANN, "false", reason="full"), said(BOB)]
    steps: tuple[tuple[list[dict[str, str]], Any], ...] = (([said(BOB)], MAPLE), (answers, WARD))
    folders = tmp_path / "whole", tmp_path / "broken"
    for folder, breaks in zip(folders, (False, True), strict=True):
        term, out = written(folder, TERM, FOUND)
        for cells, sender in steps:
            with monkeypatch.context() as patch:

                def fail(*_: Any, **__: Any) -> None:
                    raise OSError("the power is gone")

                if breaks and sender == WARD:
                    patch.setattr(record, at, fail)
                    with pytest.raises(OSError, match="power"):
                        record_answers(term, out, cells, sender, WHEN)
                    patch.undo()
                record_answers(term, out, cells, sender, WHEN)
    whole, broken = ({k.removeprefix(str(folder)): v for k, v in content(folder).items()} for folder in folders)
    assert whole == broken


def test_one_wrong_answer_and_nothing_is_written(tmp_path: Path) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    before = content(term, out)
    with pytest.raises(InputError, match="is of school maple, not one that school oak may answer"):
        record_answers(term, out, [said(one(FOUND, "cyd")), said(ANN)], OAK, WHEN)
    after = content(term, out)
    assert {k: v for k, v in after.items() if not k.endswith(".lock")} == before
    with pytest.raises(InputError, match="is not a solution folder"):
        record_answers(term, out / "schedule.csv", [said(ANN)], MAPLE, WHEN)


def test_a_workbook_is_kept_as_it_was(tmp_path: Path) -> None:
    term, out = tmp_path / "term.xlsx", tmp_path / "out"
    write_instance(TERM, term)
    write_solution(FOUND, TERM, out, source=term)
    before = term.read_bytes()
    record_answers(term, out, [said(ANN, "false")], MAPLE, WHEN)
    assert len(read_instance(term).pins) == 1
    assert intake_folder(term) == tmp_path / "term.intake"
    assert (tmp_path / "term.intake" / "decisions.csv").exists()
    assert (tmp_path / "term.intake" / "before" / "1.xlsx").read_bytes() == before


ROW = Decision(*["2026-01-02T10:30:00Z", "1", "school", "maple", *"jaobc", "2026-01-05", "", "no", "this time", "", "", "p", "d"])


@pytest.mark.parametrize("text", ["=HYPERLINK()", "+1", "-1", "@x", "'quoted", "a\nb", 'say "no"', "\tx", ""])
def test_the_log_reads_back_what_was_written(tmp_path: Path, text: str) -> None:
    from dataclasses import replace

    row = replace(ROW, reason=text)
    append_decisions(tmp_path, (), [ROW])
    append_decisions(tmp_path, read_decisions(tmp_path), [row])
    assert read_decisions(tmp_path) == (ROW, row)


def test_a_log_that_was_changed_is_not_written_over(tmp_path: Path) -> None:
    append_decisions(tmp_path, (), [ROW])
    with (tmp_path / "decisions.csv").open("a") as file:
        file.write("mine\n")
    with pytest.raises(InputError, match=r"decisions\.csv row 3"):
        read_decisions(tmp_path)
