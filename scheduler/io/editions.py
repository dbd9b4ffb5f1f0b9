"""Which edition a solution folder's schedule is: calendars tell later from earlier by it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from scheduler.domain import Schedule, Status

#: In the summary, of which schedule.csv its edition is, where that is another one than was written.
EDITION_OF = "edition_sha256"


def edition(summary: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """When the schedule was made, and which edition it is: one later where its schedule.csv, by SHA-256, was changed since."""
    known = {key: summary.get(key) for key in ("made", "edition")}
    if changed_since(summary, digest):
        with suppress(ValidationError):  # said by whoever reads all of it
            known["edition"] = Schedule.model_validate({"status": Status.UNKNOWN, **known}).number + 1
    return known


def changed_since(summary: Mapping[str, Any], digest: str) -> bool:
    """Whether the schedule.csv is another one than that of which the summary says the edition."""
    return bool(digest != summary.get(EDITION_OF, summary.get("schedule_sha256")))
