"""Changes stack in order, say what they touched, and what comes out is valid or refused at the change that is to blame."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.domain import Instance
from scheduler.domain.edits import changed
from scheduler.errors import InputError
from scheduler.scenario import Scenario, apply, parse_change, read_scenario
from tests.verify.world import PRECEPTED, week, world


def scenario(*changes: str, name: str = "test") -> Scenario:
    return Scenario(name, tuple(parse_change(text) for text in changes))


def test_changes_are_made_in_order() -> None:
    """The later one sees what the earlier one made: zoe has to be there before she can be trained."""
    one, other = scenario("arrives preceptor=zoe like=kim", name="a"), scenario("trained preceptor=zoe most_at_once=4", name="b")
    base = world(**PRECEPTED)
    done = apply(base, [one, other])
    assert done.instance.preceptor_by_id["zoe"].most_at_once == 4
    assert [d.scenario for d in done.done] == ["a", "b"]
    with pytest.raises(InputError, match=r"b, key change\.1\.preceptor: there is no preceptor 'zoe'"):
        apply(base, [other, one])


def test_stacking_is_the_same_as_one_after_the_other() -> None:
    base = world(capacity=[{"unit": "ward", "most_students": 6}])
    one, other = scenario("places unit=ward more=2"), scenario(f"close unit=ward start={week(3)}", "grow program=med percent=100")
    both = apply(base, [one, other])
    assert both.instance == apply(apply(base, [one]).instance, [other]).instance
    assert both.instance != apply(base, [one]).instance


def test_the_order_matters() -> None:
    twice, two = scenario("grow program=nurs percent=100"), scenario("grow program=nurs students=2")
    count = [len(apply(world(), s).instance.students) for s in ([twice, two], [two, twice])]
    assert count == [7, 9]


def test_nothing_is_no_change() -> None:
    base = world()
    assert apply(base, []).instance is base


def test_edits_lead_to_the_instance() -> None:
    base: Instance = world(**PRECEPTED)
    done = apply(base, [scenario("leaves preceptor=kim", "withdrawn student=ann", "policy rule=waiting weight=3")])
    instance = base
    for d in done.done:
        instance = changed(instance, d.edits)
    assert instance.model_copy(update={"policy": done.instance.policy}) == done.instance
    assert [{e.table for e in d.edits} for d in done.done] == [{"preceptors"}, {"students"}, set()]


def test_rows_know_which_change_touched_them_last() -> None:
    done = apply(
        world(),
        [
            scenario(
                "withdrawn student=ann",
                "grow program=nurs students=1",
                "delayed student=bob start=2026-01-19",
                "places unit=ward more=1",
            )
        ],
    )
    assert [s.student for s in done.instance.students] == ["bob", "cyd", "nurs-new-1"]
    assert done.rows == {("students", 0): 2, ("students", 2): 1, ("slots", 0): 3}


def test_a_problem_is_told_at_the_change_that_caused_it(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        "kind,table,where.slot,set.least_students,set.unit,student\nwithdrawn,,,,,ann\nchange,slots,ward,12,,\nchange,slots,clinic,,attic,\n"
    )
    with pytest.raises(InputError) as error:
        apply(world(), [read_scenario(path)])
    first, second = sorted(str(p) for p in error.value.problems)
    assert first.startswith(
        "bad.csv row 3: would leave a problem in slots (row 2), column least_students: is larger than most_students"
    )
    assert second.startswith(
        "bad.csv row 4: would leave a problem in slots (row 3), column unit: unknown id in units (found 'attic')"
    )


def test_a_problem_that_a_later_change_mends_is_none() -> None:
    mended = scenario(
        "change table=slots where.slot=ward set.least_students=12", "change table=slots where.slot=ward set.most_students=12"
    )
    assert apply(world(), [mended]).instance.slot_by_id["ward"].least_students == 12


def test_what_was_wrong_before_is_not_the_scenarios_fault() -> None:
    base = world(slots=[*world().rows("slots"), {"slot": "attic", "unit": "attic", "first_start": week(0)}])
    done = apply(base, [scenario("withdrawn student=ann")])
    assert len(done.instance.students) == 2


def test_new_warnings_are_told() -> None:
    assert apply(world(), [scenario("withdrawn student=ann")]).warnings == ()
    said = apply(world(**PRECEPTED), [scenario("change table=preceptors where.preceptor=kim set.specialties=surgery")]).warnings
    assert any(p.column == "specialties" for p in said)
