"""Numbers with what they are of, collected for the whole, for schools and for sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.scorecard.measures import FEWEST_ANSWERS, MEASURES, ScopeKind, Source


class Scope(NamedTuple):
    """Whom a figure is about: everybody together, one school, or one site."""

    kind: ScopeKind
    id: str


WHOLE = Scope("whole", "")


def school_scope(school: str) -> Scope:
    """One school."""
    return Scope("school", school)


def site_scope(site: str) -> Scope:
    """One site."""
    return Scope("site", site)


@dataclass(frozen=True, slots=True)
class Figure:
    """A numerator and its denominator.

    Attributes
    ----------
    denominator
        None for what is counted alone.
    schools
        The schools that it is made of, as far as that is known: a school is told the whole's only where they are several.
    """

    measure: str
    numerator: float
    denominator: float | None
    source: Source = "schedule"
    schools: frozenset[str] = frozenset()

    @property
    def too_few(self) -> bool:
        """Whether so few have answered that it would tell what single ones think."""
        return MEASURES[self.measure].unit == "index" and 0 < (self.denominator or 0) < FEWEST_ANSWERS

    @property
    def value(self) -> float | None:
        """Percent, hours, count or index; None where there is nothing to count it of."""
        if self.denominator is None:
            return self.numerator
        if not self.denominator or self.too_few:
            return None
        scale = 100 if MEASURES[self.measure].unit == "percent" else 1
        return scale * self.numerator / self.denominator


class Tally:
    """Adds up one term's figures."""

    def __init__(self, source: Source = "schedule") -> None:
        self._source: Source = source
        self._sums: dict[tuple[Scope, str], tuple[float, float | None]] = {}
        self._schools: dict[tuple[Scope, str], set[str]] = {}

    def add(
        self, measure: str, to: Iterable[Scope], numerator: float, denominator: float | None = 0, schools: Iterable[str] = ()
    ) -> None:
        """Add to a measure of several scopes; scopes for which the measure is not told are passed over.

        Parameters
        ----------
        schools
            Whose numbers these are.
        """
        for scope in to:
            if scope.kind in MEASURES[measure].scopes:
                n, d = self._sums.get((scope, measure), (0, denominator and 0))
                total = None if denominator is None or d is None else d + denominator
                self._sums[scope, measure] = n + numerator, total
                self._schools.setdefault((scope, measure), set()).update(schools)

    def figures(self) -> dict[tuple[Scope, str], Figure]:
        """Everything added up."""
        return {
            (scope, measure): Figure(measure, n, d, self._source, frozenset(self._schools[scope, measure]))
            for (scope, measure), (n, d) in self._sums.items()
        }
