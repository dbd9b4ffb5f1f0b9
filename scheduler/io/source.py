"""What a folder and a workbook have in common: an instance as sheets of cells and a frame, not yet checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.io.policies import Where
from scheduler.io.tables import Sheet


@dataclass(slots=True)
class Source:
    """An instance as it stands in files.

    Attributes
    ----------
    sheets
        Table name to its cells.
    frame
        Content of ``instance.toml`` or of its sheets; None where it is missing or cannot be read.
    where
        Place of a key of the frame.
    unreadable
        Tables that are there but could not be opened; why was reported.
    frame_unreadable
        The same for the frame.
    """

    sheets: dict[str, Sheet]
    frame: Mapping[str, Any] | None
    where: Where
    unreadable: set[str] = field(default_factory=set)
    frame_unreadable: bool = False
