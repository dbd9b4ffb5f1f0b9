"""The page of a rule: catalogue entry and the docstring of the class that states it, as Markdown."""

from __future__ import annotations

from scheduler.domain import RULES, RuleSpec

KIND_WORDS = {"hard": "hard (must hold)", "soft": "soft (costs points)", "off": "off"}


def rule_page(rule: str) -> str:
    """Markdown of one rule: title, what it demands, how it may be set, how it is stated."""
    spec = RULES[rule]
    parts = [f"## {spec.id}", f"**{spec.title}.** {spec.sentence}", _settings(spec)]
    return "\n\n".join(parts) + "\n"


def _settings(spec: RuleSpec) -> str:
    kinds = ", ".join(KIND_WORDS[kind] for kind in spec.kinds)
    lines = [f"- Kinds: {kinds}. Default: {spec.kind}."]
    if "soft" in spec.kinds:
        lines.append(f"- Penalty in {spec.unit}; where soft, weight {spec.weight} and level {spec.level} by default.")
    for name, parameter in spec.parameters.items():
        default = ", ".join(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
        choices = f" One of: {', '.join(parameter.choices)}." if parameter.choices else ""
        lines.append(f"- Parameter `{name}`: {parameter.description}{choices} Default: {default}.")
    return "\n".join(lines)
