"""Interprofessional teams: who learns together, and that everybody who should does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import DemandClass, Menu, PartyOptions
from scheduler.offers.parties import Family, Member
from scheduler.rules.demand import meeting
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Gates, Rows, Terms, integers


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
            row = self._row(family, member, options, in_team, party.size)
            if row is not None:
                yield row

    def _row(self, family: Family, member: Member, options: PartyOptions, in_team: BoolArray, size: int) -> Rows | None:
        """In a team, or with a rotation that has no placement yet."""
        demands = [self.facts.demands[d] for d in member.demands]
        asked = sum(not d.elective for d in demands) + sum(c.count for c in family.choices if c.party == member.parties[-1])
        if not asked:
            return None
        single = np.zeros(len(options), dtype=bool)
        split: list[IntArray] = []
        for demand in demands:
            meets = meeting(self.facts, options, demand)
            if demand.single:
                single |= meets
            else:
                split.append(np.flatnonzero(meets))
        # a single placement in a team: +1 for the team, −1 for a rotation less without a placement
        apart = np.flatnonzero(single & ~in_team)
        together = [found[in_team[found]] for found in split]
        n = len(split)
        columns = np.concatenate([*split, apart, *together])
        values = np.concatenate([np.ones(sum(map(len, split))), -np.ones(len(apart)), np.ones(sum(map(len, together)))])
        rows = np.concatenate(
            [*(np.full(len(found), k) for k, found in enumerate(split)), np.full(len(columns) - sum(map(len, split)), n)]
        )
        soft = self.setting.kind == "soft"
        return Rows(
            integers([*[1] * n, 1 - asked]),
            np.full(n + 1, FREE, dtype=np.int64),
            Terms.of(rows, columns, integers(values)),
            gates=Gates(n) if n else None,
            governed=integers([*range(n), -1]) if n else None,
            gate_terms=Terms.of(np.full(n, n), np.arange(n), -1) if n else None,
            under=integers([*[-1] * n, size if soft else -1]),
            name=lambda _: f"team of {member.name}",
        )
