"""A schedule without anything that says who its people are.

Students, groups and preceptors (with faculty) get pseudonyms instead of ids, made of a secret key: the same person has the same
one in every export and term, and without the key nobody can tell whose it is. Free text, and with it every name, is left out;
ids of places, slots and programs stay, but for those that hold the id or name of a person. Dates and times stay. Rows are in the
order of the pseudonyms, so that no order tells anything either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from scheduler.domain import RULES, TABLES, Given, Instance, Policy, RulePolicy, Schedule
from scheduler.domain.tables import IpeTeam
from scheduler.export.codes import codes, digest
from scheduler.export.columns import KINDS, LEFT_OUT, Kind, id_columns, people_columns, text_columns
from scheduler.export.reasons import PLAIN_WORDS, told
from scheduler.export.tables.cells import natural
from scheduler.export.telling import Telling, is_long
from scheduler.export.words import Words

#: What is emptied of a student besides.
HOMES: dict[str, Any] = {"home": "", "home_lat": None, "home_lon": None, "languages": (), "tags": ()}
HOMES |= {"employer_unit": None, "scholarship": None}
#: How pseudonyms begin. Everything that shows a group says so before its id.
_BEGINS: dict[Kind, str] = {"student": "student", "group": "g", "preceptor": "preceptor"}
_DATED = re.compile(r"(.+)( \d{4}-\d{2}-\d{2})")
_R = TypeVar("_R", bound=BaseModel)


class Pseudonyms:
    """Pseudonyms for everybody whom an instance and a schedule name.

    Parameters
    ----------
    key
        Secret bytes, 16 or more.
    """

    def __init__(self, instance: Instance, schedule: Schedule, key: bytes) -> None:
        self._key = key
        self._groups = frozenset(instance.group_by_id)
        tables = [row for table in TABLES for row in instance.rows(table)] + list(instance.shifts)
        planned = [*schedule.placements, *schedule.unplaced]
        named: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
        for row in (*tables, *planned):
            for _, kind, ids in people_columns(row, self._groups):
                named[kind].update(ids)
        self._of: dict[Kind, dict[str, str]] = {kind: codes(key, _BEGINS[kind], named[kind]) for kind in KINDS}
        of_name = {p.name: self._of["preceptor"][p.preceptor] for p in instance.preceptors if p.name}
        phrases = {f"group {group}": f"group {new}" for group, new in self._of["group"].items()}
        people = of_name | self._of["group"] | self._of["preceptor"] | self._of["student"]
        self._people = Words(people | phrases, PLAIN_WORDS)
        nobody = {text for p in instance.preceptors if p.kind == "service" for text in (p.preceptor, p.name)}
        nobody |= {group for group in self._of["group"] if not is_long(group)}  # like 4B
        self._labels = self._recoded(tables, planned, Telling(people.keys() - nobody))
        kept = {*people.values(), *(self._labels.get(c.item, c.item) for c in instance.site_clearances)}
        self._kept = Words(dict.fromkeys(kept, ""))

    def _recoded(self, tables: Iterable[BaseModel], planned: Iterable[BaseModel], telling: Telling) -> dict[str, str]:
        """Codes for other ids that hold the id or name of a person, and for what a schedule names that is in no table."""
        there: dict[str, str] = {}
        for row in tables:
            there |= {text: there.get(text, column) for column, text in self._ids(row)}
        found = {text: column for text, column in there.items() if telling.tells(text)}
        for row in planned:
            found |= {text: column for column, text in self._ids(row) if text not in there}
        of_column: dict[str, set[str]] = defaultdict(set)
        for text, column in found.items():
            of_column[column].add(text)
        return {text: code for column, texts in of_column.items() for text, code in codes(self._key, column, texts).items()}

    def _ids(self, row: BaseModel) -> Iterable[tuple[str, str]]:
        """The other ids of a row, each with its column."""
        people = {column for column, _, _ in people_columns(row, self._groups)}
        for column in id_columns(type(row)):
            if column not in people and (column != "team" or isinstance(row, IpeTeam)):
                yield from ((column, text) for text in _texts(getattr(row, column)))
        if team := _named_team(row):
            yield "team", team[0]

    def row(self, row: _R) -> _R:
        """A row of any table, or of a schedule, that speaks of pseudonyms and has no free text."""
        changed: dict[str, Any] = dict.fromkeys(text_columns(type(row)), "")
        changed |= {column: () for column in LEFT_OUT if column in type(row).model_fields}
        changed |= {c: _relabelled(getattr(row, c), self._labels) for c in id_columns(type(row))} if self._labels else {}
        several: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for column, kind, ids in people_columns(row, self._groups):
            several[column] += tuple(self._of[kind][one] for one in ids)
        for column, new in several.items():
            changed[column] = tuple(sorted(new)) if isinstance(getattr(row, column), tuple) else new[0]
        if team := _named_team(row):
            changed["team"] = self._labels.get(team[0], team[0]) + team[1]
        if reason := getattr(row, "reason", ""):
            changed["reason"] = told(reason, self._people, self._kept)
        return row.model_copy(update=changed)

    def rows(self, rows: Iterable[_R]) -> tuple[_R, ...]:
        """Rows of one table; those about people are in the order of the pseudonyms, those about one person as they were."""
        return tuple(sorted(map(self.row, rows), key=self._who))

    def _who(self, row: BaseModel) -> list[str]:
        hidden = frozenset(self._of["group"].values())
        return [one for _, _, ids in people_columns(row, hidden) for one in ids]

    def given(self, given: Given | None, instance: Instance) -> Given | None:
        """What a search was given: of those who were planned, only programs, schools and professions are named."""
        if given is None:
            return None
        known = {"program": instance.program_by_id, "school": instance.school_by_id, "profession": instance.known_professions}
        parts = [part.partition("=") for part in given.only]
        only = (f"{kind}={self._labels.get(one, one)}" if one in known.get(kind, ()) else "a part" for kind, _, one in parts)
        return given.model_copy(update={"only": tuple(only)})

    def id(self, kind: str, one: str) -> str:
        """What somebody or something of a kind is called."""
        return self._of[kind].get(one, one) if kind in KINDS else self._labels.get(one, one)


def pseudonymous(instance: Instance, schedule: Schedule, key: bytes) -> tuple[Instance, Schedule, Pseudonyms]:
    """An instance and a schedule with pseudonyms for people; nothing is said about who goes first.

    Parameters
    ----------
    key
        Secret bytes, 16 or more: the same key gives the same pseudonyms.
    """
    instance, schedule = _without_priority(instance, schedule)
    names = Pseudonyms(instance, schedule, key)
    frame = {column: getattr(instance, column) for column in Instance.model_fields if column not in TABLES}
    # what is told apart by the name of the instance, like the events of two terms, still is
    frame["name"] = codes(key, "schedule", [instance.name])[instance.name]
    frame["shifts"] = tuple(map(names.row, instance.shifts))
    tables = {table: names.rows(instance.rows(table)) for table in TABLES}
    hidden = schedule.model_copy(
        update={
            "placements": _in_order(map(names.row, schedule.placements)),
            "unplaced": _in_order(map(names.row, schedule.unplaced)),
            "given": names.given(schedule.given, instance),
            "instance_name": frame["name"],
            # a digest of all that is known of people would confirm guesses
            "instance_hash": schedule.instance_hash and digest(key, "version", schedule.instance_hash).hex(),
        }
    )
    return Instance(**frame, **tables), hidden, names


def _without_priority(instance: Instance, schedule: Schedule) -> tuple[Instance, Schedule]:
    """The same where nobody goes first: who does hangs on ids (the lottery) and on people's lives, which nobody is told."""
    if instance.policy.setting(RULES["priority"]).kind == "off":
        return instance, schedule
    policy = instance.policy.merged(Policy(rules={"priority": RulePolicy(kind="off")}))
    won = sum(score.cost for score in schedule.scores if score.rule == "priority")
    scores = tuple(score for score in schedule.scores if score.rule != "priority")
    objective = None if schedule.objective is None or not schedule.scores else schedule.objective - won
    left = {"objective": objective, "scores": scores, "bound": None, "levels": (), "trace": ()}
    return instance.model_copy(update={"policy": policy}), schedule.model_copy(update=left)


def without_homes(instance: Instance) -> Instance:
    """An instance in which nothing is said about a student's life."""
    students = tuple(s.model_copy(update=HOMES) for s in instance.students)
    return Instance(**{key: getattr(instance, key) for key in Instance.model_fields} | {"students": students})


def _in_order(rows: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(rows, key=lambda row: (natural(row.school, row.student or row.group), row.part, row.requirement)))


def _named_team(row: BaseModel) -> tuple[str, str] | None:
    """The id of the team that a row names with a date, as in ``4B team 2026-09-07``, and the rest; None where it names none."""
    team = getattr(row, "team", None)
    if not team or isinstance(row, IpeTeam):
        return None
    dated = _DATED.fullmatch(team)
    return (dated[1], dated[2]) if dated else (team, "")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str) and value:
        yield value


def _relabelled(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_relabelled(part, labels) for part in value)
    return labels.get(value, value) if isinstance(value, str) else value
