"""Layouts of other systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.intake.mapping import SHIPPED, load_mapping
from tests.intake.given import WARD, cells, read, said

REQUEST = (
    "ID,ClinicalAgency*,Facility,RotationProgram*,RotationType,Semester,Year,StartDate*,EndDate*,StudentCount*,"
    "TotalHoursPerStudent*,CourseNumber,StudentProgram*,Cohort\n"
    "1,Mercy Hospital,,BSN,Clinical,Fall,2026,09/07/26,10/23/26,8,84,NUR310,maple-bsn,F26A\n"
)


def test_placement_requests() -> None:
    found = read(REQUEST, mapping=load_mapping("placement-request"))
    assert not found.findings.failed and found.mapping == "placement-request"
    assert cells(found, "groups") == [{"group": "F26A NUR310", "program": "maple-bsn", "requirements": "NUR310", "size": "8"}]
    assert [(c.get("start"), c.get("end")) for c in cells(found, "availability")] == [(None, "2026-09-06"), ("2026-10-24", None)]
    assert [(c["what"], c["value"]) for c in cells(found, "preferences")] == [("site", "mercy")]


def test_a_known_layout_is_offered_never_guessed() -> None:
    found = read(REQUEST)
    assert said(found) == ["mapping_offered"] and not found.entries


def test_availability_grids() -> None:
    text = "Student,8/24/2026,8/31/2026,Week 3,Oct 5 - Oct 9\n0041,,V,,x\nm-002,A,,1,R\n"
    found = read(text, mapping=load_mapping("availability-grid"))
    assert [(c["who"], c["start"], c["end"], c["status"]) for c in cells(found, "availability")] == [
        ("0041", "2026-08-31", "2026-09-06", "unavailable"),
        ("0041", "2026-10-05", "2026-10-09", "unavailable"),
        ("m-002", "2026-10-05", "2026-10-09", "avoid"),
    ]
    assert said(read("Student,Week 3\n0041,Q\n", mapping=load_mapping("availability-grid")), "error")[0] == "code_unknown B2"


def test_half_days_of_preceptors() -> None:
    text = "Name,Speciality,location,travel_miles,monAM,monPM,Thursday PM\nKim Lee,medsurg,mercy,3,x,,\n"
    found = read(text, sender=WARD, mapping=load_mapping("preceptor-half-days"))
    assert [(c["preceptor"], c["weekdays"], c["shift"]) for c in cells(found, "staff")] == [
        ("kim", "Mo", "pm"),
        ("kim", "Th", "pm"),
    ]


def test_preference_lists() -> None:
    text = "mcr,preference_rank,posting_code\n0041,1,4B\n0041,2,OB\n"
    found = read(text, mapping=load_mapping("preference-list"))
    assert [(c["rank"], c["value"]) for c in cells(found, "preferences")] == [("1", "4B"), ("2", "OB")]


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        'title = "ours"\nlayout = "list"\n[columns]\nwho = ["Learner"]\ncourse = ["Course"]\n'
        '[needed]\ncolumns = ["who", "course"]\n[values.course]\n"Med Surg" = "NUR310"\n'
        '[[rows]]\nform = "credits"\nwho = "{who}"\nrequirement = "{course}"\namount = "7"\n'
    )
    found = read("Learner,Course\n0041,med surg\nTotal,1\n", mapping=load_mapping(str(path)))
    assert cells(found, "credits") == [{"who": "0041", "requirement": "NUR310", "amount": "7"}]
    assert said(read("a,b\n1,2\n", mapping=load_mapping(str(path))), "error")[0] == "not_this_layout"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("title = 1", "title"),
        ('title = "a"\nlayout = "heap"\n[columns]', "layout"),
        ('title = "a"\nlayout = "list"\n[columns]\nwho = ["x"]\n[[rows]]\nform = "student"', "did you mean 'students'"),
        (
            'title = "a"\nlayout = "list"\n[columns]\nwho = ["x"]\n[[rows]]\nform = "students"\nstudent = "{whom}"',
            "did you mean 'who'",
        ),
        ('title = "a"\nlayout = "list"\n[columns]\nwho = ["x"]\n[needed]\ncolumns = ["whoo"]', "did you mean 'who'"),
        ("= nonsense", "TOML"),
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=word):
        load_mapping(str(path))


def test_names_of_mappings() -> None:
    with pytest.raises(InputError, match="placement-request"):
        load_mapping("placement-requests")
    for name in SHIPPED:
        assert load_mapping(name).file.title
