"""One cell to the text that the instance's own files would have in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from scheduler.domain.types import MAX_ID_LENGTH, parse_id
from scheduler.intake.dates import (
    ORDERS,
    SURE,
    WEEKDAY_NAMES,
    Horizon,
    Order,
    halves,
    has_time,
    is_serial,
    readings,
    sole_order,
    week_of,
    weeks_of,
)
from scheduler.intake.forms import Field
from scheduler.intake.grid import Value
from scheduler.intake.known import Known
from scheduler.intake.text import bare, shown, tidy, unmarked
from scheduler.intake.unclear import Remark, Unclear
from scheduler.io.tables import SPREADSHEET_ERRORS

_YES = frozenset(["y", "yes", "x", "true", "t", "1", "ok", "si", "s", "v", "verdadero", "on", "✓", "✔", "☑", "✅", "☒", "√"])
_NO = frozenset(["n", "no", "false", "f", "0", "falso", "off", "✗", "✘", "☐", "❌"])
#: Say that there is nothing to say.
NOTHING = frozenset(("-", "–", "—", "--", "n/a", "na", "n.a.", "none", "null", "nil", "ninguno", "ninguna", "(none)", "(blank)"))
#: Say so of a wish (see `bare`).
_NO_WISH = frozenset(("nopreference", "nopref", "any", "either", "noneinparticular", "sinpreferencia", "indistinto"))
_ORDINAL = re.compile(r"(\d{1,3})\s?(?:st|nd|rd|th|\.?[ºª°]|\.)", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,9}(?:[.,]0{1,2})?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ ,.']\d{3})+")
_DECIMAL = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,15})?")
_LIST_MARKS = re.compile(r"[;,|\n/]+| and | y | & ")
#: Numbers of people that no school should send.
_PRIVATE = re.compile(r"\d{3}-\d{2}-\d{4}")
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WEEKDAY_WORDS: Mapping[str, int] = {
    **WEEKDAY_NAMES,
    **{f"{name}s": day for name, day in WEEKDAY_NAMES.items() if len(name) > 5},
    "r": 3,
}
_ENGLISH_LETTERS = {"m": 0, "t": 1, "w": 2, "r": 3, "f": 4, "u": 6}
_SPANISH_LETTERS = {"l": 0, "x": 2, "j": 3, "v": 4, "d": 6}
#: Letters that can stand for one day only at the end of a range like M-F or L-V.
_END_LETTERS = {"m": 0, "f": 4} | _SPANISH_LETTERS
_MANY_DAYS: Mapping[str, str] = {
    word: days
    for days, words in {
        "Mo-Su": "daily everyday alldays all any anyday 247 todos todoslosdias diario",
        "Mo-Fr": "weekdays weekday workdays businessdays entresemana diaslaborables",
        "Sa Su": "weekends weekend findesemana finesdesemana",
    }.items()
    for word in words.split()
}
_DAY_TOKEN = re.compile(r"th|tu|[mtwrfu]")


class Cells:
    """Reads cells of one file.

    Parameters
    ----------
    known
        What names can mean.
    horizon
        The days of the term.
    words
        Words for closed lists (`Aliases.choices`).
    """

    def __init__(self, known: Known, horizon: Horizon, words: Mapping[str, Mapping[str, str]]) -> None:
        self.known, self.horizon, self._words = known, horizon, words
        self._kinds: dict[str, Callable[[Field, Value, Order | None], tuple[str, Remark | None]]] = {
            "new": self._new,
            "name": self._name,
            "names": self._names,
            "text": self._text,
            "date": self._date,
            "period": self._period,
            "yes_no": self._yes_no,
            "amount": self._amount,
            "points": self._amount,
            "number": self._number,
            "choice": self._choice,
            "weekdays": self._weekdays,
        }
        self._read: dict[tuple[object, ...], tuple[str, Remark | None] | Unclear] = {}

    def read(self, field: Field, value: Value, order: Order | None = None) -> tuple[str, Remark | None]:
        """The text of a filled cell; empty where it says that there is nothing. Periods give both days, ``first/last``.

        Parameters
        ----------
        order
            How the column writes day and month; None where that is not known.

        Raises
        ------
        Unclear
            If it cannot be read for sure.
        """
        key = field.name, field.kind, field.ref, type(value), value, order
        if key not in self._read:
            try:
                if isinstance(value, str) and value.strip() in SPREADSHEET_ERRORS:
                    raise Unclear("formula_failed", shows=value.strip())
                self._read[key] = self._kinds[field.kind](field, value, order)
            except Unclear as unclear:
                self._read[key] = unclear
        found = self._read[key]
        if isinstance(found, Unclear):
            raise Unclear(found.code, **found.said)
        return found

    # -- names ----------------------------------------------------------------------------------------------------

    def _new(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value)).removeprefix("'")
        if text.startswith('="') and text.endswith('"'):  # how some programs keep the zeros of ="0042"
            text = text[2:-1]
        if text.casefold() in NOTHING:
            return "", None
        marked, text = text, unmarked(text)
        if _PRIVATE.fullmatch(text):
            raise Unclear("private_number")
        if "@" in text:
            raise Unclear("private_address")
        try:
            parse_id(text)
        except ValueError:
            raise Unclear("not_an_id", most=MAX_ID_LENGTH) from None
        table = {"student": "students", "group": "groups", "slot": "slots"}.get(field.name)
        if table:
            names = self.known.names(table)
            found = names.find(text)
            if found is not None and found != text:
                return found, Remark("read_as", "warning", {"meaning": found})
        return text, Remark("read_as", "warning", {"meaning": text}) if text != marked else None

    def _name(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value))
        names = self.known.names(field.ref)
        if text.casefold() in NOTHING and text not in names:
            return "", None
        if field.ref in ("party", "students") and names.find(text) is None and text in self.known.others:
            raise Unclear("other_school")
        if field.ref == "items" and not names.ids:  # no site asks for any: whatever the school keeps may be kept
            return self._new(field, value, order)
        return names.read(text)

    def _names(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        whole = shown(value)
        text = tidy(whole)
        if text.casefold() in NOTHING:
            return "", None
        known = self.known.names(field.ref) if field.ref else None
        if known is not None and known.find(text) is not None:
            return known.read(text)
        found: list[str] = []
        remarks: list[Remark] = []
        for part in _LIST_MARKS.split(whole):
            if part := tidy(part):
                one, remark = known.read(part) if known is not None else self._new(field, part.casefold(), order)
                found.append(one)
                remarks += [remark] if remark else []
        joined = ";".join(dict.fromkeys(found))
        return joined, Remark("read_as", remarks[0].severity, {"meaning": joined}) if remarks else None

    def _text(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value))
        if field.name == "value" and (text.casefold() in NOTHING or bare(text) in _NO_WISH):
            return "", None
        if len(text) > 500:
            raise Unclear("too_long", most=500)
        if text[:1] in ("=", "@", "+", "\t") and len(text) > 1:
            raise Unclear("formula")
        return text, None

    # -- dates ----------------------------------------------------------------------------------------------------

    def _date(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        if isinstance(value, datetime):
            day = value.date()
            return day.isoformat(), None if value.time() == time() else Remark("time_dropped", "note", {"day": day})
        if isinstance(value, date):
            return value.isoformat(), None
        if isinstance(value, (bool, time)):
            raise Unclear("not_a_date")
        text = tidy(shown(value))
        if text.casefold() in NOTHING:
            return "", None
        day = self._day(text, order)
        code = "serial" if is_serial(text) else "time_dropped" if has_time(text) else ""
        return day.isoformat(), Remark(code, "note", {"day": day}) if code else None

    def _day(self, text: str, order: Order | None) -> date:
        found = readings(text, self.horizon)
        if not found:
            raise Unclear("not_a_date")
        days = found.get(SURE) or (found.get(order) if order else None)
        if days is None:
            every = [d for days in found.values() for d in days]
            every = [d for d in every if d.year in self.horizon.years()] or every
            if len(found) > 1:
                raise Unclear("date_order", days=tuple(sorted(set(every))))
            days = every
        if len(days) > 1:
            raise Unclear("date_year", days=tuple(sorted(days)))
        return next(iter(days))

    def _period(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        if not isinstance(value, str):
            day, remark = self._date(field, value, order)
            return f"{day}/{day}" if day else "", remark
        text = tidy(value)
        if text.casefold() in NOTHING:
            return "", None
        if weeks := weeks_of(text):
            first, last = weeks
            if not 1 <= first <= last <= self.horizon.weeks:
                raise Unclear("no_such_weeks", weeks=self.horizon.weeks)
            days = self.horizon.week(first)[0], self.horizon.week(last)[1]
            return "/".join(d.isoformat() for d in days), Remark("weeks", "note", {"first": days[0], "last": days[1]})
        if readings(text, self.horizon):
            day = self._day(text, order).isoformat()
            return f"{day}/{day}", None
        if readings(monday := week_of(text), self.horizon):
            first_day = self._day(monday, order)
            if first_day.weekday():
                raise Unclear("week_of", day=first_day)
            last_day = first_day + timedelta(days=6)
            return f"{first_day}/{last_day}", Remark("period", "note", {"first": first_day, "last": last_day})
        unsure: Unclear | None = None
        for one, two in halves(text):
            found = readings(one, self.horizon), readings(two, self.horizon)
            if not all(found):
                continue
            try:
                first_day, last_day = self._ends(one, two, order)
            except Unclear as unclear:
                unsure = unsure or unclear
                continue
            if last_day < first_day:
                raise Unclear("ends_before", first=first_day, last=last_day)
            remark = Remark("period", "note", {"first": first_day, "last": last_day})
            return f"{first_day.isoformat()}/{last_day.isoformat()}", remark
        several = [part for part in re.split(r"[;\n]|,(?!\s*\d{4})", value) if part.strip()]
        if unsure is None and len(several) > 1:
            periods = [self._period(field, part, order)[0] for part in several]
            return ";".join(periods), Remark("periods", "note", {"n": len(periods)})
        raise unsure or Unclear("not_a_period")

    def _ends(self, one: str, two: str, order: Order | None) -> tuple[date, date]:
        """Both days of a period: one may tell in which order the other is written, and of which year it is."""
        told = {only for text in (one, two) if (only := sole_order(readings(text, self.horizon)))}
        if len(told) == 1:
            order = next(iter(told))
        try:
            return self._day(one, order), self._day(two, order)
        except Unclear as unclear:
            if unclear.code not in ("date_year", "date_order"):
                raise
            pairs = {
                (a, b)
                for key in ((order,) if order else ORDERS)
                for a in self._of(one, key)
                for b in self._of(two, key)
                if a <= b and (b - a).days < 366
            }
            if len(pairs) == 1:
                return next(iter(pairs))
            raise

    def _of(self, text: str, order: str) -> tuple[date, ...]:
        found = readings(text, self.horizon)
        return tuple(found.get(SURE) or found.get(order) or ())

    # -- the rest --------------------------------------------------------------------------------------------------

    def _yes_no(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        if isinstance(value, bool):
            return shown(value), None
        text = tidy(shown(value)).casefold()
        plain = bare(text) or text
        said = self._words.get("yes_no", {}).get(plain)
        if said is not None:
            return said, None
        if plain in _YES or text in _YES:
            return "true", None
        if plain in _NO or text in _NO:
            return "false", None
        if text in NOTHING:
            return "", None
        raise Unclear("not_yes_no")

    def _amount(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value))
        if isinstance(value, (bool, date, time)):
            raise Unclear("not_a_count")
        if text.casefold() in NOTHING:
            return "", None
        if field.name == "rank" and (match := _ORDINAL.fullmatch(text)):
            return match[1], None
        if _WHOLE.fullmatch(text) and (field.kind == "points" or not text.startswith("-")):
            return str(int(re.split("[.,]", text)[0])), None
        if _THOUSANDS.fullmatch(text):
            number = re.sub(r"\D", "", text)
            return number, Remark("read_as", "warning", {"meaning": number})
        raise Unclear("not_a_count")

    def _number(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value))
        if text.casefold() in NOTHING:
            return "", None
        if isinstance(value, (bool, date, time)) or not _DECIMAL.fullmatch(text):
            raise Unclear("not_a_number")
        return repr(float(text.replace(",", "."))), None

    def _choice(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value))
        if text in field.choices:
            return text, None
        known, plain = self._words.get(field.name, {}), bare(text)
        found = {known[key] for choice in field.choices if (key := f"{choice}:{plain}") in known}
        if len(found) == 1:
            return next(iter(found)), None
        if text.casefold() in NOTHING:
            return "", None
        raise Unclear("not_a_choice", choices=field.choices)

    def _weekdays(self, field: Field, value: Value, order: Order | None) -> tuple[str, Remark | None]:
        text = tidy(shown(value))
        if text.casefold() in NOTHING:
            return "", None
        days = _weekdays(text)
        return " ".join(_WEEKDAYS[d] for d in sorted(days)), None


def _weekdays(text: str) -> set[int]:
    """Days of the week (0: Monday) of ``Mon/Wed``, ``TTh``, ``lunes a viernes``.

    Raises
    ------
    Unclear
        If it is none, or a letter can stand for two days.
    """
    many = _MANY_DAYS.get(bare(text))
    if many:
        text = many
    found: set[int] = set()
    text = re.sub(r"^(?:every|each|on|cada|todos los|los)\s+", "", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=\w)\s*(?:–|—| to | through | a | al )\s*(?=\w)", "-", text)
    for part in re.split(r"[\s,;/&+|]+|\band\b|\by\b|\be\b", text):
        if not part.strip("."):
            continue
        ends = [_one_day(end, _END_LETTERS) for end in part.split("-")] if "-" in part else None
        if ends is not None:
            if len(ends) != 2 or None in ends:
                raise Unclear("not_weekdays")
            first, last = ends
            assert first is not None and last is not None
            found.update((first + i) % 7 for i in range((last - first) % 7 + 1))
        elif (day := _one_day(part)) is not None:
            found.add(day)
        else:
            found |= _letters(part)
    if not found:
        raise Unclear("not_weekdays")
    return found


def _one_day(part: str, letters: Mapping[str, int] = _ENGLISH_LETTERS) -> int | None:
    word = bare(part)
    return _WEEKDAY_WORDS.get(word, letters.get(word))


def _letters(part: str) -> set[int]:
    """Days of ``MWF`` or ``TTh``; Spanish letters only where none can stand for two days (M: martes, miércoles)."""
    word = bare(part)
    tokens = _DAY_TOKEN.findall(word)
    if "".join(tokens) == word and len(set(tokens)) == len(tokens):
        return {_WEEKDAY_WORDS.get(t, _ENGLISH_LETTERS.get(t, -1)) for t in tokens}
    if word and all(c in _SPANISH_LETTERS for c in word):
        return {_SPANISH_LETTERS[c] for c in word}
    if word and all(c in _SPANISH_LETTERS or c in "ms" for c in word):
        raise Unclear("weekday_letter")
    raise Unclear("not_weekdays")
