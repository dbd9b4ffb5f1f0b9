"""Usual mistakes with homes, housing, languages, scholarships and fees, each with its place and likely fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.io import load_instance

#: Students live near Mercy (42.5, −71), and the clinic is 44 km to the north.
FILES = {
    "programs.csv": """\
program,school,profession,most_distance_km,most_distance_housed_km,most_fees
bsn,maple,rn,60,90,500
dpt,elm,pt,,,
""",
    "students.csv": """\
student,program,group,home_lat,home_lon,drives,languages,scholarship
0001,bsn,gA,42.5,-71,true,english,rural
0002,bsn,gA,42.6,-71,true,english;spanish,
0003,dpt,,42.7,-71,false,,
""",
    "sites.csv": """\
site,lat,lon,languages,needs_car,fee_per_week
mercy,42.5,-71,english,false,40
clinic,42.9,-71,spanish,true,0
""",
    "housing.csv": "site,beds,start,end,cost,from_weekday\nclinic,2,2026-08-22,2026-12-19,90,Sa\n",
    "scholarships.csv": "scholarship,name,sites,professions\nrural,Rural service,clinic,rn\n",
}


@pytest.fixture
def homes(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def problems(homes: Path, name: str, old: str, new: str) -> list[str]:
    text = (homes / name).read_text("utf-8")
    assert old in text
    (homes / name).write_text(text.replace(old, new), "utf-8")
    return [str(p) for p in load_instance(homes)[1]]


def test_the_term_is_fine(homes: Path) -> None:
    assert problems(homes, "students.csv", "rural", "rural") == []


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("programs.csv", "60,90", ",90", "column most_distance_housed_km: says nothing without most_distance_km (found '90')"),
        ("programs.csv", "60,90", "60,50", "is smaller than most_distance_km (60) (found '50'); expected at least 60"),
        ("students.csv", "42.5,-71", "42.5,71", "the nearest site, clinic, is "),
        ("students.csv", "42.5,-71", "42.5,71", "is a sign missing, or are latitude and longitude exchanged?"),
        (
            "students.csv",
            "42.5,-71",
            "41,-71",
            "no site is within 60 km, or has housing near enough; the nearest, mercy, is 167 km",
        ),
        (
            "sites.csv",
            "english,false",
            "english,true",
            "column drives: every site needs a car, so the student can be placed nowhere",
        ),
        ("sites.csv", "english,false", "englisch,false", "column languages: no student speaks this (found 'englisch')"),
        (
            "students.csv",
            "english;spanish",
            "english;spansih",
            "no site or preceptor asks for this (found 'spansih'); did you mean 'spanish'?",
        ),
        ("students.csv", ",rural", ",rurl", "has no row in scholarships: it is a label and prefers no site (found 'rurl')"),
        (
            "scholarships.csv",
            ",clinic",
            ",clinique",
            "column sites: unknown id in sites (found 'clinique'); did you mean 'clinic'?",
        ),
        ("scholarships.csv", ",rn", ",nr", "column professions: unknown profession (found 'nr')"),
        ("scholarships.csv", "rural,Rural", "rural,A,,\nrural,Rural", "row 2 has the same scholarship (found 'rural')"),
        ("sites.csv", "42.9,-71", ",", "row 2, column site: the site has no lat and lon, so nobody is far enough from it"),
        ("housing.csv", "2026-12-19", "2026-08-21", "the row ends before it starts (2026-08-22)"),
        (
            "housing.csv",
            "2026-08-22,2026-12-19",
            "2026-09-07,2026-09-09",
            "none of these weekdays lies between 2026-09-07 and 2026-09-09",
        ),
        ("housing.csv", "clinic", "clinik", "column site: unknown id in sites (found 'clinik'); did you mean 'clinic'?"),
    ],
)
def test_mistakes(homes: Path, name: str, old: str, new: str, sentence: str) -> None:
    found = problems(homes, name, old, new)
    assert any(sentence in text for text in found), "\n".join(found)


def test_a_budget_is_for_something_that_costs(homes: Path) -> None:
    assert problems(homes, "sites.csv", "false,40", "false,0") == []  # the beds still cost something
    found = problems(homes, "housing.csv", "19,90", "19,0")
    sentence = "column most_fees: limits nothing: no site has a fee_per_week, and no housing a cost (found '500')"
    assert any(sentence in text for text in found), "\n".join(found)


def test_a_limit_without_coordinates_limits_nothing(homes: Path) -> None:
    (homes / "students.csv").write_text("student,program,group\n0001,bsn,gA\n0002,bsn,gA\n0003,dpt,\n", "utf-8")
    found = [str(p) for p in load_instance(homes)[1]]
    sentence = "column most_distance_km: limits nothing: no student of the program has home_lat and home_lon (found '60')"
    assert any(sentence in text for text in found), "\n".join(found)
