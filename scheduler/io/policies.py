"""The policy in files: every rule, kind, weight and parameter checked against the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from scheduler.domain import RULES, Kind, Parameter, Policy, RulePolicy, RuleSpec
from scheduler.domain.policy import ParameterValue
from scheduler.domain.types import parse_counts
from scheduler.errors import InputError, Problem
from scheduler.io.files import decode, read_bytes
from scheduler.io.report import Report, nearest, one_of
from scheduler.io.toml import key_lines, parse_toml, toml_value

#: Where a key stands: from its path in the file, a `Problem` without a message that gives file, sheet, row and column.
Where = Callable[..., Problem]

SETTINGS = ("kind", "weight", "level")
SENSES = ("minimise", "maximise")
MAX_WEIGHT = 1_000_000
MAX_LEVEL = 9


def load_policy(path: str | Path, professions: Collection[str] = ()) -> Policy:
    """Read a policy file: TOML with ``sense`` and one table ``[rules.<rule>]`` for each rule that differs from its default.

    Parameters
    ----------
    professions
        Those of the instance for which it is read; empty: any name is taken for one.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    path = Path(path)
    report = Report()
    content = read_bytes(path)
    data = parse_toml(content, path.name)
    line_of = key_lines(decode(content, path.name))

    def where(*keys: str) -> Problem:
        return Problem("", path.name, row=line_of(keys), column=".".join(keys))

    policy = read_policy(data, where, report)
    if professions:
        check_professions(policy, professions, where, report)
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
            near = nearest_rule(rule)
            fix = f"did you mean {near!r}?" if near else "`rotations rules` lists them"
            report.add(replace(say(where("rules", rule), "unknown rule", "unknown_rule", rule), suggestion=fix))
        elif not isinstance(entry, Mapping):
            problem = say(
                where("rules", rule), "the rule's entry is not a table", "type", entry, "kind, weight, level or parameters"
            )
            fix = f'write [rules.{rule}] and under it kind = "{entry}"' if entry in RULES[rule].kinds else ""
            report.add(replace(problem, suggestion=fix))
        else:
            found["rules"][rule] = _rule(RULES[rule], entry, where, report)
    return Policy.model_validate(found)


def nearest_rule(name: str) -> str | None:
    """The rule that is most likely meant by a name that no rule has: by its id, or by its title."""
    known = {spec.title: spec.id for spec in RULES.values()} | {rule: rule for rule in RULES}
    near = nearest(name, known)
    return None if near is None else known[near]


def _header(key: str) -> str:
    """How the header of a rule's table is written, where a key looks like one."""
    if key == "policy":
        return "leave that word out: a policy file says [rules.waiting]"
    rule = None if nearest(key, ("sense", "rules")) else nearest_rule(key)
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
                problem = replace(say(place, message, "unknown_choice", value, one_of(spec.kinds)), suggestion=_kind(spec, value))
                report.add(problem, meant=() if known else spec.kinds)
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
            problem = say(place, message, "unknown_parameter", key, one_of(known_keys))
            fix = f'write kind = "{key}"' if key in spec.kinds else ""
            report.add(replace(problem, suggestion=fix), meant=known_keys)
    return RulePolicy(**good, parameters=parameters)


def _kind(spec: RuleSpec, value: Any) -> str:
    """What is meant by a kind like ``on``, ``true`` or ``no``."""
    said = str(value).lower()
    on = [kind for kind in spec.kinds if kind != "off"]
    if said in ("on", "yes", "true"):
        return "write " + " or ".join(f'"{kind}"' for kind in on)
    return 'write "off"' if said in ("no", "false", "none", "never") and "off" in spec.kinds else ""


def allowed(parameter: Parameter) -> str:
    """The values that a parameter may have, in words: ``one of raw, per_requirement``; ``a whole number from 0 to 52``."""
    default = parameter.default
    if parameter.counts:
        return "a list of names with numbers, like ['np:2']"
    if isinstance(default, tuple):
        return f"a list of {', '.join(parameter.choices)}" if parameter.choices else "a list of names"
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, int):
        return f"a whole number from {parameter.least:,} to {parameter.most:,}"
    return one_of(parameter.choices) or "text"


def _parameter(parameter: Parameter, value: Any, place: Problem, report: Report) -> ParameterValue | None:
    default = parameter.default
    if isinstance(default, tuple):
        fits = isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)
        if parameter.counts:
            fits = fits and all(_is_count(text) for text in value)
    else:
        fits = type(value) is type(default) and not (isinstance(value, int) and not parameter.least <= value <= parameter.most)
    if not fits:
        problem = say(place, "the parameter does not fit", "type", value, allowed(parameter))
        if isinstance(default, tuple) and isinstance(value, str):
            problem = replace(problem, suggestion=f"put it between brackets: [{toml_value(value)}]")
        elif isinstance(value, str) and not isinstance(default, str):
            problem = replace(problem, suggestion="leave the quotes out")
        report.add(problem)
        return None
    # A list of rules is checked against the catalogue even though its parameter does not list them again.
    rules = isinstance(default, tuple) and default and all(name in RULES for name in default)
    choices = parameter.choices or (tuple(RULES) if rules else ())
    for name in value if isinstance(value, list | tuple) else (value,):
        if choices and name not in choices:
            report.add(say(place, "unknown choice", "unknown_choice", name, one_of(choices)), meant=choices)
            return None
    if isinstance(value, list | tuple) and (twice := [name for i, name in enumerate(value) if name in value[:i]]):
        report.add(say(place, "the list names something twice", "duplicate", twice[0]))
        return None
    return tuple(value) if isinstance(value, list | tuple) else value


def check_professions(policy: Policy, known: Collection[str], where: Where, report: Report) -> None:
    """Names with a number, like ``np:2``, are professions."""
    for rule, entry in policy.rules.items():
        for key, value in entry.parameters.items():
            texts = value if RULES[rule].parameters[key].counts and isinstance(value, tuple) else ()
            for name in (name for text in texts for name, _ in parse_counts(text)):
                if name not in known:
                    report.add(say(where("rules", rule, key), "unknown profession", "unknown_profession", name), meant=known)


def _is_count(text: str) -> bool:
    """Whether a text is a name with a number, like `np:2`."""
    try:
        return len(parse_counts(text)) == 1
    except ValueError:
        return False


def say(place: Problem, message: str, code: str, value: Any = None, expected: str = "") -> Problem:
    """A problem at a place that a `Where` gave."""
    text = None if value is None else value if isinstance(value, str) else toml_value(value)
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
