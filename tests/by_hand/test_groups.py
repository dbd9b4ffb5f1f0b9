"""Groups: placed whole, and one at a time where a unit takes one."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from scheduler.compare import compare
from tests.by_hand.term import dates, penalty, read_term, solved

TWO_ROTATIONS = """
    program,requirement,specialties,amount,supervision
    maple-bsn,NUR310,medsurg,7,faculty
    maple-bsn,NUR320,obstetrics,7,faculty
"""
TWO_SITES = """
    unit,site,specialties
    4B,mercy,medsurg
    OB,lake,obstetrics
"""


def test_a_group_of_8_stays_whole_and_moves_as_one(tmp_path: Path) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\nmaple-bsn,maple,rn",
        requirements=TWO_ROTATIONS,
        groups="group,program,size\nmA,maple-bsn,8",
        students="student,program,group\nn-01,maple-bsn,mA\nn-02,maple-bsn,mA",  # two of eight have a name yet
        units=TWO_SITES,
        slots="""
            slot,unit,starts,length,weekdays,shift,most_students
            4B-TuTh,4B,2026-08-24;2026-10-12,7,Tu Th,day,8
            OB-TuTh,OB,2026-08-24;2026-10-12,7,Tu Th,day,8
        """,
    )
    schedule = solved(instance)
    # one placement for each of two rotations, not eight for each; each takes 8 places
    assert sorted((p.who, p.requirement, p.students) for p in schedule.placements) == [("mA", "NUR310", 8), ("mA", "NUR320", 8)]
    assert {p.site for p in schedule.placements} == {"mercy", "lake"}
    # the group goes from one site to the other once: 1 change, not 8 and not 2 for those with a name
    assert penalty(schedule, "site_change") == 1
    # 2 a change and nobody waits (weeks 1-7 and 8-14); the worst-off pays 2 points over 2 rotations: 1
    assert schedule.objective == 2 * 1 + 1

    # the group's two rotations change places: two placements of one group, whom eight students notice
    swapped = [p.model_copy(update={"start": q.start, "end": q.end}) for p, q in permutations(schedule.placements, 2)]
    changed = compare(schedule, schedule.model_copy(update={"placements": tuple(swapped)}))
    assert (len(changed.moved), changed.concerned) == (2, {"mA": 8})
    # it moves to another ward for one of them: one change
    first, second = schedule.placements
    moved = compare(schedule, schedule.model_copy(update={"placements": (first.model_copy(update={"unit": "5C"}), second)}))
    assert (moved.changes, moved.concerned) == (1, {"mA": 8})


@pytest.mark.parametrize("places", [7, 8])
def test_a_group_of_8_needs_8_places(tmp_path: Path, places: int) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\nmaple-bsn,maple,rn",
        requirements="program,requirement,specialties,amount\nmaple-bsn,NUR310,medsurg,7",
        groups="group,program,size\nmA,maple-bsn,8",
        units="unit,site,specialties\n4B,mercy,medsurg",
        slots=f"slot,unit,first_start,length,weekdays,shift,most_students\n4B-TuTh,4B,2026-08-24,7,Tu Th,day,{places}",
    )
    # seven places are not taken by seven of the eight: the group is placed whole or not at all
    assert [p.students for p in solved(instance).placements] == ([8] if places == 8 else [])


@pytest.mark.parametrize(
    ("most_groups", "other", "placed"),
    [
        ("1", "Tu Th,day", 1),  # the same shift
        ("1", "Tu Th,late", 1),  # 15-23 shares 15-19 with 07-19
        ("1", "Th Fr,late", 1),  # one weekday in common is enough
        ("1", "Tu Th,night", 2),  # 19-07 begins when 07-19 ends
        ("1", "We Fr,day", 2),  # other weekdays
        ("2", "Tu Th,late", 2),  # two are allowed
    ],
)
def test_two_schools_never_share_a_shift_where_one_group_is_allowed(
    tmp_path: Path, most_groups: str, other: str, placed: int
) -> None:
    instance = read_term(
        tmp_path / "fall",
        programs="program,school,profession\nmaple-bsn,maple,rn\noak-bsn,oak,rn",
        requirements="""
            program,requirement,specialties,amount,level
            maple-bsn,NUR310,medsurg,7,third
            oak-bsn,N3,medsurg,7,fourth
        """,
        groups="group,program,size\nmA,maple-bsn,6\noB,oak-bsn,6",
        units="unit,site,specialties\n4B,mercy,medsurg",
        capacity=f"unit,most_students,most_groups\n4B,20,{most_groups}",
        # each school has its own slot, as the levels say: Tuesday and Thursday by day for Maple
        slots=f"""
            slot,unit,first_start,length,weekdays,shift,levels,most_students
            4B-maple,4B,2026-08-24,7,Tu Th,day,third,6
            4B-oak,4B,2026-08-24,7,{other},fourth,6
        """,
    )
    schedule = solved(instance)
    assert (len(schedule.placements), len(schedule.unplaced)) == (placed, 2 - placed)
    # and once more on every date: clock hours in which both schools have their group on the ward
    hours = {"day": range(7, 19), "late": range(15, 23), "night": range(19, 31)}
    there: dict[tuple[date, int], set[str]] = {}
    for p in schedule.placements:
        for day in dates(p):
            for hour in hours[p.shift]:
                there.setdefault((day, hour), set()).add(p.school)
    assert max(map(len, there.values())) <= int(most_groups)
