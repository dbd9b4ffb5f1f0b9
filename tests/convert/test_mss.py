"""Medical Student Scheduling files become ordinary instances: every row that a three-student file asks for, and no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.convert.mss import FIRST_MONDAY, PLANNING_DATE, read_mss, to_instance, unplaced_weight
from scheduler.domain import Instance
from scheduler.errors import InputError
from scheduler.io import read_instance, write_instance

BENCHMARK = Path(__file__).parents[3] / "shared" / "benchmarks" / "mss"

#: d1 (group 1) comes before d2 (group 1); d3 is group 2. h2 has no place for d1 and wants one student in d3 in period 2.
TINY = """%Scalars
Students=3; Disciplines=3; Hospitals=2; Duration=2; Horizon=5; Groups=2; MaxDiscPerHosp=1;
DiscGroup = [1,1,2];
StudDiscGroup = [| 1, 1 | 2, 0 | 1, 1 |];
AllowedDisc = [| 1,1,1 | 1,1,1 | 0,1,1 |]; /* s3 may not take d1 */
Precededby = [| 0,0,0 | 1,0,0 | 0,0,0 |];
Availability = [| 1,1,1,1,1
                | 0,0,1,1,1
                | 1,1,0,1,0 |];
Ability = array3d(1..Students, 1..Hospitals, 1..Disciplines, [
  1,1,1, 1,1,1,
  1,1,1, 1,0,1,
  1,1,1, 1,1,0]);
MaxPosHosp = array3d(1..Hospitals,1..Disciplines,1..Horizon,[
  2,2,2,2,2,  1,1,1,2,2,  2,2,2,2,2,
  0,0,0,0,0,  1,1,1,1,1,  3,3,3,3,3]);
MinPosHosp = array3d(1..Hospitals,1..Disciplines,1..Horizon,[
  0,0,0,0,0,  0,0,0,0,0,  0,0,0,0,0,
  0,0,0,0,0,  0,0,0,0,0,  0,1,0,0,0]);
WeightPref = [| 1,2,-3,-1 | 2,1,0,0 | 1,1,-1,-2 |];
PrefStudDisc = [| 3,0,5 | 1,2,3 | 4,4,4 |];
PrefStudHosp = [| 1,0 | 0,3 | 2,2 |];
ManPref = [1,0,2]
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "three.dzn"
    path.write_text(TINY)
    return path


@pytest.fixture
def converted(tiny: Path) -> Instance:
    return to_instance(read_mss(tiny))


def week(number: int) -> date:
    return date.fromordinal(FIRST_MONDAY.toordinal() + 7 * number)


def sunday(number: int) -> date:
    return date.fromordinal(week(number).toordinal() + 6)


def test_frame(converted: Instance) -> None:
    assert (converted.name, converted.weeks, converted.first_monday) == ("three", 5, FIRST_MONDAY)
    assert converted.planning_date == PLANNING_DATE < FIRST_MONDAY
    assert [s.student for s in converted.students] == ["s1", "s2", "s3"]
    assert [s.site for s in converted.sites] == ["h1", "h2"]
    assert converted.programs[0].most_per_site == 1


def test_requirements(converted: Instance) -> None:
    rows = [(r.requirement, r.specialties, r.amount, r.elective_set, r.after) for r in converted.requirements]
    assert rows == [("d1", ("d1",), 2, "g1", ()), ("d2", ("d2",), 2, "g1", ("d1",)), ("d3", ("d3",), 2, "g2", ())]


def test_student_requirements(converted: Instance) -> None:
    rows = [(r.student, r.change, r.requirement, r.amount) for r in converted.student_requirements]
    assert rows == [
        ("s1", "choose", "g1", 1),
        ("s1", "choose", "g2", 1),
        ("s2", "choose", "g1", 2),
        ("s2", "waive", "d3", None),  # takes none of group 2
        ("s3", "choose", "g1", 1),
        ("s3", "choose", "g2", 1),
        ("s3", "waive", "d1", None),
        ("s3", "waive", "d2", None),  # would need d1, which counts as done once it is waived
    ]


def test_availability_merges_weeks(converted: Instance) -> None:
    rows = [(r.who, r.start, r.end, r.status) for r in converted.availability]
    assert rows == [
        ("s2", week(0), sunday(1), "unavailable"),
        ("s3", week(2), sunday(2), "unavailable"),
        ("s3", week(4), sunday(4), "unavailable"),
    ]


def test_slots(converted: Instance) -> None:
    rows = [(s.slot, s.unit, s.specialty, s.first_start, s.last_start, s.length, s.most_students) for s in converted.slots]
    assert rows == [
        ("h1-d1", "h1-d1", "d1", week(0), week(3), 2, 2),
        ("h1-d2", "h1-d2", "d2", week(0), week(3), 2, 2),
        ("h1-d3", "h1-d3", "d3", week(0), week(3), 2, 2),
        ("h2-d2", "h2-d2", "d2", week(0), week(3), 2, 1),
        ("h2-d3", "h2-d3", "d3", week(0), week(3), 2, 3),
    ]
    assert [(u.unit, u.site) for u in converted.units] == [(s.slot, s.slot[:2]) for s in converted.slots]


def test_capacity_only_where_it_says_more_than_the_slot(converted: Instance) -> None:
    rows = [(c.unit, c.start, c.end, c.most_students, c.least_students) for c in converted.capacity]
    assert rows == [("h1-d2", week(0), sunday(2), 1, None), ("h2-d3", week(1), sunday(1), None, 1)]


def test_conflicts_only_where_they_say_more_than_a_waiver(converted: Instance) -> None:
    assert [(c.student, c.unit) for c in converted.conflicts] == [("s2", "h2-d2"), ("s3", "h2-d3")]


def test_preferences(converted: Instance) -> None:
    rows = [(p.who, p.what, p.value, p.score) for p in converted.preferences]
    assert rows == [
        ("s1", "specialty", "d1", 3),
        ("s1", "specialty", "d3", 5),
        ("s1", "site", "h1", 2),
        ("s1", "site_change", None, -3),
        ("s1", "waiting", None, -1),
        ("s2", "specialty", "d1", 2),
        ("s2", "specialty", "d2", 4),
        ("s2", "site", "h2", 3),
        ("s2", "site_change", None, 0),
        ("s2", "waiting", None, 0),
        ("s3", "specialty", "d3", 4),
        ("s3", "site", "h1", 2),
        ("s3", "site", "h2", 2),
        ("s3", "site_change", None, -1),
        ("s3", "waiting", None, -2),
        ("school", "specialty", "d1", 1),
        ("school", "specialty", "d3", 2),
    ]


def test_a_missing_rotation_outweighs_all_points(tiny: Path, converted: Instance) -> None:
    # Best points by group:  s1 3+1+2 and 5+2+2 = 15;  s2 (2+1+3) + (4+3) = 13;  s3 4+1+2 and 4+2+2 = 15.  43 + 13 = 56.
    # Worst: points 0; s1 −3·2 − 1·5 = −11;  s2 0;  s3 −1·2 − 2·5 = −12.  −23 − 12 = −35.  The range is 91.
    assert unplaced_weight(read_mss(tiny)) == 1
    for rule in ("requirement", "elective"):
        assert converted.policy.rules[rule].weight == 1
    # With ten times the points of disciplines the range is 343, and one missing rotation must cost more.
    tiny.write_text(TINY.replace("[| 3,0,5 | 1,2,3 | 4,4,4 |]", "[| 30,0,50 | 10,20,30 | 40,40,40 |]"))
    # s1 30+1+2 and 50+2+2 = 87;  s2 (20+1+3) + (40+3) = 67;  s3 40+1+2 and 40+2+2 = 87.  241 + 67 + 35 = 343.
    assert unplaced_weight(read_mss(tiny)) == 4


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("MaxDiscPerHosp=1;", "", "three.dzn: MaxDiscPerHosp is missing"),
        ("Hospitals=2; ", "", "three.dzn row 10: Hospitals is not a number given before"),
        ("ManPref = [1,0,2]", "", "three.dzn: ManPref is missing"),
        ("DiscGroup = [1,1,2]", "DiscGroup = [1,1]", "three.dzn row 3: DiscGroup has the shape 2 where Disciplines 3 belongs"),
        (
            "DiscGroup = [1,1,2]",
            "DiscGroup = [1,1,7]",
            "three.dzn row 3: DiscGroup holds 7 where only numbers from 1 to 2 belong",
        ),
        ("| 2, 0 |", "| 2 |", "three.dzn row 4: the row has 1 numbers where the rows before have 2"),
        ("0,1,1 |];", "0,1,2 |];", "three.dzn row 5: AllowedDisc holds 2 where only numbers from 0 to 1 belong"),
        ("0,0,0 | 1,0,0", "0,1,0 | 1,0,0", "row 6: Precededby goes round in a circle through the disciplines 1, 2"),
        ("1,2,-3,-1", "1,2,-3,1", "row 20: WeightPref rewards changes of hospital or waiting"),
        ("| 3,0,5 |", "| 3,0,500000 |", "row 21: PrefStudDisc holds 500000 where only numbers from -100000 to 100000 belong"),
        ("  1,1,1, 1,1,0]", "  1,1,1, 1,1]", "row 10: the array has 17 numbers where 3 × 2 × 3 = 18 belong"),
        ("1..Horizon,[\n  2", "1..Horizons,[\n  2", "row 14: Horizons is not a number given before"),
        ("Groups=2", "Groups=2.5", "row 2: '2.5;' is not understood"),
        ("Groups=2", "Groups=two", "row 2: 'two' stands where a whole number belongs"),
        ("Groups=2", "Groups=99999999999", "row 2: the number has more than 9 digits"),
        ("Groups=2", "Students=2", "row 2: Students is given twice"),
        ("Duration=2", "Duration=0", "row 2: Duration must be one number from 1 to 100000"),
        ("ManPref = [1,0,2]", "ManPref = [1,0", "row 24: the end of the file stands where ',' belongs"),
        ("%Scalars", "PK\x03\x04", "row 1: '\\x03\\x04' is not understood"),
    ],
)
def test_bad_files_are_named_with_their_place(tiny: Path, old: str, new: str, sentence: str) -> None:
    assert old in TINY
    tiny.write_text(TINY.replace(old, new, 1))
    with pytest.raises(InputError) as error:
        read_mss(tiny)
    assert sentence in str(error.value)


def test_all_problems_come_at_once(tiny: Path) -> None:
    tiny.write_text(TINY.replace("[1,1,2]", "[1,1]").replace("ManPref = [1,0,2]", ""))
    with pytest.raises(InputError) as error:
        read_mss(tiny)
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "Students is missing"), (TINY.encode("utf-16"), "not text in UTF-8"), (b"% \xe9\n", "not text in UTF-8")],
)
def test_files_that_are_no_text(tiny: Path, content: bytes, sentence: str) -> None:
    tiny.write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_mss(tiny)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.dzn: the file cannot be read"):
        read_mss(tmp_path / "none.dzn")


@pytest.mark.skipif(not BENCHMARK.is_dir(), reason="the public benchmark files are not beside the repository")
def test_every_published_file_converts() -> None:
    files = sorted(BENCHMARK.glob("*/*.dzn"))
    assert files
    for file in files:
        mss = read_mss(file)
        instance = to_instance(mss)
        assert len(instance.students) == mss.students
        asked = sum(r.amount or 0 for r in instance.student_requirements if r.change == "choose")
        assert asked == mss.wanted.sum()


def test_points_that_no_weight_outweighs(tiny: Path) -> None:
    text = TINY.replace("1,2,-3,-1", "1000,2,-3,-1").replace("| 3,0,5 |", "| 100000,0,100000 |")
    tiny.write_text(text)
    with pytest.raises(InputError, match=r"three\.dzn: the points are too large: .* the largest is 1000000"):
        to_instance(read_mss(tiny))


def test_survives_files(converted: Instance, tmp_path: Path) -> None:
    write_instance(converted, tmp_path / "three")
    assert read_instance(tmp_path / "three") == converted
