"""Data for the whole rule book: what a term of the core rules gets on top, table by table."""

from scheduler.generate.rulebook.whole import add_rules

__all__ = ["add_rules"]
