"""A policy as a page of prose that is a policy file: every rule with its sentence, what may be set, and what is set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from scheduler.domain import BY_FAMILY, Parameter, Policy, RulePolicy, RuleSpec
from scheduler.errors import InputError, Problem
from scheduler.io.policies import allowed
from scheduler.io.publish import replace_file
from scheduler.io.toml import toml_value

WIDTH = 80
HOW_TO_READ = """
Below stand all rules, each with its sentence. What stands without # is set
here. A # right before a name is a default: to change it, remove the # and
write another value.

  kind    "hard": must hold. "soft": may be broken, and then costs points.
          "off": is not looked at.
  weight  points for each one that a soft rule counts, 0 to 1,000,000.
  level   1 to 9. First the points of level 1 are made as few as can be; then,
          without giving up any of that, those of level 2; and so on.

A rule's page: rotations rules RULE
Use it: rotations solve INSTANCE --policy FILE
""".strip().splitlines()


def policy_text(policy: Policy, title: str, *, complete: bool = True) -> str:
    """A policy as text that `load_policy` reads back as the same.

    Parameters
    ----------
    policy
        What it says is written as it is; where it says nothing, defaults are written as comments.
    title
        What the page is about.
    complete
        Whether rules of which the policy says nothing, and defaults, are written at all.
    """
    lines = [*_prose(title), *(["#", *(f"# {line}".rstrip() for line in HOW_TO_READ)] if complete else []), ""]
    if complete:
        lines.append('# How points are shown: "minimise" (as costs) or "maximise" (as points won).')
    if complete or "sense" in policy.model_fields_set:
        lines += [_line("sense", policy.sense, said="sense" in policy.model_fields_set), ""]
    for heading, specs in BY_FAMILY.items():
        shown = [spec for spec in specs if complete or spec.id in policy.rules]
        if not shown:
            continue
        lines += ["", f"# {'-' * (WIDTH - 2)}", *_prose(heading), f"# {'-' * (WIDTH - 2)}", ""]
        for spec in shown:
            lines += [*_rule(spec, policy.rules.get(spec.id, RulePolicy()), complete), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def write_policy(text: str, path: Path, *, replace: bool = False) -> None:
    """Write a policy file, at once or not at all.

    Raises
    ------
    InputError
        If there is such a file already (without `replace`), or it could not be a policy file.
    """
    if path.suffix.lower() != ".toml" or path.name == "instance.toml":
        what = "the name of a policy file ends in .toml" if path.suffix.lower() != ".toml" else "this is the name of an instance"
        raise InputError(Problem(what, file=str(path), suggestion="name another file", code="not_a_policy"))
    if path.is_dir():
        raise InputError(Problem("is a folder, but a file is expected", file=str(path), code="not_a_file"))
    if path.exists() and not replace:
        fix = "name another one, or add --replace"
        raise InputError(Problem("there is such a file already", file=str(path), suggestion=fix, code="exists"))
    replace_file(path, text.encode())


def _rule(spec: RuleSpec, own: RulePolicy, complete: bool) -> Iterator[str]:
    yield from _prose(f"{spec.title}. {spec.sentence}" if complete else f"{spec.title}.")
    yield f"[rules.{spec.id}]"
    if complete or own.kind is not None:
        yield _line("kind", own.kind or spec.kind, said=own.kind is not None, comment=_kinds(spec) if complete else "")
    soft = complete and "soft" in spec.kinds
    if soft or own.weight is not None:
        weight = spec.weight if own.weight is None else own.weight
        when = "" if "hard" not in spec.kinds else "where soft: "
        yield _line("weight", weight, said=own.weight is not None, comment=f"{when}points each ({spec.unit})" if complete else "")
    if soft or own.level is not None:
        yield _line("level", own.level or spec.level, said=own.level is not None)
    for name, parameter in spec.parameters.items():
        if complete:
            yield from _prose(_meaning(parameter))
        if complete or name in own.parameters:
            yield _line(name, own.parameters.get(name, parameter.default), said=name in own.parameters)


def _kinds(spec: RuleSpec) -> str:
    *others, last = spec.kinds
    return f"{', '.join(others)} or {last}" if others else "always"


def _meaning(parameter: Parameter) -> str:
    """What a parameter means and may be."""
    values = allowed(parameter)
    return f"{parameter.description.rstrip('.')}. {values[:1].upper()}{values[1:]}."


def _line(key: str, value: object, *, said: bool, comment: str = "") -> str:
    text = f"{'' if said else '#'}{key} = {toml_value(value)}"
    return f"{text:<17} # {comment}" if comment else text


def _prose(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False)]
