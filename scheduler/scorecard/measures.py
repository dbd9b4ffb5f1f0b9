"""The catalogue of measures: what each one counts, of what, and for whom. Titles in the reader's language are in ``words``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["places", "students", "preceptors", "outcomes", "satisfaction"]
#: percent: numerator of denominator. hours: numerator ÷ denominator. count: a number alone. index: a mean from 0 to 100.
Unit = Literal["percent", "hours", "count", "index"]
Source = Literal["schedule", "history", "outcomes", "surveys"]
ScopeKind = Literal["whole", "school", "site"]

#: A survey of fewer people tells what single ones think, so it has no index.
FEWEST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes
    ----------
    counted, of
        Numerator and denominator in words, for the docs; `of` is empty for what is counted alone.
    scopes
        For whom it is told.
    sources
        Where it can come from.
    divided
        Whether schools have parts of the same denominator: then all together is nothing to compare one of them with.
    """

    id: str
    theme: Theme
    unit: Unit
    counted: str
    of: str
    scopes: tuple[ScopeKind, ...] = ("whole", "school", "site")
    sources: tuple[Source, ...] = ("schedule",)
    divided: bool = False


_NOT_BY_SITE: tuple[ScopeKind, ...] = ("whole", "school")
_NOT_BY_SCHOOL: tuple[ScopeKind, ...] = ("whole", "site")

MEASURES: dict[str, Measure] = {
    m.id: m
    for m in (
        Measure(
            "slot_use",
            "places",
            "percent",
            "Σ over slots and calendar weeks of the most students in the slot at once",
            "Σ over slots of `most_students` × the weeks in which it can have students (of a school: slots for its professions)",
            divided=True,
        ),
        Measure(
            "reserved",
            "places",
            "percent",
            "Σ over reservations (confirmed or released) of `guaranteed` × the slot's weeks",
            "the places of `slot_use`",
            divided=True,
        ),
        Measure(
            "released",
            "places",
            "percent",
            "of the places of `reserved`, those given back: `status` released, or `give_back` on or before the planning date",
            "the places of `reserved`",
        ),
        Measure(
            "reservation_use",
            "places",
            "percent",
            "Σ over reservations still held and weeks of the school's most students at once, up to `guaranteed`",
            "Σ over reservations still held of `guaranteed` × the slot's weeks",
        ),
        Measure(
            "granted_used",
            "places",
            "percent",
            "Σ `used` of the term's rows in `history`",
            "Σ `granted` of these rows",
            sources=("history",),
        ),
        Measure(
            "placement_rate",
            "students",
            "percent",
            "students' rotations placed (of a term of `history`: Σ `granted`)",
            "students' rotations asked (of a term of `history`: Σ `requested`, of rows that say it)",
            _NOT_BY_SITE,
            ("schedule", "history"),
        ),
        Measure(
            "first_choice",
            "students",
            "percent",
            "wishes met with the best of their list, each counted for every student",
            "wishes about rotations that are placed: lists of a student, group or school by rank, or by points above 0",
        ),
        Measure(
            "listed_choice",
            "students",
            "percent",
            "wishes of which anything on the list is met, counted like `first_choice`",
            "the wishes of `first_choice`",
        ),
        Measure(
            "interprofessional_weeks",
            "students",
            "percent",
            "student-weeks with a session in which a student of another profession is in the same unit at the same time",
            "student-weeks with a session",
        ),
        Measure(
            "interprofessional_teams",
            "students",
            "percent",
            "students in an interprofessional team that is long enough for their program",
            "students who should be: of programs with `least_ipe_weeks`",
            _NOT_BY_SITE,
        ),
        Measure(
            "competencies",
            "students",
            "percent",
            "competencies that credits and placements cover, counted for each student",
            "competencies that required rotations name, counted for each student",
            _NOT_BY_SITE,
        ),
        Measure(
            "preceptors_trained",
            "preceptors",
            "percent",
            "preceptors whose `trained_until` is empty or not before the term's last day",
            "preceptors, where any row says `trained_until` (of a school: those who have its students)",
        ),
        Measure(
            "preceptors_active",
            "preceptors",
            "percent",
            "preceptors with at least one placement (also as co-preceptor or cover)",
            "preceptors",
            _NOT_BY_SCHOOL,
        ),
        Measure(
            "preceptor_load",
            "preceptors",
            "percent",
            "Σ over preceptors and calendar weeks of the most students at the same moment",
            "Σ over preceptors of `most_at_once` × `most_weeks` (without it: the weeks of the term)",
            _NOT_BY_SCHOOL,
        ),
        Measure(
            "preceptor_weeks",
            "preceptors",
            "percent",
            "calendar weeks with students of preceptors with `most_weeks`",
            "Σ `most_weeks`",
            _NOT_BY_SCHOOL,
        ),
        Measure(
            "teaching_hours",
            "preceptors",
            "hours",
            "hours supervised, as in the table of teaching hours: several students at once count once",
            "preceptors with a placement (of a school: with its students, and these hours alone)",
        ),
        *(
            Measure(name, "outcomes", "percent", counted, of, sources=("outcomes",))
            for name, counted, of in (
                ("graduates_hired", "graduates hired by the health system", "graduates"),
                ("retained_12_months", "of these, still there after 12 months", "hired 12 months ago or earlier"),
                ("scholarships_converted", "scholarship holders who took up work", "scholarships awarded that have ended"),
            )
        ),
        *(
            Measure(name, "outcomes", "count", counted, "", sources=("outcomes",))
            for name, counted in (
                ("research_projects", "joint projects"),
                ("research_publications", "joint publications"),
                ("research_presentations", "joint presentations"),
            )
        ),
        *(
            Measure(
                f"satisfaction_{who}",
                "satisfaction",
                "index",
                "Σ answers × 100 × (mean − scale_min) ÷ (scale_max − scale_min)",
                f"answers (no index of fewer than {FEWEST_ANSWERS})",
                sources=("surveys",),
            )
            for who in ("student", "preceptor", "unit", "school")
        ),
    )
}
THEMES: tuple[Theme, ...] = ("places", "students", "preceptors", "outcomes", "satisfaction")
