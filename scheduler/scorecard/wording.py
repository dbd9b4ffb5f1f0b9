"""What figures say in a reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.scorecard.card import Scorecard
from scheduler.scorecard.figures import Figure, Scope
from scheduler.scorecard.measures import MEASURES
from scheduler.scorecard.terms import Term
from scheduler.words.locale import Locale

PAGE = "scorecard"
#: Digits after the point.
_DIGITS = {"percent": 1, "hours": 1, "count": 0, "index": 0}


@dataclass(frozen=True, slots=True)
class Wording:
    """Says titles, figures and terms."""

    locale: Locale

    def say(self, key: str, /, **values: object) -> str:
        """A text of the page about the scorecard."""
        return self.locale.say(PAGE, key, **values)

    def title(self, measure: str) -> str:
        """The title of a measure."""
        return self.say(f"measures.{measure}.title")

    def missing(self, card: Scorecard, scope: Scope) -> str:
        """What stands where there is no figure: of all together, a school is not told whether there is one."""
        return self.say("not_shown" if card.school and scope.kind == "whole" else "no_data")

    def value(self, figure: Figure | None) -> str:
        """The value alone, or that there is none."""
        if figure is not None and figure.too_few:
            return self.say("said.too_few", denominator=self._number(figure.denominator))
        if figure is None or figure.value is None:
            return self.say("no_data")
        unit = MEASURES[figure.measure].unit
        digits = _DIGITS[unit]
        if unit == "percent":
            return self.locale.percent(figure.value / 100, digits)
        return self.say(f"short.{unit}", value=self.locale.number(figure.value, digits))

    def below(self, figure: Figure | None) -> str:
        """The counts alone; empty where there is no value, or nothing that it is of."""
        if figure is None or figure.value is None or figure.denominator is None:
            return ""
        return self.say(f"below.{MEASURES[figure.measure].unit}", **self._counts(figure))

    def said(self, figure: Figure | None) -> str:
        """Value and counts, like ``87.5% (35 of 40)``."""
        if figure is None or figure.value is None:
            return self.value(figure)
        unit = MEASURES[figure.measure].unit
        value = self.locale.number(figure.value, _DIGITS[unit])
        if unit == "percent":
            value = self.value(figure)
        return self.say(f"said.{unit}", value=value, **self._counts(figure))

    def name(self, card: Scorecard, scope: Scope) -> str:
        """What a school or site is called, or that it is all together."""
        return self.say("whole") if scope.kind == "whole" else card.names.get(scope, scope.id)

    def term(self, term: Term) -> str:
        """A term with its dates, as far as they are known."""
        if term.solved:
            instance = term.solved.instance
            first, last = self.locale.day(instance.first_monday), self.locale.day(instance.last_day)
            ahead = instance.planning_date < instance.first_monday
            return self.say("term_ahead" if ahead else "term_span", term=term.label, first=first, last=last)
        return self.say("term_from", term=term.label, first=self.locale.day(term.first)) if term.first else term.label

    def _counts(self, figure: Figure) -> dict[str, str]:
        # placeholders that a text has no use for are passed over
        return {"numerator": self._number(figure.numerator), "denominator": self._number(figure.denominator)}

    def _number(self, number: float | None) -> str:
        return self.locale.number(round(number or 0, 2), 2)
