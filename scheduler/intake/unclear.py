"""A cell that cannot be read, or not for sure; and a remark on one that can."""

from __future__ import annotations

from typing import Any, NamedTuple

from scheduler.errors import Severity


class Remark(NamedTuple):
    """How a cell was understood, where somebody might have meant something else."""

    code: str
    severity: Severity
    said: dict[str, Any]


class Unclear(Exception):
    """A cell that cannot be read: the code of the finding and the parameters of its message."""

    def __init__(self, code: str, **said: Any) -> None:
        super().__init__(code)
        self.code, self.said = code, said
