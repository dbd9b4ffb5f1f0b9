"""Bad and hostile files: one clear sentence each, never a traceback."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance
from scheduler.errors import InputError, Problem
from scheduler.io import archive, instance_problems, load_instance, load_policy, write_instance
from scheduler.io.workbook import workbook_bytes

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"
HEADER = "school,name\nmaple,"

FILES = {
    "nothing": (b"", "is empty; fill it or delete it"),
    "blank": (b" \r\n\n", "is empty; fill it or delete it"),
    "UTF-16": ((HEADER + "Zoë").encode("utf-16"), 'is encoded in UTF-16, but UTF-8 is expected; save it as "CSV UTF-8"'),
    "UTF-16 without mark": ((HEADER + "Zoe").encode("utf-16-le"), "is encoded in UTF-16, but UTF-8 is expected"),
    "Windows-1252": ((HEADER + "Zoë State").encode("cp1252"), "row 2: is not UTF-8 (byte 0xEB); it looks like Windows-1252"),
    "binary": (PNG, "is a binary file, not text"),
    "random": (bytes(range(256)) * 4, "is a binary file, not text"),
    "control": (b"school,name\nmaple,a\x07b\n", "row 2: contains a control character (0x07)"),
    "NUL": (b"school,name\nmaple,a\x00b\n", "row 2: contains a control character (0x00)"),
    "zip": (b"PK\x03\x04rest", "is a workbook or a zip archive, not text"),
    "pdf": (b"%PDF-1.7", "is a PDF, not text"),
    "cut in a quote": (
        b'school,name\nmaple,"Map',
        "row 2: ends inside a quoted cell; the file is cut off, or a closing quote is missing",
    ),
    "cut in a character": ((HEADER + "Zoë").encode()[:-1], "row 2: ends in the middle of a character: it is cut off"),
    "stray quote": (b'school,name\nmaple,"a"b\n', "row 2: has a quote in the wrong place"),
    "endless cell": (b'school,name\nmaple,"' + b"x" * 200_000 + b'"', "has a cell that is far too long"),
    "tabs": (b"school\tname\nmaple\tx\n", "the columns are separated by tabs; expected commas"),
    "no header": (b"hello\nworld\n", "the first row does not name columns of this table (found 'hello')"),
    "blank header": (b",,\nmaple,x\n", "the first row is empty, but column names are expected"),
    "wide": (b"," * 1000, "has more than 500 columns"),
}


@pytest.mark.parametrize("kind", FILES)
def test_bad_csv(folder: Path, kind: str) -> None:
    content, sentence = FILES[kind]
    (folder / "schools.csv").write_bytes(content)
    only(folder, "schools.csv", sentence)


@pytest.mark.parametrize("kind", ["nothing", "UTF-16", "Windows-1252", "binary", "NUL", "zip"])
def test_bad_toml(folder: Path, kind: str) -> None:
    content, sentence = FILES[kind]
    (folder / "instance.toml").write_bytes(content)
    only(folder, "instance.toml", sentence.partition(" (byte")[0].partition("; ")[0].replace("row 2", "line 2"))


def test_deeply_nested_toml(folder: Path) -> None:
    (folder / "instance.toml").write_text("a = " + "[" * 100_000)
    only(folder, "instance.toml", "is not valid TOML")


def test_bom_and_windows_line_ends_are_fine(folder: Path) -> None:
    (folder / "schools.csv").write_bytes("\ufeffschool,name\r\nmaple,Zoë\r\nelm,x\r\n".encode())
    instance, problems = load_instance(folder)
    assert problems == []
    assert instance is not None
    assert instance.schools[0].name == "Zoë"


def only(folder: Path, name: str, sentence: str) -> None:
    """The file is refused with this sentence, and nothing else is said of any file."""
    instance, problems = load_instance(folder)
    assert instance is None
    assert {(p.file, p.severity) for p in problems} == {(name, "error")}, "\n".join(map(str, problems))
    assert len(problems) == 1
    assert sentence in str(problems[0])


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    (folder / "schools.csv").unlink()
    (folder / "schools.csv").mkdir()
    only(folder, "schools.csv", "is a folder, but a file is expected")


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "schools.csv").unlink()
    os.mkfifo(folder / "schools.csv")
    only(folder, "schools.csv", "is not an ordinary file")


def test_links(folder: Path, tmp_path: Path) -> None:
    text = (folder / "schools.csv").read_text()
    (folder / "schools.csv").unlink()
    (folder / "real").write_text(text)
    (folder / "schools.csv").symlink_to("real")
    assert load_instance(folder)[0] is not None
    for target in ("/etc/passwd", "../secret", "schools.csv"):
        (tmp_path / "secret").write_text(text)
        (folder / "schools.csv").unlink()
        (folder / "schools.csv").symlink_to(target)
        instance, problems = load_instance(folder)
        assert instance is None
        assert [p.code for p in problems] in (["outside"], ["unreadable"])
    (folder / "schools.csv").unlink()
    (folder / "schools.csv").symlink_to("nowhere")
    only(folder, "schools.csv", "there is no such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_right_to_read(folder: Path) -> None:
    (folder / "schools.csv").chmod(0)
    only(folder, "schools.csv", "may not be read; change its permissions")


def test_a_file_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refuse(self: Path, *args: Any) -> Any:
        if self.name == "schools.csv":
            raise PermissionError(13, "no")
        return real(self, *args)

    monkeypatch.setattr(Path, "open", refuse)
    only(folder, "schools.csv", "may not be read; change its permissions")


def test_a_huge_file_is_refused_before_it_is_read(folder: Path) -> None:
    with (folder / "schools.csv").open("wb") as stream:
        stream.truncate(200_000_000)  # takes no space on the disk
    only(folder, "schools.csv", "is too large: 200 MB, at most 100 MB are read")


def test_too_many_rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.io.csvtext.MAX_ROWS", 10)
    (folder / "schools.csv").write_text("school\n" + "\n" * 20)
    only(folder, "schools.csv", "has more than 10 rows")


@pytest.mark.parametrize(
    ("name", "row", "sentence"),
    [
        (
            "credits.csv",
            "0001,N2,1",
            "credits.csv row 3, column student: row 2 says exactly the same, so it counts twice; delete one",
        ),
        ("conflicts.csv", "0001,4B", "conflicts.csv row 3, column student: row 2 says exactly the same; delete one"),
    ],
)
def test_a_row_that_was_pasted_twice(folder: Path, name: str, row: str, sentence: str) -> None:
    head = {"credits.csv": "student,requirement,amount", "conflicts.csv": "student,unit"}[name]
    (folder / name).write_text(f"{head}\n{row}\n{row}\n")
    instance, (problem,) = load_instance(folder)
    assert (instance is not None, problem.severity, str(problem)) == (True, "warning", sentence)


def test_a_repeat_may_be_asked_twice(folder: Path) -> None:
    (folder / "student_requirements.csv").write_text("student,requirement,change\n" + "0003,P1,repeat\n" * 2)
    assert load_instance(folder)[1] == []


def test_due_longer_ago_than_there_are_dates(folder: Path) -> None:
    (folder / "site_clearances.csv").write_text("site,item,due_days_before\nmercy,flu,1000000\n")
    instance, (problem,) = load_instance(folder)
    expected = "column due_days_before: the number is too large (found '1000000'); expected at most 3650"
    assert instance is None
    assert expected in str(problem)


def test_a_very_long_value_does_not_flood_the_report(folder: Path) -> None:
    (folder / "schools.csv").write_text(f"school\nmaple\nelm\n{'x' * 100_000}\n")
    _, problems = load_instance(folder)
    assert len(problems) == 1
    assert problems[0].code == "type"
    assert len(str(problems[0])) < 300


CELLS = (
    "",
    ",",
    ";",
    '"',
    "0",
    "-1",
    "9" * 30,
    "2026-13-01",
    "gA",
    "N1;N2",
    "must not",
    "1e400",
    "=",
    "é",
    "unit",
    "4B",
    "mercy",
    "\t",
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_cells_ends_in_a_traceback(folder: Path, data: st.DataObject) -> None:
    before = {path: path.read_text("utf-8") for path in sorted(folder.iterdir())}
    changed = {}
    for path in data.draw(st.lists(st.sampled_from(list(before)), min_size=1, max_size=3, unique=True)):
        text = before[path]
        for _ in range(data.draw(st.integers(1, 3))):
            cell = data.draw(st.sampled_from(list(re.finditer(r"[^,\n]*", text))))
            text = text[: cell.start()] + data.draw(st.sampled_from(CELLS)) + text[cell.end() :]
        changed[path] = text
    for path, text in changed.items():
        path.write_text(text, "utf-8")
    try:
        instance, problems = load_instance(folder)
        assert (instance is None) == any(p.severity == "error" for p in problems)
        # Nothing that reading lets through is refused by the models afterwards, in words of their own.
        assert not any(p.code == "invalid" for p in problems)
        assert instance is None or not any(p.severity == "error" for p in instance_problems(instance))
    finally:
        for path, text in before.items():
            path.write_text(text, "utf-8")


# -- workbooks ------------------------------------------------------------------------------------------------------------


def refused(path: Path) -> Problem:
    instance, problems = load_instance(path)
    assert instance is None
    assert len(problems) == 1
    return problems[0]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            book.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"student,program\n", "is not an .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 10, "is an old .xls workbook or protected by a password; save it as .xlsx"),
        (b"PK\x03\x04" + bytes(200), "is a damaged workbook; it may be cut off"),
        (zipped(a=b"x"), "is a damaged workbook"),
    ],
)
def test_bad_workbook(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    assert sentence in str(refused(tmp_path / "x.xlsx"))


def test_every_cut_of_a_workbook_is_refused(tmp_path: Path, instance: Instance) -> None:
    data = workbook_bytes(instance)
    for size in range(4, len(data) - 1, len(data) // 23):
        (tmp_path / "x.xlsx").write_bytes(data[:size])
        assert refused(tmp_path / "x.xlsx").code == "truncated"


def test_flipped_bytes_never_end_in_a_traceback(tmp_path: Path, instance: Instance) -> None:
    data = workbook_bytes(instance)
    for place in range(0, len(data), len(data) // 60):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        (tmp_path / "x.xlsx").write_bytes(broken)
        found, problems = load_instance(tmp_path / "x.xlsx")
        assert found is not None or problems


def test_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5_000_000)
    (tmp_path / "x.xlsx").write_bytes(zipped(xl__worksheets__sheet1=bytes(50_000_000)))
    assert "unpacks to more than 5 MB" in str(refused(tmp_path / "x.xlsx"))


def test_zip_bomb_with_a_directory_that_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5_000_000)
    data = bytearray(zipped(a=bytes(50_000_000)))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)  # the size that the directory claims
    (tmp_path / "x.xlsx").write_bytes(data)
    assert "unpacks to more than 5 MB" in str(refused(tmp_path / "x.xlsx"))


def test_many_members(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(zipped(**{f"m{i}": b"" for i in range(2_001)}))
    assert "holds more than 2,000 files" in str(refused(tmp_path / "x.xlsx"))


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048577", "ZZ1"])
def test_a_stray_cell_in_the_last_corner(tmp_path: Path, instance: Instance, cell: str) -> None:
    data = workbook_bytes(instance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b'r="A2"' in content
                content = content.replace(b'r="A2"', f'r="{cell}"'.encode())
            new.writestr(name, content)
    (tmp_path / "x.xlsx").write_bytes(out.getvalue())
    assert "has a sheet that reaches to row" in str(refused(tmp_path / "x.xlsx"))


@pytest.mark.parametrize("name", ["term.xls", "term.xlsm", "term.ods"])
def test_other_spreadsheets(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    assert "is neither a folder nor an .xlsx workbook; save it as an .xlsx workbook" in str(refused(tmp_path / name))


def test_text_like_a_formula_stays_text_in_a_workbook(tmp_path: Path, instance: Instance) -> None:
    schools = tuple(s.model_copy(update={"name": "=HYPERLINK(A1)"}) for s in instance.schools)
    write_instance(instance.model_copy(update={"schools": schools}), tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_workbook_is_replaced_whole_or_not_at_all(tmp_path: Path, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.xlsx"
    write_instance(instance, path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"x\.xlsx: cannot be written: No space left on device"):
        write_instance(instance.model_copy(update={"name": "new"}), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if "x.xlsx" in p.name] == ["x.xlsx"]


# -- policy files ---------------------------------------------------------------------------------------------------------


def test_policy_file(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('sense = "maximise"\n[rules.waiting]\nkind = "off"\n[rules.worst_off]\nscale = "raw"\nrules = ["waiting"]\n')
    policy = load_policy(path)
    assert policy.sense == "maximise"
    assert policy.rules["waiting"].kind == "off"
    assert policy.rules["worst_off"].parameters == {"scale": "raw", "rules": ("waiting",)}


def test_policy_file_tells_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('sens = "x"\nrules.wating.weight = 1\nrules.waiting.weight = "a"\nrules.order = 3\n')
    with pytest.raises(InputError) as caught:
        load_policy(path)
    assert [str(p) for p in caught.value.problems] == [
        "p.toml line 1, key sens: unknown key (found 'sens'); did you mean 'sense'?",
        "p.toml line 2, key rules.wating: unknown rule (found 'wating'); did you mean 'waiting'?",
        "p.toml line 3, key rules.waiting.weight: the weight does not fit (found 'a'); "
        "expected a whole number from 0 to 1,000,000",
        "p.toml line 4, key rules.order: the rule's entry is not a table (found '3'); expected kind, weight, level or parameters",
    ]


def test_policy_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.toml: there is no such file"):
        load_policy(tmp_path / "no.toml")


@pytest.mark.parametrize(
    ("saved", "shown"),
    [("#N/A", "#N/A"), ("#REF!", "#REF!"), ("", "#NOT CALCULATED")],
    ids=["no match", "no cell", "never calculated"],
)
def test_a_formula_without_a_value_is_no_empty_cell(tmp_path: Path, saved: str, shown: str) -> None:
    """An empty cell would mean the default: of most_weeks, no limit."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = book.add_worksheet("preceptors")
    page.write_row(0, 0, ["preceptor", "most_weeks"])
    page.write_row(1, 0, ["kim", 3])
    page.write_string(2, 0, "ortiz")
    page.write_formula(2, 1, "=A1+1", None, saved or "later")
    book.close()
    if not saved:  # as programs write it that do not calculate
        with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
            for member in old.infolist():
                new.writestr(member, old.read(member).replace(b' t="str"', b"").replace(b"<v>later</v>", b"<v></v>"))
        (tmp_path / "b.xlsx").replace(tmp_path / "a.xlsx")
    _, problems = load_instance(tmp_path / "a.xlsx")
    (problem,) = (p for p in problems if p.sheet == "preceptors")
    assert (problem.row, problem.column, problem.value) == (3, "most_weeks", shown)
    assert problem.message == "the cell holds a formula that failed"


@pytest.mark.parametrize(
    ("head", "hint"),
    [
        ("[policy.rules.waiting]", "leave that word out: a policy file says [rules.waiting]"),
        ("[waiting]", "write [rules.waiting]"),
        ("[rule.waiting]", "did you mean 'rules'?"),
    ],
)
def test_a_rule_in_the_wrong_table_of_a_policy_file(tmp_path: Path, head: str, hint: str) -> None:
    (tmp_path / "p.toml").write_text(f"{head}\nweight = 3\n")
    with pytest.raises(InputError, match="unknown key") as caught:
        load_policy(tmp_path / "p.toml")
    (problem,) = caught.value.problems
    assert problem.suggestion == hint
