"""Solutions are read back as they were written, and as far as possible when a spreadsheet has changed them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance, Placement, Schedule, Status, Step, Unplaced
from scheduler.errors import InputError
from scheduler.io import files, instance_hash, load_solution, read_solution, read_unchanged, record_edition, write_solution

HEADER = ",".join(Placement.model_fields)


Place = Callable[..., Placement]


@pytest.fixture
def out(schedule: Schedule, instance: Instance, tmp_path: Path) -> Path:
    """It, written."""
    write_solution(schedule, instance, tmp_path / "out")
    return tmp_path / "out"


def test_round_trip(schedule: Schedule, instance: Instance, out: Path) -> None:
    assert load_solution(out, instance) == (schedule, [])
    assert read_solution(out, instance) == schedule
    summary = json.loads((out / "solution.json").read_text())
    assert summary["gap"] == schedule.gap
    assert "placements" not in summary
    assert (out / "schedule.csv").read_text().splitlines()[0] == HEADER
    assert "0003" in (out / "schedule.csv").read_text()


def test_a_trace_is_read_back_but_not_for_another_instance(schedule: Schedule, instance: Instance, tmp_path: Path) -> None:
    plain = schedule.model_copy(update={"trace": ()})
    traced = schedule.model_copy(update={"trace": (Step(seconds=1.5, objective=9), Step(seconds=2, objective=7, bound=3))})
    write_solution(plain, instance, tmp_path / "plain")
    assert "trace" not in json.loads((tmp_path / "plain" / "solution.json").read_text()), "as files were before"
    assert read_solution(tmp_path / "plain", instance) == plain
    write_solution(traced, instance, tmp_path / "traced")
    assert read_solution(tmp_path / "traced", instance) == traced
    unchanged = read_unchanged(tmp_path / "traced")
    assert unchanged is not None
    assert unchanged.trace == traced.trace
    other = instance.model_copy(update={"name": "another"})
    assert read_solution(tmp_path / "traced", other).trace == ()


@settings(max_examples=25, deadline=None)
@given(
    reason=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    hours=st.floats(0, 1e6),
    seconds=st.floats(0, 1e9),
    objective=st.none() | st.integers(-(10**30), 10**30),
)
def test_any_values(
    tmp_path_factory: pytest.TempPathFactory,
    shared: Instance,
    placement: Place,
    reason: str,
    hours: float,
    seconds: float,
    objective: int | None,
) -> None:
    missing = Unplaced(group="gA", program="bsn", requirement="N2", missing=4, unit="weeks", reason=reason)
    schedule = Schedule(
        status=Status.UNKNOWN,
        placements=(placement(hours=hours),),
        unplaced=(missing,),
        seconds=seconds,
        objective=objective,
        instance_name="fall",
        instance_hash=instance_hash(shared),
        planning_date=date(2026, 5, 1),
    )
    folder = tmp_path_factory.mktemp("any") / "out"
    write_solution(schedule, shared, folder)
    assert load_solution(folder, shared) == (schedule, [])


@pytest.fixture(scope="module")
def shared() -> Instance:
    """An instance with the ids of one placement, for tests that hypothesis repeats."""
    return Instance.model_validate(
        {
            "name": "fall",
            "first_monday": "2026-08-24",
            "weeks": 16,
            "planning_date": "2026-05-01",
            "programs": [{"program": "bsn", "school": "maple", "profession": "rn"}],
            "requirements": [{"program": "bsn", "requirement": "N1", "specialties": "medsurg", "amount": 4}],
            "groups": [{"group": "gA", "program": "bsn", "size": 8}],
            "units": [{"unit": "4B", "site": "mercy"}],
            "slots": [{"slot": "TuTh", "unit": "4B", "first_start": "2026-09-01", "weekdays": "Tu Th"}],
        }
    )


def test_an_empty_schedule(instance: Instance, tmp_path: Path) -> None:
    write_solution(Schedule(status=Status.INFEASIBLE), instance, tmp_path / "out")
    schedule = read_solution(tmp_path / "out", instance)
    assert (schedule.status, schedule.placements, schedule.instance_hash) == (Status.INFEASIBLE, (), instance_hash(instance))


def test_the_users_files_stay(schedule: Schedule, instance: Instance, out: Path) -> None:
    (out / "notes.txt").write_text("mine")
    write_solution(schedule.model_copy(update={"seed": 8}), instance, out)
    assert (out / "notes.txt").read_text() == "mine"
    assert read_solution(out, instance).seed == 8


def test_another_instance_is_noticed(instance: Instance, out: Path) -> None:
    schedule, problems = load_solution(out, instance.model_copy(update={"name": "other"}))
    assert schedule is not None
    assert schedule.status == Status.FEASIBLE
    assert [(p.code, p.severity, p.file) for p in problems] == [("other_instance", "warning", "solution.json")]


def test_a_schedule_that_was_edited_loses_its_proof(instance: Instance, out: Path) -> None:
    text = (out / "schedule.csv").read_text()
    (out / "schedule.csv").write_text(text.replace("confirmed", "declined"))
    schedule, problems = load_solution(out, instance)
    assert schedule is not None
    assert (schedule.status, schedule.objective, schedule.bound, schedule.unplaced) == (Status.UNKNOWN, None, None, ())
    assert schedule.placements[1].status == "declined"
    assert [str(p) for p in problems] == [
        "schedule.csv: was changed after it was written, so status, objective and bound no longer hold"
    ]


def test_when_it_was_made_is_kept_and_may_be_missing(schedule: Schedule, instance: Instance, tmp_path: Path) -> None:
    made = datetime(2026, 6, 15, 9, 30, 20, tzinfo=UTC)
    write_solution(schedule.model_copy(update={"made": made}), instance, tmp_path)
    summary = json.loads((tmp_path / "solution.json").read_text())
    assert summary["made"] == "2026-06-15T09:30:20Z"
    assert read_solution(tmp_path, instance).made == made
    table = tmp_path / "schedule.csv"
    table.write_bytes(table.read_bytes().replace(b"proposed", b"confirmed"))
    edited = read_solution(tmp_path, instance)
    assert (edited.status, edited.made) == (Status.UNKNOWN, made)
    del summary["made"]
    (tmp_path / "solution.json").write_text(json.dumps(summary))
    assert read_solution(tmp_path, instance).made is None


def test_a_schedule_that_was_edited_is_a_later_edition_each_time(schedule: Schedule, instance: Instance, tmp_path: Path) -> None:
    made = datetime(2026, 6, 15, 9, 30, 20, tzinfo=UTC)
    write_solution(schedule.model_copy(update={"made": made}), instance, tmp_path)
    table, first = tmp_path / "schedule.csv", read_solution(tmp_path, instance)
    original = table.read_bytes()
    table.write_bytes(original.replace(b"proposed", b"confirmed"))
    edited = read_solution(tmp_path, instance)
    assert edited.number == first.number + 1
    # what people were told is noted: the next edit is later again, also the one back to the beginning
    record_edition(edited.replacing(first), tmp_path)
    assert read_solution(tmp_path, instance).number == edited.number
    for n, content in enumerate((original.replace(b"proposed", b"declined"), original), start=1):
        table.write_bytes(content)
        again = read_solution(tmp_path, instance)
        assert again.number == edited.number + n
        record_edition(again, tmp_path)
    assert read_unchanged(tmp_path) == read_solution(tmp_path, instance)


def test_an_edition_is_written_with_the_schedule_and_only_where_there_is_one(
    schedule: Schedule, instance: Instance, out: Path, tmp_path: Path
) -> None:
    assert "edition" not in json.loads((out / "solution.json").read_text())
    later = schedule.replacing(schedule)
    write_solution(later, instance, tmp_path / "later")
    assert read_solution(tmp_path / "later", instance).number == schedule.number + 1
    before = (tmp_path / "later" / "solution.json").read_bytes()
    record_edition(later, tmp_path / "later")
    assert (tmp_path / "later" / "solution.json").read_bytes() == before
    record_edition(later, out / "schedule.csv")  # a table alone notes nothing


def test_a_schedule_alone(schedule: Schedule, instance: Instance, out: Path) -> None:
    alone, problems = load_solution(out / "schedule.csv", instance)
    assert alone is not None
    assert problems == []
    assert (alone.status, alone.objective, alone.placements) == (Status.UNKNOWN, None, schedule.placements)


def test_a_folder_without_its_summary(schedule: Schedule, instance: Instance, out: Path) -> None:
    (out / "solution.json").unlink()
    alone, problems = load_solution(out, instance)
    assert alone is not None
    assert (alone.status, alone.placements) == (Status.UNKNOWN, schedule.placements)
    assert [p.severity for p in problems] == ["note"]


BROKEN: list[tuple[str, Callable[[bytes], bytes | None], str]] = [
    ("solution.json", lambda data: data[:50], "solution.json row 4: is not valid JSON; it may be cut off"),
    ("solution.json", lambda data: b"", "solution.json: is empty"),
    ("solution.json", lambda data: b"[" * 100_000, "solution.json: is not valid JSON"),
    ("solution.json", lambda data: b"[]", "solution.json: does not hold a solution"),
    (
        "solution.json",
        lambda data: data.replace(b'"FEASIBLE"', b'"GREAT"', 1),
        "solution.json, column status: the value does not fit",
    ),
    ("schedule.csv", lambda data: None, "out: holds no schedule.csv; name a solution folder"),
    ("schedule.csv", lambda data: b"", "schedule.csv: is empty"),
    ("schedule.csv", lambda data: data.decode().encode("utf-16"), "schedule.csv: is encoded in UTF-16"),
    ("schedule.csv", lambda data: b"PK\x03\x04", "schedule.csv: is a workbook or a zip archive"),
    ("schedule.csv", lambda data: data.replace(b"kim", b'"kim'), "schedule.csv row"),
]


@pytest.mark.parametrize(("name", "change", "sentence"), BROKEN)
def test_broken_files(instance: Instance, out: Path, name: str, change: Callable[[bytes], bytes | None], sentence: str) -> None:
    content = change((out / name).read_bytes())
    (out / name).unlink()
    if content is not None:
        (out / name).write_bytes(content)
    schedule, problems = load_solution(out, instance)
    assert schedule is None
    assert any(sentence in str(p) for p in problems), "\n".join(map(str, problems))
    with pytest.raises(InputError):
        read_solution(out, instance)


def test_unplaced_that_was_changed_is_not_used(instance: Instance, out: Path) -> None:
    (out / "unplaced.csv").write_text("nonsense")
    schedule, problems = load_solution(out, instance)
    assert schedule is not None
    assert schedule.unplaced == ()
    assert [(p.file, p.severity) for p in problems] == [("unplaced.csv", "warning")]


def test_files_of_two_solutions_are_never_mixed(
    schedule: Schedule, instance: Instance, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer replaces the folder between the reads of schedule.csv and solution.json."""
    new = schedule.model_copy(update={"placements": schedule.placements[:1], "seed": 9})
    real, reads = files.read_bytes, list[str]()

    def read(path: Path, root: Path | None = None) -> bytes:
        data = real(path, root)
        reads.append(path.name)
        if len(reads) == 1:
            write_solution(new, instance, out)
        return data

    monkeypatch.setattr("scheduler.io.solution.read_bytes", read)
    assert load_solution(out, instance) == (new, [])
    assert len(reads) > 3


def test_what_is_no_solution(instance: Instance, tmp_path: Path) -> None:
    for name, sentence in (
        ("x.csv", "x.csv: there is no such file"),
        ("x.xlsx", "x.xlsx: is not a schedule.csv; save the schedule as CSV"),
    ):
        schedule, problems = load_solution(tmp_path / name, instance)
        assert schedule is None
        assert sentence in str(problems[0])
