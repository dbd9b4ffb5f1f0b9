"""The frame of an instance: name, horizon, shifts, professions and policy, from ``instance.toml`` or its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from pydantic import ValidationError

from scheduler.domain import DEFAULT_SHIFTS, PROFESSIONS, RULES, Instance, Policy, Shift
from scheduler.errors import Problem
from scheduler.io.columns import cell_errors, columns_of
from scheduler.io.policies import Where, check_professions, read_policy, say
from scheduler.io.report import Report

#: Keys of ``instance.toml`` besides the tables ``shifts`` and ``policy``.
SCALARS = ("name", "first_monday", "weeks", "planning_date", "changes_from", "timezone", "professions")
REQUIRED = ("name", "first_monday", "weeks", "planning_date")


@dataclass(slots=True)
class Frame:
    """What could be read of the frame.

    Attributes
    ----------
    values
        Arguments of `Instance`; incomplete where a problem was reported.
    shifts, professions
        Names that the tables may use.
    """

    values: dict[str, Any] = field(default_factory=dict)
    shifts: frozenset[str] = frozenset(s.shift for s in DEFAULT_SHIFTS)
    professions: frozenset[str] = frozenset(PROFESSIONS)
    readable: bool = True

    @property
    def horizon(self) -> tuple[date, date] | None:
        """First and last day, None where they could not be read."""
        try:
            frame = Instance(**{key: self.values[key] for key in REQUIRED})
        except (KeyError, ValidationError):
            return None
        return frame.first_monday, frame.last_day


def read_frame(data: Mapping[str, Any], where: Where, report: Report) -> Frame:
    """Check the frame and report all that is wrong with it."""
    for key in data:
        if key not in (*SCALARS, "shifts", "policy"):
            problem = say(where(key), "unknown key", "unknown_key", key)
            fix = "in an instance, a rule's table is headed [policy.rules.waiting]" if key in ("rules", *RULES) else ""
            report.add(replace(problem, suggestion=fix), meant=(*SCALARS, "shifts", "policy"))
    values = {key: data[key] for key in SCALARS if key in data}
    columns = columns_of(Instance)
    wrong: dict[str, Problem] = {}
    for key in REQUIRED:
        if key not in values:
            wrong[key] = say(where(key), "is missing", "missing_key", expected=columns[key].type)
    for key, value in values.items():
        if isinstance(value, bool):
            wrong[key] = say(where(key), "the value does not fit", "type", value, columns[key].type)
    try:
        Instance.model_validate(values)
    except ValidationError as error:
        for cell in cell_errors(error.errors(include_url=False, include_input=False), columns):
            value = values.get(cell.column)
            text = value.isoformat() if isinstance(value, date) else value
            wrong.setdefault(cell.column, say(where(cell.column), cell.message, cell.code, text, cell.expected))
    for key, problem in wrong.items():
        report.add(problem)
        values.pop(key, None)
    frame = Frame(values)
    if isinstance(values.get("professions"), list | tuple):
        frame.professions |= frozenset(str(p).strip() for p in values["professions"])
    if "shifts" in data:
        frame.values["shifts"], frame.shifts = _shifts(data["shifts"], where, report)
    policy = read_policy(data.get("policy", {}), lambda *keys: where("policy", *keys), report)
    frame.values["policy"] = policy
    check_professions(policy, frame.professions, lambda *keys: where("policy", *keys), report)
    return frame


def _shifts(rows: Any, where: Where, report: Report) -> tuple[tuple[Shift, ...], frozenset[str]]:
    """The shifts that can be read, and the names of all."""
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        report.add(
            say(where("shifts"), "shifts are not a list of tables", "type", expected="[[shifts]] with shift, start and end")
        )
        return (), frozenset()
    columns = columns_of(Shift)
    shifts: list[Shift] = []
    names: set[str] = set()
    for number, row in enumerate(rows, start=1):
        data = {key: value.strftime("%H:%M") if isinstance(value, time) else value for key, value in row.items()}
        name = str(data.get("shift", "")).strip()
        if name in names:
            report.add(say(where("shifts", str(number), "shift"), "another shift has the same name", "duplicate_id", name))
        names.add(name)
        try:
            shifts.append(Shift.model_validate(data))
        except ValidationError as error:
            for cell in cell_errors(error.errors(include_url=False, include_input=False), columns):
                value = cell.column if cell.code == "unknown_column" else data.get(cell.column)
                place = where("shifts", str(number), cell.column)
                report.add(say(place, cell.message, cell.code, value, cell.expected), meant=cell.meant or columns)
    return tuple(shifts), frozenset(names)


def frame_data(instance: Instance) -> dict[str, Any]:
    """The frame of an instance as nested plain data, in the form that `read_frame` takes."""
    data: dict[str, Any] = {key: getattr(instance, key) for key in SCALARS}
    if not instance.professions:
        del data["professions"]
    if instance.changes_from is None:
        del data["changes_from"]
    data["shifts"] = [shift.model_dump(exclude_none=True) for shift in instance.shifts]
    if instance.policy != Policy():
        data["policy"] = policy_data(instance.policy)
    return data


def policy_data(policy: Policy) -> dict[str, Any]:
    """A policy as nested plain data, in the form that `read_policy` takes."""
    rules = {
        rule: {**entry.model_dump(exclude_none=True, exclude={"parameters"}), **entry.parameters}
        for rule, entry in policy.rules.items()
    }
    return {"sense": policy.sense, "rules": rules} if rules else {"sense": policy.sense}
