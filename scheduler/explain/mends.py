"""For each rule that can keep a placement out: the edits that would let it in. Each is verified before it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain import RULES, Instance, Placement
from scheduler.domain.edits import Edit
from scheduler.domain.tables import Agreement, Availability, CapacityRow, Clearance, Preceptor, Slot
from scheduler.domain.wording import count

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """A placement that is to be let in.

    Attributes
    ----------
    amount
        How much is lacking, in the unit of the rule.
    members
        The named students of the party.
    private
        Whether other schools are not to be named.
    """

    instance: Instance
    placement: Placement
    amount: int
    members: tuple[str, ...]
    private: bool = False


Mend = Callable[[Wanted], Iterator[Edit]]


def _places(n: int) -> str:
    return "one more place" if n == 1 else f"{n} more places"


def _places_of(wanted: Wanted) -> tuple[int, Slot]:
    """The slot whose places the placement has, with its position in the table."""
    slot = wanted.instance.places_of(wanted.instance.slot_by_id[wanted.placement.slot])
    return wanted.instance.slots.index(slot), slot


def _slot(wanted: Wanted) -> Iterator[Edit]:
    index, slot = _places_of(wanted)
    most = slot.most_students + wanted.amount
    said = f"{_places(wanted.amount)} in slot {slot.slot} of unit {slot.unit} ({most} instead of {slot.most_students})"
    yield Edit("slots", said, index, {"most_students": most})


def _slot_minimum(wanted: Wanted) -> Iterator[Edit]:
    index, slot = _places_of(wanted)
    least = slot.least_students - wanted.amount
    if least >= 1:
        said = f"slot {slot.slot} of unit {slot.unit} runs with {count(least, 'student')} (instead of {slot.least_students})"
        yield Edit("slots", said, index, {"least_students": least})


def _capacity(wanted: Wanted) -> Iterator[Edit]:
    p = wanted.placement
    profession = wanted.instance.program_by_id[p.program].profession
    for index, row in enumerate(wanted.instance.capacity):
        if row.unit != p.unit or not _overlaps(row, p) or row.profession not in (None, profession):
            continue
        more = {"most_students": wanted.amount, "most_groups": 1 if p.group else 0, "most_precepted": wanted.amount}
        now = {name: limit for name in more if (limit := getattr(row, name)) is not None and more[name]}
        if not now:
            continue
        first, last = max(row.start or p.start, p.start), min(row.end or p.end, p.end)
        rest = tuple(piece for piece in _rest(row, first, last))
        least = min(now.values())
        opened = " (closed now)" if least == 0 else ""
        places = "room for one more group" if set(now) == {"most_groups"} else _places(wanted.amount)
        said = f"{places} in unit {p.unit} from {first} to {last}{opened}"
        if row.shift:
            said += f", shift {row.shift}"
        update = {name: limit + more[name] for name, limit in now.items()} | {"start": first, "end": last}
        yield Edit("capacity", said, index, update, rest)


def _at_once(wanted: Wanted) -> Iterator[Edit]:
    for index, person in _people(wanted):
        most = person.most_at_once + wanted.amount
        said = f"preceptor {person.preceptor} takes {count(most, 'student')} at once (instead of {person.most_at_once})"
        yield Edit("preceptors", said, index, {"most_at_once": most})


def _weeks(wanted: Wanted) -> Iterator[Edit]:
    for index, person in _people(wanted):
        if person.most_weeks is not None:
            most = person.most_weeks + wanted.amount
            longer = f"{count(wanted.amount, 'week')} longer ({most} weeks instead of {person.most_weeks})"
            yield Edit("preceptors", f"preceptor {person.preceptor} {longer}", index, {"most_weeks": most})


def _trained(wanted: Wanted) -> Iterator[Edit]:
    end = wanted.placement.end
    for index, person in _people(wanted):
        if person.trained_until is not None and person.trained_until < end:
            said = f"training of preceptor {person.preceptor} renewed until {end} (instead of {person.trained_until})"
            yield Edit("preceptors", said, index, {"trained_until": end})


def _qualified(wanted: Wanted) -> Iterator[Edit]:
    p = wanted.placement
    profession = wanted.instance.program_by_id[p.program].profession
    for index, person in _people(wanted):
        supervises = person.supervises or ((person.licence,) if person.licence else ())
        if person.specialties and p.specialty not in person.specialties:
            said = f"preceptor {person.preceptor} is trained to teach {p.specialty}"
            yield Edit("preceptors", said, index, {"specialties": (*person.specialties, p.specialty)})
        if supervises and profession not in supervises:
            said = f"preceptor {person.preceptor} is trained to supervise {profession} students"
            yield Edit("preceptors", said, index, {"supervises": (*supervises, profession)})


def _preceptor_there(wanted: Wanted) -> Iterator[Edit]:
    for _, person in _people(wanted):
        yield from _there(wanted, "preceptor", person.preceptor)


def _party_there(wanted: Wanted) -> Iterator[Edit]:
    p = wanted.placement
    if p.group:
        yield from _there(wanted, "group", p.group)
    for student in (p.student,) if p.student else wanted.members:
        yield from _there(wanted, "student", student)


def _there(wanted: Wanted, kind: str, who: str) -> Iterator[Edit]:
    """Each absence that touches the placement's dates ends before it, and goes on after it."""
    p = wanted.placement
    for index, row in enumerate(wanted.instance.availability):
        if (row.who_kind, row.who, row.status) == (kind, who, "unavailable") and _overlaps(row, p):
            first, last = max(row.start or p.start, p.start), min(row.end or p.end, p.end)
            rest = tuple(_rest(row, first, last))
            yield Edit("availability", f"{kind} {who} is there from {first} to {last}", index, None, rest)


def _agreement(wanted: Wanted) -> Iterator[Edit]:
    p, instance = wanted.placement, wanted.instance
    profession = instance.program_by_id[p.program].profession
    counted = instance.policy.setting(RULES["agreement"]).names("statuses")
    for index, row in enumerate(instance.agreements):
        if row.school != p.school or (row.sites and p.site not in row.sites):
            continue
        if row.professions and profession not in row.professions:
            continue
        update: dict[str, date | str] = {}
        said = []
        if row.end and row.end < p.end:
            update["end"] = p.end
            said.append(f"extended to {p.end} (ends {row.end} now)")
        if row.start and row.start > p.start:
            update["start"] = p.start
            said.append(f"beginning on {p.start} (instead of {row.start})")
        if row.status not in counted:
            update["status"] = "signed"
            said.append(f"signed ({row.status} now)")
        if update:
            yield Edit("agreements", f"agreement of {p.school} with site {p.site} {' and '.join(said)}", index, update)
            return
    new = Agreement(school=p.school, sites=(p.site,), professions=(profession,), start=p.start, end=p.end)
    yield Edit("agreements", f"an agreement of {p.school} with site {p.site} from {p.start} to {p.end}", more=(new,))


def _agreement_places(wanted: Wanted) -> Iterator[Edit]:
    p = wanted.placement
    profession = wanted.instance.program_by_id[p.program].profession
    for index, row in enumerate(wanted.instance.agreements):
        fits = row.school == p.school and (not row.sites or p.site in row.sites)
        if fits and (not row.professions or profession in row.professions) and row.most_students is not None:
            most = row.most_students + wanted.amount
            said = f"{_places(wanted.amount)} in the agreement of {p.school} ({most} instead of {row.most_students})"
            yield Edit("agreements", said, index, {"most_students": most})


def _clearance(wanted: Wanted) -> Iterator[Edit]:
    p = wanted.placement
    items = dict.fromkeys(row.item for row in wanted.instance.site_clearances if row.site == p.site)
    for student in (p.student,) if p.student else wanted.members:
        own = [c for c in wanted.instance.clearances if c.student == student]
        for item in items:
            rows = [c for c in own if c.item == item]
            if any(c.status == "refused" for c in rows):
                continue  # nobody is told to give what was refused
            met = any(c.status in ("on file", "waived") and _covers(c, p) for c in rows)
            if not met:
                new = Clearance(student=student, item=item, start=p.start, end=p.end)
                renewed = "renewed" if rows else "on file"
                yield Edit("clearances", f"clearance {item} of {student} {renewed} until {p.end}", more=(new,))


def _reservation(wanted: Wanted) -> Iterator[Edit]:
    p, n = wanted.placement, wanted.amount
    slot = _places_of(wanted)[1].slot
    for index, row in enumerate(wanted.instance.reservations):
        if row.slot != slot or row.status != "confirmed":
            continue
        if row.school == p.school and row.most is not None:
            said = f"{_places(n)} for {p.school} in slot {slot} ({row.most + n} instead of {row.most})"
            yield Edit("reservations", said, index, {"most": row.most + n})
        elif row.school != p.school and row.guaranteed:
            back = min(n, row.guaranteed)
            giver = "another school" if wanted.private else row.school
            said = f"{giver} gives back {count(back, 'place')} that it has reserved in slot {slot}"
            yield Edit("reservations", said, index, {"guaranteed": row.guaranteed - back})


def _people(wanted: Wanted) -> Iterator[tuple[int, Preceptor]]:
    """The preceptors of the placement, with their positions in the table."""
    p = wanted.placement
    for index, person in enumerate(wanted.instance.preceptors):
        if person.preceptor in (p.preceptor, p.co_preceptor):
            yield index, person


def _overlaps(row: CapacityRow | Availability, p: Placement) -> bool:
    return (row.start or p.end) <= p.end and (row.end or p.start) >= p.start


def _covers(row: Clearance, p: Placement) -> bool:
    return (row.start or p.start) <= p.start and (row.end or p.end) >= p.end


def _rest(row: CapacityRow | Availability, first: date, last: date) -> Iterator[CapacityRow | Availability]:
    """What is left of a dated row before and after some dates."""
    if row.start is None or row.start < first:
        yield row.model_copy(update={"end": first - _DAY})
    if row.end is None or row.end > last:
        yield row.model_copy(update={"start": last + _DAY})


#: What a change of each kind counts, for the order in which they are tried and told, and how it is made: a paper is sooner had
#: than a place, a place sooner than a new agreement.
MENDS: dict[str, tuple[int, Mend]] = {
    "clearance": (1, _clearance),
    "preceptor_trained": (2, _trained),
    "slot_maximum": (3, _slot),
    "preceptor_at_once": (3, _at_once),
    "unit_capacity": (4, _capacity),
    "slot_minimum": (4, _slot_minimum),
    "preceptor_weeks": (4, _weeks),
    "reservation": (4, _reservation),
    "agreement_places": (5, _agreement_places),
    "agreement": (6, _agreement),
    "preceptor_available": (6, _preceptor_there),
    "preceptor_qualified": (8, _qualified),
    "availability": (9, _party_there),
}


def mended(rule: str, wanted: Wanted) -> tuple[Edit, ...]:
    """Edits that would let a placement in where a rule keeps it out; more than are needed where it is not known which are."""
    found = MENDS[rule][1](replace(wanted, amount=max(1, wanted.amount)))
    return tuple(replace(edit, rule=rule) for edit in found)
