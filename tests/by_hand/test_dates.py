"""Calendars: Thanksgiving, call-back days, blocks and months."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.by_hand.term import dates, read_term, solved

THANKSGIVING = date(2026, 11, 26)


def test_seven_weeks_of_tuesday_and_thursday_with_thanksgiving_are_13_sessions(tmp_path: Path) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\nmaple-bsn,maple,rn",
        calendar="program,start,end,kind\nmaple-bsn,2026-11-26,2026-11-26,holiday",
        requirements="program,requirement,specialties,amount\nmaple-bsn,NUR310,medsurg,7",
        groups="group,program,size\nmA,maple-bsn,8",
        units="unit,site,specialties\n4B,mercy,medsurg",
        slots="slot,unit,first_start,length,weekdays,shift,most_students\n4B-TuTh,4B,2026-10-12,7,Tu Th,day,8",
    )
    (placement,) = solved(instance).placements
    # Tuesdays 13 Oct to 24 Nov are 7, Thursdays 15 Oct to 26 Nov are 7, and the last of them is Thanksgiving
    assert (dates(placement)[0], placement.end, len(dates(placement))) == (date(2026, 10, 13), THANKSGIVING, 14)
    assert len([day for day in dates(placement) if day != THANKSGIVING]) == 13
    # 14 shifts of 12 hours are 168: one is lost, 156 are held. It stays a placement of 7 weeks
    assert (placement.hours, placement.hours_lost, placement.weeks) == (156, 12, 7)


def test_five_week_blocks_that_end_with_two_call_back_days_all_place(tmp_path: Path) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\nduke-pa,duke,pa",
        calendar="""
            program,start,end,kind
            duke-pa,2026-08-24,2026-09-25,block
            duke-pa,2026-09-24,2026-09-25,call-back
            duke-pa,2026-09-28,2026-10-30,block
            duke-pa,2026-10-29,2026-10-30,call-back
            duke-pa,2026-11-02,2026-12-04,block
            duke-pa,2026-12-03,2026-12-04,call-back
        """,
        requirements="""
            program,requirement,specialties,amount
            duke-pa,IM,internal,5
            duke-pa,EM,emergency,5
            duke-pa,FM,family,5
        """,
        students="student,program\n" + "\n".join(f"p-{n},duke-pa" for n in range(1, 7)),
        units="unit,site,specialties\nIM,mercy,internal\nED,mercy,emergency\nFAM,mercy,family",
        slots="slot,unit,first_start,last_start,length,most_students\n"
        + "\n".join(f"{unit}-5w,{unit},2026-08-24,2026-11-02,5,2" for unit in ("IM", "ED", "FAM")),
    )
    schedule = solved(instance)
    # six students, three blocks, three units of two places: 18 placements fill every place, and none is left over
    assert (len(schedule.placements), schedule.unplaced) == (18, ())
    blocks = [
        (date(2026, 8, 24), date(2026, 9, 25)),
        (date(2026, 9, 28), date(2026, 10, 30)),
        (date(2026, 11, 2), date(2026, 12, 4)),
    ]
    assert Counter((p.start, p.end) for p in schedule.placements) == dict.fromkeys(blocks, 6)
    # 25 days of 8 hours are 200; two call-back days take 16
    assert {(p.hours, p.hours_lost) for p in schedule.placements} == {(184, 16)}


@pytest.mark.parametrize(
    ("second_start", "placed"),
    [
        ("2026-08-01", 2),  # the first ends on Friday 31 July, the second starts on the Saturday of that week
        ("2026-07-31", 1),  # 31 July would be in both
    ],
)
def test_july_and_august_do_not_clash(tmp_path: Path, second_start: str, placed: int) -> None:
    instance = read_term(
        tmp_path / "summer",
        'name = "summer"\nfirst_monday = 2026-06-29\nweeks = 10\nplanning_date = 2026-05-01\n',
        programs="program,school,profession\noak-pharmd,oak,pharmd",
        # 31 days are four whole weeks
        requirements="""
            program,requirement,specialties,amount
            oak-pharmd,HOSP,hospital,4
            oak-pharmd,COMM,community,4
        """,
        students="student,program\nx-01,oak-pharmd",
        units="unit,site,specialties\nRX,mercy,hospital\nCORNER,corner,community",
        slots=f"""
            slot,unit,starts,length,length_unit,weekdays
            RX-july,RX,2026-07-01,1,months,Mo-Su
            CORNER-august,CORNER,{second_start},1,months,Mo-Su
        """,
    )
    schedule = solved(instance)
    assert len(schedule.placements) == placed
    if placed == 2:
        july, august = sorted(schedule.placements, key=lambda p: p.start)
        assert (july.start, july.end) == (date(2026, 7, 1), date(2026, 7, 31))
        assert (august.start, august.end) == (date(2026, 8, 1), date(2026, 8, 31))
        assert instance.week_of(july.end) == instance.week_of(august.start)  # the week of 27 July has days of both
