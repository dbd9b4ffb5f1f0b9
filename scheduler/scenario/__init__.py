"""Scenarios: named lists of changes to an instance, from files or words, that stack."""

from scheduler.scenario.applying import Applied, Done, apply
from scheduler.scenario.change import Change, keys_of
from scheduler.scenario.reading import Line, Scenario, parse_change, read_scenario
from scheduler.scenario.registry import KINDS

__all__ = [
    "KINDS",
    "Applied",
    "Change",
    "Done",
    "Line",
    "Scenario",
    "apply",
    "keys_of",
    "parse_change",
    "read_scenario",
]
