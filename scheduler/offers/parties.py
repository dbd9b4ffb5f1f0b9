"""Parties and what is asked of them: the words in which demand is stated."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.domain.tables import Requirement


def grain(requirement: Requirement) -> int:
    """In how many pieces options count a unit of a rotation: hours are counted in minutes."""
    return 60 if requirement.amount_unit == "hours" else 1


@dataclass(frozen=True, slots=True)
class Demand:
    """One required rotation asked of one party, or of one part of a group.

    Attributes
    ----------
    requirement
        The row of the requirements table.
    copy
        0; 1, 2… for repetitions.
    amount
        What remains after credits, in the requirement's unit.
    students, priority
        Students concerned, and the priority of leaving them unplaced (requirement × student).
    parties
        Parties (indices) whose placements can meet it: one, or a whole group and its part.
    earliest
        First day on which it may start (relative to the first Monday); None for any.
    whole
        For a part of a group: the demand (index) under which the whole group's options are kept.
    """

    index: int
    requirement: Requirement
    copy: int
    amount: int
    students: int
    priority: int
    parties: tuple[int, ...]
    earliest: int | None = None
    whole: int | None = None

    @property
    def single(self) -> bool:
        """Whether it is met by one placement."""
        return self.requirement.blocks == 1

    @property
    def total(self) -> int:
        """The amount as options count it."""
        return self.amount * grain(self.requirement)

    @property
    def elective(self) -> bool:
        """Whether it is one to choose from."""
        return self.requirement.elective_set is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """How many rotations of an elective set are asked of a party: `count` of `demands` (indices)."""

    party: int
    elective_set: str
    count: int
    demands: tuple[int, ...]
    students: int
    priority: int


@dataclass(frozen=True, slots=True)
class Party:
    """What the optimiser places: a student, a group, or a part of a group.

    Attributes
    ----------
    id
        For people: the student's or group's id, with ``part k`` for a part.
    members
        Ids of the named students.
    demands
        Demands (indices) that its placements can meet.
    faculty
        Preceptor id of the faculty member who comes along.
    available_from
        First day on which all its named students can be placed (relative to the first Monday); None for any.
    home_group
        The group itself, or the one that the student belongs to; empty for none.
    """

    index: int
    id: str
    student: str
    group: str
    part: int
    size: int
    program: str
    school: str
    profession: str
    members: tuple[str, ...]
    demands: tuple[int, ...]
    faculty: str | None = None
    available_from: int | None = None
    home_group: str = ""

    @property
    def is_group(self) -> bool:
        return bool(self.group)


@dataclass(frozen=True, slots=True)
class Member:
    """Students who are in exactly the same parties; `demands` are all that is asked of them."""

    name: str
    parties: tuple[int, ...]
    demands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Parties that share students: usually one, else a group with its parts and its students' own parties."""

    index: int
    parties: tuple[int, ...]
    members: tuple[Member, ...]
    demands: tuple[int, ...]
    choices: tuple[Choice, ...]
