"""The workbook that one sender fills in."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.domain.tables import Group, Student
from scheduler.intake.forms import FORMS
from scheduler.intake.merging import plan
from scheduler.intake.opening import open_data
from scheduler.intake.reading import read_submission
from scheduler.intake.sender import Sender
from scheduler.intake.template import template
from scheduler.intake.words import LANGUAGES, words
from scheduler.io import read_instance, read_solution
from tests.intake.given import KIM, MAPLE, WARD, term

ROOT = Path(__file__).parents[2]
RIVERBEND = ROOT / "instances" / "riverbend"


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
