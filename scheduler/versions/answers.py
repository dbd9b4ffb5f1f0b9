"""Answers to proposed placements: what they make of statuses and pins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol

from scheduler.domain import GONE, Instance, Placement, Schedule
from scheduler.domain.pinning import describes, pin_of
from scheduler.domain.tables import Pin
from scheduler.errors import InputError, Problem
from scheduler.versions.asked import THIS_TIME, Answer, as_it_was, key_of, named_by, read_answer
from scheduler.versions.decisions import Decision, Side
from scheduler.versions.restated import restated


class Sender(Protocol):
    """Who answers: a school, a unit or a preceptor."""

    @property
    def kind(self) -> Literal["school", "unit", "preceptor"]: ...
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What answers have made of an instance and its schedule.

    Attributes
    ----------
    instance
        With the pins that follow: `must` for what is confirmed, `must not` for what was declined.
    schedule
        With the statuses that follow. Where somebody no longer comes, what it says of itself is counted anew, without a proof.
    decisions
        New rows of the log. Empty where nothing was said that was not known.
    problems
        Answers that could not be taken (errors), and what somebody should know (warnings and notes).
    """

    instance: Instance
    schedule: Schedule
    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]


def apply_answers(
    instance: Instance,
    schedule: Schedule,
    answers: Iterable[Mapping[str, str]],
    sender: Sender,
    when: datetime,
    *,
    earlier: Sequence[Decision] = (),
    version: int | None = None,
) -> Answered:
    """Take the answers of one sender; the same answers once more change nothing.

    Parameters
    ----------
    answers
        Cells of each answered row: who, part, requirement, slot, start, preceptor, answer (``true``, ``false``), scope, reason,
        decided_by, appeal. Rows with neither an answer nor an appeal are passed over.
    when
        Moment of the answer.
    earlier
        The log so far: who said no is told by it.
    version
        Number of the version that was answered.
    """
    book = _Book(instance, schedule, sender, when, list(earlier), "" if version is None else str(version))
    for cells in answers:
        book.take(cells)
    return book.result()


class _Book:
    """Statuses, pins and log while answers are taken one after another."""

    def __init__(
        self, instance: Instance, schedule: Schedule, sender: Sender, when: datetime, log: list[Decision], version: str
    ) -> None:
        self.instance, self.schedule, self.sender, self.version = instance, schedule, sender, version
        self.when = when.astimezone(UTC).replace(microsecond=0)
        self.side: Side = "school" if sender.kind == "school" else "site"
        self.other: Side = "site" if sender.kind == "school" else "school"
        self.log, self.known = log, len(log)
        self.rows = list(schedule.placements)
        self.of_party: dict[tuple[str, int, str], list[int]] = {}
        for i, p in enumerate(self.rows):
            self.of_party.setdefault((p.student or p.group, p.part, p.requirement), []).append(i)
        self.last: dict[tuple[tuple[str, ...], Side], Decision] = {}
        self.appeals: dict[tuple[tuple[str, ...], Side], set[tuple[str, str]]] = {}
        for d in log:
            self._remember(d)
        self.pins = list(instance.pins)
        self.problems: list[Problem] = []

    def result(self) -> Answered:
        pins = tuple(self.pins)
        instance = self.instance if pins == self.instance.pins else self.instance.model_copy(update={"pins": pins})
        rows = tuple(self.rows)
        schedule = self.schedule
        if rows != schedule.placements:
            schedule, worse = restated(instance, schedule, rows, self._why())
            self.problems += worse
        return Answered(instance, schedule, tuple(self.log[self.known :]), tuple(self.problems))

    def take(self, cells: Mapping[str, str]) -> None:
        """Take one answer."""
        answer = read_answer(cells)
        if isinstance(answer, Problem):
            self.problems.append(answer)
            return
        if answer.yes is None and not answer.appeal:
            return
        i = self._find(answer)
        if i is None:
            self._not_there(answer)
            return
        p = self.rows[i]
        if not self._is_theirs(p):
            owner = {"school": f"of school {p.school}", "unit": f"in unit {p.unit}"}.get(self.sender.kind, "with this preceptor")
            self._say(
                answer, f"the placement is {owner}, not one that {self.sender.kind} {self.sender.id} may answer", "not_theirs"
            )
            return
        approvers = self.instance.unit_by_id[p.unit].approvers if p.unit in self.instance.unit_by_id else ()
        if self.sender.kind == "unit" and approvers and answer.decided_by and answer.decided_by not in approvers:
            known = ", ".join(approvers)
            self._say(answer, f"{answer.decided_by} is not among those who say yes for {p.unit} ({known})", "approver", "warning")
        after = p.status if answer.yes is None else self._decide(answer, p)
        self._log(answer, p, p.status, after)
        if after != p.status:
            self.rows[i] = p.model_copy(update={"status": after})

    # -- what an answer does ------------------------------------------------------------------------------------------

    def _decide(self, answer: Answer, p: Placement) -> str:
        """The status that a yes or no leads to; pins follow."""
        mine, both = f"accepted by {self.side}", "confirmed"
        if answer.yes:
            if p.status in GONE:
                self._change_of_mind(answer, p)
                return p.status
            after = {"proposed": mine, f"accepted by {self.other}": both}.get(p.status, p.status)
            if after == both:
                self._add(pin_of(self.instance, p, alone=False))
            return after
        if p.status not in GONE:
            self.pins = [pin for pin in self.pins if pin.pin != "must" or not self._holds_alone(pin, p)]
        self._forbid(answer, p)
        if p.status in GONE:
            return p.status
        return "withdrawn" if p.status in (mine, both) else "declined"

    def _forbid(self, answer: Answer, p: Placement) -> None:
        """The 'must not' of a no, so that it is never proposed again."""
        if answer.scope == "this preceptor" and not self._whom(p):
            self._say(answer, "the placement has no preceptor, so the no is for this time alone", "no_preceptor", "warning")
            answer = replace(answer, scope=THIS_TIME)
        pin = self._ban(answer.scope, self.sender.kind, self.sender.id, p)
        of_part = pin.model_copy(update={"part": p.part})
        if pin in self.pins or of_part in self.pins:
            return
        pin = of_part if self._hits_another_part(pin, p) else pin
        self._add(pin)
        musts = [must for must in self.pins if must.pin == "must" and _contradicts(pin, must)]
        for must in musts:
            said = f"the no also rules out what is pinned as 'must' ({must.slot or must.unit or must.requirement})"
            self._say(answer, said, "pinned", "warning", "take that pin out of pins.csv, or ask again with the scope 'this time'")
            if not must.override:
                self.pins.remove(pin)
                break

    def _change_of_mind(self, answer: Answer, p: Placement) -> None:
        """A yes to what is gone: who had said no takes it back; the place may be another's by now."""
        mine, theirs = self.last.get((key_of(p), self.side)), self.last.get((key_of(p), self.other))
        if mine is not None and mine.answer == "yes":
            return
        if mine is None or mine.answer != "no":
            who = f"{theirs.sender_kind} {theirs.sender}" if theirs else "the other side"
            self._say(answer, f"{who} has said no, so the placement stays {p.status}", "other_side", "warning")
            return
        taken_back = self._bans(mine, p)
        still = self._bans(theirs, p) if theirs is not None and theirs.answer == "no" else []
        self.pins = [pin for pin in self.pins if pin not in taken_back or pin in still]
        if still:
            said = f"the no is taken back, but that of {theirs.sender_kind} {theirs.sender} stands" if theirs else ""
        else:
            said = "the no is taken back; the next solve or repair can propose the placement again"
        self._say(answer, said, "taken_back", "note")

    def _bans(self, d: Decision, p: Placement) -> list[Pin]:
        """The pins that a no may have led to."""
        pin = self._ban(d.scope, d.sender_kind, d.sender, p)
        return [pin, pin.model_copy(update={"part": p.part})]

    def _ban(self, scope: str, sender_kind: str, sender: str, p: Placement) -> Pin:
        party = {"student": p.student or None, "group": p.group or None, "requirement": p.requirement}
        whom = sender if sender_kind == "preceptor" else p.preceptor or p.co_preceptor
        if scope == "this unit":
            return Pin.model_validate({**party, "unit": p.unit, "pin": "must not"})
        if scope == "this preceptor":
            return Pin.model_validate({**party, "preceptor": whom, "pin": "must not"})
        mine = sender if sender_kind == "preceptor" else None
        return Pin.model_validate({**party, "slot": p.slot, "start": p.start, "preceptor": mine, "pin": "must not"})

    def _hits_another_part(self, pin: Pin, p: Placement) -> bool:
        """Whether a pin would forbid what another part of the group has."""
        others = (q for q in self.rows if q.group and q.group == p.group and q.part != p.part and q.status not in GONE)
        return any(describes(pin, q) for q in others)

    def _holds_alone(self, pin: Pin, p: Placement) -> bool:
        """Whether a 'must' is about a placement and about no other that still holds."""
        if not (pin.slot and pin.start and describes(pin, p)):
            return False
        others = (q for q in self.rows if q is not p and (q.student, q.group) == (p.student, p.group) and q.status not in GONE)
        return not any(describes(pin, q) for q in others)

    def _add(self, pin: Pin) -> None:
        if pin not in self.pins:
            self.pins.append(pin)

    def _whom(self, p: Placement) -> str:
        return self.sender.id if self.sender.kind == "preceptor" else p.preceptor or p.co_preceptor

    # -- finding placements -------------------------------------------------------------------------------------------

    def _find(self, answer: Answer) -> int | None:
        """The row that an answer is about: one that holds before one that is gone."""
        rows = self.of_party.get((answer.who, answer.part, answer.requirement), [])
        same = [i for i in rows if (self.rows[i].slot, self.rows[i].start) == (answer.slot, answer.start)]
        same = [i for i in same if answer.preceptor in ("", self.rows[i].preceptor, self.rows[i].co_preceptor)]
        return min(same, key=lambda i: self.rows[i].status in GONE, default=None)

    def _is_theirs(self, p: Placement) -> bool:
        mine: dict[str, tuple[str, ...]] = {
            "school": (p.school,),
            "unit": (p.unit,),
            "preceptor": (p.preceptor, p.co_preceptor),
        }
        return self.sender.id in mine[self.sender.kind]

    def _not_there(self, answer: Answer) -> None:
        """Say what is proposed instead; a no to what is long gone can still be taken back."""
        past = [d for d in self.log if d.answer and d.placement[:5] == named_by(answer) and answer.preceptor in ("", d.preceptor)]
        if past and answer.yes and past[-1].answer == "no":
            gone = as_it_was(self.instance, past[-1])
            if gone is not None and self._is_theirs(gone):
                self._change_of_mind(answer, gone)
                self._log(answer, gone, gone.status, gone.status)
                return
        rows = [self.rows[i] for i in self.of_party.get((answer.who, answer.part, answer.requirement), [])]
        now = [f"{p.slot} from {p.start}{f' with {p.preceptor}' * bool(p.preceptor)}" for p in rows if p.status not in GONE]
        instead = f"now proposed: {'; '.join(now)}" if now else "now nothing is proposed"
        self._say(
            answer, f"is not in the schedule any more; {instead}", "not_proposed", "warning", "ask again about what is proposed"
        )

    # -- saying and logging -------------------------------------------------------------------------------------------

    def _log(self, answer: Answer, p: Placement, before: str, after: str) -> None:
        """Add a row to the log where it says something new."""
        word = {True: "yes", False: "no", None: ""}[answer.yes]
        decision = Decision(
            when=self.when.isoformat().replace("+00:00", "Z"),
            version=self.version,
            sender_kind=self.sender.kind,
            sender=self.sender.id,
            decided_by=answer.decided_by,
            **dict(zip(("party", "part", "requirement", "slot", "start", "preceptor"), key_of(p), strict=True)),
            answer=word,
            scope=answer.scope if answer.yes is False else "",
            reason=answer.reason,
            appeal=answer.appeal,
            status_before=before,
            status_after=after,
        )
        if not self._is_known(decision):
            self.log.append(decision)
            self._remember(decision)

    def _is_known(self, d: Decision) -> bool:
        """Whether a row would say nothing new."""
        key = d.placement, d.side
        if d.appeal and (d.sender, d.appeal) not in self.appeals.get(key, set()):
            return False
        last = self.last.get(key)
        if not d.answer:
            return True
        if last is None or _words(last) != _words(d):
            return False
        # of a write that was interrupted the log has the row already, and the schedule has not
        left_over = (last.status_before, last.status_after, last.version) == (d.status_before, d.status_after, d.version)
        return d.status_before == d.status_after or left_over

    def _remember(self, d: Decision) -> None:
        """Keep the last answer of each side, and all appeals."""
        key = d.placement, d.side
        if d.answer:
            self.last[key] = d
        if d.appeal:
            self.appeals.setdefault(key, set()).add((d.sender, d.appeal))

    def _say(
        self,
        answer: Answer,
        message: str,
        code: str,
        severity: Literal["error", "warning", "note"] = "error",
        suggestion: str = "",
    ) -> None:
        self.problems.append(
            Problem(f"{answer.title}: {message}", file="answers", code=code, severity=severity, suggestion=suggestion)
        )

    def _why(self) -> dict[tuple[str, int, str], str]:
        """By party and rotation: why what was there is not there any more."""
        found = {}
        for before, p in zip(self.schedule.placements, self.rows, strict=True):
            d = self.last.get((key_of(p), self.side))
            if p.status in GONE and before.status not in GONE and d is not None:
                said = f"{p.status} by {d.sender_kind} {d.sender}: {d.reason}"
                found[d.party, p.part, p.requirement] = said.removesuffix(": ")
        return found


def _words(d: Decision) -> tuple[str, ...]:
    """What was said, whatever it led to."""
    return d.sender_kind, d.sender, d.answer, d.scope, d.reason, d.decided_by


def _contradicts(ban: Pin, must: Pin) -> bool:
    """Whether what must be is what must not be."""
    parts = ("student", "group", "part", "requirement", "slot", "unit", "start", "preceptor")
    return all(getattr(ban, part) in (None, getattr(must, part)) for part in parts)


def refused(problems: Iterable[Problem]) -> None:
    """Raise all errors among problems.

    Raises
    ------
    InputError
        With the errors, if there are any.
    """
    if errors := [p for p in problems if p.severity == "error"]:
        raise InputError(errors)
