"""Suggestions and waiting lists in sentences that can be forwarded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scheduler.domain import RULES, Placement
from scheduler.domain.wording import count
from scheduler.repair.effects import Effect
from scheduler.repair.suggest import Places, Suggester, Suggestion
from scheduler.repair.waiting import Waiting
from scheduler.standing.answer import Answer
from scheduler.standing.ground import Missing
from scheduler.standing.naming import Naming

#: So many who could then no longer have a place are named.
MOST_NAMED = 4


class Telling:
    """Tells what was found, to everybody or to one school.

    Parameters
    ----------
    reader
        The school that reads it; empty: everybody.
    """

    def __init__(self, suggester: Suggester, reader: str = "") -> None:
        self.suggester = suggester
        self.naming = Naming(suggester.instance, reader)

    # -- suggestions ------------------------------------------------------------------------------------------------------

    def places(self, found: Places) -> Answer:
        """The places for one rotation, the best first."""
        missing, unit = found.lacks
        lines = []
        if found.now is None:
            title = f"{found.who}, {found.requirement}: {count(missing, unit[:-1])} unplaced"
            lines.append(f"{self._fits(found.fits, 'placement')}, nobody moving{self._best(found)}.")
        else:
            title = f"{found.who}, {found.requirement}: {self.naming.place(found.now)}"
            lines.append(f"{self._fits(found.fits, 'other placement')} instead, nobody else moving{self._best(found)}.")
        for k, one in enumerate(found.staying, start=1):
            lines += self._suggestion(k, one, found)
        if found.moving:
            lines.append("If others move, or the student's own other placements:")
            for k, one in enumerate(found.moving, start=len(found.staying) + 1):
                lines += self._suggestion(k, one, found)
        elif found.moving is not None and not self.suggester.stop.is_set():
            lines.append("Nobody was found who could make room (not proved); rotations explain tells what would help.")
        elif not found.fits and found.now is None:
            lines.append(f"Who could make room: --requirement {found.requirement}")
        data = {
            "who": found.who,
            "requirement": found.requirement,
            "now": None if found.now is None else _row(found.now),
            "missing": missing,
            "unit": unit,
            "fits": found.fits,
            "suggestions": [{"others_move": False, **self._data(s)} for s in found.staying]
            + [{"others_move": bool(s.others_after or s.others_before), **self._data(s)} for s in found.moving or ()],
        }
        return Answer(title, tuple(lines), data)

    def together(self, missing: Sequence[Missing], found: Suggestion | None) -> Answer:
        """All that somebody lacks at once."""
        title = f"{missing[0].who}: {count(len(missing), 'rotation')} together"
        if found is None:
            return Answer(title, ("None of them fits, nobody else moving.",), {"together": None})
        own = ", own placements too" if found.gives_up else ", nobody moving"
        whole = f"All fit{own}" if not found.missing else f"Not all fit; this does{own}"
        lines = [f"{whole}, and {self.naming.points(found.cost)} ({self._made_of(found)}):"]
        lines += [f"  {p.requirement}: {self.naming.place(p)}" for p in found.gets]
        lines += [f"  {sentence}" for sentence in self._lost(found)]
        return Answer(title, tuple(lines), {"together": self._data(found)})

    def _fits(self, n: int, what: str) -> str:
        return f"{count(n, what)} {'fits' if n == 1 else 'fit'}" if n else f"No {what} fits"

    def _best(self, found: Places) -> str:
        if not found.staying or len(found.staying) == found.fits:
            return ""
        return f"; the best {len(found.staying)}" if len(found.staying) > 1 else "; the best"

    def _suggestion(self, k: int, one: Suggestion, found: Places) -> Iterator[str]:
        """A numbered line, and what there is to know of it, indented."""
        where = "; ".join(
            f"{'' if p.requirement == found.requirement else p.requirement + ' '}{self.naming.place(p)}" for p in one.gets
        )
        part = f", leaves {count(one.missing, found.lacks[1][:-1])} missing" if one.missing and found.now is None else ""
        yield f"{k}. {where}: {self.naming.points(one.cost)}{part}"
        for sentence in self._effects(one):
            yield f"  {sentence}"

    def _effects(self, one: Suggestion) -> Iterator[str]:
        for effect in one.effects:
            yield from effect.sentences
        others = {(p.who, p.requirement): p for p in one.others_before}
        for row in one.others_after:
            old = others.pop((row.who, row.requirement), None)
            yield self._moves(row, old)
        for row in others.values():
            yield f"{self.naming.who(row)} gives up {row.requirement if self.naming.is_ours(row.school) else 'a place'}"
        if one.effects and one.gives_up and len(one.gives_up) > 1:
            yield f"own placements that move: {', '.join(p.requirement for p in one.gives_up)}"
        yield f"points: {self._made_of(one)}"
        yield from self._lost(one)

    def _moves(self, row: Placement, old: Placement | None) -> str:
        who = self.naming.who(row)
        if not self.naming.is_ours(row.school):
            return f"{who} moves to another place"
        was = f" from {self.naming.place(old)}" if old is not None else ""
        return f"{who}: {row.requirement}{was} to {self.naming.place(row)}"

    def _made_of(self, one: Suggestion) -> str:
        """Points by rule."""
        said = ", ".join(f"{RULES[rule].words} {points:+,}" for rule, points in one.rules.items())
        return said or "no rule costs more or less"

    def _lost(self, one: Suggestion) -> Iterator[str]:
        """What others, or the same student, could then no longer have; the last places first."""
        beside = one.gets[0].student
        for lost in sorted(one.lost, key=lambda x: (x.of - x.places, -x.places))[:MOST_NAMED]:
            left, waits = lost.of - lost.places, self._waits(lost.missing, beside)
            if left:
                yield f"leaves {left} of {count(lost.of, 'place')} for {waits}"
            else:
                yield f"uses up {'the only place' if lost.of == 1 else f'all {lost.of} places'} for {waits}"
        if (more := len(one.lost) - MOST_NAMED) > 0:
            yield f"and places of {more} more who are unplaced"

    def _waits(self, missing: Missing, beside: str = "") -> str:
        """Who lacks what; `beside` is the student for whom it is told."""
        if not self.naming.is_ours(missing.row.school):
            return self.naming.party(missing.row, missing.who, beside)
        return f"{missing.who}, {missing.row.requirement}"

    def _data(self, one: Suggestion) -> dict[str, Any]:
        return {
            "gets": [_row(p) for p in one.gets],
            "gives_up": [_row(p) for p in one.gives_up],
            "cost": list(one.cost),
            "rules": dict(one.rules),
            "missing": one.missing,
            "effects": [_effect(e) for e in one.effects],
            "moves": [self._moves(p, None) for p in one.others_after],
            "uses_up": [{"who": self._waits(x.missing), "places": x.places, "of": x.of} for x in one.lost],
        }

    # -- waiting lists ----------------------------------------------------------------------------------------------------

    def waiting(self, found: Waiting, only: str = "") -> Answer:
        """Who is next for a place, and why; `only` one of those who wait."""
        lines, data = [], []
        for k, (one, reason) in enumerate(zip(found.candidates, found.why(self.naming), strict=True), start=1):
            ours = self.naming.is_ours(one.missing.row.school)
            who = self._waits(one.missing, only)
            data.append({"place": k, "who": who, "why": reason})
            if ours:
                data[-1] |= {
                    "cost": list(one.fit.cost),
                    "criteria": [words for _, words in one.order],
                    "gets": _row(one.placement),
                }
            if only in ("", one.missing.row.student, one.missing.row.group):
                cost = self.naming.points(one.fit.cost)
                points = "" if reason.startswith(cost) or not ours else f"{cost}; "
                with_whom = f" with {one.placement.preceptor}" if one.placement.preceptor else ""
                lines.append(f"{k}. {who}{with_whom}, to {one.placement.end}: {points}{reason}")
        title = f"{found.unit}, slot {found.slot} from {found.start}: {count(len(found.candidates), 'student')} could take it"
        return Answer(title, tuple(lines), {"slot": found.slot, "unit": found.unit, "start": str(found.start), "waiting": data})


def _row(p: Placement) -> dict[str, Any]:
    return p.model_dump(mode="json", exclude_defaults=True)


def _effect(e: Effect) -> dict[str, Any]:
    found: Mapping[str, Any] = {
        "choice": e.choice or None,
        "km": e.km,
        "students_there": e.there,
        "least_students": e.least,
        "most_students": e.most,
        "preceptor_at_once": e.at_once,
        "at_risk": [row.model_dump(mode="json") for row in e.at_risk],
    }
    return dict(found)
