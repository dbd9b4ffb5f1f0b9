"""Who must be told what: one notice for each reader and change.

Students hear about their own placements, also those with a group; preceptors (with co-preceptors, covers and the faculty of
groups) and units about whom they get, a school about its own students. Who no longer comes is a notice for those who expected
them, and does not say where they go instead; who comes is one for those who did not. What is as it was is in nobody's list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from scheduler.compare import Kind
from scheduler.domain import Instance
from scheduler.export import ReaderKind
from scheduler.export.diaries import supervising
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import natural
from scheduler.notices.changes import Change, paired
from scheduler.notices.sentences import Sentences
from scheduler.words.locale import Locale

#: What a reader has to do about it; `changed` is who else takes part, at the same place and time.
Action = Literal["new", "moved", "changed", "cancelled", "nothing left"]
#: In this order readers stand in the list.
READERS: tuple[ReaderKind, ...] = ("student", "preceptor", "unit", "school")


@dataclass(frozen=True, slots=True)
class Notice:
    """What one reader is told of one change.

    Attributes
    ----------
    kind, reader, name
        The reader.
    action, what
        What it means to the reader; `what` as in `scheduler.compare.SEVERITY`, empty where nothing is left.
    who
        The student, group or part of a group, as far as the reader may know.
    before, after
        The placement as far as it concerns the reader; None where it did not, or no longer does.
    reason
        Why it is lost, for students and schools.
    sentence
        All of it in the reader's words.
    """

    kind: ReaderKind
    reader: str
    name: str
    action: Action
    what: Kind | Literal[""]
    who: str
    before: Stay | None
    after: Stay | None
    reason: str
    sentence: str


def told(found: Iterable[Change], before: Instance, after: Instance, locale: Locale | None = None) -> list[Notice]:
    """All notices, by reader and date.

    Parameters
    ----------
    found
        Every change, also what is unchanged.
    before, after
        The instance as it was when the earlier schedule was published, and as it is now.
    locale
        Of the sentences; None: English.
    """
    both = tuple(found)
    everywhere = _Readers(before, after, Sentences(locale or Locale()))
    notices = [*_students(both, everywhere)]
    for change in both:
        for kind in ("preceptor", "unit", "school"):
            notices += _of_others(change, kind, everywhere)
    notices += _nothing_left(both, everywhere)
    return sorted(notices, key=_order)


def _order(notice: Notice) -> tuple[object, ...]:
    stay = notice.before or notice.after
    when = str(stay.first_day) if stay else "~"  # what is left at the end comes last
    return READERS.index(notice.kind), *natural(notice.reader), when, *natural(notice.who), notice.sentence


class _Readers:
    """Who reads about a placement, before and after, and in which sentences."""

    def __init__(self, before: Instance, after: Instance, say: Sentences) -> None:
        self.before, self.after, self.say = before, after, say
        self._members = tuple(
            {s.student: s.group for s in instance.students if s.group and s.named} for instance in (before, after)
        )

    def of(self, stay: Stay | None, kind: ReaderKind, now: bool) -> tuple[str, ...]:
        """The ids of the readers of a kind."""
        if stay is None:
            return ()
        if kind == "school":
            return (stay.row.school,)
        if kind == "unit":
            return (stay.row.unit,)
        if kind == "preceptor":
            there = supervising(self.after if now else self.before, stay)
            return tuple(dict.fromkeys((*there, *filter(None, (stay.row.cover,)))))
        members = self._members[now]
        return stay.students or tuple(who for who, group in members.items() if stay.row.part and group == stay.row.group)

    def covers(self, stay: Stay | None, reader: str, now: bool) -> bool:
        """Whether a preceptor is there only as cover."""
        return stay is not None and reader not in supervising(self.after if now else self.before, stay)

    def name(self, kind: ReaderKind, reader: str) -> str:
        """The name of a reader; the id where there is none."""
        for instance in (self.after, self.before):
            if kind == "preceptor" and reader in instance.preceptor_by_id:
                return instance.preceptor_by_id[reader].name or reader
            if kind == "unit" and reader in instance.unit_by_id:
                return instance.unit_by_id[reader].name or reader
            if kind == "school" and reader in instance.school_by_id:
                return instance.school_by_id[reader].name or reader
        return reader


def _students(found: Iterable[Change], readers: _Readers) -> Iterator[Notice]:
    """What each student known by name is told, of placements alone and with a group."""
    own: dict[str, tuple[list[Stay], list[Stay]]] = {}
    reasons: dict[int, str] = {}
    for change in found:
        for now, stay in enumerate((change.before, change.after)):
            for who in readers.of(stay, "student", bool(now)):
                if stay is not None:
                    own.setdefault(who, ([], []))[now].append(stay)
                    reasons[id(stay)] = change.reason
    for who, (was, then) in own.items():
        for change in paired(was, then, student=who):
            if change.kind != "unchanged":
                reason = reasons[id(change.before)] if change.after is None else ""
                yield _notice(replace(change, reason=reason), "student", who, who, who, readers.say.for_student(change))


def _of_others(change: Change, kind: ReaderKind, readers: _Readers) -> Iterator[Notice]:
    old, new = readers.of(change.before, kind, now=False), readers.of(change.after, kind, now=True)
    for reader in dict.fromkeys((*old, *new)):
        seen = _as_seen(change, reader in old, reader in new)
        name = readers.name(kind, reader)
        if kind != "school":
            seen = replace(seen, reason="")
        if seen.kind != "unchanged":
            if kind == "school":
                sentence = readers.say.for_school(seen)
            elif kind == "unit":
                sentence = readers.say.for_host(seen, "unit")
            else:
                covers = readers.covers(seen.before, reader, now=False), readers.covers(seen.after, reader, now=True)
                sentence = readers.say.for_host(seen, "preceptor", covers)
            yield _notice(seen, kind, reader, name, seen.stay.row.who, sentence)
        yield from _of_members(seen, kind, reader, name, readers.say)


def _as_seen(change: Change, was: bool, now: bool) -> Change:
    """A change as it concerns a reader who was there before, or is after."""
    if was and now:
        return change
    return replace(change, after=None, kinds=("lost",)) if was else replace(change, before=None, kinds=("new",))


def _of_members(change: Change, kind: ReaderKind, reader: str, name: str, say: Sentences) -> Iterator[Notice]:
    """Students who join or leave a group that still comes to the reader."""
    a, b = change.before, change.after
    if a is None or b is None or not a.row.group or a.row.part or b.row.part:
        return
    for who in sorted({*a.students} ^ {*b.students}):
        comes = who in b.students
        one = Change(None, b, ("new",)) if comes else Change(a, None, ("lost",))
        yield _notice(one, kind, reader, name, who, say.for_member(who, b if comes else a, comes))


def _notice(change: Change, kind: ReaderKind, reader: str, name: str, who: str, sentence: str) -> Notice:
    if change.before is None or change.after is None:
        action: Action = "new" if change.before is None else "cancelled"
    else:
        action = "changed" if {*change.kinds} <= {"students", "preceptor"} else "moved"
    return Notice(kind, reader, name, action, change.kind, who, change.before, change.after, change.reason, sentence)


def _nothing_left(found: Iterable[Change], readers: _Readers) -> Iterator[Notice]:
    """Those who had placements and have none now."""
    there: tuple[set[tuple[ReaderKind, str]], set[tuple[ReaderKind, str]]] = (set(), set())
    for change in found:
        for now, stay in enumerate((change.before, change.after)):
            there[now].update((kind, who) for kind in READERS for who in readers.of(stay, kind, bool(now)))
    for kind, who in sorted(there[0] - there[1]):
        name = readers.name(kind, who)
        sentence = readers.say.nothing_left(kind, name, readers.after.name)
        yield Notice(kind, who, name, "nothing left", "", "", None, None, "", sentence)
