"""The workbook that one sender fills in."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.domain.tables import CalendarRow, Clearance, Group, Preceptor, Slot, Student
from scheduler.intake.catalogue import day_text
from scheduler.intake.cover import cover_lines
from scheduler.intake.forms import FORMS, Form
from scheduler.intake.grid import Value
from scheduler.intake.merging import plan
from scheduler.intake.opening import open_data
from scheduler.intake.reading import read_submission
from scheduler.intake.sender import Sender
from scheduler.intake.template import template
from scheduler.io import read_instance, read_solution
from scheduler.words import LANGUAGES, words
from tests.intake.given import KIM, MAPLE, WARD, term

ROOT = Path(__file__).parents[2]
RIVERBEND = ROOT / "instances" / "riverbend"


def texts(content: bytes) -> set[str]:
    """Every text of a workbook; of those with several names, each."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = re.findall(r">([^<>]+)<", "".join(archive.read(name).decode() for name in archive.namelist()))
    return {part for text in found for part in (text, *text.split("; "))}


def senders(instance: Instance) -> list[Sender]:
    """All schools, and a few units and preceptors."""
    schools = dict.fromkeys(p.school for p in instance.programs)
    found = [Sender("school", school) for school in schools]
    found += [Sender("unit", u.unit) for u in instance.units[:4]]
    return found + [Sender("preceptor", p.preceptor) for p in instance.preceptors[:3]]


@pytest.mark.parametrize("name", ["small", "riverbend", "harbor", "prairie", "summit", "cedar"])
def test_what_is_filled_in_reads_back_and_changes_nothing(name: str) -> None:
    path = ROOT / "instances" / name
    if not path.exists():
        pytest.skip("not among the instances")
    instance = read_instance(path)
    for i, sender in enumerate(senders(instance)):
        language = LANGUAGES[i % len(LANGUAGES)]
        received = open_data("template.xlsx", template(instance, sender, None, language))
        submission = read_submission(received, instance, sender)
        assert [f for f in submission.findings if f.severity == "error"] == [], (sender, language)
        assert plan(instance, submission).changes == (), (sender, language)
        assert plan(instance, submission, complete=True).changes == (), (sender, language)


@pytest.mark.parametrize("sender", [MAPLE, WARD, KIM])
def test_every_form_has_its_sheet_in_every_language(sender: Sender) -> None:
    for language in LANGUAGES:
        labels = words(language, "labels")
        grids = {g.name: g for g in open_data("t.xlsx", template(term(), sender, None, language)).grids}
        assert next(iter(grids)) == labels["cover"] and not grids[labels["cover"]].hidden
        forms = [f for f in FORMS[sender.kind] if f.name != "answers"]
        assert list(grids)[1:-2] == [labels["sheets"][f.name] for f in forms]
        assert grids["_lists"].hidden and grids["_about"].hidden
        for form in forms:
            page = grids[labels["sheets"][form.name]]
            wanted = [labels["columns"][f.name] + (" *" if f.needed else "") for f in form.fields if f.shown]
            assert page.rows[0] == wanted
            assert page.rows[1][0] == labels["answers"]["example"]


def test_nothing_of_other_schools() -> None:
    instance = read_instance(RIVERBEND)
    for school in ("ash", "del"):
        content = template(instance, Sender("school", school))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
        programs = {p.program: p.school for p in instance.programs}
        theirs = {s.student for s in instance.students if programs[s.program] != school}
        theirs |= {g.group for g in instance.groups if programs[g.program] != school}
        words_in_file = set(re.findall(r"[\w-]+", text))
        assert not theirs & words_in_file


def test_the_same_instance_gives_the_same_bytes() -> None:
    assert template(term(), MAPLE) == template(term(), MAPLE)


def test_lists_are_as_long_as_their_ranges() -> None:
    content = template(read_instance(RIVERBEND), Sender("school", "ash"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        text = "".join(archive.read(name).decode() for name in sheets)
    lists = next(g for g in open_data("t.xlsx", content).grids if g.name == "_lists")
    ranges = re.findall(r"_lists!\$([A-Z]+)\$2:\$\1\$(\d+)", text)
    assert len(ranges) > 10
    for letter, last in ranges:
        column = ord(letter) - 65
        values = [row[column] for row in lists.rows[1:] if column < len(row) and row[column] is not None]
        assert len(values) == int(last) - 1


@pytest.mark.parametrize("sender", [Sender("school", "ash"), Sender("unit", "RMC-4B"), Sender("preceptor", "p-agnew")])
def test_answers(sender: Sender) -> None:
    instance = read_instance(RIVERBEND)
    schedule = read_solution(ROOT / "solutions" / "riverbend", instance)
    content = template(instance, sender, schedule)
    received = open_data("t.xlsx", content)
    page = next(g for g in received.grids if g.name == "Answers")
    assert len(page.rows) > 1
    column = page.rows[0].index("Answer")
    for row in page.rows[1:]:
        row.extend([None] * (column + 1 - len(row)))
        row[column] = "yes"
    submission = read_submission(received, instance, sender)
    assert not submission.findings.failed
    assert len(submission.of("answers")) == len(page.rows) - 1
    found = {(e.cells["who"], e.cells["slot"], e.cells["start"]) for e in submission.of("answers")}
    assert found <= {(p.student or p.group, p.slot, p.start.isoformat()) for p in schedule.placements}


def test_a_student_of_another_school_with_the_id_of_an_own_group_is_not_proposed() -> None:
    students = (Student(student="X1", program="lake-bsn"), Student(student="m-1", program="maple-bsn"))
    instance = term(students=students, groups=(Group(group="X1", program="maple-bsn", size=8),), availability=(), clearances=())
    day = {"start": date(2026, 9, 7), "end": date(2026, 9, 11), "weeks": 1, "hours": 24}
    place = {"unit": "4B", "slot": "4B-TuTh", **day}
    theirs = Placement(student="X1", program="lake-bsn", requirement="N1", **place)
    own = Placement(group="X1", program="maple-bsn", requirement="NUR310", **place)
    schedule = Schedule(status=Status.FEASIBLE, placements=(theirs, own))
    page = next(g for g in open_data("t.xlsx", template(instance, MAPLE, schedule)).grids if g.name == "Answers")
    assert [row[2] for row in page.rows[1:]] == ["NUR310"]


def _with_own(form: Form, rows: list[list[Value]], instance: Instance, sender: Sender) -> Value:
    """What stands in the first cell when the example is taken for a row of one's own."""
    field = next(f for f in form.fields if f.shown)
    programs = {p.program for p in instance.programs if p.school == sender.id}
    if field.kind == "date":
        return date(2026, 9, 14)
    if field.kind == "new":
        return "NEW-7"
    if len(rows) > 2:
        return rows[2][0]
    if form.name == "clearances" and not (instance.clearances or instance.site_clearances):
        return None  # nothing is known that could be named
    own = [s.student for s in instance.students if s.program in programs]
    return own[0] if field.ref in ("party", "students") and own else None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["riverbend", "small"])
def test_an_example_is_a_row_that_could_be_sent(name: str, language: str) -> None:
    instance = read_instance(ROOT / "instances" / name)
    read = set()
    for sender in senders(instance):
        received = open_data("t.xlsx", template(instance, sender, None, language))
        titles = words(language, "labels")["sheets"]
        tried = set()
        for form in FORMS[sender.kind]:
            page = next((g for g in received.grids if g.name == titles[form.name]), None)
            if page is not None and (first := _with_own(form, page.rows, instance, sender)) is not None:
                page.rows[1][0] = first
                del page.rows[2:]
                tried.add(form.name)
        submission = read_submission(received, instance, sender)
        assert [f for f in submission.findings if f.severity in ("error", "warning")] == [], sender
        assert {e.form for e in submission.entries} == tried
        read |= tried
    never = {"answers", "reservations", "staff"} | ({"clearances"} if not instance.clearances else set())
    assert read >= {f.name for forms in FORMS.values() for f in forms} - never


def test_the_faculty_and_items_of_other_schools_are_not_offered() -> None:
    base = term()
    faculty = (
        Preceptor(preceptor="f-lake", school="lake", kind="faculty"),
        Preceptor(preceptor="f-maple", school="maple", kind="faculty"),
    )
    kept = Slot(slot="for-lake", unit="4B", first_start=date(2026, 8, 24), most_students=1, kept_for=("l-001",))
    items = (*base.clearances, Clearance(student="l-001", item="lakepass"), Clearance(student="m-003", item="maplepass"))
    changed = {"preceptors": (*faculty, *base.preceptors), "slots": (*base.slots, kept), "clearances": items}
    instance = base.model_copy(update=changed)
    school, unit = texts(template(instance, MAPLE)), texts(template(instance, WARD))
    assert not school & {"f-lake", "for-lake", "lakepass", "l-001", "lA", "N1", "lake"}
    assert school >= {"f-maple", "maplepass", "4B-TuTh", "tb test"}
    assert not unit & {"f-lake", "f-maple", "OB-TuTh", "pat"}
    assert unit >= {"kim", "4B-TuTh"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_says_when_and_what_a_missing_row_means(language: str) -> None:
    calendar = (
        CalendarRow(program="maple-bsn", start=date(2026, 8, 31), end=date(2026, 12, 4), kind="term"),
        CalendarRow(program="lake-bsn", start=date(2026, 9, 1), end=date(2026, 12, 11), kind="term"),
    )
    said = {
        sender: " ".join(text for text, _ in cover_lines(term(calendar=calendar), sender, FORMS[sender.kind], language))
        for sender in (MAPLE, WARD, KIM)
    }
    labels = words(language, "labels")
    for day in (date(2026, 6, 1), date(2026, 8, 31), date(2026, 12, 4)):
        assert day_text(day, language) in said[MAPLE]
    assert "lake" not in said[MAPLE] and day_text(date(2026, 12, 11), language) not in said[MAPLE]
    remove = labels["columns"]["leaves"]
    assert remove in said[MAPLE] and remove in said[WARD] and remove not in said[KIM]
    assert "{" not in "".join(said.values())


def test_lists_that_may_be_left_only_warn_and_reach_below_the_rows() -> None:
    with zipfile.ZipFile(io.BytesIO(template(term(), MAPLE))) as archive:
        students, groups = (archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (2, 3))
    checks = {m[1]: m[0] for m in re.finditer(r'<dataValidation [^>]*sqref="([A-Z]+)2:[A-Z]+\d+"[^>]*>', students)}
    last = {int(n) for n in re.findall(r'sqref="[A-Z]+2:[A-Z]+(\d+)"', students)}
    assert len(last) == 1 and last.pop() >= 2000
    assert 'errorStyle="warning"' in checks["D"] and "errorStyle" not in checks["E"]  # group; yes or no
    several = re.search(r'<dataValidation [^>]*sqref="D2:D\d+"[^>]*>', groups)  # required rotations, separated by ;
    assert several and 'type="list"' in several[0] and "showErrorMessage" not in several[0]


def test_text_of_several_lines_has_room() -> None:
    instance, ward = read_instance(RIVERBEND), Sender("unit", "RMC-4B")
    with zipfile.ZipFile(io.BytesIO(template(instance, ward, None, "es"))) as archive:
        cover, slots = (archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    heights = {int(row): float(height) for row, height in re.findall(r'<row r="(\d+)"[^>]* ht="([\d.]+)"', cover)}
    forms = [f for f in FORMS["unit"] if f.name != "answers"]
    for row, (text, _) in enumerate(cover_lines(instance, ward, forms, "es"), start=1):
        if len(text) > 60:
            assert heights[row] >= 14 * -(-len(text) // 60), text
    assert float(re.findall(r'<row r="1"[^>]* ht="([\d.]+)"', slots)[0]) > 25
