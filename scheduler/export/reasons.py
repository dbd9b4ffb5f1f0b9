"""What of a reason may be told where people have pseudonyms: only sentences in the program's own words.

A reason is read from a file that people may edit, so it can say anything. What the rules say is made of few words; a part of a
reason with any other word is counted with the other reasons.
"""

from __future__ import annotations

import re
from collections import Counter

from scheduler.domain import RULES
from scheduler.domain.wording import NOT_FOR_THIS, OTHER_REASONS
from scheduler.export.words import Words

NOT_TOLD = "the reason names something that is left out here"
#: The words of which the rules make reasons; a test reads theirs.
_SAID = """
    a accepted after against agreement already an and another any are arranged asked asks at available away bed before beside
    between beyond blocks both breadth budget but by calendar car choose chosen close closed commitment competency conflict cost
    covers date dates days did do due during earlier else elsewhere end ends enough every experience faculty far farther few
    finished first fit for forbids from full given group group's had has have heavy home horizon hours housing in is it km
    language large last leads least leave left length levels licence list little lodging many may meet member much must need
    needed new night nights no not nothing number of offer offered offers on one only or other out outside past pin pinned
    placed placement placements places planned planning possible preceptor preceptors preference profession professions program
    program's reason reasons recorded refused renewing required reservations rest rests rotation rule run same school school's
    second session sessions setting share signed simulation site sites slot somebody soon sooner specialty spoken sponsor start
    starts stay student student's students teams term terms than that the there this time to too training two unavailable under
    unit used was week weeks what where which while who whole whose with without works would
"""
#: Of a number; a telephone number has more.
_MOST_FIGURES = 4
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
PLAIN_WORDS = frozenset(_SAID.split()) | {word for rule in RULES.values() for word in _WORD.findall(rule.title.lower())}
_REASON = re.compile(r"([\d,]+ offers?): (.+)")
_PART = re.compile(r"(?:and )?(\d+) (.+?)(?=, (?:and )?\d+ |$)")


def told(reason: str, people: Words, kept: Words) -> str:
    """A reason with pseudonyms for people, and without what is said in other words than the program's.

    Parameters
    ----------
    people
        Ids and names, and their pseudonyms.
    kept
        What else may be named, like pseudonyms and compliance items, each with nothing instead.
    """
    said = people.replaced(reason)
    found = _REASON.fullmatch(said)
    if not found:
        return said if _is_plain(said, kept) else NOT_TOLD
    parts: Counter[str] = Counter()
    for offers, why in _PART.findall(found[2]):
        parts[why if _is_plain(why, kept) else OTHER_REASONS] += int(offers)
    ends = {OTHER_REASONS: 1, NOT_FOR_THIS: 2}
    words = [f"{'and ' * (why == NOT_FOR_THIS)}{n} {why}" for why, n in sorted(parts.items(), key=lambda p: ends.get(p[0], 0))]
    return f"{found[1]}: {', '.join(words)}"


def _is_plain(text: str, kept: Words) -> bool:
    """Whether all words are the program's; of numbers, only dates and one like that of ``farther than 60 km``."""
    left = _DATE.sub("", kept.replaced(text))
    figures = re.findall(r"\d+", left)
    words = {word.lower() for word in re.findall(r"[^\W\d_](?:\w|'(?=\w))*", left)}
    return words <= PLAIN_WORDS and len(figures) <= 1 and all(len(figure) <= _MOST_FIGURES for figure in figures)
