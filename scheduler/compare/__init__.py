"""What changed from one schedule to another: a group's placement that moves is one change, as is a student's."""

from scheduler.compare.comparison import Comparison, RuleChange, compare
from scheduler.compare.moves import SEVERITY, Kind, Move, moves, numbered_alike
from scheduler.compare.rosters import Load, Roster, RosterKind, rosters

__all__ = [
    "SEVERITY",
    "Comparison",
    "Kind",
    "Load",
    "Move",
    "Roster",
    "RosterKind",
    "RuleChange",
    "compare",
    "moves",
    "numbered_alike",
    "rosters",
]
