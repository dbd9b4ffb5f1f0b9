"""Commands about rules and policies: what rules there are, what a policy makes of them, and a policy to be edited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markdown import Markdown

from scheduler.domain import BY_FAMILY, RULES, Policy, RuleSpec
from scheduler.domain.policy import ParameterValue
from scheduler.domain.wording import count
from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import load
from scheduler.terminal.options import JSON, PATH, POLICY
from scheduler.terminal.pages import rule_page
from scheduler.terminal.screen import WIDTH, say, screen, wrapped
from scheduler.terminal.sections import Command

GIVEN = click.option("--instance", type=PATH, help="Instance whose policy is meant.  [default: none, only defaults]")
#: What the catalogue says of a rule, in the words of its entry.
FIELDS = ("id", "title", "sentence", "kinds", "kind", "weight", "level", "unit")
CHANGED, SAME = "*", " "


@click.command(
    cls=Command,
    example="rotations rules\nrotations rules unit_capacity\nrotations rules --instance instances/small --policy my.toml",
)
@click.argument("rule", required=False, help="Id of a rule: print its page.")
@GIVEN
@POLICY
@JSON
def rules(rule: str | None, instance: Path | None, policy: Path | None, as_json: bool) -> int:
    """List the rules that a schedule is made by, or explain one.

    Of an instance or policy file, shows what it makes of them and marks what
    is not the default.
    """
    if rule is not None and rule not in RULES:
        from scheduler.io.policies import nearest_rule

        near = nearest_rule(rule)
        hint = f"did you mean {near!r}?" if near else "`rotations rules` lists them"
        raise click.UsageError(f"There is no rule {rule!r}; {hint}")
    given = _given(instance, policy)
    console = screen()
    if as_json:
        click.echo(json.dumps(_data([RULES[rule]] if rule else list(RULES.values()), given), indent=2))
    elif rule:
        page = rule_page(rule)
        console.print(Markdown(page) if console.is_terminal else page, soft_wrap=not console.is_terminal)
        if given is not None:
            say(console, f"Under this policy: {_setting(given, RULES[rule])}.")
    else:
        show_rules(console, given)
    return DONE


@click.command(
    cls=Command,
    example="rotations policy my.toml --instance instances/small\nrotations policy --policy my.toml newer.toml",
)
@click.argument("file", type=PATH, required=False, help="File to write, NAME.toml; printed if left out.")
@GIVEN
@POLICY
@click.option("--replace", is_flag=True, help="Write over FILE if there is one already.")
def policy(file: Path | None, instance: Path | None, policy: Path | None, replace: bool) -> int:
    """Write a policy to be edited: every rule, in prose, with its defaults.

    What the instance's policy and the policy file say stands in it as it is,
    all defaults as comments. The file can be used unchanged.
    """
    from scheduler.io import policy_text, write_policy

    given = _given(instance, policy) or Policy()
    sources = " and ".join(str(path) for path in (instance, policy) if path)
    text = policy_text(given, f"Policy: which rules must hold, which cost points{f', as {sources} has it' if sources else ''}.")
    if file is None:
        click.echo(text, nl=False)
        return DONE
    write_policy(text, file, replace=replace)
    say(screen(), f"{file}: {count(len(RULES), 'rule')}, {_changed(given)}.")
    say(screen(), f"Next: edit it, then rotations solve {instance or 'INSTANCE'} --policy {file}")
    return DONE


def show_rules(console: Console, given: Policy | None) -> None:
    """Print all rules by family, and with a policy what it says of them, with a mark where that is not the default."""
    name = max(map(len, RULES))
    width = (console.width if console.is_terminal else WIDTH) - 1  # programs read --json
    console.print(f"  {'rule':<{name}}  kind   weight level  title", style="dim", soft_wrap=True)
    for heading, specs in BY_FAMILY.items():
        console.print("\n" + wrapped(heading, width, 2), style="bold", soft_wrap=True)
        for spec in specs:
            setting = (given or Policy()).setting(spec)
            changes = {} if given is None else given.differences(spec)
            weight, level = (f"{setting.weight:,}", str(setting.level)) if setting.kind == "soft" else ("", "")
            start = f"{CHANGED if changes else SAME} {spec.id:<{name}}  {setting.kind:<4}  {weight:>7} {level:>5}  "
            for line, hanging in (
                (start + spec.title, len(start)),
                *((f"{' ' * 4}{_value(key, *pair)}", 6) for key, pair in changes.items()),
            ):
                console.print(
                    wrapped(line, width, hanging),
                    style="yellow" if changes else "dim" if setting.kind == "off" else "",
                    soft_wrap=True,
                )
    if given is not None:
        say(console, f"\n{_changed(given)[:1].upper()}{_changed(given)[1:]} ({CHANGED}).")


def _given(instance: Path | None, policy: Path | None) -> Policy | None:
    """The policy of an instance with what a file says on top, as `solve` would take it; None where neither is given."""
    if instance is not None:
        return load(instance, policy)[0].policy
    if policy is not None:
        from scheduler.io import load_policy

        return load_policy(policy)
    return None


def _changed(given: Policy) -> str:
    changed = sum(bool(given.differences(spec)) for spec in RULES.values())
    return f"{count(changed, 'rule')} {'is' if changed == 1 else 'are'} not as by default"


def _setting(given: Policy, spec: RuleSpec) -> str:
    """A rule's setting in words, with defaults where it is another one."""
    setting, changes = given.setting(spec), given.differences(spec)
    values: dict[str, ParameterValue] = {"kind": setting.kind}
    if setting.kind == "soft":
        values |= {"weight": setting.weight, "level": setting.level}
    values |= setting.parameters
    return ", ".join(_value(key, value, *changes.get(key, ())[1:]) for key, value in values.items())


def _value(key: str, value: ParameterValue, *default: ParameterValue) -> str:
    """``weight 3 (by default 1)``."""
    shown = _words(value) if key == "kind" else f"{key} {_words(value)}"
    return shown + "".join(f" (by default {_words(other)})" for other in default)


def _words(value: ParameterValue) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _data(chosen: Sequence[RuleSpec], given: Policy | None) -> list[dict[str, Any]]:
    """The rules for ``--json``: the catalogue's entry, and with a policy what it makes of it."""
    family = {spec.id: heading for heading, specs in BY_FAMILY.items() for spec in specs}
    rows: list[dict[str, Any]] = []
    for spec in chosen:
        row: dict[str, Any] = {"family": family[spec.id], **{key: getattr(spec, key) for key in FIELDS}}
        row["parameters"] = {
            name: {"default": p.default, "description": p.description, "choices": p.choices}
            for name, p in spec.parameters.items()
        }
        if given is not None:
            setting = given.setting(spec)
            row["setting"] = {"kind": setting.kind, "weight": setting.weight, "level": setting.level, **setting.parameters}
            row["changed"] = list(given.differences(spec))
        rows.append(row)
    return rows
