"""Policies under which a repair is searched: first what moves and nothing else, then everything without moving more."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.domain import RULES, Policy, RulePolicy, Setting

CHANGES = "stability"


def changes_only(policy: Policy) -> Policy:
    """Hard rules as they are; of what has a price only changes against the baseline, at 1 a point."""

    def priced(rule: str, setting: Setting) -> RulePolicy:
        if rule == CHANGES:
            return RulePolicy(kind="soft", weight=1, level=1, parameters=dict(setting.parameters))
        off = "off" in RULES[rule].kinds
        return RulePolicy(kind="off" if off else None, weight=0, level=1, parameters=dict(setting.parameters))

    return _each_priced(policy, priced)


def changes_first(policy: Policy) -> Policy:
    """What moves is level 1, and everything else that has a price comes after it in its own order."""

    def later(rule: str, setting: Setting) -> RulePolicy:
        own = dict(setting.parameters)
        if rule == CHANGES:
            return RulePolicy(kind="soft", weight=1, level=1, parameters=own)
        return RulePolicy(kind=setting.kind, weight=setting.weight, level=min(9, setting.level + 1), parameters=own)

    return _each_priced(policy, later)


def _each_priced(policy: Policy, make: Callable[[str, Setting], RulePolicy]) -> Policy:
    settings = {rule: policy.setting(spec) for rule, spec in RULES.items()}
    new = {rule: make(rule, setting) for rule, setting in settings.items() if setting.kind == "soft" or rule == CHANGES}
    return Policy(sense=policy.sense, rules={**policy.rules, **new})
