"""Solutions are read back as they were written, and as far as possible when a spreadsheet has changed them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance, LevelResult, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.errors import InputError, Problem
from scheduler.io import files, instance_hash, load_solution, read_solution, write_solution
from scheduler.io.spreadsheet import DAY_FIRST, MONTH_FIRST, Ids, date_order, date_readings, read_date, read_number

HEADER = ",".join(Placement.model_fields)


def placement(**values: object) -> Placement:
    """A placement of the group, unless `values` say otherwise."""
    return Placement.model_validate(
        {
            "group": "gA",
            "students": 8,
            "school": "maple",
            "program": "bsn",
            "requirement": "N1",
            "specialty": "medsurg",
            "site": "mercy",
            "unit": "4B",
            "slot": "TuTh",
            "start": "2026-09-01",
            "end": "2026-09-24",
            "weekdays": "Tu Th",
            "shift": "day",
            "weeks": 4,
            "hours": 96,
            **values,
        }
    )


@pytest.fixture
def schedule(instance: Instance) -> Schedule:
    """A schedule with everything in it."""
    kim = {
        "site": "mercy",
        "unit": "Peds",
        "slot": "any2",
        "preceptor": "kim",
        "requirement": "E1",
        "specialty": "peds",
    }
    one = {"group": "", "student": "0001", "students": 1, "start": "2026-10-05", "end": "2026-10-13", "weekdays": "Mo Tu"}
    lee = {
        "group": "",
        "student": "0003",
        "students": 1,
        "school": "elm",
        "program": "dpt",
        "requirement": "P1",
        "site": "clinic",
    }
    rest = {
        "unit": "clinic",
        "slot": "lee",
        "preceptor": "lee",
        "start": "2026-09-07",
        "end": "2026-11-01",
        "shift": "",
        "weekdays": (),
    }
    return Schedule(
        status=Status.FEASIBLE,
        placements=(
            placement(),
            placement(**kim, **one, weeks=2, hours=37.5, hours_lost=1 / 3, status="confirmed"),
            placement(**lee, **rest, weeks=8, hours=320),
        ),
        unplaced=(
            Unplaced(student="0002", program="bsn", requirement="el", missing=1, unit="rotations", reason='full, "all"\nof it '),
        ),
        objective=1003,
        bound=-2,
        scores=(RuleScore(rule="waiting", level=1, weight=3, penalty=1, cost=3),),
        levels=(LevelResult(level=1, status=Status.FEASIBLE, objective=1003, bound=-2),),
        sense="maximise",
        strategy="direct",
        seconds=0.1 + 0.2,
        seed=7,
        workers=1,
        versions={"python": "3.11"},
        instance_name="fall",
        instance_hash=instance_hash(instance),
        planning_date=date(2026, 5, 1),
    )


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


@settings(max_examples=25, deadline=None)
@given(
    reason=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    hours=st.floats(0, 1e6),
    seconds=st.floats(0, 1e9),
    objective=st.none() | st.integers(-(10**30), 10**30),
)
def test_any_values(
    tmp_path_factory: pytest.TempPathFactory, shared: Instance, reason: str, hours: float, seconds: float, objective: int | None
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


# -- come back from a spreadsheet -----------------------------------------------------------------------------------------


@pytest.fixture
def edited(instance: Instance, tmp_path: Path) -> Callable[[str | bytes], tuple[Schedule | None, list[Problem]]]:
    """Reads a schedule.csv of this content."""

    def read(content: str | bytes) -> tuple[Schedule | None, list[Problem]]:
        path = tmp_path / "schedule.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_solution(path, instance)

    return read


Edited = Callable[[str | bytes], tuple[Schedule | None, list[Problem]]]


def test_everything_that_excel_does_at_once(edited: Edited, schedule: Schedule) -> None:
    text = (
        "\ufeffSlot;Student;Group;Requirement;Start;End;Preceptor;Weekdays;Weeks;Hours;Hours lost;Status;Comment\r\n"
        "tuth;;gA;N1;9/1/2026;9/24/2026;;Tu Th;4;96,0;;Proposed;ok\r\n"
        "any2;1;;E1;10/5/2026;10/13/2026;KIM;Mo Tu;2;37,5;0,25;confirmed;\r\n"
        "lee;3;;P1;9/7/2026;11/1/2026;lee;;8;1.320,0;;;\r\n"
        ";;;;;;;;;;;;\r\n\r\n"
    )
    found, problems = edited(text)
    assert [p.code for p in problems if p.severity != "note"] == []
    assert found is not None
    one, two, three = schedule.placements
    assert found.placements == (one, two.model_copy(update={"hours_lost": 0.25}), three.model_copy(update={"hours": 1320.0}))
    assert {p.code for p in problems} == {"unknown_column", "date_order_read"}
    assert any("column start: dates are read month first, like 9/1/2026" in str(p) for p in problems)


@pytest.mark.parametrize(
    "start",
    [
        "2026-09-01",
        "9/1/2026",
        "01/09/2026",
        "01.09.2026",
        "1-Sep-26",
        "01-Sep-2026",
        "Sep 1, 2026",
        "2026/09/01",
        "2026-09-01 00:00:00",
        "46266",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_starts(edited: Edited, start: str, delimiter: str) -> None:
    rows = [["group", "requirement", "slot", "start"], ["gA", "N1", "TuTh", f'"{start}"']]
    found, problems = edited("\n".join(delimiter.join(row) for row in rows))
    assert found is not None, problems
    assert found.placements[0].start == date(2026, 9, 1)


def test_what_follows_from_the_instance_is_filled_in(edited: Edited) -> None:
    found, problems = edited(
        "sep=,\nstudent,group,requirement,slot,start,part\n,gA,N1,TuTh,2026-09-01,\n0001,,E1,any2,2026-10-05,\n"
    )
    assert found is not None
    group, student = found.placements
    blank = {"end": date(2026, 9, 1), "weeks": 0, "hours": 0.0}
    assert group == placement().model_copy(update=blank)
    assert (student.unit, student.site, student.specialty, student.students) == ("Peds", "mercy", "peds", 1)
    assert student.weekdays == ()  # which of them was a choice
    assert [p.code for p in problems] == ["blank_cells"]


def test_a_wrong_derived_cell_is_kept_for_the_check(edited: Edited) -> None:
    found, _ = edited("group,requirement,slot,start,unit\ngA,N1,TuTh,2026-09-01,Peds\n")
    assert found is not None
    assert found.placements[0].unit == "Peds"


WRONG = [
    ("gB,N1,TuTh,2026-09-01,", "row 2, column group: unknown group (found 'gB'); did you mean 'gA'?"),
    ("gA,N9,TuTh,2026-09-01,", "row 2, column requirement: unknown required rotation of program bsn (found 'N9')"),
    ("gA,P1,TuTh,2026-09-01,", "unknown required rotation of program bsn (found 'P1')"),
    ("gA,N1,TuFr,2026-09-01,", "row 2, column slot: unknown slot (found 'TuFr'); did you mean 'TuTh'?"),
    ("gA,N1,TuTh,2026-09-01,kin", "column preceptor: unknown preceptor (found 'kin'); did you mean 'kim'?"),
    ("gA,N1,TuTh,soon,", "column start: not a date (found 'soon'); expected a date written YYYY-MM-DD"),
    ("gA,N1,TuTh,30/30/2026,", "column start: not a date (found '30/30/2026')"),
    ("gA,N1,TuTh,,", "column start: must be filled"),
    ("gA,N1,TuTh,3/4/2027,", "the date may be 2027-03-04 or 2027-04-03 (found '3/4/2027'); expected a date written YYYY-MM-DD"),
    (",N1,TuTh,2026-09-01,", "exactly one of student and group must be filled"),
    ("gA,N1,TuTh,2026-09-01,,x", "row 2: the row has 6 cells, the header 5"),
]


@pytest.mark.parametrize(("row", "sentence"), WRONG)
def test_wrong_rows(edited: Edited, row: str, sentence: str) -> None:
    found, problems = edited(f"group,requirement,slot,start,preceptor\n{row}\n")
    assert found is None
    errors = [str(p) for p in problems if p.severity == "error"]
    assert len(errors) == 1
    assert sentence in errors[0]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("weekdays", "Tuesday", "expected weekdays like 'Tu Th'"),
        ("weeks", "4.5", "expected a whole number"),
        ("hours", "many", "expected a number"),
        ("students", "-1", "expected a whole number"),
        ("status", "confirmd", "the value is not one of the choices (found 'confirmd'); did you mean 'confirmed'?"),
        ("end", "never", "column end: not a date"),
        ("unit", "4C", "unknown unit (found '4C')"),
        ("shift", "dya", "unknown shift (found 'dya'); did you mean 'day'?"),
    ],
)
def test_wrong_optional_cells(edited: Edited, column: str, cell: str, sentence: str) -> None:
    found, problems = edited(f"group,requirement,slot,start,{column}\ngA,N1,TuTh,2026-09-01,{cell}\n")
    assert found is None
    assert [sentence in str(p) for p in problems if p.severity == "error"] == [True]


def test_wrong_header(edited: Edited) -> None:
    found, problems = edited("who,requirement,slots,start,start\ngA,N1,TuTh,2026-09-01,x\n")
    assert found is None
    assert [str(p) for p in problems] == [
        "schedule.csv row 1, column start: the column appears twice",
        "schedule.csv row 1, column student: a required column is missing (student, group or both)",
        "schedule.csv row 1, column slot: a required column is missing; did you mean the column 'slots'?",
    ]


def test_windows_1252_from_excel(edited: Edited) -> None:
    found, problems = edited("group,requirement,slot,start,comment\ngA,N1,TuTh,2026-09-01,é\n".encode("cp1252"))
    assert found is None
    assert 'row 2: is not UTF-8 (byte 0xE9); it looks like Windows-1252; save it as "CSV UTF-8"' in str(problems[0])


# -- readings -------------------------------------------------------------------------------------------------------------


def test_ids_are_found_only_where_one_is_meant() -> None:
    ids = Ids(["0042", "7", "007", "abc", "ABC", "Kim", "1E5", "a b"])
    assert ids.find("0042") == ids.find("42") == ids.find("42.0") == ids.find("'0042") == ids.find('="0042"') == "0042"
    assert ids.find("7") == "7"
    assert ids.find("07") is None  # 7 or 007
    assert ids.find("Abc") is None
    assert ids.find("KIM") == "Kim"
    assert ids.find("100000") == ids.find("1.00E+05") == "1E5"
    assert ids.find("1" * 5000) is None


def test_the_order_of_a_column() -> None:
    def order(*cells: str, starts: tuple[date, ...] = ()) -> str | None:
        return date_order(cells, [starts] * len(cells))

    assert order("3/4/2026", "14/4/2026") == DAY_FIRST
    assert order("3/4/2026", "4/14/2026") == MONTH_FIRST
    assert order("2026-03-04", "3-Mar-26") == ""
    assert order("3/4/2026", "5/6/2026") is None
    assert order("3/4/2026", "5/6/2026", starts=(date(2026, 4, 3),)) == DAY_FIRST
    assert order("14/4/2026", "4/14/2026") is None  # mixed: each row for itself
    assert read_date("14/4/2026", None) == date(2026, 4, 14)
    assert read_date("3/4/2026", None, {date(2026, 3, 4)}) == date(2026, 3, 4)
    assert read_date("9/9/2026", None) == date(2026, 9, 9)
    assert read_date("3/4/2026", None) == (date(2026, 3, 4), date(2026, 4, 3))


@given(st.text(max_size=14) | st.from_regex(r"\d{1,6}[-/. ]\w{1,4}[-/. ]\d{1,6}", fullmatch=True))
def test_no_text_ends_in_an_error(text: str) -> None:
    assert all(isinstance(day, date) for day in date_readings(text).values())
    Ids(["1", "a"]).find(text)
    read_number(text, comma=True)


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("7", False, 7),
        ("7.5", True, 7.5),
        ("7,5", True, 7.5),
        ("1,234", False, 1234),
        ("1.234,5", True, 1234.5),
        ("1,234.5", True, 1234.5),
    ],
)
def test_numbers(text: str, comma: bool, number: float) -> None:
    assert read_number(text, comma) == number
