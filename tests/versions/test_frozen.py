"""Published versions: numbered, complete, never changed."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.io import read_instance, read_origin
from scheduler.versions.frozen import freeze, missing_answers, snapshot, version_folder, versions_of
from tests.versions.term import WHEN, content, one, precepted, solved, written

TERM = precepted()
FOUND = solved(TERM)


def freeze_note(term: Path, out: Path, note: str) -> None:
    """Publish a schedule that differs from all others by a column that the note is in."""
    instance = read_instance(term)
    files, schedule, _ = snapshot(out, instance)
    files["schedule.csv"] += f"# {note}\n".encode()
    freeze(out, files, schedule, instance, WHEN, note=note)


def test_a_version_has_all_files_and_stays(tmp_path: Path) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    files, schedule, _ = snapshot(out, TERM)
    version, is_new = freeze(out, files, schedule, TERM, WHEN, note="=first")
    assert (version.number, is_new, version.statuses) == (1, True, {"proposed": 6})
    assert (version.made, version.note) == ("2026-01-02T10:30:00Z", "=first")
    folder = version_folder(out, 1)
    assert sorted(p.name for p in folder.iterdir()) == ["schedule.csv", "solution.json", "unplaced.csv", "version.json"]
    origin = read_origin(folder).instance
    assert origin is not None and origin.resolve() == term.resolve()
    before = content(folder)
    assert freeze(out, files, schedule, TERM, WHEN) == (version, False)
    later, is_new = freeze(out, files, schedule, TERM, WHEN, final=True)
    assert (later.number, later.final, is_new) == (2, True, True)
    assert freeze(out, files, schedule, TERM, WHEN, final=True) == (later, False)
    assert content(folder) == before
    assert [v.number for v in versions_of(out)] == [1, 2]


def test_numbers_of_two_processes_never_collide(tmp_path: Path) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=freeze_note, args=(term, out, str(n))) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert [v.number for v in versions_of(out)] == [1, 2, 3, 4]
    assert {v.note for v in versions_of(out)} == set("0123")


def test_a_version_that_was_changed_is_said(tmp_path: Path) -> None:
    _, out = written(tmp_path, TERM, FOUND)
    files, schedule, _ = snapshot(out, TERM)
    freeze(out, files, schedule, TERM, WHEN)
    (version_folder(out, 1) / "version.json").write_text("{}")
    with pytest.raises(InputError, match="never changed"):
        versions_of(out)


def test_who_has_not_answered_yet() -> None:
    ann, bob, cyd = (one(FOUND, who) for who in ("ann", "bob", "cyd"))
    rows = [
        ann.model_copy(update={"status": "accepted by school"}),
        bob.model_copy(update={"status": "confirmed"}),
        cyd,
        one(FOUND, "cyd", "FM").model_copy(update={"status": "declined"}),
    ]
    assert {key: [p.student for p in found] for key, found in missing_answers(rows).items()} == {
        ("school", "oak"): ["cyd"],
        ("unit", "ward"): ["ann", "cyd"],
    }
