"""What is told about one thing, in sentences that can be forwarded, and the same for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What is told about one thing.

    Attributes
    ----------
    title
        What it is about.
    lines
        Sentences; those of a list are indented by two blanks.
    data
        The same for programs.
    """

    title: str
    lines: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)
