"""Where students learn: sites, and units in proportion to what is asked of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.domain.tables import Site, Unit
from scheduler.generate.draws import Rng, apportion, between, pick, shuffled
from scheduler.generate.names import words
from scheduler.generate.pools import Pool
from scheduler.generate.tiers import Frame

#: Kind of unit: short name, name, kind of site.
UNIT_KINDS = {
    "ward": ("MS", "Medical-surgical ward", "hospital"),
    "icu": ("ICU", "Intensive care", "hospital"),
    "labor": ("LD", "Labor and delivery", "hospital"),
    "children": ("PED", "Children's ward", "hospital"),
    "mental": ("BH", "Behavioral health", "hospital"),
    "medicine": ("IM", "Internal medicine", "hospital"),
    "surgery": ("SUR", "Surgery", "hospital"),
    "emergency": ("ED", "Emergency department", "hospital"),
    "neurology": ("NEU", "Neurology", "hospital"),
    "pharmacy": ("RX", "Hospital pharmacy", "hospital"),
    "rehab": ("RHB", "Rehabilitation", "hospital"),
    "family": ("FM", "Family medicine", "clinic"),
    "ambulatory": ("AMB", "Ambulatory care clinic", "clinic"),
    "therapy": ("OPT", "Outpatient therapy", "clinic"),
    "drugstore": ("CP", "Pharmacy", "drugstore"),
}
#: Kinds of units that teach a specialty, the first one most.
TAUGHT_IN = {
    "medsurg": ("ward",),
    "telemetry": ("ward",),
    "obstetrics": ("labor",),
    "pediatrics": ("children",),
    "psychiatry": ("mental",),
    "capstone": ("ward", "icu", "emergency", "labor"),
    "internal": ("medicine",),
    "surgery": ("surgery",),
    "emergency": ("emergency",),
    "obgyn": ("labor",),
    "neurology": ("neurology",),
    "family": ("family",),
    "primary-care": ("family",),
    "hospital-pharmacy": ("pharmacy",),
    "acute-care-pharmacy": ("icu", "medicine"),
    "ambulatory-pharmacy": ("ambulatory",),
    "community-pharmacy": ("drugstore",),
    "rehab": ("rehab",),
    "orthopedics": ("therapy",),
}
#: Groups, and other students, that a unit has room for at once: decides how many units of a kind there are.
GROUPS_PER_UNIT, STUDENTS_PER_UNIT = 3, 4
SITE_NAMES = {
    "hospital": ("Hospital", "Medical Center", "General Hospital"),
    "clinic": ("Clinics", "Health Center"),
    "drugstore": ("Pharmacies",),
}
SETTINGS = ("academic", "community", "community", "community", "rural")
#: Sites of one region.
SITES_PER_REGION = 6


@dataclass(frozen=True)
class Places:
    """Sites and units.

    Attributes
    ----------
    kinds
        Kinds of each unit: several where there are fewer units than kinds.
    """

    sites: tuple[Site, ...]
    units: tuple[Unit, ...]
    kinds: dict[str, tuple[str, ...]]

    def units_of(self, pool: Pool) -> list[Unit]:
        """Units that may teach a pool: those of the first kinds first."""
        wanted = [kind for s in pool.specialties for kind in TAUGHT_IN[s]]
        if pool.specialties[0] in ("medsurg", "telemetry"):
            wanted = ["ward"]
        return [u for u in self.units if any(kind in wanted for kind in self.kinds[u.unit])]


def make_places(frame: Frame, pools: Sequence[Pool]) -> Places:
    """Draw sites and units; the first sites of each kind are the large and popular ones."""
    rng = frame.rng("places")
    weights: dict[str, int] = defaultdict(int)
    for pool in pools:
        taught = list(dict.fromkeys(kind for s in pool.specialties for kind in TAUGHT_IN[s]))
        per_unit = GROUPS_PER_UNIT if pool.supervision == "faculty" else STUDENTS_PER_UNIT
        for kind in taught:
            weights[kind] += max(1, 100 * pool.at_once // per_unit // len(taught))
    order = [kind for kind in UNIT_KINDS if kind in weights]
    total = frame.tier.units
    if total >= len(order):
        counts = apportion(total, [weights[k] for k in order], least=1)
        wards: list[tuple[str, ...]] = [(kind,) for kind, count in zip(order, counts, strict=True) for _ in range(count)]
    else:
        # A small hospital: one unit does several things.
        mixed: list[list[str]] = [[] for _ in range(total)]
        for i, kind in enumerate(sorted(order, key=lambda k: (UNIT_KINDS[k][2], -weights[k], k))):
            mixed[i % total].append(kind)
        wards = [tuple(several) for several in mixed]
    sites, at = _sites(frame, rng, wards)
    units: list[Unit] = []
    kinds_of: dict[str, tuple[str, ...]] = {}
    number = dict.fromkeys(order, 0)
    asked = {s for pool in pools for s in pool.specialties}
    for kinds, site in zip(wards, at, strict=True):
        short, name, _ = UNIT_KINDS[kinds[0]]
        number[kinds[0]] += 1
        unit = Unit(
            unit=f"{site.site}-{short}{number[kinds[0]]}",
            site=site.site,
            name=f"{name}, {site.name}",
            specialties=tuple(s for s, where in TAUGHT_IN.items() if s in asked and any(k in where for k in kinds)),
        )
        units.append(unit)
        kinds_of[unit.unit] = kinds
    used = {u.site for u in units}
    return Places(tuple(s for s in sites if s.site in used), tuple(units), kinds_of)


def _sites(frame: Frame, rng: Rng, wards: Sequence[tuple[str, ...]]) -> tuple[list[Site], list[Site]]:
    """All sites, and the site of each unit."""
    types = [UNIT_KINDS[kinds[0]][2] for kinds in wards]
    present = [t for t in SITE_NAMES if t in types]
    counts = apportion(frame.tier.sites, [types.count(t) for t in present], least=1)
    names = iter(words(rng, sum(counts)))
    regions = max(1, frame.tier.sites // SITES_PER_REGION)
    towns = [(between(rng, 41_000, 43_000), between(rng, -77_000, -75_000)) for _ in range(regions)]
    of_type: dict[str, list[Site]] = {}
    number = 0
    for kind, count in zip(present, counts, strict=True):
        of_type[kind] = []
        for _ in range(count):
            name, region, number = next(names), number % regions, number + 1
            lat, lon = towns[region]
            of_type[kind].append(
                Site(
                    site=f"{kind[0]}{number:02d}",
                    name=f"{name} {pick(rng, SITE_NAMES[kind])}",
                    place=name,
                    lat=(lat + between(rng, -150, 150)) / 1000,
                    lon=(lon + between(rng, -150, 150)) / 1000,
                    setting=pick(rng, SETTINGS),
                    region=f"region-{region + 1}",
                )
            )
    where: list[Site] = []
    for kinds in dict.fromkeys(wards):
        sites = of_type[UNIT_KINDS[kinds[0]][2]]
        shares = apportion(wards.count(kinds), [5040 // (i + 3) for i in range(len(sites))])
        # No more than one unit of a kind at a small site, and which of the equal sites have one is drawn.
        homes = [s for s, share in zip(sites, shares, strict=True) for _ in range(share)]
        where += homes if len(homes) >= len(sites) else [sites[0], *shuffled(rng, sites[1:])][: len(homes)]
    return [s for kind in present for s in of_type[kind]], where
