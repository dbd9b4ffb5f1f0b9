"""The scorecard: all figures of all terms, and what of them one school is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.domain.outcomes import Outcomes
from scheduler.export.tables.cells import natural
from scheduler.export.tables.schools import FEWEST_COMPARED
from scheduler.scorecard.figures import WHOLE, Figure, Scope, Tally, school_scope, site_scope
from scheduler.scorecard.measures import MEASURES, Measure, ScopeKind
from scheduler.scorecard.places import add_places
from scheduler.scorecard.preceptors import add_preceptors
from scheduler.scorecard.students import add_students
from scheduler.scorecard.terms import Solved, Term, solved_terms, with_outcomes
from scheduler.scorecard.told import add_history, add_outcomes, add_surveys
from scheduler.verify.facts import Facts


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Figures by term, scope and measure.

    Attributes
    ----------
    terms
        In order, the latest last.
    figures
        For each term what is known; what is missing there is no data.
    names
        The name of each school and site; the whole has none.
    school
        For which school it is; empty: for those who may see all.
    """

    terms: tuple[Term, ...]
    figures: tuple[Mapping[tuple[Scope, str], Figure], ...]
    names: Mapping[Scope, str]
    school: str = ""

    @property
    def title(self) -> str:
        """The name of the latest instance."""
        return self.latest.instance.name

    @property
    def latest(self) -> Solved:
        """The latest solution."""
        return [term.solved for term in self.terms if term.solved][-1]

    @property
    def holds(self) -> bool:
        """Whether every rule holds in all its schedules."""
        return all(term.solved.holds for term in self.terms if term.solved)

    @property
    def newest(self) -> int:
        """The number of the latest term with a solution: what pictures and tables of one term show."""
        return max(i for i, term in enumerate(self.terms) if term.solved)

    def scopes(self, kind: ScopeKind) -> list[Scope]:
        """Everything of a kind that there are figures of, by name."""
        known = {scope for of_term in self.figures for scope, _ in of_term if scope.kind == kind}
        return sorted(known, key=lambda scope: natural(self.names.get(scope, scope.id), scope.id))

    def measures(self, kind: ScopeKind) -> list[Measure]:
        """The measures told of a kind: those of schedules always, others where there are any figures of them.

        Of all together a school gets only those that it is shown in any term.
        """
        told = {measure for of_term in self.figures for _, measure in of_term}
        if self.school and kind == "whole":
            told = {measure for of_term in self.figures for scope, measure in of_term if scope == WHOLE}
            return [m for m in MEASURES.values() if m.id in told]
        return [m for m in MEASURES.values() if kind in m.scopes and ("schedule" in m.sources or m.id in told)]

    def figure(self, term: int, scope: Scope, measure: str) -> Figure | None:
        """A figure; None where nothing is known."""
        return self.figures[term].get((scope, measure))


def scorecard(solved: Sequence[Solved], outcomes: Outcomes | None = None) -> Scorecard:
    """The scorecard of one or more terms.

    Parameters
    ----------
    solved
        A schedule for each term, in whatever order.

    Raises
    ------
    InputError
        If two schedules are of the same term.
    """
    outcomes = outcomes or Outcomes()
    terms = with_outcomes(solved_terms(solved), outcomes)
    latest = max(solved, key=lambda s: s.instance.first_monday).instance
    figures = []
    for term in terms:
        found: dict[tuple[Scope, str], Figure] = {}
        if term.solved:
            facts, tally = Facts(term.solved.instance, term.solved.schedule), Tally()
            add_places(facts, tally)
            add_students(facts, tally)
            add_preceptors(facts, tally)
            found |= tally.figures()
        tally = Tally("history")
        add_history(term.history, latest, tally, rate=term.solved is None)
        found |= tally.figures()
        tally = Tally("outcomes")
        add_outcomes([row for row in outcomes.outcomes if term.is_called(row.term)], tally)
        found |= tally.figures()
        tally = Tally("surveys")
        add_surveys([row for row in outcomes.surveys if term.is_called(row.term)], tally)
        figures.append(found | tally.figures())
    names: dict[Scope, str] = {}
    for one in sorted(solved, key=lambda s: s.instance.first_monday):
        names |= {school_scope(i): row.name or i for i, row in one.instance.school_by_id.items()}
        names |= {site_scope(i): row.name or i for i, row in one.instance.site_by_id.items()}
    return Scorecard(tuple(terms), tuple(figures), names)


def for_school(card: Scorecard, school: str) -> Scorecard:
    """What a school is shown: its own figures, and of the whole those that are made of three or more schools' numbers."""
    own = school_scope(school)
    figures = tuple(
        {
            key: figure
            for key, figure in of_term.items()
            if key[0] == own or (key[0] == WHOLE and len(figure.schools) >= FEWEST_COMPARED)
        }
        for of_term in card.figures
    )
    return replace(card, figures=figures, names={own: card.names.get(own, school)}, school=school)
