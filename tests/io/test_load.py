"""Every problem of an instance is found, with its place, and named in a sentence with the likely fix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.domain import Instance
from scheduler.errors import InputError, Problem
from scheduler.io import instance_problems, load_instance, read_instance
from scheduler.io.report import MOST_ALIKE, nearest
from tests.verify.world import slot, world

Break = Callable[[str, str, str], list[Problem]]

# One change to the valid term, and the one sentence that must come of it.
ERRORS = [
    # header and cells
    ("students.csv", "student,program,group", "studnet,program,group", "students.csv row 1, column studnet: unknown column"),
    ("students.csv", "student,program,group", "student,program,program", "column program: the column appears twice"),
    ("programs.csv", "program,school,profession", "program,school,", "column profession: a required column is missing"),
    ("programs.csv", "program,school,profession", "program;school;profession", "the columns are separated by semicolons"),
    ("students.csv", "0003,dpt,", "0003,dpt,,x", "students.csv row 4: the row has 4 cells, the header 3 (found 'x')"),
    ("students.csv", "0003,dpt,", "0003,dpt", "students.csv row 4: the row has 2 cells, the header 3"),
    (
        "groups.csv",
        "N1,8,",
        "N1,eight,",
        "column size: the value does not fit (found 'eight'); expected a whole number of at least 1",
    ),
    ("groups.csv", "N1,8,", "N1,0,", "the number is too small (found '0'); expected a whole number of at least 1"),
    ("groups.csv", "N1,8,", "N1,9999999,", "the number is too large (found '9999999'); expected a number of at most 1,000,000"),
    ("groups.csv", "N1,8,", "N1,,", "column size: must be filled; expected a whole number of at least 1"),
    ("sites.csv", "42.5,-71", "nan,-71", "column lat: the value does not fit (found 'nan'); expected a number"),
    (
        "sites.csv",
        "42.5,-71",
        "95,-71",
        "column lat: the number is out of range (found '95.0'); expected degrees between -90 and 90",
    ),
    ("calendar.csv", "2026-11-25", "11/25/2026", "expected a date written YYYY-MM-DD, like 2026-08-24"),
    ("calendar.csv", "2026-11-25", "2026-02-30", "expected a date that exists, written YYYY-MM-DD"),
    (
        "calendar.csv",
        "2026-11-27",
        "2026-11-24",
        "row 2, column end: the row ends before it starts (2026-11-25) (found '2026-11-24')",
    ),
    (
        "calendar.csv",
        "holiday",
        "holyday",
        "expected term, block, break, exam, call-back, interview or holiday; did you mean 'holiday'?",
    ),
    ("capacity.csv", "Tu Th", "Tu Tx", "expected weekdays like 'Tu Th' or 'Mo-Fr'"),
    ("students.csv", "0003,dpt", "../x,dpt", "an id of letters, digits"),
    ("students.csv", "0003,dpt", "=1+1,dpt", "an id of letters, digits"),
    ("students.csv", "0003,dpt", "#REF!,dpt", "the cell holds a formula that failed (found '#REF!')"),
    # ids and references
    ("students.csv", "0003,dpt,", "0002,dpt,", "row 4, column student: row 3 has the same student (found '0002')"),
    (
        "reservations.csv",
        "TuTh,maple,8",
        "TuTh,maple,1\nTuTh,maple,1",
        "row 2 has the same slot and school (found 'TuTh / maple')",
    ),
    ("students.csv", "0003,dpt", "0003,dpd", "column program: unknown id in programs (found 'dpd'); did you mean 'dpt'?"),
    ("students.csv", "0002,bsn,gA", "0002,bsn,ga", "unknown id in groups (found 'ga'); did you mean 'gA'?"),
    ("conflicts.csv", "0001", "1", "unknown id in students (found '1'); did you mean '0001'?"),
    ("programs.csv", "bsn,maple,rn", "bsn,maple,registered nursing", "; did you mean 'rn'?"),
    ("programs.csv", "bsn,maple,rn", "bsn,maple,nr", "unknown profession (found 'nr'); expected a name from the list"),
    ("slots.csv", "Tu Th,,day", "Tu Th,,dya", "unknown shift (found 'dya'); expected one of am, day; did you mean 'day'?"),
    ("slots.csv", ",kim,2", ",kim/lee,2", "starts with a letter or digit; separate them by ;"),
    ("slots.csv", "Tu am", "Tu pm", "column excuses: unknown shift (found 'pm')"),
    ("slots.csv", "TuTh,4B", "TuTh,mercy", "'mercy' is a site with units (found 'mercy'); expected one of its units, like '4B'"),
    ("slots.csv", ",kim,2", ",kim;leo,2", "column preceptors: unknown id in preceptors (found 'leo'); did you mean 'lee'?"),
    ("availability.csv", "student,0003", "unit,4b", "column who: unknown id in units (found '4b'); did you mean '4B'?"),
    ("preferences.csv", "unit,4B", "site,mercie", "column value: unknown id in sites (found 'mercie'); did you mean 'mercy'?"),
    ("requirements.csv", "4,N1", "4,P1", "column after: unknown required rotation of program bsn (found 'P1')"),
    ("groups.csv", "bsn,N1", "bsn,N9", "column requirements: unknown required rotation of program bsn (found 'N9')"),
    ("credits.csv", "N2", "P1", "unknown required rotation of program bsn (found 'P1')"),
    ("pins.csv", "gA,N1", "gA,N11", "unknown required rotation of program bsn (found 'N11'); did you mean 'N1'?"),
    ("preferences.csv", "0001,E1", "0001,P1", "unknown required rotation of program bsn (found 'P1')"),
    ("commitments.csv", ",E1", ",E3", "column requirement: unknown required rotation of program bsn (found 'E3')"),
    (
        "student_requirements.csv",
        "N2,waive,",
        "el2,choose,1",
        "unknown elective set of program bsn (found 'el2'); did you mean 'el'?",
    ),
    ("ipe_teams.csv", "pt:1", "xx:1", "unknown profession (found 'xx')"),
    # rows that contradict themselves or each other
    ("requirements.csv", "4,N1,,,", "4,N2,,,", "column after: the rotation comes after itself (found 'N2')"),
    ("requirements.csv", "medsurg,4,,,,faculty", "medsurg,4,N2,,,faculty", "the rotation comes after itself: N"),
    ("requirements.csv", "medsurg,2,,el,1", "medsurg,2,,el,2", "elective set el has choose = 1 in row 4 (found '2'); expected 1"),
    ("requirements.csv", "medsurg,2,,el,1", "medsurg,2,,el,", "column choose: must be filled for elective set el"),
    ("requirements.csv", "bsn,N1,medsurg", "bsn,N1,;", "column specialties: must be filled; expected at least one specialty"),
    ("student_requirements.csv", "N2,waive,", "el,choose,", "column amount: must be filled for 'choose'"),
    (
        "student_requirements.csv",
        "N2,waive,",
        "N2,waive,\n0002,N2,repeat,",
        "row 2 says 'waive' of the same rotation (found 'repeat')",
    ),
    ("students.csv", "0003,dpt,", "0003,dpt,gA", "the group belongs to program bsn, the student to dpt (found 'gA')"),
    ("groups.csv", "N1,8,", "N1,1,", "column size: 2 students name this group (found '1'); expected at least 2"),
    ("slots.csv", "2026-08-25,2026-10-06", ",", "column first_start: the slot has no start; expected first_start"),
    ("slots.csv", "2026-08-25,2026-10-06", "2026-08-25,2026-08-18", "column last_start: lies before first_start (2026-08-25)"),
    ("slots.csv", "2026-08-25,2026-10-06,", "2026-08-25,,2026-08-25", "column first_start: the slot lists its starts already"),
    ("slots.csv", "Mo Tu We,2", "Mo Tu We,", "column days_per_week: must be filled for the pattern 'any'"),
    ("slots.csv", "Mo Tu We,2", "Mo Tu We,4", "the slot has only 3 weekdays (found '4'); expected at most 3"),
    ("reservations.csv", "maple,8", "maple,8\nTuTh,elm,3", "11 places of slot TuTh are guaranteed, but it has 10 (found '3')"),
    ("preceptors.csv", "Peds,lee", "Peds,kim", "column cover: a preceptor cannot be the own cover (found 'kim')"),
    ("preferences.csv", "unit,4B", "unit,", "column value: must be filled: which unit"),
    (
        "preferences.csv",
        "unit,4B,1,",
        "unit,4B,1,5",
        "exactly one of rank, score and refuse must be filled (found 'rank and score')",
    ),
    ("preferences.csv", "unit,4B,1,", "unit,4B,,", "column rank: exactly one of rank, score and refuse must be filled"),
    ("preferences.csv", ",,-2", ",,2", "a wish about waiting has a score that says what each one costs (found '2')"),
    ("conflicts.csv", "0001,Peds", "0001,", "the row names nothing to keep away from"),
    ("ipe_teams.csv", "t1,4B,", "t1,,", "exactly one of unit and site must be filled"),
    ("ipe_teams.csv", "rn:1;pt:1", "rn:1", "a team has at least two students"),
    ("pins.csv", ",gA,N1", "0001,gA,N1", "exactly one of student and group must be filled"),
    ("pins.csv", ",gA,N1", ",,N1", "exactly one of student and group must be filled"),
    ("pins.csv", "N1,TuTh,2026-09-01", ",,", "the pin fixes nothing"),
    ("pins.csv", "2026-09-01", "2026-09-02", "slot TuTh has no such start (found '2026-09-02'); the nearest is 2026-09-01"),
    (
        "pins.csv",
        "must\n",
        "must\n,gA,N1,any2,,must\n",
        "column slot: contradicts the pin in row 2, which says TuTh (found 'any2')",
    ),
    (
        "pins.csv",
        "must\n",
        "must\n,gA,,TuTh,,must not\n",
        "column pin: contradicts the pin in row 2, which says 'must' (found 'must not')",
    ),
    ("pins.csv", "group,requirement,slot,start,pin\n,gA", "part,requirement,slot,start,pin\n0001,1", "only a group has parts"),
    ("site_clearances.csv", "10-01", "13-01", "column season_start: not a month and day (found '13-01'); expected MM-DD"),
    # the frame and the policy
    ("instance.toml", "first_monday = 2026-08-24", "first_monday = 2026-08-25", "the Monday before is 2026-08-24"),
    ("instance.toml", "weeks = 16", "", "instance.toml, key weeks: is missing; expected a whole number"),
    (
        "instance.toml",
        "weeks = 16",
        "weeks = 0",
        "line 3, key weeks: the number is too small (found '0'); expected a number of at least 1",
    ),
    ("instance.toml", "weeks = 16", "weeks = true", "line 3, key weeks: the value does not fit"),
    ("instance.toml", "weeks = 16", "week = 16", "unknown key (found 'week'); did you mean 'weeks'?"),
    (
        "instance.toml",
        '["perfusion"]',
        '"perfusion"',
        "key professions: the value does not fit (found 'perfusion'); expected a list of ids",
    ),
    ("instance.toml", '["perfusion"]', '["=x"]', "expected an id of letters"),
    ("instance.toml", 'name = "fall"', "name = 7", "key name: the value does not fit (found '7'); expected text"),
    ("instance.toml", "New_York", "NewYork", "expected a time zone name like America/New_York"),
    ("instance.toml", '"07:00"', '"7 am"', "key shifts.1.start: the value does not fit (found '7 am'); expected a clock time"),
    ("instance.toml", 'shift = "am"', 'shift = "day"', "another shift has the same name (found 'day')"),
    ("instance.toml", "end =", "ends =", "key shifts.1.ends: is not known here (found 'ends'); did you mean 'end'?"),
    ("instance.toml", "rules.waiting", "rules.wating", "unknown rule (found 'wating'); did you mean 'waiting'?"),
    ("instance.toml", "weight = 3", "wieght = 3", "the rule waiting has no such parameter (found 'wieght')"),
    (
        "instance.toml",
        "weight = 3",
        "weight = -1",
        "the weight does not fit (found '-1'); expected a whole number from 0 to 1,000,000",
    ),
    ("instance.toml", "weight = 3", "level = 10", "the level does not fit (found '10'); expected a whole number from 1 to 9"),
    ("instance.toml", "weight = 3", 'kind = "hard"', "the rule waiting cannot be hard (found 'hard'); expected one of soft, off"),
    (
        "instance.toml",
        "weight = 3",
        'kind = "sofft"',
        "unknown kind (found 'sofft'); expected one of soft, off; did you mean 'soft'?",
    ),
    (
        "instance.toml",
        "waiting]\nweight = 3",
        'preference]\nunranked = "lst"',
        "unknown choice (found 'lst'); expected one of last",
    ),
    ("instance.toml", "waiting]\nweight = 3", "preference]\nunranked = 3", "the parameter does not fit (found '3')"),
    ("instance.toml", "waiting]\nweight = 3", 'worst_off]\nrules = ["wait"]', "unknown choice (found 'wait')"),
    ("instance.toml", "[policy.rules.waiting]\nweight = 3", '[policy]\nsense = "minimize"', "did you mean 'minimise'?"),
    ("instance.toml", "[policy.rules.waiting]", "[rules.waiting]", "unknown key (found 'rules'); in an instance, a rule's table"),
    ("instance.toml", "weight = 3", 'weight = "3"', "expected a whole number from 0 to 1,000,000; leave the quotes out"),
    ("instance.toml", "weeks = 16", "weeks = 16\nweeks = 17", "the same key or table stands there twice"),
    ("instance.toml", "2026-08-24", "8/24/2026", "write dates like 2026-08-24"),
    ("instance.toml", '"fall"', "“fall”", 'put text between straight quotes: "'),
    ("instance.toml", "weeks = 16", "weeks = = 16", "instance.toml line 3: is not valid TOML"),
    (
        "schools.csv",
        "school,name\nmaple,Maple State",
        "school,least_placed_percent\nmaple,101",
        "column least_placed_percent: the number is too large (found '101'); expected 0 to 100",
    ),
]

WARNINGS = [
    (
        "requirements.csv",
        "bsn,E1,peds",
        "bsn,E1,pedds",
        "no unit or slot teaches this specialty (found 'pedds'); did you mean 'peds'?",
    ),
    ("preferences.csv", "E1,unit,4B", "E1,specialty,surgury", "no unit or slot teaches this specialty (found 'surgury')"),
    ("calendar.csv", "2026-11-25,2026-11-27", "2027-11-25,2027-11-27", "the row lies after the planning horizon (2026-12-13)"),
    ("slots.csv", "2026-10-05,2", "2027-10-05,2", "column starts: the day lies outside the planning horizon"),
    ("clearances.csv", "0001", "0009", "column student: unknown id in students (found '0009')"),
    ("clearances.csv", "flu", "flue", "column item: no site asks for this (found 'flue'); did you mean 'flu'?"),
    ("site_clearances.csv", "mercy,flu,10-01,03-31", "mercy,tb,,", "column item: no student has this item, nor has promised it"),
    (
        "agreements.csv",
        "school,sites\nmaple,mercy;clinic",
        "school,sites,start,end\nmaple,mercy;clinic,2026-08-24,2026-08-30",
        "every placement that begins under this agreement ends after it, the first on 2026-",
    ),
    ("history.csv", "bsn,4B", "bsn,9Z", "column unit: unknown id in units (found '9Z')"),
    ("history.csv", "maple,bsn", "maple,dpt", "column program: the program is one of school elm (found 'dpt')"),
    ("history.csv", "4B,8", "4B,0", "column used: nobody of maple came in any term: no share is kept for the school"),
    (
        "history.csv",
        "program,unit,used\nfall25,maple,bsn,",
        "requirement,unit,used\nfall25,maple,N1,",
        "holds for the rotations of this name of all programs of the school (found 'N1')",
    ),
    (
        "history.csv",
        "unit,used\nfall25,maple,bsn,4B,",
        "granted,used\nfall25,maple,bsn,7,",
        "column used: is larger than granted (7) (found '8')",
    ),
    (
        "history.csv",
        "unit,used\nfall25,maple,bsn,4B,",
        "start_week,used\nfall25,maple,bsn,2026-08-24,",
        "column start_week: is not before the first Monday (2026-08-24) (found '2026-08-24')",
    ),
    (
        "schools.csv",
        "school,name\nmaple,Maple State\nelm,Elm\n",
        "school,least_placed_percent\nmaple,80\nelm,\nash,50\n",
        "column least_placed_percent: the school has no students or groups of whom anything could be placed (found '50')",
    ),
    ("groups.csv", "N1,8,jones", "N1,8,kim", "kim is a preceptor, not faculty (found 'kim')"),
    ("capacity.csv", "day,rn,10", "day,rn,", "the row limits nothing"),
    ("slots.csv", "Tu Th,,day", "Tu Th,2,day", "is only used with the pattern 'any' (found '2')"),
    (
        "student_requirements.csv",
        "N2,waive,",
        "N2,add,",
        "the rotation is required of all students of the program anyway (found 'add')",
    ),
    (
        "requirements.csv",
        "el,1,precepted\nbsn,E2,medsurg,2,,el,1",
        "el,3,precepted\nbsn,E2,medsurg,2,,el,3",
        "el has only 2 rotations",
    ),
]


def test_the_term_has_no_problems(folder: Path) -> None:
    instance, problems = load_instance(folder)
    assert problems == []
    assert instance is not None
    assert instance_problems(instance) == []
    assert (instance.name, len(instance.slots), instance.policy.rules["waiting"].weight) == ("fall", 3, 3)


@pytest.mark.parametrize(("name", "old", "new", "sentence"), ERRORS)
def test_error(broken: Break, name: str, old: str, new: str, sentence: str) -> None:
    errors = [p for p in broken(name, old, new) if p.severity == "error"]
    assert any(sentence in str(p) and p.file == name for p in errors), "\n".join(map(str, errors))


@pytest.mark.parametrize(("name", "old", "new", "sentence"), WARNINGS)
def test_warning(broken: Break, name: str, old: str, new: str, sentence: str) -> None:
    problems = broken(name, old, new)
    assert {p.severity for p in problems} == {"warning"}
    assert any(sentence in str(p) and p.file == name for p in problems), "\n".join(map(str, problems))


def test_every_problem_is_told_at_once(folder: Path) -> None:
    for name, old, new in (
        ("students.csv", "0003,dpt,", "0003,dpx,gZ"),  # two wrong references in one row
        ("groups.csv", "N1,8,jones", "N1,x,jonas"),  # a wrong number does not hide a wrong reference beside it
        ("instance.toml", "weeks = 16", "weeks = 0"),
        ("calendar.csv", "2026-11-27", "2026-11-24"),
    ):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace(old, new))
    instance, problems = load_instance(folder)
    places = {(p.file, p.row, p.column) for p in problems if p.severity == "error"}
    assert instance is None
    assert places == {
        ("students.csv", 4, "program"),
        ("students.csv", 4, "group"),
        ("groups.csv", 2, "size"),
        ("groups.csv", 2, "faculty"),
        ("instance.toml", 3, "weeks"),
        ("calendar.csv", 2, "end"),
    }


def test_rows_are_counted_as_a_spreadsheet_shows_them(broken: Break) -> None:
    quoted = broken("schools.csv", "maple,Maple State\nelm,Elm", '\n"maple","Maple\nState"\n\nelm,Elm,x')
    assert [(p.row, p.code) for p in quoted if p.code == "too_many_cells"] == [(5, "too_many_cells")]


@pytest.mark.parametrize("name", ["programs", "requirements", "slots"])
def test_a_required_table_is_missing(folder: Path, name: str) -> None:
    (folder / f"{name}.csv").unlink()
    _, problems = load_instance(folder)
    assert any(p.code == "missing_table" and p.file == f"{name}.csv" for p in problems)


def test_students_or_groups_and_units_or_sites(folder: Path) -> None:
    for name in ("students", "groups", "units", "sites"):
        (folder / f"{name}.csv").unlink()
    _, problems = load_instance(folder)
    missing = {(p.file, p.expected) for p in problems if p.code == "missing_table"}
    assert missing == {("students.csv", "rows in students or groups"), ("units.csv", "rows in units or sites")}


def test_instance_toml_is_missing(folder: Path) -> None:
    (folder / "instance.toml").unlink()
    _, problems = load_instance(folder)
    assert [str(p) for p in problems if p.file == "instance.toml"] == [
        "instance.toml: the file is missing; it needs name, first_monday, weeks and planning_date"
    ]


def test_schools_and_sites_may_be_left_out(folder: Path) -> None:
    for name in ("schools", "sites"):
        (folder / f"{name}.csv").unlink()
    (folder / "slots.csv").write_text((folder / "slots.csv").read_text().replace("lee,clinic", "lee,4B"))
    for name in ("preceptors", "agreements"):
        (folder / f"{name}.csv").write_text(
            (folder / f"{name}.csv").read_text().replace("clinic", "mercy" if name == "agreements" else "")
        )
    instance, problems = load_instance(folder)
    assert problems == []
    assert instance is not None
    assert set(instance.school_by_id) == {"maple", "elm"}


def test_unreadable_tables_do_not_make_everything_else_wrong(folder: Path) -> None:
    (folder / "students.csv").write_bytes(b"\xff\xfes\x00t\x00")
    _, problems = load_instance(folder)
    assert [(p.file, p.code) for p in problems] == [("students.csv", "encoding")]


def test_floods_are_counted(folder: Path) -> None:
    rows = "".join(f"{i:04d},bsx,\n" for i in range(4, 3004))
    with (folder / "students.csv").open("a") as stream:
        stream.write(rows)
    _, problems = load_instance(folder)
    alike = [p for p in problems if p.column == "program"]
    assert len(alike) == MOST_ALIKE + 1
    assert alike[0].suggestion == "did you mean 'bsn'?"
    assert str(alike[-1]) == "students.csv, column program: and 2,980 more rows like these (unknown id in programs)"


def test_unknown_files_are_named_with_the_likely_one(folder: Path) -> None:
    (folder / "Studens.csv").write_text("x")
    (folder / "notes.md").write_text("x")
    (folder / ".hidden.csv").write_text("x")
    instance, problems = load_instance(folder)
    assert instance is not None
    assert [str(p) for p in problems] == [
        "Studens.csv: is not a table of an instance and is not read; did you mean 'students.csv'?"
    ]


def test_a_slot_is_part_of_one_with_places_of_its_own() -> None:
    part = slot("short", unit="ward", part_of="ward")
    whole = [slot("ward"), slot("clinic"), part]

    def wrong(*more: dict[str, object]) -> list[str]:
        return [str(p) for p in instance_problems(world(slots=[*whole, *more])) if p.severity == "error"]

    assert wrong() == []
    assert wrong(slot("third", unit="ward", part_of="short")) == [
        "slots.csv row 5, column part_of: is itself part of another slot (found 'short'); expected a slot with places of its own"
    ]
    assert wrong(slot("third", unit="ward", part_of="ward", must_fill=True)) == [
        "slots.csv row 5, column part_of: has no places of its own that must be filled (found 'ward'); "
        "expected a slot with places of its own"
    ]


def test_eight_guarantees_of_one_slot_are_too_many(folder: Path) -> None:
    with (folder / "schools.csv").open("a") as schools, (folder / "reservations.csv").open("w") as reservations:
        reservations.write("slot,school,guaranteed\n")
        for i in range(8):
            schools.write(f"s{i},\n")
            reservations.write(f"TuTh,s{i},1\n")
    _, problems = load_instance(folder)
    assert [str(p) for p in problems] == [
        "reservations.csv row 9, column slot: slot TuTh has guarantees of 8 schools (found 'TuTh'); expected at most 7; "
        "divide it into two slots"
    ]


def test_long_chains_of_after(folder: Path) -> None:
    rows = ["program,requirement,specialties,amount,after"]
    rows += [f"dpt,R{i},medsurg,1,{f'R{i - 1}' if i else 'R2999'}" for i in range(3000)]
    text = (folder / "requirements.csv").read_text().splitlines()
    rows += [",".join((*line.split(",")[:4], line.split(",")[4])) for line in text[1:]]
    (folder / "requirements.csv").write_text("\n".join(rows) + "\n")
    _, problems = load_instance(folder)
    assert [p.code for p in problems if p.severity == "error" and p.column == "after"] == ["cycle"]


def test_what_is_no_instance(folder: Path, tmp_path: Path) -> None:
    for path, sentence in (
        (tmp_path / "trem", "trem: there is no such folder or workbook; did you mean 'term'?"),
        (folder / "students.csv", "students.csv: is neither a folder nor an .xlsx workbook; name the folder itself"),
        (tmp_path / "a\0b", "there is no such folder or workbook"),
    ):
        instance, problems = load_instance(path)
        assert instance is None
        assert sentence in str(problems[0])


def test_read_instance_raises_with_all_errors(folder: Path) -> None:
    (folder / "students.csv").write_text("student,program\n1,bsm\n1,bsn\n")
    with pytest.raises(InputError) as caught:
        read_instance(folder)
    assert {p.code for p in caught.value.problems} >= {"unknown_reference", "duplicate_id"}
    assert all(p.severity == "error" for p in caught.value.problems)


def test_problems_of_an_instance_made_by_a_program(instance: Instance) -> None:
    wrong = instance.model_copy(update={"groups": ()})
    assert {(p.file, p.column) for p in instance_problems(wrong) if p.severity == "error"} == {
        ("students.csv", "group"),
        ("pins.csv", "group"),
    }


def test_the_nearest_of_many_names() -> None:
    names = [f"school{i % 50}-{i:05d}" for i in range(3000)]
    assert nearest("schol7-00757", names) == "school7-00757"
    assert nearest("SCHOOL7 757", names) is not None
    assert nearest("0042", ["420", "42"]) == "42"
    assert nearest("", names) is None
    assert nearest("zzz", names) is None


def test_a_table_without_its_header_is_one_problem(folder: Path) -> None:
    path = folder / "students.csv"
    header, _, rest = path.read_text("utf-8").partition("\n")
    assert header.startswith("student,")
    path.write_text(rest, "utf-8")
    _, problems = load_instance(folder)
    (problem,) = problems
    assert str(problem).startswith("students.csv row 1: the first row does not name columns of this table")


def test_the_missing_folder_is_not_its_own_suggestion(tmp_path: Path) -> None:
    (tmp_path / "fall").symlink_to("nowhere")
    _, (problem,) = load_instance(tmp_path / "fall")
    assert str(problem) == "fall: there is no such folder or workbook"
