"""Schools: who goes first, what they had last term, and where their students learn with those of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from scheduler.domain.tables import History, IpeTeam, School
from scheduler.generate.draws import between, chance, pick, shuffled
from scheduler.generate.rulebook.term import Term

#: Tiers of schools, and least share placed of what they ask, in percent.
TIERS, LEAST_PLACED = (1, 2, 2, 3), (None, 60, 70, 80)
#: Of last term's requests: granted; of what was granted: used, in percent, lowest and highest.
GRANTED_PERCENT, USED_PERCENT = (75, 95), (80, 95)
#: Of the units where several professions learn: have a team, in percent; at least so many.
TEAM_PERCENT, LEAST_TEAMS = 60, 2
#: Professions that learn in teams.
IN_TEAMS = ("md", "pa", "pharmd")


def make_schools(term: Term) -> tuple[School, ...]:
    """Draw tiers and least shares."""
    rng = term.rng("schools")
    return tuple(
        s.model_copy(update={"tier": pick(rng, TIERS), "least_placed_percent": pick(rng, LEAST_PLACED)})
        for s in term.data.schools
    )


def make_history(term: Term) -> tuple[History, ...]:
    """Last term: of each rotation somewhat fewer than now asked for it, most of them in one unit."""
    rng = term.rng("history")
    asked = Counter((s.program, name) for s in term.data.students for name in term.asked(s))
    year = term.frame.first_monday.year
    rows = []
    for key, r in term.requirements.items():
        slots = term.places[key]
        if not slots or not asked[key] or r.elective_set:
            continue
        requested = asked[key]
        granted = max(1, requested * between(rng, *GRANTED_PERCENT) // 100)
        used = max(1, granted * between(rng, *USED_PERCENT) // 100)
        usual = pick(rng, slots)
        known = usual.pattern == "fixed"
        rows.append(
            History.model_validate(
                {
                    "term": f"spring{year % 100:02d}",
                    "school": term.programs[r.program].school,
                    "program": r.program,
                    "requirement": r.requirement,
                    "unit": usual.unit,
                    "weekdays": usual.weekdays if known else tuple(range(7)),
                    "shift": usual.shift if known else None,
                    "start_week": term.frame.first_monday - timedelta(weeks=between(rng, 28, 34)),
                    "requested": requested,
                    "granted": granted,
                    "used": used,
                }
            )
        )
    return tuple(rows)


def make_teams(term: Term) -> tuple[IpeTeam, ...]:
    """One student of each of two professions, two weeks, in units where both learn one by one."""
    rng = term.rng("teams")
    professions: dict[str, set[str]] = defaultdict(set)
    for slot in term.data.slots:
        if slot.shift == "clinic":
            professions[slot.unit].update(p for p in slot.professions if p in IN_TEAMS)
    shared = [u.unit for u in term.data.units if len(professions[u.unit]) > 1]
    chosen = [u for u in shared if chance(rng, TEAM_PERCENT)]
    chosen += [u for u in shared if u not in chosen][: max(0, LEAST_TEAMS - len(chosen))]
    rows = []
    for unit in chosen:
        two = sorted(shuffled(rng, sorted(professions[unit]))[:2])
        rows.append(
            IpeTeam(
                team=f"team-{unit}", unit=unit, professions=tuple((p, 1) for p in two), weeks=2, most_students=between(rng, 4, 6)
            )
        )
    return tuple(rows)
