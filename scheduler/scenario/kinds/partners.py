"""On what terms: agreements with schools, and the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from scheduler.domain import RULES, RulePolicy
from scheduler.domain.policy import Policy
from scheduler.domain.tables import Agreement
from scheduler.domain.tables.base import column
from scheduler.domain.types import Count, Date, Id, Ids
from scheduler.errors import Problem
from scheduler.io.policies import parameter_value, read_policy
from scheduler.io.report import Report
from scheduler.scenario.change import Change, listed, when
from scheduler.scenario.gone import over
from scheduler.scenario.work import Work, Wrong, WrongChange


class AgreementChange(Change):
    """An agreement of a school is new, renewed or ended.

    *renewed* and *ended* concern the agreements that cover the sites (none named: all of the school); one that covers other sites
    too goes on for those as it was. An ended agreement stays in the table with its last day, for a school without any may go
    everywhere.
    """

    kind: ClassVar[str] = "agreement"
    example: ClassVar[str] = "agreement school=ash sites=lak what=new start=2026-08-24"
    outside: ClassVar[bool] = True

    school: Id = column("School.", ref="schools", example="ash")
    what: Literal["new", "renewed", "ended"] = column("What happens to it.", example="renewed")
    sites: Ids = column("Sites that it covers; empty is all.", (), ref="sites", example="lak")
    professions: Ids = column("Professions that it covers; empty is all (or as it was).", (), ref="professions")
    start: Date | None = column("First day; empty is open (or as it was).", None)
    end: Date | None = column("Last day; empty is open-ended. Ended without a day: before the term.", None)
    most_students: Count | None = column(
        "Most students of the school at once; empty: any number (or as it was).", None, unit="students"
    )

    def make(self, work: Work) -> str:
        where = f" with {listed(self.sites)}" if self.sites else ""
        mine = [(i, row) for i, row in work.each(Agreement) if row.school == self.school]
        own: dict[str, Any] = {
            key: v for key in ("professions", "start", "most_students") if (v := getattr(self, key)) not in (None, ())
        }
        if self.what == "new":
            work.add(Agreement.model_validate({**own, "school": self.school, "sites": self.sites, "end": self.end}))
            if not mine:
                work.notes.append(f"{self.school} had none and could go everywhere; now it goes only where an agreement holds")
            return f"agreement of {self.school}{where} is new, {when(self.start, self.end)}"
        found = [(i, row) for i, row in mine if not self.sites or not row.sites or set(row.sites) & set(self.sites)]
        if not found:
            wrong = f"{self.school} has no agreement{where}"
            raise WrongChange(Wrong("sites", wrong, ";".join(self.sites) or None, "", tuple(s for _, r in mine for s in r.sites)))
        for index, row in found:
            index = self._only(work, index, row)
            if self.what == "renewed":
                work.update(Agreement, index, **own, end=self.end, status="signed")
            elif self.end is None or (row.start and self.end < row.start):
                over(work, index)
            elif row.end is None or row.end > self.end:
                work.update(Agreement, index, end=self.end)
        if self.what == "renewed":
            return f"agreement of {self.school}{where} is renewed {f'until {self.end}' if self.end else 'without an end'}"
        return f"agreement of {self.school}{where} has ended{f' on {self.end}' if self.end else ''}"

    def _only(self, work: Work, index: int, row: Agreement) -> int:
        """The row for the named sites alone; other sites that it covered have a row of their own."""
        covered = row.sites or tuple(sorted(work.ids("sites")))
        other = tuple(site for site in covered if site not in self.sites)
        if self.sites and other:
            work.update(Agreement, index, sites=other)
            return work.add(row.model_copy(update={"sites": tuple(s for s in covered if s in self.sites)}))
        return index


class PolicyChange(Change):
    """A rule is set otherwise: hard, soft or off, another weight, level or parameter."""

    kind: ClassVar[str] = "policy"
    example: ClassVar[str] = "policy rule=waiting weight=3"

    rule: Id = column("Rule.", ref="rules", example="waiting")
    set: dict[str, str] = column("`set.PARAMETER`: a parameter of the rule; lists are separated by ;.", {})
    rule_kind: Literal["hard", "soft", "off"] | None = column("Whether the rule is a must, a wish or nothing.", None)
    weight: Count | None = column("Weight where it is soft.", None)
    level: Count | None = column("Level where it is soft.", None)

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if not self.set and self.rule_kind is None and self.weight is None and self.level is None:
            yield Wrong(
                "rule", "nothing is said that changes", expected="rule_kind, weight, level or set.PARAMETER", code="missing_value"
            )

    def make(self, work: Work) -> str:
        said: dict[str, Any] = {"kind": self.rule_kind, "weight": self.weight, "level": self.level}
        entry = {key: value for key, value in said.items() if value is not None}
        entry |= {key: parameter_value(self.rule, key, text) for key, text in self.set.items()}
        report = Report()
        found = read_policy({"rules": {self.rule: entry}}, lambda *keys: Problem("", column=keys[-1] if keys else ""), report)
        if report.failed:
            raise WrongChange(*(self._wrong(p) for p in report.problems()))
        new = found.rules.get(self.rule, RulePolicy())
        work.policy = work.policy.merged(Policy.model_validate({"rules": {self.rule: new}}))
        return f"rule {RULES[self.rule].title!r} ({self.rule}): {', '.join(f'{k} {v}' for k, v in entry.items())}"

    def _wrong(self, p: Problem) -> Wrong:
        key = {"kind": "rule_kind"}.get(p.column, p.column if p.column in ("weight", "level") else f"set.{p.column}")
        return Wrong(key, p.message, p.value, p.expected, code=p.code, suggestion=p.suggestion)
