"""What is true of sites: languages, roads, fees, beds, competencies of units; and an agreement that is new."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from scheduler.domain.tables import Agreement, Housing, Site, Unit
from scheduler.generate.draws import between, chance, pick, some
from scheduler.generate.rulebook.term import Term

#: Of the rural sites, and of the others: reached only by car; of high need, in percent.
NEEDS_CAR_PERCENT, HIGH_NEED_PERCENT = (40, 5), (60, 10)
#: Of the clinics and pharmacies: have patients who speak Spanish only, in percent.
SPANISH_PERCENT = 12
#: Of the sites: ask for a fee; so much for each student and week, in tens of a currency.
FEE_PERCENT, FEE = 25, (1, 2, 3, 4)
#: Of the sites: have beds; how many; cost of one, in tens of a currency.
HOUSING_PERCENT, BEDS, BED_COST = 60, (3, 4, 6, 8), (0, 3, 4, 6)
#: What one learns, by specialty.
COMPETENCIES = {
    "medsurg": ("medication", "handover", "wounds"),
    "telemetry": ("medication", "handover", "rhythms"),
    "obstetrics": ("birth", "newborn", "handover"),
    "pediatrics": ("dosing", "family-talk", "growth"),
    "psychiatry": ("de-escalation", "safety", "family-talk"),
    "capstone": ("delegation", "handover", "medication"),
    "internal": ("history", "orders", "handover"),
    "surgery": ("suturing", "sterile-field", "handover"),
    "emergency": ("triage", "suturing", "resuscitation"),
    "obgyn": ("birth", "pelvic-exam", "history"),
    "neurology": ("neuro-exam", "history", "imaging"),
    "family": ("history", "prevention", "chronic-care"),
    "primary-care": ("history", "prevention", "chronic-care"),
    "hospital-pharmacy": ("compounding", "orders", "safety"),
    "acute-care-pharmacy": ("rounds", "dosing", "orders"),
    "ambulatory-pharmacy": ("counseling", "chronic-care", "vaccines"),
    "community-pharmacy": ("counseling", "dispensing", "vaccines"),
    "rehab": ("transfers", "gait", "documentation"),
    "orthopedics": ("manual-therapy", "gait", "exercise"),
}
#: Of the competencies of a specialty: offered in a unit, in percent.
OFFERED_PERCENT = 88


def make_sites(term: Term) -> tuple[Site, ...]:
    """Draw what holds for each site."""
    rng = term.rng("sites")
    found = []
    for site in term.data.sites:
        remote = 0 if site.setting == "rural" else 1
        small = not site.site.startswith("h")
        found.append(
            site.model_copy(
                update={
                    "needs_car": chance(rng, NEEDS_CAR_PERCENT[remote]),
                    "high_need": chance(rng, HIGH_NEED_PERCENT[remote]),
                    "languages": ("spanish",) if small and chance(rng, SPANISH_PERCENT) else (),
                    "fee_per_week": pick(rng, FEE) if chance(rng, FEE_PERCENT) else 0,
                }
            )
        )
    return tuple(found)


def make_units(term: Term) -> tuple[Unit, ...]:
    """Draw what can be learned in each unit; somewhere in the region everything can."""
    rng = term.rng("competencies of units")
    drawn = {u.unit: {c for s in u.specialties for c in COMPETENCIES[s] if chance(rng, OFFERED_PERCENT)} for u in term.data.units}
    for specialty, units in sorted(term.taught.items()):
        first = min(units)
        drawn[first].update(c for c in COMPETENCIES[specialty] if not any(c in drawn[u] for u in units))
    return tuple(u.model_copy(update={"competencies": tuple(sorted(drawn[u.unit]))}) for u in term.data.units)


def make_housing(term: Term) -> tuple[Housing, ...]:
    """Draw beds: at more than half of the sites and one hospital of each region, from a Saturday; some only in one half."""
    rng = term.rng("housing")
    regions: dict[str | None, list[str]] = defaultdict(list)
    for site in term.data.sites:
        regions[site.region].append(site.site)
    housed = {sites[0] for sites in regions.values()} | set(some(rng, list(term.sites), HOUSING_PERCENT))
    first, last = term.frame.first_monday - timedelta(days=7), term.frame.last_day
    middle = term.frame.monday(term.frame.tier.weeks // 2)
    rows = []
    for name in (s for s in term.sites if s in housed):
        start, end = pick(rng, ((first, last),) * 3 + ((first, middle), (middle, last)))
        rows.append(
            Housing(
                site=name,
                beds=pick(rng, BEDS),
                start=start,
                end=end,
                cost=pick(rng, BED_COST),
                from_weekday=pick(rng, ((5,), (5, 6), (0, 5, 6))),
            )
        )
        if chance(rng, 20):
            rows.append(Housing(site=name, beds=between(rng, 1, 3), start=first, end=last, cost=pick(rng, BED_COST) + 3))
    return tuple(rows)


def make_agreements(term: Term) -> tuple[Agreement, ...]:
    """Every third school has signed with one more site, from after the planning date on: a longer lead time holds there."""
    rng = term.rng("new agreements")
    new = []
    for school in term.data.schools:
        others = [s for s in term.sites if not any(s in a.sites for a in term.data.agreements if a.school == school.school)]
        if others and chance(rng, 35):
            start = term.frame.planning_date + timedelta(days=14)
            new.append(Agreement(school=school.school, sites=(pick(rng, others),), start=start))
    return (*term.data.agreements, *new)
