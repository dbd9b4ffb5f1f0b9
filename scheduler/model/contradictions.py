"""Limits of programs and rotations that a rule of the policy contradicts, or leaves nothing to do."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain import RULES, Instance, Setting
from scheduler.domain.tables import Program, Requirement
from scheduler.domain.wording import count
from scheduler.errors import Problem

PRECEPTED = ("precepted", "co-precepted")
#: What is the same where another thing is the same throughout.
SAME = {"preceptor": ("preceptor",), "unit": ("unit", "site"), "site": ("site",)}


def contradictions(instance: Instance) -> list[Problem]:
    """What the policy's rules make of limits in programs and requirements; all are warnings, as a schedule still exists."""
    return [*_same_and_not_the_same(instance), *_several_preceptors(instance)]


def _setting(instance: Instance, rule: str) -> Setting:
    return instance.policy.setting(RULES[rule])


def _same_and_not_the_same(instance: Instance) -> Iterator[Problem]:
    """`no_repeat` wants as many different ones as there are rotations, `continuity` one and `most_sites` few."""
    again = _setting(instance, "no_repeat")
    if again.kind == "off":
        return
    things = again.parameters["things"]
    for n, program in enumerate(instance.programs, 2):
        for thing in things if isinstance(things, tuple) else ():
            for rule, column, what, most in _limits(program, thing):
                kind = _setting(instance, rule).kind
                asked = _rotations(instance, program, thing)
                if kind == "off" or asked <= most:
                    continue
                both = kind == again.kind == "hard"
                end = f"at most {most} of them can be placed" if both else "one of the two rules is always broken"
                yield Problem(
                    f"{what}, but the rule no_repeat wants another {thing} for each of {asked} required rotations: {end}",
                    file="programs.csv",
                    row=n,
                    column=column,
                    value=str(getattr(program, column)),
                    suggestion=f"leave {column} empty, or take {thing} out of the things of no_repeat",
                    severity="warning",
                    code="contradiction",
                )


def _limits(program: Program, thing: str) -> Iterator[tuple[str, str, str, int]]:
    """Rule, column, sentence and number of what limits how many different ones a student has."""
    if program.continuity and thing in SAME[program.continuity]:
        yield "continuity", "continuity", f"a student has the same {program.continuity} throughout", 1
    if program.most_sites and thing == "site":
        yield "most_sites", "most_sites", f"a student has at most {count(program.most_sites, 'site')}", program.most_sites


def _rotations(instance: Instance, program: Program, thing: str) -> int:
    """How many rotations that may have the thing are asked of each student of a program."""
    rows = [r for r in instance.requirements if r.program == program.program and r.applies_to == "all"]
    rows = [r for r in rows if thing != "preceptor" or r.supervision in PRECEPTED]
    chosen = {r.elective_set: 1 if r.choose is None else r.choose for r in rows if r.elective_set}
    return sum(not r.elective_set for r in rows) + sum(chosen.values())


def _several_preceptors(instance: Instance) -> Iterator[Problem]:
    """Where one preceptor stays throughout, there is no use in allowing several."""
    if _setting(instance, "one_preceptor").kind == "off" or _setting(instance, "most_preceptors").kind == "off":
        return
    for n, row in enumerate(instance.requirements, 2):
        if row.blocks > 1 and row.supervision in PRECEPTED and (row.most_preceptors or 0) > _at_a_time(row):
            people = "preceptor" if _at_a_time(row) == 1 else "two preceptors"
            yield Problem(
                f"has no effect: the rule one_preceptor keeps all placements of a rotation with the same {people}",
                file="requirements.csv",
                row=n,
                column="most_preceptors",
                value=str(row.most_preceptors),
                suggestion='switch it off in the policy: [rules.one_preceptor] kind = "off"',
                severity="warning",
                code="no-effect",
            )


def _at_a_time(row: Requirement) -> int:
    return 2 if row.supervision == "co-precepted" else 1
