"""The Book: everything that the rules state about an instance, priced by the policy. Strategies read it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from scheduler.domain import Instance
from scheduler.domain.tables import Pin
from scheduler.model.linear import SIZE_OF, Linear, Matrix, stack
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.facts import Facts
from scheduler.offers.options import (
    ClassKey,
    DemandClass,
    Menu,
    Options,
    PartyOptions,
    candidates,
    class_of,
    columns_of,
    make_class,
)
from scheduler.offers.parties import Family, Party
from scheduler.rules import RULE_CLASSES
from scheduler.rules.people import Pin as PinRule
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Audience, Cost, Rows, Terms, Unary, Walk, integers

#: Rules that even an overriding pin cannot bypass.
STRUCTURAL = frozenset({"specialty", "slot_window", "pin"})


@dataclass(frozen=True, eq=False)
class FamilyBook:
    """What is stated about one family.

    Attributes
    ----------
    options
        Its options; statements refer to their positions.
    costs
        Rule index and cost of each option, in the rule's unit.
    rows
        The family's own rows.
    walks
        Rule index and walk.
    shared
        By option: the shared rows it is in, with coefficients multiplied by the party's size.
    """

    family: Family
    options: PartyOptions
    costs: tuple[tuple[int, IntArray], ...]
    rows: Linear
    walks: tuple[tuple[int, Walk], ...]
    shared: Matrix


class Book:
    """All statements about an instance.

    Attributes
    ----------
    facts
        The instance as rules see it.
    rules
        The rules that are on; a rule's index here is its number everywhere in the book.
    classes, menu
        The classes, and their options one class after another.
    shared
        Rows over options of several families, over rows of the menu.
    weight, level
        Weight and level of each rule.
    """

    def __init__(self, facts: Facts, rules: tuple[Rule, ...], relax: Mapping[str, int]) -> None:
        self.facts = facts
        self.rules = rules
        self.relax = relax
        self.weight = np.array([r.setting.weight for r in rules], dtype=np.int64)
        self.level = np.array([r.setting.level for r in rules], dtype=np.int64)
        self.rule_index = {rule.id: i for i, rule in enumerate(rules)}
        self._soft = [rule.setting.kind == "soft" for rule in rules]
        self._class_of: dict[tuple[int, int], int] = {}
        self.classes, self.menu, self._ranges, self._class_costs = self._make_menu()
        self.shared: Linear = stack(
            (i, rows, self._soft[i], self.relax.get(rule.id))
            for i, rule in enumerate(rules)
            for rows in rule.bind_all(self.classes, self.menu)
        )

    # -- classes ----------------------------------------------------------------------------------------------

    def _make_menu(self) -> tuple[tuple[DemandClass, ...], Menu, list[tuple[int, int]], list[tuple[int, IntArray]]]:
        index: dict[tuple[ClassKey, int | None], int] = {}
        classes: list[DemandClass] = []
        tables: list[Options] = []
        costs: list[dict[int, IntArray]] = []
        for party in self.facts.parties:
            overrides = self._overriding_pins(party)
            for d in party.demands:
                key = class_of(self.facts, party.index, d)
                pins = tuple(p for p in overrides if p.requirement in (None, key.requirement))
                own = party.index if pins else None
                if (key, own) not in index:
                    index[key, own] = len(classes)
                    cls = make_class(self.facts, key)
                    classes.append(cls)
                    table, cost = self._screened(cls, pins)
                    tables.append(table)
                    costs.append(cost)
                self._class_of[party.index, d] = index[key, own]
        sizes = [len(t) for t in tables]
        ends = np.cumsum(sizes).tolist() if sizes else []
        ranges = [(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        nothing = np.zeros(0, dtype=np.int64)
        columns = columns_of(tables) if tables else {f.name: nothing for f in fields(Options)}
        menu = Menu(**columns, cls=np.repeat(np.arange(len(classes)), sizes).astype(np.int64))
        merged = [
            (rule, np.concatenate([c.get(rule, np.zeros(n, dtype=np.int64)) for c, n in zip(costs, sizes, strict=True)]))
            for rule in sorted({rule for c in costs for rule in c})
        ]
        return tuple(classes), menu, ranges, merged

    def _overriding_pins(self, party: Party) -> tuple[Pin, ...]:
        rule = self._pin_rule
        return tuple(pin for pin in rule.pins_of(party, "must") if pin.override) if rule else ()

    @cached_property
    def _pin_rule(self) -> PinRule | None:
        return next((rule for rule in self.rules if isinstance(rule, PinRule)), None)

    def _screened(self, cls: DemandClass, overrides: tuple[Pin, ...]) -> tuple[Options, dict[int, IntArray]]:
        """A class's options that no rule drops, and what rules charge for them; the overriding pins are about the class."""
        table = candidates(self.facts, cls)
        costs: dict[int, IntArray] = {}
        for i, rule in enumerate(self.rules):
            drop, cost = self._verdict(i, rule.screen_class(cls, table), self._spared(rule, overrides, table))
            if cost.any():
                costs[i] = cost
            if drop.any():
                table = table.take(~drop)
                costs = {r: value[~drop] for r, value in costs.items()}
        return table, costs

    def _price(self, rule: int) -> int | None:
        """What an option costs that the rule would drop; None where it drops it."""
        if self.rules[rule].spec.kinds == ("soft", "off"):
            return None
        return 1 if self._soft[rule] else self.relax.get(self.rules[rule].id)

    def _verdict(self, rule: int, statements: Iterator[Unary], spared: BoolArray) -> tuple[BoolArray, IntArray]:
        """What one rule drops and charges; an option that it would drop for several reasons is charged for once."""
        drop = np.zeros(len(spared), dtype=bool)
        cost = np.zeros(len(spared), dtype=np.int64)
        for statement in statements:
            if isinstance(statement, Cost):
                if not self._soft[rule]:
                    raise ValueError(f"rule {self.rules[rule].id}: a cost is a price, so the rule cannot be hard")
                cost += statement.value
            else:
                drop |= statement.where
        drop &= ~spared
        price = self._price(rule)
        return (drop, cost) if price is None else (np.zeros_like(drop), cost + price * drop)

    def _spared(self, rule: Rule, overrides: tuple[Pin, ...], table: Options) -> BoolArray:
        """Which options an overriding pin names, for a rule that bows to it."""
        spared = np.zeros(len(table), dtype=bool)
        pins = self._pin_rule
        if pins and rule.id not in STRUCTURAL:
            for pin in overrides:
                spared |= pins.matched(pin, table) if isinstance(table, PartyOptions) else pins.fits(pin, table)
        return spared

    @property
    def size(self) -> int:
        """Options of all parties, before anything personal is left out."""
        return sum(b - a for p in self.facts.parties for d in p.demands for a, b in (self._ranges[self._class_of[p.index, d]],))

    def with_shared(self, rows: Linear) -> Book:
        """The same book with other shared rows."""
        other = copy(self)
        other.shared = rows
        return other

    # -- families ---------------------------------------------------------------------------------------------

    def family(self, index: int, only: IntArray | None = None) -> FamilyBook:
        """Gather a family's options and state what ties them together; nothing is kept.

        Parameters
        ----------
        only
            Rows of the menu (in order) to gather options from; None: all.
        """
        family = self.facts.families[index]
        tables: list[PartyOptions] = []
        costs: list[dict[int, IntArray]] = []
        for p in family.parties:
            table, cost = self.party_options(self.facts.parties[p], only)
            tables.append(table)
            costs.append(cost)
        options = PartyOptions(
            **columns_of(tables), **{c: np.concatenate([getattr(t, c) for t in tables]) for c in ("party", "demand", "menu")}
        )
        merged = tuple(
            (r, np.concatenate([c.get(r, np.zeros(len(t), dtype=np.int64)) for c, t in zip(costs, tables, strict=True)]))
            for r in sorted({r for c in costs for r in c})
        )
        blocks, walks = [], []
        for i, rule in enumerate(self.rules):
            for statement in rule.bind_family(family, options):
                if isinstance(statement, Rows):
                    if statement.count != "parties" or statement.audience or statement.measures:
                        raise ValueError(f"rule {rule.id}: count, audience and measures are for rows that all families share")
                    blocks.append((i, statement, self._soft[i], self.relax.get(rule.id)))
                elif not self._soft[i]:
                    raise ValueError(f"rule {rule.id}: a walk is a price, so the rule cannot be hard")
                else:
                    walks.append((i, statement))
        return FamilyBook(family, options, merged, stack(blocks), tuple(walks), self.shared_entries(options))

    def party_options(self, party: Party, only: IntArray | None = None) -> tuple[PartyOptions, dict[int, IntArray]]:
        """The options of one party that no rule drops, and what rules charge for them; `only` as in `family`."""
        table: PartyOptions = self._gather(party, only)
        costs = {r: value[table.menu] for r, value in self._class_costs}
        overrides = self._overriding_pins(party)
        for i, rule in enumerate(self.rules):
            drop, cost = self._verdict(i, rule.screen_party(party, table), self._spared(rule, overrides, table))
            if cost.any():
                before = costs.get(i, np.zeros(len(table), dtype=np.int64))
                costs[i] = before + cost if self._price(i) is None else np.maximum(before, cost)
            if drop.any():
                table = table.take(~drop)
                costs = {r: value[~drop] for r, value in costs.items()}
        return table, costs

    def rows_for(self, party: Party, demand: int) -> range:
        """The rows of the menu in which a party finds what meets a demand."""
        return range(*self._ranges[self._class_of[party.index, demand]])

    def _gather(self, party: Party, only: IntArray | None) -> PartyOptions:
        ranges = [self.rows_for(party, d) for d in party.demands]
        if only is None:
            found = [np.arange(r.start, r.stop) for r in ranges]
        else:
            found = [only[slice(*np.searchsorted(only, (r.start, r.stop)))] for r in ranges]
        rows = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
        demand = np.repeat(integers(party.demands), [len(some) for some in found])
        here = {f.name: getattr(self.menu, f.name)[rows] for f in fields(Options)}
        return PartyOptions(**here, party=np.full(len(rows), party.index, dtype=np.int64), demand=demand, menu=rows)

    @cached_property
    def _shared_by_option(self) -> Matrix:
        return self.shared.options.transposed(len(self.menu))

    @cached_property
    def _sizes(self) -> IntArray:
        """What coefficients are multiplied with, by party: 1, students, 1 if a group (see `Linear.size`)."""
        return np.array([(1, p.size, int(p.is_group)) for p in self.facts.parties], dtype=np.int64).reshape(-1, 3)

    @cached_property
    def _audiences(self) -> list[tuple[IntArray, Audience]]:
        """Rows that are only about some parties: by row the label of those (−1: about all), and who they are."""
        found = []
        for mask, audience in self.shared.audience:
            label = np.full(len(mask), -1, dtype=np.int64)
            label[mask] = audience.of_row
            found.append((label, audience))
        return found

    @cached_property
    def _ordinary(self) -> tuple[BoolArray, Matrix]:
        """Parties of one student who are in no row's audience, and the entries of each row of the menu for any of them."""
        by_option = self._shared_by_option
        party = (self._sizes[:, 1] == 1) & (self._sizes[:, 2] == 0)
        keep = (self.shared.size[by_option.column] < SIZE_OF["groups"]) & (by_option.value != 0)
        for label, audience in self._audiences:
            party &= ~np.isin(audience.of_party, label[label >= 0])
            keep &= label[by_option.column] < 0
        terms = Terms(by_option.row_of_entry[keep], by_option.column[keep], by_option.value[keep])
        return party, Matrix.of(terms, len(self.menu))

    def shared_entries(self, options: PartyOptions) -> Matrix:
        """The shared rows that each option is in, with coefficients for the party's size."""
        ordinary, entries = self._ordinary
        if ordinary[options.party].all():
            return entries.take(options.menu)
        option, row, value = self._shared_by_option.gather(options.menu)
        party = options.party[option]
        value = value * self._sizes[party, self.shared.size[row]]
        keep = np.ones(len(value), dtype=bool)
        for label, audience in self._audiences:
            others = label[row] < 0
            keep &= others | (label[row] == audience.of_party[party])
            value = np.where(others, value, value * audience.counted(party, options.menu[option]))
        keep &= value != 0
        return Matrix.of(Terms(option[keep], row[keep], value[keep]), len(options))

    def families(self) -> Iterator[FamilyBook]:
        """Every family's part of the book, one after another."""
        for family in self.facts.families:
            yield self.family(family.index)


def compile_book(instance: Instance | Facts, *, relax: Mapping[str, int] | None = None) -> Book:
    """State everything that the instance's policy has switched on.

    Parameters
    ----------
    instance
        The instance, or its facts where they are there already.
    relax
        Price a unit of violation for rules that are to be elastic although the policy has them hard.
    """
    facts = instance if isinstance(instance, Facts) else Facts(instance)
    settings = {rule: facts.setting(rule) for rule in RULE_CLASSES}
    rules = tuple(cls(facts, settings[name]) for name, cls in RULE_CLASSES.items() if settings[name].kind != "off")
    return Book(facts, rules, relax or {})
