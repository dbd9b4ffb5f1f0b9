"""The policy in files: every rule, kind, weight and parameter checked against the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from scheduler.domain import RULES, Kind, Parameter, Policy, RulePolicy, RuleSpec
from scheduler.domain.policy import ParameterValue
from scheduler.errors import InputError, Problem
from scheduler.io.files import read_bytes
from scheduler.io.report import Report, nearest, one_of
from scheduler.io.toml import parse_toml

#: Where a key stands: from its path in the file, a `Problem` without a message that gives file, sheet, row and column.
Where = Callable[..., Problem]

SETTINGS = ("kind", "weight", "level")
SENSES = ("minimise", "maximise")
MAX_WEIGHT = 1_000_000
MAX_LEVEL = 9


def load_policy(path: str | Path) -> Policy:
    """Read a policy file: TOML with ``sense`` and one table ``[rules.<rule>]`` for each rule that differs from its default.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    path = Path(path)
    report = Report()
    data = parse_toml(read_bytes(path), path.name)
    policy = read_policy(data, lambda *keys: Problem("", path.name, column=".".join(keys)), report)
    if report.failed:
        raise InputError(p for p in report.problems() if p.severity == "error")
    return policy


def read_policy(data: Any, where: Where, report: Report) -> Policy:
    """The policy that `data` (``sense`` and ``rules``) says; what cannot be used is reported and left out."""
    if not isinstance(data, Mapping):
        report.add(say(where(), "the policy is not a table", "type"))
        return Policy()
    for key in data:
        if key not in ("sense", "rules"):
            report.add(
                replace(say(where(key), "unknown key", "unknown_key", key), suggestion=_header(key)), meant=("sense", "rules")
            )
    found: dict[str, Any] = {}
    if "sense" in data:
        if data["sense"] in SENSES:
            found["sense"] = data["sense"]
        else:
            report.add(say(where("sense"), "unknown sense", "unknown_choice", data["sense"], one_of(SENSES)), meant=SENSES)
    rules = data.get("rules", {})
    if not isinstance(rules, Mapping):
        report.add(say(where("rules"), "the rules are not a table", "type"))
        rules = {}
    found["rules"] = {}
    for rule, entry in rules.items():
        if rule not in RULES:
            report.add(say(where("rules", rule), "unknown rule", "unknown_rule", rule), meant=RULES)
        elif not isinstance(entry, Mapping):
            report.add(
                say(where("rules", rule), "the rule's entry is not a table", "type", entry, "kind, weight, level or parameters")
            )
        else:
            found["rules"][rule] = _rule(RULES[rule], entry, where, report)
    return Policy.model_validate(found)


def _header(key: str) -> str:
    """How the header of a rule's table is written, where a key looks like one."""
    if key == "policy":
        return "leave that word out: a policy file says [rules.waiting]"
    rule = None if nearest(key, ("sense", "rules")) else nearest(key, RULES)
    return f"write [rules.{rule}]" if rule else ""


def _rule(spec: RuleSpec, entry: Mapping[str, Any], where: Where, report: Report) -> RulePolicy:
    good: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    for key, value in entry.items():
        place = where("rules", spec.id, key)
        if key == "kind":
            if value in spec.kinds:
                good[key] = value
            else:
                known = isinstance(value, str) and value in get_args(Kind)
                message = f"the rule {spec.id} cannot be {value}" if known else "unknown kind"
                report.add(say(place, message, "unknown_choice", value, one_of(spec.kinds)), meant=spec.kinds)
        elif key in ("weight", "level"):
            low, high = (0, MAX_WEIGHT) if key == "weight" else (1, MAX_LEVEL)
            if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
                good[key] = value
            else:
                problem = say(place, f"the {key} does not fit", "type", value, f"a whole number from {low} to {high:,}")
                quoted = isinstance(value, str) and value.isascii() and value.isdigit()
                report.add(replace(problem, suggestion="leave the quotes out") if quoted else problem)
        elif key in spec.parameters:
            usable = _parameter(spec.parameters[key], value, place, report)
            if usable is not None:
                parameters[key] = usable
        else:
            known_keys = (*SETTINGS, *spec.parameters)
            message = f"the rule {spec.id} has no such parameter"
            report.add(say(place, message, "unknown_parameter", key, one_of(known_keys)), meant=known_keys)
    return RulePolicy(**good, parameters=parameters)


def _parameter(parameter: Parameter, value: Any, place: Problem, report: Report) -> ParameterValue | None:
    default = parameter.default
    if isinstance(default, tuple):
        fits = isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)
        expected = "a list of names"
    else:
        fits = type(value) is type(default)
        expected = {bool: "true or false", int: "a whole number", str: "text"}[type(default)]
    if not fits:
        report.add(say(place, "the parameter does not fit", "type", value, one_of(parameter.choices) or expected))
        return None
    # A list of rules is checked against the catalogue even though its parameter does not list them again.
    rules = isinstance(default, tuple) and default and all(name in RULES for name in default)
    choices = parameter.choices or (tuple(RULES) if rules else ())
    for name in value if isinstance(value, list | tuple) else (value,):
        if choices and name not in choices:
            report.add(say(place, "unknown choice", "unknown_choice", name, one_of(choices)), meant=choices)
            return None
    return tuple(value) if isinstance(value, list | tuple) else value


def say(place: Problem, message: str, code: str, value: Any = None, expected: str = "") -> Problem:
    """A problem at a place that a `Where` gave."""
    text = None if value is None else value if isinstance(value, str) else repr(value)
    return Problem(message, place.file, place.sheet, place.row, place.column, text, expected, code=code)


def parameter_text(value: ParameterValue) -> str:
    """A parameter as the text of one cell; a list is joined by ``;`` (the empty list is ``;``)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(value) or ";"
    return str(value)


def parameter_value(rule: str, key: str, text: str) -> Any:
    """Inverse of `parameter_text`, by the type that the catalogue gives; text that does not fit stays text."""
    if key in ("weight", "level"):
        return _int(text)
    spec = RULES.get(rule)
    default = spec.parameters[key].default if spec and key in spec.parameters else ""
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    if isinstance(default, int):
        return _int(text)
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(";") if part.strip()]
    return text


def _int(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text
