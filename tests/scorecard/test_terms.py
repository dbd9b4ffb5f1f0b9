"""Terms in a row: in order, each once, with what histories and files of outcomes tell of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain import Placement, Schedule, Status
from scheduler.domain.outcomes import Outcome, Outcomes, Survey
from scheduler.errors import InputError
from scheduler.scorecard.card import for_school, scorecard
from scheduler.scorecard.figures import WHOLE, school_scope, site_scope
from scheduler.scorecard.terms import Solved
from tests.scorecard.test_figures import LAKE, MAPLE, MERCY, OAK, THREE, told
from tests.verify.world import FIRST_MONDAY, world

Row = dict[str, Any]


def solved(name: str = "spring", weeks_later: int = 0, *placements: Placement, **tables: Any) -> Solved:
    instance = world(**tables)
    moved = {"name": name, "first_monday": FIRST_MONDAY + timedelta(weeks=weeks_later)}
    return Solved(instance.model_copy(update=moved), Schedule(status=Status.FEASIBLE, placements=placements))


def past(term: str = "fall25", school: str = "maple", **columns: Any) -> Row:
    return {"term": term, "school": school, "unit": "ward", "requested": 10, "granted": 8, "used": 6} | columns


def counts(measure: str, count: int, of: int | None, **columns: Any) -> Outcome:
    return Outcome.model_validate({"term": "spring", "measure": measure, "count": count, "of": of} | columns)


def survey(answers: int, mean: float, **columns: Any) -> Survey:
    row = {"term": "spring", "respondent": "student", "answers": answers, "scale_min": 1, "scale_max": 5, "mean": mean}
    return Survey.model_validate(row | columns)


def labels(*given: Solved, outcomes: Outcomes | None = None) -> list[tuple[str, date | None]]:
    return [(term.label, term.first) for term in scorecard(given, outcomes).terms]


def test_terms_are_ordered_by_their_first_monday_however_they_are_given() -> None:
    later, earlier = solved("autumn", 30), solved("spring")
    assert [label for label, _ in labels(later, earlier)] == ["spring", "autumn"]
    card = scorecard([later, earlier])
    assert card.title == "autumn"
    assert card.newest == 1


def test_terms_of_one_name_are_told_apart_by_their_dates() -> None:
    assert [label for label, _ in labels(solved(), solved("Spring", 30))] == ["spring 2026-01-05", "Spring 2026-08-03"]


def test_two_solutions_of_one_term_are_refused() -> None:
    with pytest.raises(InputError, match="begin on 2026-01-05"):
        scorecard([solved("a"), solved("b")])


def test_the_history_tells_of_earlier_terms() -> None:
    rows = [
        past(start_week=date(2025, 9, 1)),
        past(start_week=date(2025, 8, 25), requested=0, granted=2, used=2, unit=None),
        past("fall24"),
        past("fall25", "oak", requested=5, granted=5, used=5, unit="clinic"),
    ]
    card = scorecard([solved("spring", 0, *THREE, history=rows)])
    assert [(t.label, t.first) for t in card.terms] == [("fall24", None), ("fall25", date(2025, 8, 25)), ("spring", FIRST_MONDAY)]
    fall = card.figures[1]
    assert told(fall, "granted_used") == {WHOLE: (13, 15), MAPLE: (8, 10), OAK: (5, 5), MERCY: (6, 8), LAKE: (5, 5)}
    assert told(fall, "placement_rate") == {WHOLE: (13, 15), MAPLE: (8, 10), OAK: (5, 5)}, "rows that do not say what was asked"
    assert fall[WHOLE, "granted_used"].source == "history"
    assert told(fall, "slot_use") == {}
    assert card.newest == 2


def test_a_schedule_goes_before_the_history_of_its_term() -> None:
    first = solved("spring", 0, *THREE)
    for row in (past("Spring"), past("term-1", start_week=FIRST_MONDAY + timedelta(weeks=11))):
        card = scorecard([solved("autumn", 30, history=[row]), first])
        assert [t.label for t in card.terms] == ["spring", "autumn"]
        assert told(card.figures[0], "placement_rate")[WHOLE] == (3, 6)
        assert told(card.figures[0], "granted_used")[WHOLE] == (6, 8)


def test_of_several_histories_the_latest_counts() -> None:
    old, new = solved("a", 0, history=[past(used=1)]), solved("b", 30, history=[past(used=7)])
    card = scorecard([new, old])
    assert [t.label for t in card.terms] == ["fall25", "a", "b"]
    assert told(card.figures[0], "granted_used")[WHOLE] == (7, 8)


def test_outcomes_join_their_term_or_make_one() -> None:
    rows = (
        counts("graduates_hired", 1, 4, term="SPRING"),
        counts("graduates_hired", 2, 5, term="2019"),
        counts("graduates_hired", 2, 5, term="2019", school="oak", starts="2019-08-26"),
    )
    assert labels(solved(), outcomes=Outcomes(outcomes=rows)) == [("2019", date(2019, 8, 26)), ("spring", FIRST_MONDAY)]
    card = scorecard([solved()], Outcomes(outcomes=rows))
    assert told(card.figures[1], "graduates_hired") == {WHOLE: (1, 4)}
    assert card.newest == 1


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ([("maple", None, 1, 4), ("oak", None, 2, 6)], (3, 10)),
        ([("maple", None, 1, 4), ("oak", None, 2, 6), (None, None, 5, 20)], (5, 20)),
        ([("maple", "mercy", 1, 4), ("maple", "lake", 2, 6), ("maple", None, 3, 12)], (3, 12)),
        ([("maple", "mercy", 1, 4), ("maple", "lake", 2, 6)], (3, 10)),
        ([(None, "mercy", 1, 4), (None, "lake", 2, 6)], (3, 10)),
        ([(None, "mercy", 1, 4), ("maple", None, 2, 6)], (2, 6)),
    ],
)
def test_nothing_counts_twice(rows: list[tuple[str | None, str | None, int, int]], whole: tuple[int, int]) -> None:
    outcomes = [counts("graduates_hired", n, of, school=school, site=site) for school, site, n, of in rows]
    found = told(scorecard([solved()], Outcomes(outcomes=tuple(outcomes))).figures[0], "graduates_hired")
    assert found[WHOLE] == whole


def test_figures_of_schools_and_sites_come_from_files_too() -> None:
    rows = (counts("retained_12_months", 3, 4, school="maple", site="mercy"), counts("retained_12_months", 1, 4, school="oak"))
    found = told(scorecard([solved()], Outcomes(outcomes=rows)).figures[0], "retained_12_months")
    assert found == {WHOLE: (4, 8), MAPLE: (3, 4), MERCY: (3, 4), OAK: (1, 4)}


def test_what_is_counted_alone() -> None:
    rows = (counts("research_projects", 3, None, school="maple"), counts("research_projects", 2, None, school="oak"))
    figure = scorecard([solved()], Outcomes(outcomes=rows)).figure(0, WHOLE, "research_projects")
    assert figure is not None
    assert (figure.numerator, figure.denominator, figure.value) == (5, None, 5)


def test_surveys_weigh_by_their_answers_whatever_their_scales() -> None:
    rows = (survey(10, 5, school="maple"), survey(30, 5, school="oak", scale_min=0, scale_max=10))
    card = scorecard([solved()], Outcomes(surveys=rows))
    values = {scope: card.figures[0][scope, "satisfaction_student"].value for scope in (WHOLE, MAPLE, OAK)}
    assert values == {WHOLE: 62.5, MAPLE: 100, OAK: 50}  # (10 · 100 + 30 · 50) ÷ 40


def test_measures_of_files_are_listed_only_where_there_are_any() -> None:
    listed = {m.id for m in scorecard([solved()]).measures("whole")}
    assert not {"granted_used", "graduates_hired", "satisfaction_student"} & listed
    card = scorecard([solved(history=[past()])], Outcomes(surveys=(survey(9, 3),)))
    assert {"granted_used", "satisfaction_student"} <= {m.id for m in card.measures("whole")}


def test_a_school_is_not_told_a_whole_whose_schools_are_not_known() -> None:
    card = for_school(scorecard([solved()], Outcomes(outcomes=(counts("graduates_hired", 1, 4),))), "maple")
    assert told(card.figures[0], "graduates_hired") == {}


def test_names_are_those_of_the_latest_term() -> None:
    def named(name: str) -> list[Row]:
        return [{"school": "maple", "name": name}, {"school": "oak"}]

    card = scorecard([solved("b", 30, schools=named("New")), solved("a", 0, schools=named("Old"))])
    assert card.names[school_scope("maple")] == "New"
    assert card.names[school_scope("oak")] == "oak"
    assert card.names[site_scope("mercy")] == "mercy"
