"""One preceptor for three schools, and a weekly clinic beside blocks."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.by_hand.term import dates, read_term, solved


@pytest.mark.parametrize(("weeks", "placed"), [(8, 3), (7, 2)])
def test_a_preceptor_of_one_student_asked_for_by_three_schools_never_has_two(tmp_path: Path, weeks: int, placed: int) -> None:
    instance = read_term(
        tmp_path / "fall",
        f'name = "fall"\nfirst_monday = 2026-08-24\nweeks = {weeks}\nplanning_date = 2026-06-15\n',
        programs="program,school,profession\nduke-pa,duke,pa\nmaple-pa,maple,pa\noak-md,oak,md",
        requirements="program,requirement,specialties,amount,supervision\n"
        + "\n".join(f"{program},FM,family,2,precepted" for program in ("duke-pa", "maple-pa", "oak-md")),
        students="student,program\nd-01,duke-pa\nm-01,maple-pa\no-01,oak-md",
        units="unit,site,specialties\nFAM,lake,family",
        slots="slot,unit,first_start,last_start,length,most_students\nFAM-2w,FAM,2026-08-24,2026-11-30,2,3",
        preceptors="preceptor,units,supervises,most_at_once\nkim,FAM,pa;md,1",
        commitments="who_kind,who,start,end,kind\npreceptor,kim,2026-09-07,2026-09-20,new-hire orientation",
    )
    schedule = solved(instance)
    # Kim is taken in weeks 3 and 4. Of 8 weeks that leaves weeks 1-2, 5-6 and 7-8: just enough for three. Of 7 weeks it
    # leaves 1-2 and three more, which hold one placement of two weeks.
    assert len(schedule.placements) == placed
    if placed == 3:
        assert {p.start for p in schedule.placements} == {date(2026, 8, 24), date(2026, 9, 21), date(2026, 10, 5)}
    with_kim = Counter(day for p in schedule.placements if p.preceptor == "kim" for day in dates(p))
    with_kim.update(date(2026, 9, 7) + timedelta(days=n) for n in range(14))
    assert {p.preceptor for p in schedule.placements} == {"kim"}
    assert max(with_kim.values()) == 1


@pytest.mark.parametrize(
    ("excuses", "unplaced"),
    [
        ("Fr am", []),  # both blocks let their student go on Friday mornings
        ("", ["CC"]),  # nobody is in two places: the clinic gives way, for it would cost both blocks
        ("Th am", ["CC"]),  # the wrong morning
        ("Fr pm", ["CC"]),  # the wrong half of the day
    ],
)
def test_a_clinic_runs_beside_blocks_that_excuse_its_session(tmp_path: Path, excuses: str, unplaced: list[str]) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\noak-md,oak,md",
        requirements="""
            program,requirement,specialties,amount,amount_unit,lane
            oak-md,IM,internal,6,weeks,block
            oak-md,EM,emergency,6,weeks,block
            oak-md,CC,family,12,sessions,longitudinal
        """,
        students="student,program\no-01,oak-md",
        units="unit,site,specialties\nIM,mercy,internal\nED,mercy,emergency\nFAM,mercy,family",
        slots=f"""
            slot,unit,first_start,last_start,length,weekdays,shift,excuses
            IM-6w,IM,2026-08-24,2026-10-05,6,Mo-Fr,,{excuses}
            ED-6w,ED,2026-08-24,2026-10-05,6,Mo-Fr,,{excuses}
            FAM-cc,FAM,2026-08-24,,12,Fr,am,
        """,
    )
    schedule = solved(instance)
    assert [u.requirement for u in schedule.unplaced] == unplaced
    placed = {p.requirement: p for p in schedule.placements}
    assert not {*dates(placed["IM"])} & {*dates(placed["EM"])}  # two blocks never overlap
    if not unplaced:
        # the twelve Fridays of the clinic are Fridays of the two blocks of six weeks
        both = {*dates(placed["IM"]), *dates(placed["EM"])}
        assert len(dates(placed["CC"])) == 12
        assert {*dates(placed["CC"])} <= both


def test_two_blocks_never_overlap_not_even_where_a_session_is_excused(tmp_path: Path) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\noak-md,oak,md",
        requirements="program,requirement,specialties,amount\noak-md,IM,internal,6\noak-md,WARD,surgery,6",
        students="student,program\no-01,oak-md",
        units="unit,site,specialties\nIM,mercy,internal\nSURG,mercy,surgery",
        # they start on the same day; one has only Friday mornings, of which the other excuses its students
        slots="""
            slot,unit,first_start,length,weekdays,shift,excuses
            IM-6w,IM,2026-08-24,6,Mo-Fr,,Fr am
            SURG-6w,SURG,2026-08-24,6,Fr,am,
        """,
    )
    # an excuse is for a longitudinal session: of two blocks on the same dates one stays unplaced
    schedule = solved(instance)
    assert (len(schedule.placements), len(schedule.unplaced)) == (1, 1)
