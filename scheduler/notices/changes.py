"""What happened to each placement: before and after in pairs, as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from scheduler.compare import Kind, moves, numbered_alike
from scheduler.domain import Instance, Placement, Schedule, Status, Unplaced
from scheduler.domain.wording import obstacle
from scheduler.export.stays import Stay, stays, within
from scheduler.notices.sentences import Sentences
from scheduler.words.locale import Locale


@dataclass(frozen=True, slots=True)
class Change:
    """One placement of a party and required rotation before and after; None where there is none.

    Attributes
    ----------
    kinds
        What is different, most noticeable first, in the words of `scheduler.compare.SEVERITY`; ``unchanged`` alone where nothing
        is.
    reason
        Why it is lost, as far as that is known.
    sentence
        The same for whoever may see all; empty where nothing changed.
    """

    before: Stay | None
    after: Stay | None
    kinds: tuple[Kind, ...]
    reason: str = ""
    sentence: str = ""

    @property
    def kind(self) -> Kind:
        """The most noticeable that happened."""
        return self.kinds[0]

    @property
    def stay(self) -> Stay:
        """The placement of now, or the one that is lost."""
        found = self.after or self.before
        assert found is not None
        return found


def changes(before: Instance, was: Schedule, after: Instance, now: Schedule, locale: Locale | None = None) -> tuple[Change, ...]:
    """What happened to every placement, also where nothing did.

    Parameters
    ----------
    before, was
        What was published, and the instance as it was then.
    after, now
        What replaces it, and the instance as it is now: students and preceptors may have left or come.
    locale
        Of reasons and sentences; None: English.
    """
    say = Sentences(locale or Locale())
    found = [c for c in paired(stays(before, was), stays(after, now)) if c.after or not _is_over(c.stay, after)]
    left = (c if c.kind == "unchanged" else replace(c, before=_left(c.before, before, after)) for c in found)
    told = (c if c.after else replace(c, reason=_reason(c.stay.row, before, after, now, say)) for c in left)
    return tuple(c if c.kind == "unchanged" else replace(c, sentence=say.for_school(c)) for c in told)


def paired(was: Iterable[Stay], now: Iterable[Stay], student: str = "") -> tuple[Change, ...]:
    """Placements in pairs; those of one student as if all were the student's own, placed with a group or not."""
    old, new = list(was), list(now)
    before = _schedule(stay.row for stay in old)
    after = numbered_alike(before, _schedule(stay.row for stay in new))
    if student:
        before, after = _of(student, before), _of(student, after)
    known = {id(row): s for rows, them in ((before, old), (after, new)) for row, s in zip(rows.placements, them, strict=True)}
    return tuple(
        Change(known.get(id(move.before)), known.get(id(move.after)), move.kinds)
        for move in moves(before.placements, after.placements)
    )


def _left(stay: Stay | None, before: Instance, after: Instance) -> Stay | None:
    """What was to come of a placement that has started: nobody need be told that what is done is no more."""
    if stay is None or not after.baseline or stay.row.start >= after.today:
        return stay
    who = stay.row.student or None, stay.row.group or None, stay.row.requirement
    done = (c.end for c in set(after.credits) - set(before.credits) if (c.student, c.group, c.requirement) == who and c.end)
    first = max((day + timedelta(days=1) for day in done), default=after.today)
    return within(stay, first, stay.row.end) if first <= stay.row.end else stay


def _is_over(stay: Stay, after: Instance) -> bool:
    """Whether a placement of before was over when the schedule changed: whatever became of it, it took place."""
    return bool(after.baseline) and stay.row.end < after.today


def _schedule(rows: Iterable[Placement]) -> Schedule:
    return Schedule(status=Status.FEASIBLE, placements=tuple(rows))


def _of(student: str, schedule: Schedule) -> Schedule:
    own = {"student": student, "group": "", "students": 1}
    return schedule.model_copy(update={"placements": tuple(row.model_copy(update=own) for row in schedule.placements)})


def _reason(row: Placement, before: Instance, after: Instance, now: Schedule, say: Sentences) -> str:
    """Why a placement of before is lost."""
    party = row.student or row.group
    if party not in (after.student_by_id if row.student else after.group_by_id):
        return say.gone(party, group=not row.student)
    key = row.student, row.group, row.requirement
    for other in now.placements:
        if (other.student, other.group, other.requirement) == key and other.status in ("declined", "withdrawn"):
            return say.refused(other.status)
    electives = {r.elective_set for r in before.requirements if (r.program, r.requirement) == (row.program, row.requirement)}
    rows: list[Unplaced] = [u for u in now.unplaced if (u.student, u.group) == key[:2]]
    for unplaced in rows:
        if unplaced.requirement in (row.requirement, *electives) and unplaced.reason:
            return say.full(obstacle(unplaced.reason))
    return ""
