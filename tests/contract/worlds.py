"""Tiny random instances that use every rule: `world(seed)`.

A base (one or two programs, a few rotations, units and slots) that usually has a schedule, and on top of it a few of many
twists, each of which fills one table or changes one policy entry. Sizes are such that all choices of options can be tried.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from scheduler.domain import DEFAULT_SHIFTS, RULES, Instance, Shift
from scheduler.domain import TABLES as ALL_TABLES
from tests.contract.twists import baseline, curriculum, entry, equity, qualification, spacing, supervision, travel, worktime

Row = dict[str, Any]
FIRST_MONDAY = date(2026, 1, 26)  # February has 28 days: a month from 2 February is four weeks
SHIFT_ROWS = (*DEFAULT_SHIFTS, Shift.model_validate({"shift": "odd", "start": "06:30", "end": "14:15", "hours": 7.5}))
SHIFTS = ("day", "night", "early", "late", "am", "odd", None, None)
PEOPLE = ("q1", "q2")
BASE = ("programs", "requirements", "sites", "units", "slots")
TABLES = tuple(name for name in ALL_TABLES if name not in BASE)
PERSONAL = ("preference", "waiting", "site_change", "availability_wish", "pin_wish", "keep_whole", "relocation", "travel")


def world(seed: int, *, twists: Sequence[Callable[[Maker], None]] = ()) -> Instance:
    """The instance of a seed; the same seed gives the same instance. `twists` are there besides those that chance picks."""
    return Maker(random.Random(seed)).instance(twists)


class Maker:
    """Fills the tables of one instance."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.weeks = rng.randint(3, 6)
        self.changes_from: date | None = None
        self.rules: dict[str, Row] = {}
        self.tables: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.programs: list[Row] = [{"program": "p1", "school": "a", "profession": "rn"}]
        self.sites: list[Row] = [{"site": "h1"}, {"site": "h2"}]
        self.units: list[Row] = []
        self.slots: list[Row] = []
        self.requirements: list[Row] = []

    # -- small choices ----------------------------------------------------------------------------------------------

    def pick(self, *choices: Any) -> Any:
        return self.rng.choice(choices)

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def day(self) -> date:
        """A day of the horizon, often a Monday."""
        day = 7 * self.rng.randrange(self.weeks) + (0 if self.chance(0.5) else self.rng.randrange(7))
        return FIRST_MONDAY + timedelta(days=day)

    def weekdays(self) -> tuple[int, ...]:
        days: tuple[int, ...] = self.pick((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (1, 3), (0,), (2, 4), (0, 1, 2, 3, 4, 5, 6), (5, 6))
        return days

    def dates(self, longest: int = 14) -> Row:
        """Start, end, weekdays and shift of a dated row."""
        start = self.day()
        row: Row = {"start": start, "end": start + timedelta(days=self.rng.randrange(longest))}
        if self.chance(0.3):
            row["weekdays"] = self.weekdays()
        if self.chance(0.3):
            row["shift"] = self.pick(*SHIFTS)
        return row

    def who(self, *kinds: str) -> Row:
        """who_kind and who of somebody who exists."""
        ids = {
            "student": [s["student"] for s in self.tables["students"]],
            "group": [g["group"] for g in self.tables["groups"]],
            "preceptor": [p["preceptor"] for p in self.tables["preceptors"]],
            "unit": [u["unit"] for u in self.units],
            "site": [s["site"] for s in self.sites],
            "school": sorted({p["school"] for p in self.programs}),
        }
        kind = self.pick(*(k for k in kinds if ids[k]))
        return {"who_kind": kind, "who": self.pick(*ids[kind])}

    def names(self, program: str) -> list[str]:
        return [r["requirement"] for r in self.requirements if r["program"] == program]

    # -- the base ---------------------------------------------------------------------------------------------------

    def instance(self, more: Sequence[Callable[[Maker], None]] = ()) -> Instance:
        if self.chance(0.35):
            self.programs.append({"program": "p2", "school": self.pick("a", "b"), "profession": self.pick("rn", "md")})
        self.units = [
            {"unit": f"u{k}", "site": self.pick("h1", "h2"), "specialties": ("x", "y")[: self.pick(1, 2)]} for k in (1, 2)
        ]
        for program in self.programs:
            self.requirements += [self.requirement(program["program"], k) for k in range(self.pick(2, 2, 2, 3))]
        self.slots = [self.slot(k) for k in range(1, self.pick(2, 3, 3, 4) + 1)]
        if any(r["supervision"] == "precepted" for r in self.requirements) or self.chance(0.2):
            self.tables["preceptors"] = [self.preceptor(q) for q in PEOPLE[: self.pick(1, 2)]]
        self.people()
        for twist in (*self.rng.sample(TWISTS, self.rng.randint(2, 7)), *more):
            twist(self)
        self.policy()
        return Instance.model_validate(
            {
                "name": "world",
                "first_monday": FIRST_MONDAY,
                "weeks": self.weeks,
                "planning_date": date(2025, 12, 1),
                "changes_from": self.changes_from,
                "shifts": SHIFT_ROWS,
                "policy": {"rules": self.rules},
                "programs": self.programs,
                "requirements": self.requirements,
                "sites": self.sites,
                "units": self.units,
                "slots": self.slots,
                **self.tables,
            }
        )

    def requirement(self, program: str, k: int) -> Row:
        row: Row = {
            "program": program,
            "requirement": f"r{k + 1}",
            "specialties": self.pick(("x",), ("x",), ("x", "y"), ("y", "x"), ("y", "x")),
            "amount": self.pick(1, 1, 2, 2, 2, 3),
            "supervision": self.pick("service", "service", "service", "precepted", "faculty"),
            "priority": self.pick(1, 1, 1, 2),
        }
        unit = self.pick("weeks", "weeks", "weeks", "hours", "shifts", "sessions")
        if unit != "weeks":
            row |= {"amount_unit": unit, "amount": self.pick(24, 40, 60) if unit == "hours" else self.pick(2, 5, 6)}
        if self.chance(0.3):
            row["blocks"] = 2
        if self.chance(0.15):
            row["weeks_min"] = self.pick(1, 2)
        if self.chance(0.15):
            row["weeks_max"] = self.pick(2, 3)
        if self.chance(0.05):
            row["per_week_max"] = self.pick(2, 5)
        if k and self.chance(0.3):
            row["after"] = (f"r{self.rng.randint(1, k)}",)
        return row

    def slot(self, k: int) -> Row:
        start = FIRST_MONDAY + timedelta(days=7 * self.rng.randrange(max(1, self.weeks - 2)))
        if self.chance(0.15):
            start += timedelta(days=self.rng.randrange(7))
        unit = self.pick(*self.units)
        row: Row = {
            "slot": f"k{k}",
            "unit": unit["unit"],
            "weekdays": self.weekdays(),
            "shift": self.pick(*SHIFTS),
            "most_students": self.pick(1, 1, 2, 2, 4, 5),
        }
        if self.chance(0.8):
            row["specialty"] = self.pick(*unit["specialties"])
        later = [start + timedelta(days=self.pick(7, 7, 14, 3) * n) for n in range(self.pick(1, 2, 2, 3))]
        if self.chance(0.3):
            row["starts"] = tuple(dict.fromkeys(later))
        else:
            row |= {"first_start": start, "last_start": start + timedelta(days=7 * (len(later) - 1))}
        length = self.pick("weeks", "weeks", "blank", "blank", "blank", "days", "months")
        if length != "blank":
            row |= {
                "length_unit": length,
                "length": {"weeks": self.pick(1, 1, 2, 2, 3), "days": self.pick(5, 7, 14, 12), "months": 1}[length],
            }
        pattern = self.pick("fixed", "fixed", "fixed", "any", "follows")
        row["pattern"] = pattern
        if pattern == "any":
            row |= {"weekdays": self.pick((0, 1), (0, 2, 4), (1, 3)), "days_per_week": self.pick(1, 2)}
        if self.chance(0.2):
            row["hours_per_week"] = self.pick(12, 20, 24, 40)
        return row

    def preceptor(self, name: str) -> Row:
        row: Row = {"preceptor": name, "most_at_once": self.pick(1, 1, 2, 4)}
        row["units"] = self.pick(("u1",), ("u2",), ("u1", "u2"), ("u1", "u2"))
        if self.chance(0.1):
            row["units"] = ()
            self.pick(*self.slots)["preceptors"] = (name,)
        return row

    def people(self) -> None:
        students = self.tables["students"]
        if self.chance(0.5):
            size = self.rng.randint(2, 4)
            group: Row = {"group": "G", "program": "p1", "size": size}
            if self.chance(0.6):
                group |= {"split": "allowed", "least_size": self.pick(1, 2) if size < 4 else 2}
            if self.chance(0.4):
                group["requirements"] = ("r1",)
            self.tables["groups"].append(group)
            for k in range(self.pick(0, 1, 2)):
                student: Row = {"student": f"g{k}", "program": "p1", "group": "G"}
                if self.chance(0.2):
                    student["priority"] = 2
                students.append(student)
            if self.chance(0.4):
                students.append({"student": "s1", "program": self.programs[-1]["program"]})
        else:
            for k in range(self.pick(1, 2, 2, 3)):
                program = self.pick(*self.programs)["program"]
                students.append({"student": f"s{k + 1}", "program": program, "priority": self.pick(1, 1, 1, 2)})

    def policy(self) -> None:
        """Change a few settings of rules."""
        for rule in self.rng.sample(sorted(RULES), self.pick(0, 2, 4, 8)):
            spec = RULES[rule]
            setting: Row = {}
            if self.chance(0.7):
                setting["kind"] = self.pick(*spec.kinds)
            if self.chance(0.5):
                setting["weight"] = self.pick(1, 2, 3, 7)
            if self.chance(0.15):
                setting["level"] = 2
            for name, parameter in spec.parameters.items():
                if isinstance(parameter.default, str) and self.chance(0.6):
                    setting[name] = self.pick(*parameter.choices)
            if rule == "worst_off" and self.chance(0.5):
                setting["rules"] = tuple(self.rng.sample(PERSONAL, self.pick(1, 2, 3)))
            self.rules[rule] = self.rules.get(rule, {}) | setting

    # -- twists -----------------------------------------------------------------------------------------------------

    def calendar(self) -> None:
        for _ in range(self.pick(1, 1, 2)):
            row: Row = {"program": "p1", "kind": self.pick("break", "exam", "call-back", "interview", "holiday"), **self.dates(5)}
            if self.chance(0.5):
                row["effect"] = self.pick("forbid", "pause", "extend", "extend")
            if self.chance(0.2):
                row["requirement"] = self.pick(*self.names("p1"))
            if self.tables["groups"] and self.chance(0.2):
                row["group"] = "G"
            self.tables["calendar"].append(row)

    def windows(self) -> None:
        kind = self.pick("term", "block")
        first = 0
        while first < self.weeks:
            n = self.pick(1, 2, 2, 3)
            start = FIRST_MONDAY + timedelta(days=7 * first)
            end = start + timedelta(days=7 * n - 1 - self.pick(0, 0, 2))
            self.tables["calendar"].append({"program": "p1", "kind": kind, "start": start, "end": end})
            first += n + self.pick(0, 0, 0, 1)

    def availability(self) -> None:
        for _ in range(self.pick(1, 2)):
            row = {**self.who("student", "group", "preceptor", "unit"), **self.dates()}
            row["status"] = self.pick("unavailable", "unavailable", "avoid", "prefer")
            if self.chance(0.1):
                row["end"] = None
            self.tables["availability"].append(row)

    def available_from(self) -> None:
        if self.tables["students"]:
            self.pick(*self.tables["students"])["available_from"] = self.day()

    def commitments(self) -> None:
        for _ in range(self.pick(1, 2)):
            row = {**self.who("student", "group", "preceptor", "unit", "site"), **self.dates()}
            if row["who_kind"] in ("student", "group"):
                if self.chance(0.4):
                    row["requirement"] = self.pick(*self.names(self.program_of(row)))
            else:
                row["students"] = self.pick(1, 2)
            self.tables["commitments"].append(row)

    def program_of(self, row: Row) -> str:
        if row["who_kind"] == "group":
            return "p1"
        return str(next(s["program"] for s in self.tables["students"] if s["student"] == row["who"]))

    def conflicts(self) -> None:
        for student in self.tables["students"][:1]:
            row: Row = {"student": student["student"]}
            kind = self.pick("unit", "site", *(["preceptor"] if self.tables["preceptors"] else []))
            row[kind] = self.thing(kind)
            self.tables["conflicts"].append(row)

    def thing(self, what: str) -> str:
        """The id of some specialty, site, unit, slot or preceptor."""
        ids: dict[str, Sequence[str]] = {
            "specialty": ("x", "y"),
            "site": ("h1", "h2"),
            "unit": ("u1", "u2"),
            "slot": [s["slot"] for s in self.slots],
            "preceptor": [p["preceptor"] for p in self.tables["preceptors"]],
        }
        return str(self.pick(*ids[what]))

    def wish(self, what: str) -> Row:
        row = {**self.who("student", "student", "group", "school"), "what": what}
        if what == "start":
            row["start"] = FIRST_MONDAY + timedelta(days=7 * self.rng.randrange(self.weeks))
        else:
            row["value"] = self.thing(what)
            if self.chance(0.2):
                row["start"] = FIRST_MONDAY + timedelta(days=7 * self.rng.randrange(self.weeks))
        if self.chance(0.3):
            program = self.program_of(row) if row["who_kind"] != "school" else "p1"
            row["requirement"] = self.pick(*self.names(program))
        return row

    def whats(self) -> tuple[str, ...]:
        return ("specialty", "site", "unit", "slot", *(["preceptor"] if self.tables["preceptors"] else []))

    def scores(self) -> None:
        for _ in range(self.pick(1, 2, 3)):
            self.tables["preferences"].append(
                {**self.wish(self.pick(*self.whats(), "start")), "score": self.pick(-3, -1, 1, 2, 5)}
            )

    def ranks(self) -> None:
        what = self.pick(*self.whats())
        first = self.wish(what)
        for rank in range(1, self.pick(2, 3, 4)):
            row = {**first, "value": self.thing(what), "rank": rank}
            if row not in self.tables["preferences"]:
                self.tables["preferences"].append(row)

    def refusals(self) -> None:
        self.tables["preferences"].append({**self.wish(self.pick(*self.whats(), "start")), "refuse": True})

    def weights(self) -> None:
        for what in ("waiting", "site_change"):
            if self.chance(0.6):
                row = {**self.who("student", "group", "school"), "what": what, "score": self.pick(-3, -2, 0)}
                self.tables["preferences"].append(row)

    def capacity(self) -> None:
        for _ in range(self.pick(1, 1, 2)):
            row: Row = {"unit": self.pick(*self.units)["unit"]}
            if self.chance(0.6):
                row |= self.dates(28)
            if self.chance(0.2):
                row["shift"] = self.pick(*SHIFTS)
            if self.chance(0.2):
                row["profession"] = self.pick("rn", "md")
            limit = self.pick("most_students", "most_students", "most_groups", "most_precepted", "least_students")
            row[limit] = self.pick(0, 1, 1, 2, 3)
            if limit == "most_groups":
                row[limit] = self.pick(0, 1)
            self.tables["capacity"].append(row)

    def reservations(self) -> None:
        slot = self.pick(*self.slots)
        if any(row["slot"] == slot["slot"] for row in self.tables["reservations"]):
            return
        places = slot["most_students"]
        for school in ("a", "b")[: self.pick(1, 2)]:
            if school in {p["school"] for p in self.programs}:
                row: Row = {"slot": slot["slot"], "school": school, "guaranteed": self.rng.randint(0, places)}
                places -= row["guaranteed"]
                if self.chance(0.4):
                    row["most"] = row["guaranteed"] + self.pick(0, 1)
                if self.chance(0.3):
                    row["give_back"] = self.pick(date(2025, 11, 1), date(2026, 1, 1))
                if self.chance(0.2):
                    row["status"] = "requested"
                self.tables["reservations"].append(row)

    def agreements(self) -> None:
        for school in ("a", "b")[: self.pick(1, 2)]:
            for _ in range(self.pick(1, 2, 2, 3) if school in {p["school"] for p in self.programs} else 0):
                row: Row = {"school": school, "status": self.pick("signed", "signed", "renewing", "planned")}
                if self.chance(0.4):
                    row["sites"] = self.pick(("h1",), ("h2",), ("h1", "h2"))
                if self.chance(0.2):
                    row["professions"] = self.pick(("rn",), ("md",), ("rn", "md"))
                if self.chance(0.5):
                    row[self.pick("start", "end")] = self.day()
                if self.chance(0.6):
                    row["most_students"] = self.pick(0, 1, 1, 2, 3, 4)
                self.tables["agreements"].append(row)
        if self.chance(0.3):
            self.rules["agreement"] = {"statuses": self.pick(("signed",), ("signed", "renewing", "planned"))}

    def clearances(self) -> None:
        items = ("flu", "tb")
        for _ in range(self.pick(1, 2, 3)):
            row: Row = {"site": self.pick("h1", "h2"), "item": self.pick(*items), "covers": self.pick("whole", "whole", "start")}
            # planned 56 days before the horizon: due for nobody, for early placements, or for all
            row["due_days_before"] = self.pick(0, 56, 60, 70, 80, 120)
            if self.chance(0.5):
                seasons = (("02-01", "02-14"), ("02-10", "12-31"), ("10-01", "02-03"), ("02-20", "02-05"), ("06-01", "08-31"))
                row["season_start"], row["season_end"] = self.pick(*seasons)
            self.tables["site_clearances"].append(row)
        for student in self.tables["students"]:
            student["named"] = self.chance(0.8)
            for item in self.rng.choices(items, k=self.pick(0, 1, 2, 3)):
                paper: Row = {"student": student["student"], "item": item}
                paper["status"] = self.pick("on file", "on file", "on file", "promised", "waived", "refused")
                if self.chance(0.6):
                    paper[self.pick("start", "end")] = self.day()
                self.tables["clearances"].append(paper)

    def minimum(self) -> None:
        for slot in self.rng.sample(self.slots, self.pick(1, 2)):
            slot["most_students"] = max(slot["most_students"], 2)
            slot["least_students"] = 2
            slot["must_fill"] = self.chance(0.4)

    def night_beside_day(self) -> None:
        for slot in self.slots:
            slot["shift"] = self.pick("night", "early", "am")

    def longitudinal(self) -> None:
        row = self.requirements[-1]
        row |= {"lane": "longitudinal", "blocks": 1}
        if self.chance(0.7):
            for slot in self.slots[:2]:
                slot["excuses"] = self.pick(((4, "am"),), ((1, ""),), ((3, "early"), (0, "late")))
        weekly = self.slots[-1]
        weekly |= {"weekdays": self.pick((1,), (4,), (3,)), "shift": self.pick("am", "late", "night"), "pattern": "fixed"}
        weekly.pop("days_per_week", None)

    def electives(self) -> None:
        rows = [r for r in self.requirements if r["program"] == "p1"]
        choose = self.pick(0, 1, 1, 2)
        for row in rows[: self.pick(2, 3)]:
            row |= {"elective_set": "E", "choose": choose, "blocks": 1}

    def credits(self) -> None:
        for student in self.tables["students"][:1]:
            name = self.pick(*self.names(student["program"]))
            self.tables["credits"].append({"student": student["student"], "requirement": name, "amount": self.pick(1, 1, 2)})

    def own_requirements(self) -> None:
        for student in self.rng.sample(self.tables["students"], min(1, len(self.tables["students"]))):
            name = self.pick(*self.names(student["program"]))
            change = self.pick("add", "waive", "repeat", "choose")
            row: Row = {"student": student["student"], "requirement": name, "change": change}
            if change == "choose":
                sets = [
                    r["elective_set"] for r in self.requirements if r["program"] == student["program"] and "elective_set" in r
                ]
                if not sets:
                    continue
                row |= {"requirement": sets[0], "amount": self.pick(0, 1, 2)}
            elif change == "add":
                for requirement in self.requirements:
                    if (requirement["program"], requirement["requirement"]) == (student["program"], name):
                        requirement["applies_to"] = "listed"
            if change in ("add", "repeat"):
                if self.chance(0.3):
                    row["amount"] = self.pick(1, 2)
                if self.chance(0.3):
                    row["earliest"] = self.day()
            self.tables["student_requirements"].append(row)

    def pins(self) -> None:
        for _ in range(self.pick(1, 1, 2)):
            who = self.who("student", "group")
            slot = self.pick(*self.slots)
            row: Row = {who["who_kind"]: who["who"], "pin": self.pick("must", "must", "must not", "prefer")}
            part = self.pick("slot", "slot", "unit", "start", "preceptor" if self.tables["preceptors"] else "slot")
            start = slot["starts"][0] if "starts" in slot else slot["first_start"]
            row[part] = {"slot": slot["slot"], "unit": slot["unit"], "start": start}.get(part) or self.thing("preceptor")
            if self.chance(0.5):
                row["requirement"] = self.pick(*self.names(self.program_of(who)))
            if row["pin"] == "must" and self.chance(0.4):
                row["override"] = True
            self.tables["pins"].append(row)

    def limits(self) -> None:
        for program in self.programs:
            most = self.pick("most_sites", "most_specialties", "most_per_site")
            if most.replace("most", "least") not in program:
                program[most] = 1

    def suitability(self) -> None:
        slot, requirement = self.pick(*self.slots), self.pick(*self.requirements)
        what = self.pick("profession", "level", "setting")
        if what == "profession":
            slot["professions"] = self.pick(("rn",), ("md",))
        elif what == "level":
            slot["levels"], requirement["level"] = ("senior",), self.pick("senior", "junior")
        else:
            self.sites[0]["setting"], requirement["setting"] = "rural", "rural"

    def supervisors(self) -> None:
        for person in self.tables["preceptors"]:
            limit = self.pick("most_weeks", "most_weeks", "supervises", "licence", "specialties", "availability")
            if limit == "most_weeks":
                person[limit] = self.pick(1, 2, 3)
            elif limit == "availability":
                row = {"who_kind": "preceptor", "who": person["preceptor"], **self.dates()}
                self.tables["availability"].append(row | {"status": self.pick("unavailable", "avoid", "prefer")})
            else:
                person[limit] = {"supervises": ("rn",), "licence": "md", "specialties": ("x",)}[limit]

    def faculty(self) -> None:
        if not self.tables["groups"]:
            return
        self.tables["preceptors"].append({"preceptor": "f", "kind": "faculty", "school": "a"})
        self.tables["groups"][0]["faculty"] = "f"
        if self.chance(0.3):
            self.tables["groups"].append({"group": "H", "program": "p1", "size": 2, "faculty": "f", "requirements": ("r1",)})
        if self.chance(0.4):
            row = {"who_kind": "preceptor", "who": "f", **self.dates()}
            self.tables[self.pick("commitments", "availability")].append(row)


TWISTS: tuple[Callable[[Maker], None], ...] = (
    Maker.calendar,
    Maker.calendar,
    Maker.windows,
    Maker.availability,
    Maker.available_from,
    Maker.commitments,
    Maker.conflicts,
    Maker.scores,
    Maker.ranks,
    Maker.refusals,
    Maker.weights,
    Maker.capacity,
    Maker.capacity,
    Maker.reservations,
    Maker.agreements,
    Maker.agreements,
    Maker.clearances,
    Maker.clearances,
    Maker.minimum,
    Maker.night_beside_day,
    Maker.longitudinal,
    Maker.electives,
    Maker.credits,
    Maker.own_requirements,
    Maker.pins,
    Maker.limits,
    Maker.suitability,
    Maker.supervisors,
    Maker.faculty,
    *supervision.TWISTS,
    *curriculum.TWISTS,
    *spacing.TWISTS,
    *equity.TWISTS,
    *entry.TWISTS,
    *qualification.TWISTS,
    *worktime.TWISTS,
    *travel.TWISTS,
    *baseline.TWISTS,
)
