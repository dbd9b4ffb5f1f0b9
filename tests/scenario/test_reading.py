"""Scenarios from files and words: what is read, and what is wrong, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError
from scheduler.io import read_instance, write_instance
from scheduler.io.report import one_of
from scheduler.scenario import KINDS, Scenario, apply, parse_change, read_scenario
from scheduler.scenario.kinds.people import Away, Leaves
from tests.verify.world import week, world

INSTANCES = Path(__file__).parents[2] / "instances"
EXAMPLES = sorted((INSTANCES / "riverbend" / "scenarios").iterdir())


def file(tmp_path: Path, text: str, name: str = "s.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_scenario(path)
    return [str(p) for p in error.value.problems]


def test_toml_csv_and_words_say_the_same(tmp_path: Path) -> None:
    toml = """
    name = "Two news"
    description = "For autumn."
    [[change]]
    kind = "away"
    preceptor = ["kim", "lee"]
    start = 2026-01-12
    end = "2026-01-25"
    [[change]]
    kind = "change"
    table = "slots"
    where = { unit = "ward" }
    set.most_students = 3
    """
    csv = "kind,preceptor,start,end,table,where.unit,set.most_students\n"
    csv += "away,kim;lee,2026-01-12,2026-01-25,,,\nchange,,,,slots,ward,3\n"
    words = (
        "away preceptor=kim;lee start=2026-01-12 end=2026-01-25",
        "change table=slots where.unit=ward set.most_students=3",
    )
    one, other = read_scenario(file(tmp_path, toml)), read_scenario(file(tmp_path, csv, "t.csv"))
    assert (one.name, one.description, other.name) == ("Two news", "For autumn.", "t")
    assert one.changes == other.changes == tuple(parse_change(text) for text in words)
    assert tuple(change.text for change in one.changes) == words


def test_a_csv_from_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes("sep=;\r\nkind;student;start;\r\ndelayed;ann;2026-01-12;\r\n;;;\r\n".encode("utf-8-sig"))
    assert [c.text for c in read_scenario(path).changes] == ["delayed student=ann start=2026-01-12"]


def test_from_is_a_key() -> None:
    assert parse_change("leaves preceptor=kim from=2026-02-02") == Leaves(preceptor=("kim",), from_=week(4))


def test_all_problems_of_a_file_with_their_lines(tmp_path: Path) -> None:
    text = """nme = "x"

[[change]]
kind = "away"
preceptr = "kim"

[[change]]
kind = "clos"

[[change]]
kind = "close"
unit = "ward"
start = 2026-02-01
end = 2026-01-01

[[change]]
kind = "places"
unit = "ward"
more = 1.5

[[change]]
unit = "ward"
"""
    kinds = one_of(KINDS)
    assert problems(file(tmp_path, text)) == [
        "s.toml line 1, key nme: unknown key (found 'nme'); expected name, description or [[change]]; did you mean 'name'?",
        "s.toml line 3, key change.1.preceptor: preceptor or student or group is missing",
        "s.toml line 5, key change.1.preceptr: away has no such key (found 'preceptr'); expected one of preceptor, student, "
        "group, start, end; did you mean 'preceptor'?",
        f"s.toml line 8, key change.2.kind: unknown kind of change (found 'clos'); expected {kinds}; did you mean 'close'?",
        "s.toml line 14, key change.3.end: lies before start (2026-02-01) (found '2026-01-01'); expected 2026-02-01 or later",
        "s.toml line 19, key change.4.more: the value does not fit (found '1.5'); expected a whole number",
        f"s.toml line 21, key change.5.kind: must be filled; expected {kinds}",
    ]


def test_all_problems_of_a_csv_with_their_rows(tmp_path: Path) -> None:
    text = (
        "kind,unit,student,strt,more\nclose,ward,,2026-01-01,\n\nplaces,ward,,,many\naway,,,,\nclose,ward,ann,,\nclose,w,,,,9\n"
    )
    assert problems(file(tmp_path, text, "s.csv")) == [
        "s.csv row 1, column strt: unknown column (found 'strt'); did you mean 'start'?",
        "s.csv row 4, column more: the value does not fit (found 'many'); expected a whole number",
        "s.csv row 5, column preceptor: preceptor or student or group is missing",
        "s.csv row 6, column student: close has no such key (found 'student'); expected one of unit, site, slot, start, end",
        "s.csv row 7: the row has more cells than there are columns",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00\x00", "is"),
        (b"PK\x03\x04rest", "is a workbook or a zip archive, not text"),
        (b"[[change]\nkind = 1", "is not valid TOML"),
        (b"name = 'x'", "has no changes"),
        (b"change = 3", "changes are not a list of tables"),
        (b"[change]\nkind = 'away'", "changes are not a list of tables"),
        (b"[[change]]\nkind = 7", "unknown kind of change"),
        (b"[[change]]\nkind = 'close'\nunit = {a = 1}", "the value does not fit"),
        (b"[[change]]\nkind = 'add'\ntable = 'slots'\nset = 3", "is written with a column: set.COLUMN"),
        (b"[[change]]\nkind = 'away'\npreceptor = '../../etc'", "an id of letters"),
        (b"[[change]]\nkind = 'away'\npreceptor = 'a'\nstart = 2026-02-30", "is not valid TOML"),
        (b"[[change]]\nkind = 'away'\npreceptor = 'a'\nstart = 1", "a date written YYYY-MM-DD"),
        (b"name = 3\n[[change]]\nkind = 'away'", "the value does not fit"),
        (b"a = " + b"[" * 5_000, "is not valid TOML"),
        (b"[[change]]\nkind = 'leaves'\npreceptor = 'a'\n" * 10_001, "has more than 10,000 changes"),
    ],
)
def test_hostile_files(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    assert says in problems(path)[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\n1,2\n", "there is no column kind"),
        ("kind,unit,unit\nclose,a,b\n", "the column appears twice"),
        ('kind,unit\nclose,"war', "ends inside a quoted cell"),
        ("kind,unit\n", "has no changes"),
    ],
)
def test_hostile_spreadsheets(tmp_path: Path, content: str, says: str) -> None:
    assert says in problems(file(tmp_path, content, "s.csv"))[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("away 'x", "a quote that is never closed"),
        ("away kim", "has a word that is no key"),
        ("away preceptor=a preceptor=b", "stands there twice"),
        ("away preceptor=a\x07", "control character"),
        ("flies", "--change, key kind: unknown kind of change"),
        ("add table=slots set.=1", "add has no such key"),
        ("add table=slots set=1", "is written with a column: set.COLUMN"),
    ],
)
def test_wrong_words(text: str, says: str) -> None:
    with pytest.raises(InputError, match="--change") as error:
        parse_change(text)
    assert says in str(error.value)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.builds(lambda kind, rest: f"{kind} {rest}", st.sampled_from(sorted(KINDS)), st.text(max_size=40))
)
def test_any_words_are_read_or_refused(text: str) -> None:
    try:
        change = parse_change(text)
    except InputError as error:
        assert str(error)
    else:
        assert parse_change(change.text) == change


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    for name in ("s.toml", "s.csv"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(content)
        with pytest.raises(InputError):
            read_scenario(path)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_examples_of_the_kinds_can_be_made(kind: type) -> None:
    change = parse_change(kind.example)  # type: ignore[attr-defined]
    assert parse_change(change.text) == change
    instance = read_instance(INSTANCES / "riverbend")
    assert apply(instance, [Scenario("test", (change,))]).instance != instance


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_of_riverbend_can_be_made_and_written(path: Path, tmp_path: Path) -> None:
    instance = read_instance(INSTANCES / "riverbend")
    new = apply(instance, [read_scenario(path)]).instance
    write_instance(new, tmp_path / "new")
    assert read_instance(tmp_path / "new") == new != instance


def test_scenarios_of_a_program() -> None:
    scenario = Scenario("leave", (Away(student=("ann",), start=week(1), end=week(2)),))
    assert apply(world(), [scenario]).sentences == ("student ann is away from 2026-01-12 to 2026-01-19",)
