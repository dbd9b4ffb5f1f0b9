"""The policy: which rules are on, hard or soft, with what weight, level and parameters.

A policy only says what differs from the defaults of the rule catalogue (`scheduler.domain.catalogue`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["hard", "soft", "off"]
#: Default weight of what is counted in hours: a week of them costs about as much as a broken rule of another kind.
HOUR = 2
ParameterValue = int | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a rule: default, meaning, and the values allowed (empty: any of the default's type).

    Whole numbers are allowed from `least` to `most`. With `counts` the texts of a list are names with numbers, like ``np:2``.
    """

    default: ParameterValue
    description: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 1_000_000
    counts: bool = False


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """What the catalogue says of a rule.

    Attributes
    ----------
    id
        The one name: of the file's class, verifier twin, policy entry, docs section, test and report line.
    title
        Short name for people.
    sentence
        What the rule demands or wishes, precisely, in plain words.
    kinds
        The kinds that it can have.
    kind, weight, level
        Defaults. The weight multiplies the penalty where the rule is soft; levels are optimised one after another.
    unit
        Unit of its penalty.
    """

    id: str
    title: str
    sentence: str
    kinds: tuple[Kind, ...] = ("hard", "soft", "off")
    kind: Kind = "hard"
    weight: int = 100
    level: int = 1
    unit: str = "violations"
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The title within a sentence."""
        return self.title[:1].lower() + self.title[1:]


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule's setting after defaults were filled in."""

    kind: Kind
    weight: int
    level: int
    parameters: Mapping[str, ParameterValue]

    def number(self, name: str) -> int:
        """A parameter that is a whole number."""
        return int(str(self.parameters[name]))

    def names(self, name: str) -> tuple[str, ...]:
        """A parameter that is a list of texts."""
        value = self.parameters[name]
        return value if isinstance(value, tuple) else (str(value),)


class RulePolicy(BaseModel):
    """What a policy file says of one rule; every other key is a parameter of the rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind | None = None
    weight: int | None = Field(default=None, ge=0, le=1_000_000)
    level: int | None = Field(default=None, ge=1, le=9)
    parameters: dict[str, ParameterValue] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_parameters(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "parameters" in data:
            return data
        own = {key: value for key, value in data.items() if key in cls.model_fields}
        extra = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items() if key not in cls.model_fields}
        return {**own, "parameters": extra}


class Policy(BaseModel):
    """The policy of an instance.

    Attributes
    ----------
    sense
        How the objective is shown: ``minimise`` the penalty, or ``maximise`` its negative (points won).
    rules
        Settings that differ from the catalogue's defaults, by rule id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sense: Literal["minimise", "maximise"] = "minimise"
    rules: dict[str, RulePolicy] = Field(default_factory=dict)

    def setting(self, spec: RuleSpec) -> Setting:
        """The setting of a rule: what this policy says, else the catalogue's default."""
        own = self.rules.get(spec.id, RulePolicy())
        parameters = {name: own.parameters.get(name, p.default) for name, p in spec.parameters.items()}
        return Setting(
            kind=own.kind or spec.kind,
            weight=spec.weight if own.weight is None else own.weight,
            level=spec.level if own.level is None else own.level,
            parameters=parameters,
        )

    def differences(self, spec: RuleSpec) -> dict[str, tuple[ParameterValue, ParameterValue]]:
        """What of a rule's setting is not the catalogue's default: by key, the value and the default."""
        found = self.setting(spec)
        pairs: dict[str, tuple[ParameterValue, ParameterValue]] = {
            "kind": (found.kind, spec.kind),
            "weight": (found.weight, spec.weight),
            "level": (found.level, spec.level),
            **{name: (found.parameters[name], parameter.default) for name, parameter in spec.parameters.items()},
        }
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

    def merged(self, other: Policy) -> Policy:
        """This policy with what `other` says on top, rule by rule and key by key."""
        rules = dict(self.rules)
        for rule, new in other.rules.items():
            old = rules.get(rule, RulePolicy())
            rules[rule] = RulePolicy(
                kind=new.kind or old.kind,
                weight=old.weight if new.weight is None else new.weight,
                level=old.level if new.level is None else new.level,
                parameters={**old.parameters, **new.parameters},
            )
        sense = other.sense if "sense" in other.model_fields_set else self.sense
        return Policy(sense=sense, rules=rules)
