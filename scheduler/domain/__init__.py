"""Vocabulary of the project: tables, policy, Instance and Schedule. Plain data, no solver, no pandas."""

from scheduler.domain.catalogue import BY_FAMILY, RULES
from scheduler.domain.instance import DAY_MINUTES, DEFAULT_SHIFTS, Instance, Shift
from scheduler.domain.policy import Kind, Parameter, Policy, RulePolicy, RuleSpec, Setting
from scheduler.domain.schedule import GONE, Effort, Given, LevelResult, Placement, RuleScore, Schedule, Status, Step, Unplaced
from scheduler.domain.tables import PROFESSIONS, TABLES

__all__ = [
    "BY_FAMILY",
    "DAY_MINUTES",
    "DEFAULT_SHIFTS",
    "GONE",
    "PROFESSIONS",
    "RULES",
    "TABLES",
    "Effort",
    "Given",
    "Instance",
    "Kind",
    "LevelResult",
    "Parameter",
    "Placement",
    "Policy",
    "RulePolicy",
    "RuleScore",
    "RuleSpec",
    "Schedule",
    "Setting",
    "Shift",
    "Status",
    "Step",
    "Unplaced",
]
