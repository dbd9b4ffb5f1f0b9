"""Text that would like to be a script, a formula or markup, put into every free text of an instance."""

from __future__ import annotations

from typing import Any

from scheduler.domain import Instance, Schedule
from scheduler.domain.types import parse_text

#: Each is tried alone: what one breaks out of, another does not.
EVIL = (
    "<script>window.hacked=1</script>",
    '" onload="window.hacked=1" autofocus onfocus="window.hacked=1',
    "</script><img src=x onerror=window.hacked=1>",
    "<!--<script>",
    "</style></title><svg onload=window.hacked=1>",
    "=cmd|'/c calc'!A0",
    "javascript:window.hacked=1",
    "{{ 7*7 }} ${7*7} {n} datum.x",
    "\u202egnp.tpircs\u202c \u2066x\u2069 \u2028 \ufeff\u200b \ufffe ﹤script﹥",
    "]]> &lt;b&gt; &amp; \\u003cscript\\u003e",
)


def hostile(instance: Instance, text: str) -> Instance:
    """The instance with a text in the place of every free text, its own name included."""
    changed: dict[str, Any] = {"name": text}
    for name in type(instance).model_fields:
        rows = getattr(instance, name)
        if isinstance(rows, tuple) and rows and hasattr(rows[0], "table"):
            free = [
                field
                for field, info in type(rows[0]).model_fields.items()
                if any(getattr(part, "func", None) is parse_text for part in info.metadata)
                and not field.startswith("season")  # a month and a day
            ]
            if free:
                changed[name] = tuple(row.model_copy(update=dict.fromkeys(free, text)) for row in rows)
    same = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_construct(**{**same, **changed})


def told(schedule: Schedule, text: str) -> Schedule:
    """The schedule with a text as the reason of whatever is unplaced: a file that people may edit says it."""
    return schedule.model_copy(update={"unplaced": tuple(u.model_copy(update={"reason": text}) for u in schedule.unplaced)})
