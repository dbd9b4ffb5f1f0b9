"""Limits of licence, experience, group and hours that nothing can meet, or that limit nothing, are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.io import load_instance
from scheduler.io.policies import load_policy
from tests.io.conftest import FILES

PROGRAMS = "program,school,profession,{}\nbsn,maple,rn,{}\ndpt,elm,pt,\n"
ROTATIONS = FILES["requirements.csv"].replace("supervision\n", "supervision,{}\n")
COMMITMENTS = "who_kind,who,start,end,weekdays,hours_per_week\n{},2026-09-07,2026-09-18,Sa Su,{}\n"
PRECEPTORS = FILES["preceptors.csv"].replace("cover\n", "cover,licence\n").replace("Peds,lee", "Peds,")


def rotation(row: str, column: str, value: str) -> str:
    """The rotations, with a value in a new column of one of them."""
    lines = ROTATIONS.format(column).splitlines()
    return (
        "\n".join(line + (f",{value}" if line.startswith(f"{row},") else "," if i else "") for i, line in enumerate(lines)) + "\n"
    )


def licensed(kim: str, lee: str) -> str:
    """The preceptors, with kim's and lee's licence."""
    own = {"kim": kim, "lee": lee}
    lines = PRECEPTORS.splitlines()
    return "\n".join([lines[0], *(f"{line},{own.get(line.split(',')[0], '')}" for line in lines[1:])]) + "\n"


HAVE = {"preceptors.csv": licensed("np", "pt")}
CASES = [
    ({"requirements.csv": rotation("dpt,P1", "licences", "pt"), **HAVE}, ""),
    ({"requirements.csv": rotation("dpt,P1", "licences", "ptx"), **HAVE}, "column licences: unknown profession (found 'ptx')"),
    (
        {"requirements.csv": rotation("dpt,P1", "licences", "pa;ot"), **HAVE},
        "column licences: no preceptor who teaches this has one of these licences (found 'pa;ot')",
    ),
    (
        {"requirements.csv": rotation("dpt,P1", "licences", "pt")},
        "fill in licence in preceptors: it is empty for 2 preceptors, like kim",
    ),
    (
        {"requirements.csv": rotation("dpt,P1", "licences", "np"), "preceptors.csv": licensed("np", "")},
        "the licence of lee is not known: not accepted here (found 'np'); fill in licence in preceptors",
    ),
    (
        {"requirements.csv": rotation("bsn,N2", "licences", "np"), **HAVE},
        "column licences: has no effect: the rotation is supervised by service (found 'np')",
    ),
    (
        {"requirements.csv": rotation("bsn,N1", "least_experience_years", "2")},
        "column least_experience_years: has no effect: the rotation is supervised by faculty (found '2')",
    ),
    (
        {"requirements.csv": rotation("dpt,P1", "most_preceptors", "2")},
        "column most_preceptors: has no effect on a rotation in one placement (found '2')",
    ),
    ({"programs.csv": PROGRAMS.format("licence_hours", "np:20"), **HAVE}, ""),
    (
        {"programs.csv": PROGRAMS.format("licence_hours", "nq:20"), **HAVE},
        "column licence_hours: unknown profession (found 'nq')",
    ),
    (
        {"programs.csv": PROGRAMS.format("licence_hours", "np:20;np:30"), **HAVE},
        "column licence_hours: a licence is listed twice (found 'np;np')",
    ),
    (
        {"programs.csv": PROGRAMS.format("licence_hours", "pa:20"), **HAVE},
        "column licence_hours: no preceptor has this licence, so somebody's last rotation is never placed (found 'pa')",
    ),
    ({"programs.csv": PROGRAMS.format("most_per_faculty", "8")}, ""),
    (
        {"programs.csv": PROGRAMS.format("most_per_faculty", "7")},
        "its faculty member may lead 7 (most_per_faculty) (found '8'); allow to split it, with a least_size of at most 4",
    ),
    (
        {
            "programs.csv": PROGRAMS.format("most_per_faculty", "7"),
            "groups.csv": "group,program,requirements,size,faculty,split,least_size\ngA,bsn,N1,8,jones,allowed,4\n",
        },
        "",
    ),
    (
        {
            "programs.csv": PROGRAMS.format("most_hours_per_week", "40"),
            "commitments.csv": COMMITMENTS.format("student,0001", "8"),
        },
        "",
    ),
    (
        {"programs.csv": PROGRAMS.format("most_hours_per_week", "40"), "commitments.csv": COMMITMENTS.format("group,gA", "40")},
        "column hours_per_week: leaves no hour of the 40 a week of program bsn (found '40')",
    ),
    (
        {"commitments.csv": COMMITMENTS.format("student,0001", "8")},
        "column hours_per_week: has no effect: program bsn has no most_hours_per_week (found '8')",
    ),
    (
        {"commitments.csv": COMMITMENTS.format("preceptor,kim", "8")},
        "column hours_per_week: only those of a student or group are counted (found '8')",
    ),
    (
        {"programs.csv": PROGRAMS.format("most_hours_per_week", "169")},
        "column most_hours_per_week: a week has 168 hours (found '169'); expected at most 168",
    ),
    (
        {
            "programs.csv": PROGRAMS.format("most_hours_per_week", "40"),
            "commitments.csv": COMMITMENTS.format("student,0001", "200"),
        },
        "column hours_per_week: a week has 168 hours (found '200'); expected at most 168",
    ),
    (
        {"instance.toml": FILES["instance.toml"] + '[policy.rules.preceptor_ratio]\nratios = ["np:2", "nq:1"]\n'},
        "policy.rules.preceptor_ratio.ratios: unknown profession (found 'nq')",
    ),
    # a job of 20 hours that leaves no day of a month for a placement
    (
        {
            "programs.csv": PROGRAMS.format("most_hours_per_week", "40"),
            "commitments.csv": COMMITMENTS.format("student,0001", "20").replace("Sa Su", ""),
        },
        "column weekdays: without weekdays and shift it takes all the time of 0001, not 20 hours a week; give the weekdays",
    ),
    (
        {"requirements.csv": rotation("dpt,P1", "most_preceptors", "1").replace("precepted", "co-precepted"), **HAVE},
        "column most_preceptors: a co-precepted rotation has two (found '1'); expected 2 or more",
    ),
]


@pytest.mark.parametrize(("files", "sentence"), CASES)
def test_staffing(folder: Path, files: dict[str, str], sentence: str) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    _, problems = load_instance(folder)
    found = " | ".join(map(str, problems))
    assert sentence in found
    assert bool(sentence) == bool(found)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("[rules.preceptor_ratio]\nratios = ['np:2', 'rn']", "expected a list of names with numbers, like ['np:2']"),
        ("[rules.preceptor_ratio]\nratios = ['np:2;rn:1']", "expected a list of names with numbers, like ['np:2']"),
        ("[rules.employer]\nscope = 'ward'", "expected one of unit, site"),
    ],
)
def test_parameters(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(InputError, match=sentence.replace("[", r"\[")):
        load_policy(path)


def test_a_policy_file_names_professions_of_the_instance(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[rules.preceptor_ratio]\nratios = ['nurse:1', 'coach:2']\n", "utf-8")
    with pytest.raises(
        InputError, match=r"line 2, key rules.preceptor_ratio.ratios: unknown profession \(found 'nurse'\)"
    ) as wrong:
        load_policy(path, {"rn", "coach"})
    assert len(wrong.value.problems) == 1
