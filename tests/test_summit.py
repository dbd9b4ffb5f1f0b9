"""The clinical year of summit is what its script writes, and each rule that its README names bites in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from scheduler.domain import Instance, Placement
from tests.examples import ROOT, broken, example, reference, report, rules_named, without, written

README = (ROOT / "instances" / "summit" / "README.md").read_text("utf-8")
B1, B2, B3, B4, B5 = "2026-05-11", "2026-06-15", "2026-07-20", "2026-08-24", "2026-09-28"
B6, B7, B8, B9, B10 = "2026-11-02", "2026-12-07", "2027-01-11", "2027-02-15", "2027-03-22"

#: A year of s-05 that misses what a whole year has to have: five sites, but no rural one; hours, but none with a PA.
YEAR = f"""\
s-05 IM MED-pa {B1}
s-05 FM fam-ash-fam {B2} dr-ash
s-05 SURG SUR-pa {B3}
s-05 PED PED-pa {B4} t-ped
s-05 EM ED-pa {B5} em-ames
s-05 BH BHU-pa {B6} t-bhu
s-05 WH WH-pa {B7} t-wh
s-05 GER ALTC-pa {B8}
s-05 E-ORT ORT-pa {B9}
s-05 E-CAR CAR-pa {B10}"""
WITH_PA = (f"ED-pa {B5} em-ames", f"ED-pa {B5} em-bly")
HOLDERS = ("s-11", "s-23", "s-31")
RURAL = (f"GER ALTC-pa {B8}", f"GER TLTC-pa {B8}")

#: Placements that break one rule, and nothing else.
BREAKS = [
    ("preceptor_rest", f"s-01 FM fam-ash-fam {B1} dr-ash\ns-05 FM fam-ash-fam {B2} dr-ash"),
    (
        "preceptor_weeks",
        "\n".join(f"s-{i:02d} FM fam-ash-fam {b} dr-ash" for i, b in ((1, B1), (5, B3), (6, B5), (8, B7), (9, B9))),
    ),
    ("preceptor_available", f"s-01 PED ped-lane-ped {B3} dr-lane"),  # leave, and nobody covers
    ("preceptor_at_once", f"s-01 FM fam-bell-fam {B4} dr-bell"),  # the medical college's own student
    ("no_repeat", f"s-05 FM fam-elm-fam {B1} dr-elm\ns-05 PED fam-elm-ped {B3} dr-elm"),
    ("setting_weeks", YEAR.replace(*WITH_PA)),
    ("licence_hours", YEAR.replace(*RURAL)),
    ("start_window", f"s-01 IM MED-pa {B8}"),
    ("spacing", f"s-01 BH BHU-pa {B1} t-bhu\ns-01 GER LTC-pa {B6}"),
    ("heavy", f"s-01 IM MED-pa {B1}\ns-01 SURG SUR-pa {B2}"),
    ("order", f"s-01 EM ED-pa {B3} em-ames"),
    ("kept_together", "m-01 FMC FMR-md 2026-08-24 t-fmr\nm-01 FMC FMR-md 2026-11-16 t-fmr"),
    ("distance", f"s-24 BH bh-vane-psy {B1} dr-vane"),
    ("car", f"s-04 FM fam-frost-fam {B1} dr-frost"),
    (
        "housing",
        f"s-05 SURG GSUR-pa {B3}\ns-06 E-COM GCOM-pa {B3}\n"
        f"s-08 E-COM GCOM-pa {B3}\ns-09 IM MED-pa {B1}\ns-09 EM GED-pa {B3} em-fitch",
    ),
    ("most_lodgings", f"s-05 SURG GSUR-pa {B1}\ns-05 GER TLTC-pa {B3}"),
    ("licence", f"s-05 PED ped-pike-ped {B1} dr-pike"),
    ("experience", f"s-05 WH wh-teal-wom {B1} dr-teal"),
    ("experience", f"s-05 FM fam-king-fam {B1} dr-king"),
]

#: Wishes: rule, lines, and what they cost.
WISHES = [
    ("relocation", f"s-05 FM fam-ash-fam {B1} dr-ash\ns-05 SURG GSUR-pa {B2}\ns-05 PED PED-pa {B3} t-ped", 2),
    ("travel", f"s-05 BH bh-vane-psy {B1} dr-vane", 1),
    ("fees", f"s-05 E-DER der-zane-der {B1} dr-zane", 15),
    ("fees", f"s-05 SURG GSUR-pa {B1}", 5),  # a bed at Granby
    ("high_need", f"s-05 SURG GSUR-pa {B1}", -5),
    ("language", f"s-05 FM fam-cruz-fam {B1} dr-cruz", 1),
    ("language", f"s-01 FM fam-cruz-fam {B1} dr-cruz", 0),
    ("scholarship", f"s-11 SURG SUR-pa {B1}", 1),
    ("scholarship", f"s-11 SURG GSUR-pa {B1}", 0),
    ("competency", f"s-05 IM MED-pa {B1}\ns-05 SURG MSUR-pa {B3}\ns-05 EM MED2-pa {B5} em-dahl", 1),  # nobody sutures there
    ("competency", f"s-05 IM MED-pa {B1}\ns-05 SURG SUR-pa {B3}\ns-05 EM MED2-pa {B5} em-dahl", 0),
    ("ipe_team", "m-01 IMC MED-md 2026-08-24\nm-01 FMC FMR-md 2027-01-11 t-fmr\nm-01 FMC FMR-md 2027-02-08 t-fmr", 1),
    (
        "ipe_team",
        f"m-01 IMC MED-md 2026-08-24 | ward 2026-08-24\ns-05 IM MED-pa {B4} | ward 2026-08-24\n"
        "m-01 FMC FMR-md 2027-01-11 t-fmr\nm-01 FMC FMR-md 2027-02-08 t-fmr",
        0,
    ),
]


@cache
def summit() -> Instance:
    """The year without the lines that students drew, which small schedules would not keep."""
    return example("summit").model_copy(update={"pins": ()})


def placements(**wanted: object) -> list[Placement]:
    return [p for p in reference("summit").placements if all(getattr(p, name) == value for name, value in wanted.items())]


def test_the_script_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    fresh, kept = written("summit", tmp_path)
    assert fresh == kept


@pytest.mark.parametrize(("rule", "lines"), BREAKS)
def test_a_rule_forbids_what_the_year_would_allow_without_it(rule: str, lines: str) -> None:
    assert broken(summit(), *lines.splitlines()) == {rule}
    assert broken(without(summit(), rule), *lines.splitlines()) == set()


@pytest.mark.parametrize(("rule", "lines", "cost"), WISHES)
def test_a_wish_has_its_data(rule: str, lines: str, cost: int) -> None:
    found = report(summit(), *lines.splitlines())
    assert found.violations == ()
    assert found.penalties[rule] == cost


def test_the_same_year_is_fine_with_a_rural_block_and_a_preceptor_who_is_a_pa() -> None:
    assert broken(summit(), *YEAR.replace(*WITH_PA).replace(*RURAL).splitlines()) == set()


def test_hours_of_the_program_allow_one_short_elective() -> None:
    """A year of five days a week has 1,768 hours, without what is lost; each of the two short electives has 32 less."""
    year = YEAR.replace(*WITH_PA).replace(f"E-CAR CAR-pa {B10}", f"E-COM GCOM-pa {B10}")
    assert broken(summit(), *year.splitlines()) == set()
    both = year.replace(f"E-ORT ORT-pa {B9}", f"E-ORT MORT-pa {B9}")
    assert broken(summit(), *both.splitlines()) == {"program_hours"}


def test_a_year_is_spent_at_four_sites_at_least() -> None:
    """Larch and Mercy, and Tonset for older adults, are three."""
    year = YEAR.replace(*WITH_PA).replace(*RURAL).replace(f"FM fam-ash-fam {B2} dr-ash", f"FM FHC-pa {B2} t-fhc")
    assert broken(summit(), *year.splitlines()) == {"breadth"}


def test_cover() -> None:
    """dr-thorn is away in the second block: dr-tull takes over, unless he is away himself."""
    assert broken(summit(), f"s-05 FM TFM-pa {B2} dr-thorn") == set()
    assert broken(summit(), f"s-05 FM TFM-pa {B2} dr-thorn", f"s-11 RFM TFM-10 {B1} dr-tull") == {"preceptor_at_once"}


def test_fees_stay_within_the_budget() -> None:
    """With a dollar less than what the reference schedule pays, it would not be allowed."""
    fees = {site.site: site.fee_per_week for site in summit().sites}
    paid = sum(fees[p.site] * p.weeks for p in placements(program="summit-pa"))
    programs = [p for p in summit().programs if p.program == "summit-pa"]
    assert 0 < paid <= (programs[0].most_fees or 0)
    tight = [p.model_copy(update={"most_fees": paid - 1}) if p.most_fees else p for p in summit().programs]
    less = summit().model_copy(update={"programs": tuple(tight)})
    lines = [f"{p.student} {p.requirement} {p.slot} {p.start} {p.preceptor}" for p in placements(program="summit-pa")]
    assert broken(less, *lines) == {"budget"}


def test_electives() -> None:
    asked = report(summit()).unplaced
    assert {u.missing for u in asked if u.requirement == "elective" and u.student not in HOLDERS} == {2}
    assert {u.missing for u in asked if u.requirement == "elective" and u.student in HOLDERS} == {1}


def test_lines_are_kept() -> None:
    drawn = {(pin.student or "", pin.requirement or ""): pin.start for pin in example("summit").pins}
    placed = {(p.student, p.requirement): p.start for p in reference("summit").placements}
    assert len(drawn) == 88
    assert {key: placed.get(key) for key in drawn} == drawn


def test_late_and_back() -> None:
    assert min(p.start for p in placements(student="s-45")).isoformat() >= B2
    assert [p.requirement for p in placements(student="s-44")] == ["SURG"]


def test_nobody_is_left_out_but_whom_the_readme_names() -> None:
    left = reference("summit").unplaced
    assert [(u.program, u.requirement) for u in left] == [("summit-pa", "RFM")]
    total = len(left) + len(reference("summit").placements) - 10  # the second halves of Granite's family medicine
    assert f"Of {total} required rotations {total - 1} are placed" in README


def test_each_rule_that_the_readme_names_is_shown_here() -> None:
    elsewhere = {"breadth", "program_hours", "budget", "elective"}
    assert rules_named(README) == {rule for rule, *_ in BREAKS} | {rule for rule, *_ in WISHES} | elsewhere
