"""Generated terms: sizes, the same files from the same seed, and everything in them that makes clinical schedules hard."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

import cli
from scheduler.domain import Instance
from scheduler.domain.schedule import Status
from scheduler.domain.tables import (
    Availability,
    CapacityRow,
    Clearance,
    Commitment,
    Group,
    Preceptor,
    Requirement,
    Slot,
    Student,
)
from scheduler.generate import TIERS, generate
from scheduler.generate.lives import Lives, make_lives
from scheduler.generate.papers import Reach, make_clearances, make_reach
from scheduler.generate.people import People, make_people
from scheduler.generate.pins import make_pins, placeable
from scheduler.generate.places import Places, make_places
from scheduler.generate.pools import make_pools
from scheduler.generate.slots import Offer, make_offers
from scheduler.generate.staff import Staff, make_staff
from scheduler.generate.tiers import Frame
from scheduler.io import instance_hash, instance_problems, load_instance, write_instance
from scheduler.model.check import check_offers
from scheduler.solve import Settings, solve
from scheduler.terminal.making import TIERS as TIER_NAMES

SIZES = {
    "xs": (2, 20, 6, 15, 16),
    "s": (4, 100, 25, 60, 18),
    "m": (8, 400, 80, 250, 26),
    "l": (12, 1_000, 150, 600, 52),
    "xl": (20, 3_000, 300, 1_500, 52),
    "xxl": (50, 12_000, 1_000, 5_000, 52),
}
#: Large enough to hold everything, small enough for a fast test.
SEEDS = (1, 2, 3)


@cache
def term(tier: str, seed: int, tight: bool = False) -> Instance:
    return generate(tier, seed, tight=tight)


def errors(instance: Instance) -> list[str]:
    return [str(p) for p in instance_problems(instance) if p.severity != "note"]


def asked(instance: Instance, student: Student) -> list[Requirement]:
    """What is asked of a student alone, before credits."""
    added = {(c.student, c.requirement) for c in instance.student_requirements if c.change == "add"}
    return [
        r
        for r in instance.requirements
        if r.program == student.program and (r.applies_to == "all" or (student.student, r.requirement) in added)
    ]


# -- sizes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", [*("xs", "s"), *(pytest.param(t, marks=pytest.mark.slow) for t in ("m", "l", "xl", "xxl"))])
def test_sizes_are_exact(tier: str) -> None:
    for seed in SEEDS[: 1 if tier in ("xl", "xxl") else 3]:
        x = generate(tier, seed)
        assert (len(x.schools), len(x.students), len(x.units), len(x.preceptors), x.weeks) == SIZES[tier]
        assert errors(x) == []


def test_every_size_can_be_asked_for() -> None:
    assert tuple(TIERS) == tuple(SIZES) == TIER_NAMES


@pytest.mark.parametrize("tight", [False, True])
def test_many_seeds_give_valid_terms(tight: bool) -> None:
    for seed in range(12):
        for tier in ("xs", "s"):
            assert errors(generate(tier, seed, tight=tight)) == []


# -- the same seed, the same files; another seed, another region ---------------------------------------------------------------


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert cli.run(["generate", "--tier", "s", "--seed", "5", str(tmp_path / name)]) == 0
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert {"instance.toml", "slots.csv", "preferences.csv", "pins.csv"} <= set(one)


def test_the_files_are_the_same_on_every_platform() -> None:
    """If this changes, generated terms change for everybody who measures with them: say so in the changelog."""
    assert instance_hash(term("xs", 1))[:16] == "248ceac0301640b9"


def test_seeds_differ_in_structure() -> None:
    """Not only in names: which professions there are, how their calendars lie, how much each asks for."""
    shapes = {
        (
            tuple(sorted(Counter(p.profession for p in x.programs).items())),
            len(x.slots),
            tuple(sorted((r.start - x.first_monday).days for r in x.calendar if r.kind == "block")),
            tuple(sorted(g.size for g in x.groups)),
        )
        for x in (generate("xs", seed) for seed in range(8))
    }
    assert len(shapes) == 8
    assert len({tuple(sorted(p.profession for p in generate("xs", seed).programs)) for seed in range(8)}) > 2
    assert len({generate("xs", seed).first_monday.year for seed in range(8)}) > 1


def test_a_written_term_is_read_back(tmp_path: Path) -> None:
    x = term("s", 1)
    write_instance(x, tmp_path / "s")
    read, problems = load_instance(tmp_path / "s")
    assert read == x
    assert [str(p) for p in problems if p.severity != "note"] == []


def test_a_folder_with_files_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("keep me")
    assert cli.run(["generate", "--tier", "xs", str(tmp_path)]) == 2
    assert "the folder to write to is not empty" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


# -- how much there is ---------------------------------------------------------------------------------------------------------


def load_percent(x: Instance, specialty: str, profession: str) -> float:
    """Weeks asked for in a specialty, in percent of the weeks that its preceptors have (whole placements only)."""
    programs = {p.program for p in x.programs if p.profession == profession}
    of_need = {(r.program, r.requirement): r for r in x.requirements if specialty in r.specialties and r.program in programs}
    length = max(r.amount for r in of_need.values())
    demand = sum(r in asked(x, s) for s in x.students for r in of_need.values() if r.program == s.program)
    supply = 0
    for p in x.preceptors:
        if specialty in p.specialties and f"-{profession}-" in p.preceptor:
            supply += p.most_at_once * ((p.most_weeks or x.weeks) // length)
    return 100 * demand / supply


@pytest.mark.parametrize("specialty", ["pediatrics", "psychiatry"])
def test_scarce_specialties_have_a_little_more_than_is_asked_for(specialty: str) -> None:
    for seed in SEEDS:
        for profession in ("pa", "md"):
            assert 80 <= load_percent(term("l", seed), specialty, profession) <= 92


@pytest.mark.parametrize("specialty", ["pediatrics", "psychiatry"])
def test_tight_terms_have_less_than_is_asked_for(specialty: str) -> None:
    for seed in SEEDS:
        for profession in ("pa", "md"):
            assert 97 <= load_percent(term("l", seed, True), specialty, profession) <= 106


@pytest.mark.parametrize("tier", ["s", "l"])
def test_tight_terms_have_the_same_students_and_fewer_places(tier: str) -> None:
    for seed in SEEDS:
        loose, tight = term(tier, seed), term(tier, seed, True)
        for table in ("students", "groups", "requirements", "calendar", "programs"):
            assert loose.rows(table) == tight.rows(table)
        assert sum(s.most_students for s in tight.slots) < sum(s.most_students for s in loose.slots)


def group_pools(tier: str, seed: int) -> list[tuple[int, list[tuple[Group, set[int]]], list[Slot]]]:
    """For each field that groups ask for: places that there are to be, groups with the days of their classes, slots."""
    x = term(tier, seed)
    frame = Frame(TIERS[tier], seed)
    classes: dict[str, set[int]] = defaultdict(set)
    for row in x.calendar:
        if row.effect == "forbid":
            classes[row.program] |= set(row.weekdays)
    found = []
    for pool in make_pools(frame, make_people(frame).courses):
        if pool.supervision == "faculty":
            needs = {(n.course.program.program, n.requirement.requirement) for n in pool.needs}
            groups = [(g, classes[g.program]) for g in x.groups if any((g.program, name) in needs for name in g.requirements)]
            slots = [s for s in x.slots if s.specialty in pool.specialties and s.professions == ("rn",) and s.least_students == 4]
            found.append((pool.at_once, groups, slots))
    return found


def may_come(group: Group, class_days: set[int], slot: Slot) -> bool:
    return group.size <= slot.most_students and len(set(slot.weekdays) - class_days) >= (slot.days_per_week or len(slot.weekdays))


@pytest.mark.parametrize(
    ("tier", "seed"), [("s", 19), ("m", 2), ("m", 4), ("l", 1), pytest.param("xxl", 1, marks=pytest.mark.slow)]
)
def test_places_of_groups_count_only_where_most_groups_can_come(tier: str, seed: int) -> None:
    """By size and class days; and there is a place for every single group."""
    for at_once, groups, slots in group_pools(tier, seed):
        can = [[may_come(group, days, slot) for slot in slots] for group, days in groups]
        assert sum(2 * sum(column) > len(groups) for column in zip(*can, strict=True)) == at_once
        assert all(any(row) for row in can)


def test_other_specialties_have_enough() -> None:
    assert 70 <= load_percent(term("l", 1), "family", "md") <= 78


# -- what makes it hard --------------------------------------------------------------------------------------------------


@pytest.fixture(params=SEEDS)
def m(request: pytest.FixtureRequest) -> Instance:
    return term("m", request.param)


def test_groups_of_six_to_ten_with_faculty_on_weekday_patterns(m: Instance) -> None:
    assert {g.size for g in m.groups} <= set(range(6, 11))
    assert len({g.size for g in m.groups}) > 2
    faculty = {p.preceptor for p in m.preceptors if p.kind == "faculty"}
    assert {g.faculty for g in m.groups} == faculty
    assert len(faculty) < len(m.groups)  # some lead two
    teaching = {a.who: a.weekdays for a in m.availability if a.who in faculty}
    assert teaching
    assert all(len(days) <= 2 for days in teaching.values())
    splits = [g for g in m.groups if g.split == "allowed"]
    assert splits
    assert all(g.least_size and g.size >= 2 * g.least_size for g in splits)


def test_capstones_follow_the_preceptor(m: Instance) -> None:
    slots = [s for s in m.slots if s.specialty == "capstone"]
    assert slots
    assert {(s.pattern, s.levels) for s in slots} == {("follows", ("senior",))}
    assert {r.amount_unit for r in m.requirements if "capstone" in r.specialties} == {"hours"}


def test_assistants_have_blocks_with_call_back_days(m: Instance) -> None:
    for program in (p.program for p in m.programs if p.profession == "pa"):
        blocks = [r for r in m.calendar if r.program == program and r.kind == "block"]
        call_back = [r for r in m.calendar if r.program == program and r.kind == "call-back"]
        assert {((b.end - b.start).days + 1) // 7 for b in blocks} <= {4, 5}
        assert [b.end - timedelta(days=3) for b in blocks] == [c.start for c in call_back]


def test_pharmacy_schools_have_their_own_blocks_one_by_month(m: Instance) -> None:
    programs = [p.program for p in m.programs if p.profession == "pharmd"]
    starts = {p: tuple(r.start for r in m.calendar if r.program == p and r.kind == "block") for p in programs}
    assert len(set(starts.values())) == len(programs)
    months = [p for p in programs if all(day.day == 1 for day in starts[p])]
    assert len(months) == 1
    assert any(s.length_unit == "months" for s in m.slots)
    ranked = [w for w in m.preferences if w.who.startswith(tuple(programs)) and w.rank]
    assert max(w.rank or 0 for w in ranked) >= 3


def test_clerkships_have_a_weekly_clinic_and_excuse_it(m: Instance) -> None:
    programs = {p.program for p in m.programs if p.profession == "md"}
    own = [r for r in m.requirements if r.program in programs]
    assert {r.amount for r in own if r.lane == "block"} <= {4, 6, 8}
    assert {r.program for r in own if r.lane == "longitudinal"} == programs
    assert any((4, "am") in s.excuses for s in m.slots)
    assert {r.program for r in m.calendar if r.shift == "pm" and r.weekdays == (2,)} == programs  # academic half-day


def test_therapists_stay_for_eight_or_twelve_weeks(m: Instance) -> None:
    programs = {p.program for p in m.programs if p.profession in ("pt", "ot")}
    assert {r.amount for r in m.requirements if r.program in programs} == {8, 12}


def test_slots_run_with_a_few_or_not_at_all(m: Instance) -> None:
    alone = [s for s in m.slots if s.professions != ("rn",)]
    assert {s.least_students for s in alone} >= {1, 2}
    assert max(s.least_students for s in alone) <= 3
    assert all(s.least_students <= s.most_students for s in m.slots)


def test_preceptors_have_load_limits(m: Instance) -> None:
    own = [p for p in m.preceptors if p.kind == "preceptor"]
    assert len({p.most_at_once for p in own}) > 1
    limited = [p for p in own if p.most_weeks]
    assert len(limited) > len(own) // 3
    assert any(len(p.supervises) > 1 for p in own)


def test_reservations_are_given_back_before_and_after_planning() -> None:
    rows = [(r, term("l", seed).planning_date) for seed in SEEDS for r in term("l", seed).reservations]
    assert {r.status for r, _ in rows} == {"requested", "confirmed", "released"}
    held = [(r.give_back, planned) for r, planned in rows if r.status == "confirmed" and r.guaranteed]
    assert {give_back is None or give_back > planned for give_back, planned in held} == {True, False}


def test_a_share_of_school_and_site_pairs_has_no_agreement(m: Instance) -> None:
    pairs = {(a.school, site) for a in m.agreements if a.status != "planned" for site in a.sites}
    missing = 1 - len(pairs) / (len(m.schools) * len(m.sites))
    assert 0.05 < missing < 0.35
    assert any(a.most_students for a in m.agreements)
    assert {a.status for a in m.agreements} >= {"signed", "renewing"}


def test_sites_ask_for_proofs_influenza_in_season(m: Instance) -> None:
    seasonal = [c for c in m.site_clearances if c.item == "flu"]
    assert seasonal
    assert {(c.season_start, c.season_end) for c in seasonal} == {("10-01", "03-31")}
    assert len(seasonal) < len(m.sites)
    assert {c.status for c in m.clearances} >= {"on file", "promised"}
    assert not {c.student for c in m.clearances} & {s.student for s in m.students if not s.named}
    assert any(not s.named for s in m.students)


def test_single_lives_differ(m: Instance) -> None:
    for table in ("availability", "commitments", "credits", "conflicts", "pins", "capacity"):
        assert m.rows(table), table
    assert {a.who_kind for a in m.availability} >= {"preceptor", "student", "group"}
    assert {c.who_kind for c in m.commitments} == {"unit", "preceptor", "site"}
    assert {p.pin for p in m.pins} == {"must", "prefer", "must not"}
    assert any(c.weekdays != tuple(range(7)) for c in m.capacity)
    assert {c.shift for c in m.capacity} >= {None, "day"}


def test_some_parties_are_hard_to_place(m: Instance) -> None:
    refusing = {w.who for w in m.preferences if w.refuse}
    two_days = {a.who for a in m.availability if a.who_kind == "group" and len(a.weekdays) == 5}
    parties = len(m.groups) + sum(s.group is None for s in m.students)
    assert 0.05 * parties < len(refusing) + len(two_days) < 0.11 * parties


def test_wishes_cluster_on_popular_sites() -> None:
    """A quarter of the sites gets most of the first ranks."""
    x = term("l", 1)
    firsts = Counter(w.value for w in x.preferences if w.rank == 1)
    popular = sum(count for _, count in firsts.most_common(len(x.sites) // 4))
    assert popular > firsts.total() / 2


def test_over_a_year_students_take_several_rotations() -> None:
    x = term("l", 1)
    profession = {p.program: p.profession for p in x.programs}
    chosen: dict[str, int] = {}
    for r in x.requirements:
        if r.elective_set:
            chosen[r.program] = r.choose or 0
    counts = defaultdict(set)
    for student in {s.program: s for s in x.students if s.group is None}.values():
        core = [r for r in asked(x, student) if not r.elective_set and r.lane == "block"]
        counts[profession[student.program]].add(len(core) + chosen.get(student.program, 0))
    assert counts["pa"] == {9}
    assert counts["pharmd"] == {7}
    assert counts["md"] == {7}
    assert any(r.after for r in x.requirements)
    terms = {p.program: sum(r.program == p.program and r.kind == "term" for r in x.calendar) for p in x.programs}
    assert {terms[g.program] for g in x.groups if "bsn4" not in g.program} <= {2, 3}


def test_calendars_do_not_align(m: Instance) -> None:
    starts: dict[str, set[date]] = defaultdict(set)
    for r in m.calendar:
        if r.kind in ("term", "block"):
            starts[r.program].add(r.start)
    assert len({min(days) for days in starts.values()}) >= 3


def test_who_is_pinned_has_proofs_and_a_signed_agreement() -> None:
    for x in (term("l", seed) for seed in SEEDS):
        program = {p.program: p for p in x.programs}
        student = {s.student: s for s in x.students}
        site = {u.unit: u.site for u in x.units}
        signed = {(a.school, s) for a in x.agreements if a.status == "signed" and a.most_students is None for s in a.sites}
        papers = {(c.student, c.item, c.status) for c in x.clearances}
        assert Counter(p.pin for p in x.pins) == {"must": 5, "prefer": 15, "must not": 5}
        assert len({p.unit for p in x.pins}) == len(x.pins)
        for pin in x.pins:
            who = pin.student or ""
            assert (program[student[who].program].school, site[pin.unit or ""]) in signed
            assert (who, "flu", "refused") not in papers
            assert all((who, item, "on file") in papers for item in ("background", "tb", "bls"))


def drawn(frame: Frame) -> tuple[People, Places, Staff, list[Offer], Reach, Lives]:
    """What pins are drawn from."""
    people = make_people(frame)
    pools = make_pools(frame, people.courses)
    places = make_places(frame, pools)
    staff = make_staff(frame, people, places, pools)
    offers = make_offers(frame, places, staff, pools)
    reach = make_reach(frame, people, places, offers)
    lives = make_lives(frame, people, places, staff, offers, reach)
    return people, places, staff, offers, reach, lives


def test_who_refuses_a_shot_is_never_pinned() -> None:
    """A capstone that lies in the season of influenza would have no placement at all."""
    frame = Frame(TIERS["l"], 1)
    people, _, staff, offers, reach, lives = drawn(frame)
    papers = make_clearances(frame, people)
    free = placeable(frame, people, staff, reach, lives, papers, [])
    pinned = make_pins(frame, people, offers, lives, free)[0].student or ""
    refused = placeable(
        frame, people, staff, reach, lives, [*papers, Clearance(student=pinned, item="flu", status="refused")], []
    )
    assert pinned in free.in_order
    assert pinned not in {pin.student for pin in make_pins(frame, people, offers, lives, refused)}


@pytest.mark.parametrize("closed", ["unit", "site", "preceptors"])
def test_nobody_is_pinned_to_where_nobody_can_be(closed: str) -> None:
    """A closed unit, a site full of others, preceptors who are all away."""
    frame = Frame(TIERS["s"], 1)
    people, places, staff, offers, reach, lives = drawn(frame)
    where = placeable(frame, people, staff, reach, lives, [], [])
    needs = [(o, n) for o in offers for p in o.pools if p.supervision == "precepted" for n in p.needs]
    offer, need = next((o, n) for o, n in needs if where.holds(n.course, n.requirement, o))
    unit = next(u for u in places.units if u.unit == offer.slot.unit)
    if closed == "unit":
        gone = placeable(frame, people, staff, reach, lives, [], [CapacityRow(unit=unit.unit, most_students=0)])
    elif closed == "site":
        away = Commitment(who_kind="site", who=unit.site, start=frame.first_monday, end=frame.last_day, kind="surveyors")
        gone = placeable(frame, people, staff, reach, replace(lives, commitments=[away]), [], [])
    else:
        gone_away = [p.preceptor for p in staff.preceptors if unit.unit in p.units]
        leave = tuple(Availability(who_kind="preceptor", who=name, status="unavailable") for name in gone_away)
        gone = placeable(frame, people, replace(staff, leave=leave), reach, lives, [], [])
    assert not gone.holds(need.course, need.requirement, offer)


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["xs", "s", "m"])
def test_pins_can_be_met_whatever_the_seed(tier: str) -> None:
    for seed in range(1, 31):
        for tight in (False, True):
            assert [str(p) for p in check_offers(generate(tier, seed, tight=tight)) if p.severity == "error"] == []


@pytest.mark.slow
def test_no_term_contradicts_itself() -> None:
    for seed in range(1, 31):
        settings = Settings(strategy="direct", time_limit_s=5, workers=1)
        assert solve(generate("s", seed), settings).status != Status.INFEASIBLE


@pytest.mark.parametrize("tier", ["xs", "s"])
def test_nearly_everything_could_be_placed_somewhere(tier: str) -> None:
    """Rotations without any option are the exception: students who refuse influenza shots, mostly."""
    for seed in SEEDS:
        assert len(check_offers(term(tier, seed))) <= 1
        assert [p for p in check_offers(term(tier, seed)) if p.severity == "error"] == []


def test_faculty_are_enough_for_the_whole_group(m: Instance) -> None:
    at_once = {p.preceptor: p.most_at_once for p in m.preceptors}
    assert all(at_once[g.faculty or ""] >= g.size for g in m.groups)


def test_preceptors_work_where_their_slot_is(m: Instance) -> None:
    """A named preceptor lists the unit, supervises the profession and teaches the specialty."""
    of: dict[str, Preceptor] = {p.preceptor: p for p in m.preceptors}
    named = [(s, of[p]) for s in m.slots for p in s.preceptors]
    assert named
    for slot, preceptor in named:
        assert slot.unit in preceptor.units
        assert set(slot.professions) <= set(preceptor.supervises)
        assert slot.specialty in preceptor.specialties
