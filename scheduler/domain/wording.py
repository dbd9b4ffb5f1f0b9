"""Numbers, and how good a schedule is proven to be, in the coordinator's words: the same on screen and in every file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scheduler.domain.schedule import Given, LevelResult, Schedule, Status

#: How a reason ends: what is summed up in it.
OTHER_REASONS = "for other reasons"
NOT_FOR_THIS = "that are not for this rotation"


def count(number: int, singular: str, plural: str = "") -> str:
    """``1 student``, ``3 students``, ``1,200 students``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def percent(share: float) -> str:
    """A share as a percentage with one decimal; a small one is never shown as nothing, a huge one only as that."""
    if share > 1:
        return "over 100 %"
    if 0 < share < 0.0005:
        return "under 0.1 %"
    return f"{100 * share:.1f} %"


def obstacle(reason: str) -> str:
    """What a reason names most offers for: ``12 offers: 3 refused, 9 in a full slot`` is ``in a full slot``; others as a whole.

    Of two with as many it is the first. What nobody of the program could use, or is summed up, is in nobody's way.
    """
    found = re.match(r"[\d,]+ offers?: (.+)$", reason)
    parts = re.findall(r"(\d+) (.+?)(?=, (?:and )?\d+ |$)", found[1]) if found else []
    named = [(int(offers), why) for offers, why in parts if why not in (NOT_FOR_THIS, OTHER_REASONS)]
    return max(named, key=lambda part: part[0])[1] if named else reason


def proof_sentence(schedule: Schedule) -> str:
    """How good the schedule is proven to be: placements first, the gap after."""
    missing, more = len(schedule.unplaced), schedule.more
    if schedule.given is not None:
        missing -= schedule.given.not_planned
        whole = schedule.model_copy(update={"given": None, "unplaced": schedule.unplaced[:missing]})
        return "; ".join(filter(None, (proof_sentence(whole), given_words(schedule.given))))
    if schedule.status is Status.OPTIMAL:
        best = "no better schedule exists under this policy (proved)"
        if not missing:
            return f"everything is placed, and {best}"
        if not more:
            return best if more is None else f"no more placements are possible, and {best}"
        return f"{best}; another policy could place at most {count(more, 'more rotation')}"
    if not missing:
        sentence = "everything is placed"
    elif more is None:
        sentence = "how many more could be placed is not proved"
    elif more == 0:
        sentence = "no more placements are possible (proved)"
    else:
        sentence = f"at most {count(min(more, missing), 'more placement')} could be possible"
    if len(schedule.levels) > 1:
        return f"{sentence}; {_levels(schedule.levels)}"
    return sentence if schedule.gap is None else f"{sentence}; gap {percent(schedule.gap)}"


def given_words(given: Given) -> str:
    """``given the 31 placements that are kept, for profession=pt alone``: what a proof is not about."""
    kept = f"the {count(given.kept, 'placement')} that {'is' if given.kept == 1 else 'are'} kept" if given.kept else ""
    alone = f"{' and '.join(given.only)} alone, not the whole term" if given.only else ""
    if not alone:
        return f"given {kept}" if kept else ""
    return f"for {alone}{', given ' * bool(kept)}{kept}"


def _levels(levels: Sequence[LevelResult]) -> str:
    """``level 1 is as good as can be (proved), gap 5.5 % at level 2``."""
    best = [str(result.level) for result in levels if result.objective == result.bound]
    said = [f"level{'' if len(best) == 1 else 's'} {' and '.join(best)} as good as can be (proved)"] if best else []
    return ", ".join(said + [f"gap {percent(r.gap)} at level {r.level}" for r in levels if r.objective != r.bound])
