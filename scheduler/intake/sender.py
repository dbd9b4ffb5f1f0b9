"""Who a file comes from: only their own rows are theirs to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

SenderKind: TypeAlias = Literal["school", "unit", "preceptor"]


@dataclass(frozen=True, slots=True)
class Sender:
    """A school, unit or preceptor of the instance.

    Attributes
    ----------
    kind
        What it is.
    id
        Its id in the instance.
    """

    kind: SenderKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
