"""The commands: publish, and solve for a part of the term."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import run
from scheduler.io import read_instance, read_solution
from scheduler.versions.record import record_answers
from tests.verify.world import slot, world
from tests.versions.term import MAPLE, OAK, WHEN, From, content, precepted, said, solved, written

TERM = precepted()
FOUND = solved(TERM)


def agreed(term: Path, out: Path) -> None:
    """Everybody says yes."""
    rows = read_solution(out, read_instance(term)).placements
    units = [From("unit", unit) for unit in sorted({p.unit for p in rows})]
    for sender in (MAPLE, OAK, *units):
        mine = [p for p in rows if sender.id in (p.school, p.unit)]
        record_answers(term, out, [said(p) for p in mine], sender, WHEN)


def words(text: str) -> str:
    return " ".join(text.split())


def test_from_publish_to_final(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    assert run(["publish", str(out), "--note", "to the schools"]) == 0
    told = words(capsys.readouterr().out)
    assert "Version 1 is published" in told and "6 placements: 6 proposed" in told
    assert "answers are missing from 2 schools and 2 units" in told and "--schedule" in told
    first = content(out / "published" / "1")
    assert run(["publish", str(out)]) == 0
    assert "This is version 1 already" in capsys.readouterr().out
    assert run(["publish", str(out), "--final"]) == 1
    assert "school maple: 4 answers (ann " in words(capsys.readouterr().err)
    agreed(term, out)
    assert run(["publish", str(out), "--final", "--json"]) == 0
    told_data = json.loads(capsys.readouterr().out)
    assert (told_data["number"], told_data["final"], told_data["statuses"]) == (2, True, {"confirmed": 6})
    assert told_data["missing_answers"] == []
    assert content(out / "published" / "1") == first
    for folder in (out, out / "published" / "2"):
        assert run(["verify", str(term), str(folder)]) == 0
        assert run(["export", str(folder), "--to", "json"]) == 0


def test_changes_since_the_version_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    assert run(["publish", str(out)]) == 0
    p = FOUND.placements[0]
    record_answers(term, out, [said(p, "false")], MAPLE, WHEN)
    capsys.readouterr()
    assert run(["publish", str(out)]) == 0
    told = words(capsys.readouterr().out)
    assert "1 change since version 1" in told and f"{p.student} {p.requirement}: {p.slot}, {p.start}" in told


def test_a_broken_schedule_is_not_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = written(tmp_path, precepted(slots=[slot("ward", most_students=1), slot("clinic")]), FOUND)
    text = (out / "schedule.csv").read_text()
    start = next(p.start for p in FOUND.placements if p.student == "bob" and p.requirement == "MS")
    other = next(p.start for p in FOUND.placements if p.student == "ann" and p.requirement == "MS")
    if start != other:
        (out / "schedule.csv").write_text(text.replace(str(other), str(start)))
    assert run(["publish", str(out)]) == 1
    assert "Not published" in capsys.readouterr().err
    assert not (out / "published").exists()


@pytest.mark.parametrize("what", ["nowhere", "schedule.csv"])
def test_only_a_solution_folder_is_published(tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    _, out = written(tmp_path, TERM, FOUND)
    assert run(["publish", str(out / what)]) == 2
    assert "name the solution folder" in capsys.readouterr().err


def solve(term: Path, out: Path, *options: str) -> int:
    return run(["solve", str(term), "--out", str(out), "--time-limit", "20", "--workers", "1", *options])


def test_a_part_is_planned_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    new = tmp_path / "new"
    assert solve(term, new, "--baseline", str(out), "--only", "profession=md", "--json") == 0
    assert json.loads(capsys.readouterr().out)["given"] == {
        "keep": "",
        "only": ["profession=md"],
        "kept": 4,
        "not_planned": 0,
    }

    def others(folder: Path) -> list[bytes]:
        return [line for line in (folder / "schedule.csv").read_bytes().splitlines() if b",nurs," in line]

    assert others(new) == others(out) != []
    assert json.loads((new / "solution.json").read_text())["given"]["only"] == ["profession=md"]
    capsys.readouterr()
    for command in (["verify", str(term), str(new)], ["export", str(new), "--to", "csv"], ["publish", str(new)]):
        assert run(command) == 0
        assert "no longer holds" not in capsys.readouterr().err  # the same instance, pins and baseline included
    assert (new / "published" / "1" / "pins.csv").read_bytes() == (new / "pins.csv").read_bytes()
    assert run(["explain", str(term), str(new)]) == 0
    assert solve(term, new, "--baseline", str(out)) == 0
    assert not (new / "pins.csv").exists()


def test_without_an_earlier_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term, _ = written(tmp_path, TERM, FOUND)
    new = tmp_path / "new"
    assert solve(term, new, "--keep", "confirmed") == 2
    assert "name it with --baseline" in capsys.readouterr().err
    assert solve(term, new, "--only", "school=oak", "--strict") == 0  # what is not planned is not unplaced
    told = words(capsys.readouterr().out)
    assert "Left out 4 required rotations of others" in told
    assert "for school=oak alone, not the whole term" in told
    assert {p.school for p in read_solution(new, read_instance(term)).placements} == {"oak"}


def test_which_earlier_schedule_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    term, out = written(tmp_path, TERM, FOUND)
    assert solve(term, out, "--keep", "proposed") == 0
    assert f"Earlier schedule: the schedule in {out} (--baseline" in words(capsys.readouterr().err)
    assert run(["publish", str(out)]) == 0
    capsys.readouterr()
    assert solve(term, out, "--keep", "proposed") == 0
    assert "published as version 1" in words(capsys.readouterr().err)
    lines = (out / "schedule.csv").read_text().splitlines()
    (out / "schedule.csv").write_text("\n".join(lines[:-1]) + "\n")
    assert solve(term, out, "--keep", "proposed") == 2
    assert "say with --baseline which of the two stays" in words(capsys.readouterr().err)
    (out / "schedule.csv").unlink()
    assert solve(term, out, "--keep", "proposed") == 0
    assert "the last published version" in words(capsys.readouterr().err)


def test_what_can_stay_alone_but_not_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two who share the only week in which a third one has to come as well, by a pin."""
    full = precepted(slots=[slot("ward", most_students=1), slot("clinic")])
    term, out = written(tmp_path, full, solved(full))
    ann = next(p for p in read_solution(out, full).placements if (p.student, p.requirement) == ("ann", "MS"))
    with (term / "pins.csv").open("w") as file:
        file.write(f"student,requirement,slot,start,pin\ncyd,MS,ward,{ann.start},must\n")
    assert solve(term, tmp_path / "new", "--baseline", str(out), "--only", "program=med") == 3
    told = words(capsys.readouterr().err)
    assert "4 placements had to stay (ann" in told and "rotations repair" in told


def test_reservations_given_back_open_their_places(tmp_path: Path) -> None:
    """Two places are kept for oak until 1 January; maple has two students for the one start that there is."""
    row = {"slot": "ward", "school": "oak", "guaranteed": 2, "give_back": "2026-01-01"}
    once = [slot("ward", last_start=None, most_students=2), slot("clinic")]
    term, _ = written(tmp_path, world(slots=once, reservations=[row]), FOUND)
    frame = (term / "instance.toml").read_text()
    for day, placed in (("2025-12-31", set()), ("2026-01-01", {"ann", "bob"})):
        (term / "instance.toml").write_text(frame.replace("2025-12-01", day))
        assert solve(term, tmp_path / day, "--only", "school=maple") == 0
        rows = read_solution(tmp_path / day, read_instance(term)).placements
        assert {p.student for p in rows if p.slot == "ward"} == placed
