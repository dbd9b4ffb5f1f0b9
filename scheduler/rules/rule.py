"""The rule contract: one class a rule, which reads facts and options and yields statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from scheduler.domain import RULES, RuleSpec, Setting
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Family, Party
from scheduler.rules.statements import Rows, Unary, Walk


class Rule:
    """One named condition or wish. A rule overrides the hooks it needs, usually one.

    The hooks go from general to particular and back: what every party of a class may have, what one party may have, how the
    options of one family hang together, and what all families share. A rule yields its natural statements; whether they are
    hard, priced or off, and at what weight, is the policy's business and applied outside (`scheduler.model.book`).

    Attributes
    ----------
    id
        The rule's name in the catalogue, the policy, the verifier, the docs and the reports.
    facts
        The instance as rules see it: parties, demands, families, offers, clock.
    setting
        The policy's setting of this rule, for its parameters.
    """

    id: ClassVar[str]

    def __init__(self, facts: Facts, setting: Setting) -> None:
        self.facts = facts
        self.setting = setting

    @property
    def spec(self) -> RuleSpec:
        """The rule's catalogue entry."""
        return RULES[self.id]

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        """What holds for single options of a class, whoever takes them."""
        yield from ()

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        """What holds for single options of one party."""
        yield from ()

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows | Walk]:
        """What ties the options of one family (parties that share students) together."""
        yield from ()

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        """What ties options of different families together; terms are over rows of the menu."""
        yield from ()
