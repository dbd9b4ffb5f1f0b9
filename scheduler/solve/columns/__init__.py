"""Strategy *columns*: a column is one party's whole schedule; a linear master bounds, and chooses what is worth having."""

from scheduler.solve.columns.strategy import column_generation

__all__ = ["column_generation"]
