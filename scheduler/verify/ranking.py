"""Who goes first: what each source says of students and groups, and the rank that follows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.tables import Student
from scheduler.verify.facts import Facts
from scheduler.verify.parties import Party


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sources say of a student or group: by source the number that is compared, and the same in words."""

    key: tuple[int, ...]
    words: tuple[str, ...]


class Ranking:
    """Students and groups in the order in which they go first, by the rule `priority`.

    Attributes
    ----------
    order
        The sources, what counts most first.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        setting = facts.setting("priority")
        self.order = setting.names("order")
        self.seed, self.bands = setting.number("seed"), max(1, setting.number("lottery_bands"))

    @cached_property
    def standings(self) -> dict[Party, Standing]:
        """What is said of each student and each whole group."""
        parties = [*self._facts.parties.students.values(), *(bodies[0] for bodies in self._facts.parties.groups.values())]
        return {party: self._standing(party) for party in parties}

    @cached_property
    def _places(self) -> dict[tuple[int, ...], int]:
        return {key: place for place, key in enumerate(sorted({s.key for s in self.standings.values()}), 1)}

    @property
    def last(self) -> int:
        """The last rank; 1 where nobody can be told apart."""
        return max(len(self._places), 1)

    def _whole(self, party: Party) -> Party:
        return self._facts.parties.groups[party.group][0] if party.group else party

    def standing(self, party: Party) -> Standing:
        """What is said of a party; of a part what is said of its group."""
        return self.standings[self._whole(party)]

    def rank(self, party: Party) -> int:
        """The rank of a party, 1 goes first; those who cannot be told apart share one."""
        return self._places[self.standing(party).key]

    def decides(self, one: Party, other: Party) -> str:
        """The source that tells two parties apart; empty where none does."""
        pairs = zip(self.order, self.standing(one).key, self.standing(other).key, strict=True)
        return next((source for source, a, b in pairs if a != b), "")

    def _standing(self, party: Party) -> Standing:
        said = [self._says(source, party) for source in self.order]
        return Standing(tuple(number for number, _ in said), tuple(words for _, words in said))

    def _says(self, source: str, party: Party) -> tuple[int, str]:
        if source == "tier":
            school = self._facts.instance.school_by_id.get(party.program.school)
            tier = school.tier if school else 1
            return tier, str(tier)
        if source == "student":
            return -party.priority, str(party.priority)
        if source == "scholarship":
            return self._sponsored(party.members)
        if source == "employer":
            units = sorted({s.employer_unit for s in party.members if s.employer_unit})
            return (0, "; ".join(units)) if units else (1, "")
        digest = hashlib.sha256(f"{self.seed}:{party.student or party.group}".encode()).hexdigest()
        drawn = int(digest[:8], 16) % self.bands + 1
        return drawn, str(drawn)

    def _sponsored(self, members: tuple[Student, ...]) -> tuple[int, str]:
        """The highest priority of their scholarships, and what they hold, with its priority where that is not 1."""
        held = {s.scholarship for s in members if s.scholarship}
        priority = dict.fromkeys(held, 1)
        for row in self._facts.instance.scholarships:
            if row.scholarship in held:
                priority[row.scholarship] = row.priority
        words = [name if number == 1 else f"{name} ({number})" for name, number in sorted(priority.items())]
        return -max(priority.values(), default=0), "; ".join(words)
