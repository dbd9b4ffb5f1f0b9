"""Interprofessional teams: who learns together, and that everybody who should does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.offers.days import BoolArray
from scheduler.offers.options import DemandClass, Menu, PartyOptions
from scheduler.offers.parties import Family, Member
from scheduler.rules.demand import meeting
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Gates, Rows, Terms, integers
from scheduler.rules.students import Tally, plain, together


class IpeTeam(Rule):
    """Students learn in a team with students of other professions.

    For each team t (a row of ipe_teams, a unit, a first week) that can meet, with switch g_t = "t meets", and each profession p
    of which it has at least n: Σ_{o of p in t} students · x_o is 0 and g_t = 0, or at least n and g_t = 1; likewise
    Σ_{o in t} students · x_o ≤ most_students. For each student or group that should be in a team, with D required rotations:
    Σ_{o in a team long enough} x_o + (rotations without a placement) ≥ 1, else it costs 1 a student.

    Reads ipe_teams, programs (least_ipe_weeks). Example: one nurse and one pharmacist in weeks 1–4 and 3–6 of a ward: together
    in weeks 3 and 4, a team of two weeks.
    """

    id = "ipe_team"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        teams = self.facts.teams
        found = np.flatnonzero(menu.team >= 0)
        if not len(found):
            return
        met, team = np.unique(menu.team[found], return_inverse=True)
        team = team.ravel()
        profession = np.array([c.profession for c in classes])[menu.cls[found]]
        lo: list[int] = []
        hi, gate, row, column, names = [], [], [], [], []
        for k, row_of_team in enumerate(teams.row[met].tolist()):
            here = team == k
            wanted = teams.rows[row_of_team]
            parts = [(least, FREE, here & (profession == p)) for p, least in wanted.professions if least]
            if wanted.most_students is not None:
                parts.append((1, wanted.most_students, here))
            for least, most, who in parts:
                columns = found[who]
                row.append(np.full(len(columns), len(lo)))
                column.append(columns)
                lo.append(least)
                hi.append(most)
                gate.append(k)
                names.append(f"team {teams.name(int(met[k]), self.facts.clock.first_monday)}")
        terms = Terms.of(np.concatenate(row), np.concatenate(column))
        yield Rows(
            integers(lo),
            integers(hi),
            terms,
            "students",
            gates=Gates(len(met)),
            governed=integers(gate),
            name=names.__getitem__,
        )

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        teams = self.facts.teams
        for member in family.members:
            party = self.facts.parties[member.parties[-1]]
            least = self.facts.instance.program_by_id[party.program].least_ipe_weeks
            if least is None or (party.student and len(member.parties) > 1):
                continue  # nobody asks, or a student who is in a group: the group is asked
            in_team = np.zeros(len(options), dtype=bool)
            if len(teams):
                in_team = (options.team >= 0) & (teams.weeks[options.team] >= least)
            yield from self._asked(family, member, options, in_team, party.size)

    def _asked(self, family: Family, member: Member, options: PartyOptions, in_team: BoolArray, size: int) -> Iterator[Rows]:
        """In a team, or with a rotation that has no placement yet."""
        demands = [self.facts.demands[d] for d in member.demands]
        asked = sum(not d.elective for d in demands) + sum(c.count for c in family.choices if c.party == member.parties[-1])
        if not asked:
            return
        found = [np.flatnonzero(meeting(self.facts, options, demand)) for demand in demands]
        every, n = together(found), len(found)
        tally = Tally(f"team of {member.name}")
        single = np.array([demand.single for demand in demands], dtype=bool)
        placed = tally.marks(np.repeat(np.arange(n), [len(f) for f in found]), every, single)
        met = every[in_team[every]]
        price = size if self.setting.kind == "soft" else -1
        without = placed.times(np.zeros(n, dtype=np.int64), np.arange(n), -1)
        tally.at_least([1 - asked], plain(np.zeros(len(met)), met), without, price=price)
        yield from tally.rows()
