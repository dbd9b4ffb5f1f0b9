"""The harbor term is what its script writes, and each rule that its README names bites in it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import Placement
from tests.examples import ROOT, broken, example, reference, report, rules_named, without, written

README = (ROOT / "instances" / "harbor" / "README.md").read_text("utf-8")
FIRST, SECOND = "2026-08-31", "2026-10-19"

#: Placements that break one rule, and nothing else: rule and lines.
BREAKS = [
    ("reservation", f"PN-1 ADN220 HGLD-TuTh {FIRST}"),
    ("unit_capacity", f"OK-1 N301 HG4S-WeFr {FIRST}\nBI-1 BN31 HG4S-WeFr {FIRST}"),  # two schools in a shift
    ("unit_capacity", f"OK-3 N301 HG5T-WeFr {FIRST}"),  # eight on Wednesdays
    ("unit_capacity", f"CD-1 PN101 ISLTC-TuTh {FIRST}"),  # eight in practical nursing
    ("unit_capacity", f"MB-1 NUR320 SAMB-TuTh {SECOND}"),  # closed
    ("group_ratio", f"OK-4 N301 VA5-WeFr {FIRST}"),
    ("preceptor_ratio", f"pc-1 ADN290 CLC-cap {FIRST} n-hart\npc-3 ADN290 CLC-cap {FIRST} n-hart"),
    ("preceptor_rest", f"pc-1 ADN290 SA2-cap {FIRST} n-ito\npc-3 ADN290 SA2-cap 2026-10-05 n-ito"),
    ("preceptor_trained", "mc-02 NUR480 4N-cap 2026-09-14 n-bryce"),
    ("preceptor_trained", "oc-1 N490 VA6-two 2026-09-07 n-quinn n-reyes"),
    ("preceptor_available", "pc-1 ADN290 SA2-cap 2026-09-28 n-jones"),  # leave, and nobody covers
    ("most_nights", "mc-02 NUR480 4N-night 2026-09-07 n-abel"),
    ("shift_rest", "mc-02 NUR480 5T-night 2026-09-07 n-cho\nmc-02 NUR481 LAB-Mo 2026-09-07"),
    ("employer", f"MB-1 NUR320 HGLD-TuTh {FIRST}"),
    ("lead_time", f"BI-1 BN31 BV1-WeFr {FIRST}"),
    ("clearance", "mc-07 NUR480 SA2-cap 2026-10-05 n-ito"),
    ("agreement", f"BI-1 BN31 VA5-WeFr {SECOND}"),
    ("agreement_places", f"PN-1 ADN210 HG4S-TuTh {FIRST}\nPN-2 ADN210 HG5T-TuTh {FIRST}"),
    ("calendar", f"MB-1 NUR310 HG4N-WeFr {FIRST}"),
    ("conflict", f"mc-04 NUR480 ED-cap {FIRST} n-flores"),
    ("pin", f"MB-1 NUR310 ISMS-TuTh {FIRST}"),
]

#: Nearly the same placements, which are allowed.
FITS = [
    f"MB-4 NUR320 HGLD-TuTh {FIRST}",
    f"OK-4/1 N301 VA5-WeFr {FIRST}\nOK-4/2 N301 VA5-WeFr {SECOND}",
    f"pc-1 ADN290 CLC-cap {FIRST} n-hart\ncl-1 PN190 CLC-cap {FIRST} n-hart",
    f"pc-1 ADN290 SA2-cap {FIRST} n-ito\npc-3 ADN290 SA2-cap 2026-10-19 n-ito",
    "mc-02 NUR480 4N-cap 2026-09-07 n-bryce",
    "oc-1 N490 VA6-two 2026-09-07 n-quinn n-park",
    "mc-02 NUR480 5T-night 2026-09-07 n-cho\nmc-02 NUR481 LAB-Th 2026-09-07",
    f"BI-1 BN31 BV1-WeFr {SECOND}",
    f"mc-07 NUR480 SA2-cap {FIRST} n-ito",
    f"EL-1 ABS1 SA2-SaSu {SECOND}",  # half under the old agreement, half under its renewal
]

#: Wishes: rule, what it costs without any placement, and with one more line.
WISHES = [
    ("returned_places", 0, f"BI-1 BN31 HG4N-WeFr {FIRST}", 8),
    ("school_minimum", 63 + 24, f"BI-1 BN31 HG4N-WeFr {FIRST}", 63 + 16),  # 90 % of Pine's 70, 75 % of Birch's 32
    ("historical_share", 54 + 25 + 15 + 70 + 8, f"BI-1 BN31 HG4N-WeFr {FIRST}", 54 + 25 + 15 + 70),
    ("school_equity", 100, f"BI-1 BN31 HG4N-WeFr {FIRST}", 100),
    ("unit_minimum", 4 * 6, f"BI-1 BN31 ISMS-WeFr {FIRST}", 0),
    ("keep_historical", 0, f"PN-1 ADN210 BV1-TuTh {FIRST}", 1),
    ("keep_historical", 0, f"PN-1 ADN210 SA2-TuTh {FIRST}", 0),
    ("keep_whole", 0, f"OK-4/1 N301 VA5-WeFr {FIRST}", 1),
]


def placements(**wanted: object) -> list[Placement]:
    return [p for p in reference("harbor").placements if all(getattr(p, name) == value for name, value in wanted.items())]


def test_the_script_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    fresh, kept = written("harbor", tmp_path)
    assert fresh == kept


@pytest.mark.parametrize(("rule", "lines"), BREAKS)
def test_a_rule_forbids_what_the_term_would_allow_without_it(rule: str, lines: str) -> None:
    harbor = example("harbor")
    assert broken(harbor, *lines.splitlines()) == {rule}
    assert broken(without(harbor, rule), *lines.splitlines()) == set()


@pytest.mark.parametrize("lines", FITS)
def test_what_is_next_to_it_is_allowed(lines: str) -> None:
    assert broken(example("harbor"), *lines.splitlines()) == set()


@pytest.mark.parametrize(("rule", "before", "line", "after"), WISHES)
def test_a_wish_has_its_data(rule: str, before: int, line: str, after: int) -> None:
    harbor = example("harbor")
    assert (report(harbor).penalties[rule], report(harbor, line).penalties[rule]) == (before, after)


def test_priority_goes_by_tier_then_student_then_lottery() -> None:
    """Maple is in tier 1, Pine in tier 2; mc-08 has priority 3 and goes before all of Maple with 1."""
    harbor = example("harbor")

    def won(line: str) -> int:
        return -report(harbor, line).penalties["priority"]

    assert won(f"MB-3 NUR310 SA2-TuTh {FIRST}") > won(f"PN-2 ADN210 SA2-TuTh {FIRST}")
    capstones = {
        who: won(f"{who} NUR480 ED-cap {FIRST} n-flores") for who in ("mc-08", "mc-11", "mc-02", "mc-03", "mc-05", "mc-06")
    }
    assert capstones["mc-08"] > capstones["mc-11"] > max(capstones[who] for who in ("mc-02", "mc-03", "mc-05", "mc-06"))
    assert len({capstones[who] for who in ("mc-02", "mc-03", "mc-05", "mc-06")}) > 1


def test_the_guarantee_ends_on_the_give_back_date() -> None:
    """From 1 August on anybody may have Maple's places; that costs a point a student, as Oak's cost already in June."""
    august = example("harbor").model_copy(update={"planning_date": date(2026, 8, 1)})
    later = without(august, "lead_time")
    assert broken(later, f"PN-1 ADN220 HGLD-TuTh {FIRST}") == set()
    assert report(later, f"PN-1 ADN220 HGLD-TuTh {FIRST}").penalties["returned_places"] == 8


def test_who_covers_has_the_student_meanwhile() -> None:
    """n-diaz is away from 21 to 25 September, n-engel covers; with a student of her own she has two for that week."""
    harbor = example("harbor")
    lines = ("mc-02 NUR480 ICU-cap 2026-09-07 n-diaz", "mc-03 NUR480 ICU-cap 2026-09-07 n-engel")
    assert broken(harbor, lines[0]) == set()
    assert broken(harbor, *lines) == {"preceptor_at_once", "preceptor_ratio"}


def test_breaks_pause() -> None:
    """In its first seven weeks Maple loses a Tuesday to its fall break, in the second a Thursday to Thanksgiving."""
    groups = placements(program="maple-bsn3", weekdays=(1, 3))
    assert {p.start for p in groups} == {date(2026, 8, 31), date(2026, 10, 19)}
    assert {p.hours_lost for p in groups} == {12}
    assert {p.hours_lost for p in placements(program="pine-adn", start=date(2026, 8, 31))} == {0}


def test_one_group_is_left_without_maternal_newborn_nursing() -> None:
    left = reference("harbor").unplaced
    assert [(u.program, u.requirement) for u in left] == [("maple-bsn3", "NUR320")]
    total = len({(p.student, p.group, p.requirement) for p in reference("harbor").placements}) + 1
    assert f"Of {total} required rotations {total - 1} are placed" in README


def test_the_groups_that_come_are_those_of_the_readme() -> None:
    harbor = example("harbor")
    assert len(harbor.groups) == 19
    assert len(harbor.units) == 30
    assert Counter(s.program for s in harbor.students if not s.group) == {"maple-bsn4": 14, "oak-bsn4": 4, "pine-adn2": 6}
    assert [s.student for s in harbor.students if not s.named] == ["MB-4-tbd8", "MB-4-tbd9", "MB-4-tbd10"]


def test_who_refuses_the_shot_is_done_before_october() -> None:
    assert max(p.end for p in placements(student="mc-07")) < date(2026, 10, 1)


def test_each_rule_that_the_readme_names_is_shown_here() -> None:
    elsewhere = {"priority", "preceptor_at_once"}
    assert rules_named(README) == {rule for rule, *_ in BREAKS} | {rule for rule, *_ in WISHES} | elsewhere
