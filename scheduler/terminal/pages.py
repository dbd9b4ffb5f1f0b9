"""The page of a rule: its catalogue entry, and how its class says that it is stated, as Markdown."""

from __future__ import annotations

from inspect import getdoc

from scheduler.domain import RULES, RuleSpec

#: A line of a docstring that ends before this column was meant to end there (a formula).
FULL_LINE = 100
KIND_WORDS = {"hard": "hard (must hold)", "soft": "soft (costs points)", "off": "off"}


def rule_page(rule: str) -> str:
    """Markdown of one rule: title, what it demands, how it may be set, how it is stated and where."""
    from scheduler.rules import RULE_CLASSES  # brings numpy and pandas along

    spec = RULES[rule]
    stated = RULE_CLASSES[rule]
    _, _, how = (getdoc(stated) or "").partition("\n\n")
    where = stated.__module__.replace(".", "/")
    parts = [
        f"## {spec.id}",
        f"**{spec.title}.** {spec.sentence}",
        _settings(spec),
        _keep_breaks(how),
        f"Stated in `{where}.py`, `{stated.__name__}`.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _settings(spec: RuleSpec) -> str:
    kinds = ", ".join(KIND_WORDS[kind] for kind in spec.kinds)
    lines = [f"- Kinds: {kinds}. Default: {spec.kind}."]
    if "soft" in spec.kinds:
        lines.append(f"- Penalty in {spec.unit}; where soft, weight {spec.weight} and level {spec.level} by default.")
    for name, parameter in spec.parameters.items():
        default = ", ".join(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
        values = f" One of: {', '.join(parameter.choices)}." if parameter.choices else ""
        if isinstance(parameter.default, int) and not isinstance(parameter.default, bool):
            values = f" From {parameter.least:,} to {parameter.most:,}."
        lines.append(f"- Parameter `{name}`: {parameter.description}{values} Default: {default}.")
    return "\n".join(lines)


def _keep_breaks(text: str) -> str:
    """Two blanks at the end of a line are a line break in Markdown."""
    lines = text.split("\n")
    breaks = [bool(line) and len(line) < FULL_LINE and bool(after) for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(line + "  " if ends else line for line, ends in zip(lines, breaks, strict=True))
