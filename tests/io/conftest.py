"""A small valid term as files, for tests that then break one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import Instance, LevelResult, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.errors import Problem
from scheduler.io import instance_hash, load_instance, read_instance

FILES = {
    "instance.toml": """\
name = "fall"
first_monday = 2026-08-24
weeks = 16
planning_date = "2026-05-01"
timezone = "America/New_York"
professions = ["perfusion"]

[[shifts]]
shift = "day"
start = "07:00"
end = "19:00"

[[shifts]]
shift = "am"
start = "08:00"
end = "12:00"

[policy.rules.waiting]
weight = 3
""",
    "schools.csv": "school,name\nmaple,Maple State\nelm,Elm\n",
    "programs.csv": "program,school,profession\nbsn,maple,rn\ndpt,elm,pt\n",
    "calendar.csv": "program,start,end,kind\nbsn,2026-11-25,2026-11-27,holiday\n",
    "requirements.csv": """\
program,requirement,specialties,amount,after,elective_set,choose,supervision
bsn,N1,medsurg,4,,,,faculty
bsn,N2,medsurg,4,N1,,,service
bsn,E1,peds,2,,el,1,precepted
bsn,E2,medsurg,2,,el,1,precepted
dpt,P1,medsurg,8,,,,precepted
""",
    "student_requirements.csv": "student,requirement,change,amount\n0002,N2,waive,\n",
    "students.csv": "student,program,group\n0001,bsn,gA\n0002,bsn,gA\n0003,dpt,\n",
    "groups.csv": "group,program,requirements,size,faculty\ngA,bsn,N1,8,jones\n",
    "availability.csv": "who_kind,who,start,end,weekdays,shift\nstudent,0003,2026-09-01,2026-09-02,Mo-Fr,am\n",
    "preferences.csv": "who_kind,who,requirement,what,value,rank,score\nstudent,0001,E1,unit,4B,1,\nstudent,0003,,waiting,,,-2\n",
    "credits.csv": "student,requirement,amount\n0001,N2,1\n",
    "sites.csv": "site,name,lat,lon\nmercy,Mercy,42.5,-71\nclinic,Lee clinic,,\n",
    "units.csv": "unit,site,specialties\n4B,mercy,medsurg\nPeds,mercy,peds\n",
    "capacity.csv": "unit,weekdays,shift,profession,most_students\n4B,Tu Th,day,rn,10\n",
    "slots.csv": """\
slot,unit,specialty,professions,first_start,last_start,starts,length,pattern,weekdays,days_per_week,shift,preceptors,most_students,excuses
TuTh,4B,,rn,2026-08-25,2026-10-06,,4,fixed,Tu Th,,day,,10,
any2,Peds,peds,,,,2026-09-07;2026-10-05,2,any,Mo Tu We,2,day,kim,2,Tu am
lee,clinic,medsurg,pt,2026-09-07,,,8,follows,Mo Tu We Th Fr,,,lee,1,
""",
    "reservations.csv": "slot,school,guaranteed\nTuTh,maple,8\n",
    "preceptors.csv": """\
preceptor,kind,school,units,cover
jones,faculty,maple,,
kim,preceptor,,Peds,lee
lee,preceptor,,clinic,
""",
    "commitments.csv": "who_kind,who,start,end,requirement\nstudent,0002,2026-09-07,2026-09-18,E1\n",
    "agreements.csv": "school,sites\nmaple,mercy;clinic\n",
    "clearances.csv": "student,item,end\n0001,flu,2026-12-31\n",
    "site_clearances.csv": "site,item,season_start,season_end\nmercy,flu,10-01,03-31\n",
    "conflicts.csv": "student,unit\n0001,Peds\n",
    "ipe_teams.csv": "team,unit,professions\nt1,4B,rn:1;pt:1\n",
    "pins.csv": "student,group,requirement,slot,start,pin\n,gA,N1,TuTh,2026-09-01,must\n",
    "history.csv": "term,school,program,unit,used\nfall25,maple,bsn,4B,8\n",
}

Break = Callable[[str, str, str], list[Problem]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A valid instance folder."""
    path = tmp_path / "term"
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text, "utf-8")
    return path


@pytest.fixture
def instance(folder: Path) -> Instance:
    """The instance in it."""
    return read_instance(folder)


@pytest.fixture
def broken(folder: Path) -> Break:
    """Replaces one piece of text of one file, and gives all problems that then exist."""

    def change(name: str, old: str, new: str) -> list[Problem]:
        text = (folder / name).read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} does not stand in {name}"
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
        found, problems = load_instance(folder)
        assert (found is None) == any(p.severity == "error" for p in problems)
        return problems

    return change


Place = Callable[..., Placement]


def _placement(**values: object) -> Placement:
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
            _placement(),
            _placement(**kim, **one, weeks=2, hours=37.5, hours_lost=1 / 3, status="confirmed"),
            _placement(**lee, **rest, weeks=8, hours=320),
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


@pytest.fixture(scope="session")
def placement() -> Place:
    """Makes placements of the group gA, but for what is said otherwise."""
    return _placement
