"""What is asked, and which answers belong to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scheduler.domain import RULES, Placement
from scheduler.domain.wording import count
from scheduler.explain.answers import Explainer
from scheduler.standing.answer import Answer
from scheduler.standing.funnel import steps_of
from scheduler.standing.ground import Missing
from scheduler.verify import CHECKS
from scheduler.verify.facts import Facts as Seen

#: So many places are told of a rule.
MOST_FINDINGS = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What an explanation is about; empty is everything."""

    student: str = ""
    requirement: str = ""
    slot: str = ""
    preceptor: str = ""
    rule: str = ""
    school: str = ""


def answers(explainer: Explainer, question: Question, on_phase: Callable[[str], None] = lambda _: None) -> Iterator[Answer]:
    """The answers to a question, one after another."""
    if question.rule:
        yield _rule(explainer, question.rule)
        return
    missing = explainer.missing(lambda m: _asked(question, m))
    if question.slot or question.preceptor:
        yield _place(explainer, question, missing)
        return
    for k, one in enumerate(missing, start=1):
        on_phase(f"{k} of {len(missing)}: {one.who}, {one.row.requirement}")
        yield explainer.unplaced(one)
    if question.student:
        on_phase(f"places of {question.student}")
        yield from explainer.places_of(question.student, question.requirement)
        yield from _costs(explainer, question.student)


def _asked(question: Question, missing: Missing) -> bool:
    row = missing.row
    return question.student in ("", row.student, row.group) and question.requirement in ("", row.requirement)


def _place(explainer: Explainer, question: Question, missing: list[Missing]) -> Answer:
    """Who is in a slot or with a preceptor, and who without a place could be there."""
    ground, naming = explainer.ground, explainer.naming
    codes = ground.book.facts.offers.codes

    def here(row: Placement) -> bool:
        people = (row.preceptor, row.co_preceptor)
        return question.slot in ("", row.slot) and (not question.preceptor or question.preceptor in people)

    lines = [
        f"  {naming.who(row)}: {row.requirement}, {naming.place(row)}"
        if naming.is_ours(row.school)
        else f"  {naming.who(row)}, {row.start} to {row.end}"
        for row in sorted(ground.placements_with({}), key=lambda p: (p.start, p.who))
        if here(row)
    ]
    lines.insert(0, f"{count(len(lines), 'placement')} there{':' if lines else '.'}")
    wanted = 0
    for one in missing:
        family, options = ground.family(one.family), ground.options_for(one)
        table = family.options.take(options)
        at = (table.slot == codes.slots.index(question.slot)) if question.slot else table.slot >= 0
        if question.preceptor:
            at &= table.preceptor == codes.preceptors.index(question.preceptor)
        if at.any():
            wanted += 1
            why = ground.obstacles.of(family, ground.standing.chosen[one.family], options[at])
            said = ", ".join(f"{n} {words}" for words, n in why.most_common())
            lines.append(f"{one.who}, {one.row.requirement}, is unplaced and could be here: {said}.")
    if not wanted:
        lines.append("Nobody without a place could be here.")
    return Answer(question.slot or question.preceptor, tuple(lines), {"placements": sum(x.startswith("  ") for x in lines)})


def _rule(explainer: Explainer, rule: str) -> Answer:
    """What a rule says, what it costs whom, and which unplaced rotations it keeps out."""
    spec, setting = RULES[rule], explainer.instance.policy.setting(RULES[rule])
    lines = [spec.sentence]
    if setting.kind == "off":
        lines.append("It is off under this policy.")
    elif setting.kind == "soft":
        penalty = explainer.report.penalties.get(rule, 0)
        lines.append(f"It is soft: {penalty:,} × weight {setting.weight} = {penalty * setting.weight:,} points.")
        found = [f for f in CHECKS[rule](Seen(explainer.instance, explainer.ground.schedule)) if f.amount and not f.firm]
        ours = (
            [f for f in found if f.party and explainer.naming.is_ours(f.party.program.school)]
            if explainer.naming.reader
            else found
        )
        ours.sort(key=lambda f: -abs(f.amount))
        lines += [f"  {f.amount * setting.weight:,} points: {f.sentence}" for f in ours[:MOST_FINDINGS]]
        if len(ours) > MOST_FINDINGS:
            lines.append(f"  … and {count(len(ours) - MOST_FINDINGS, 'more place')}")
    else:
        lines.append("It is hard: it holds everywhere.")
    for one in explainer.missing():
        if kept := sum(s.offers for s in steps_of(explainer.ground, one).steps if s.rule == rule):
            lines.append(f"It keeps {count(kept, 'offer')} from {one.who}, {one.row.requirement}, which is unplaced.")
    return Answer(f"{rule}: {spec.title}", tuple(lines), {"rule": rule, "kind": setting.kind})


def _costs(explainer: Explainer, who: str) -> Iterator[Answer]:
    """What the rules cost a student or group, as the verifier counts."""
    seen, policy, lines = Seen(explainer.instance, explainer.ground.schedule), explainer.instance.policy, []
    total = 0
    for rule, check in CHECKS.items():
        setting = policy.setting(RULES[rule])
        if setting.kind != "soft":
            continue
        own = [f for f in check(seen) if f.party and who in (f.party.student, f.party.group) and not f.firm]
        if points := sum(f.amount for f in own) * setting.weight:
            total += points
            lines.append(f"  {rule}: {points:,} points")
    if lines:
        yield Answer(f"{who}: {total:,} points of all rules that count by person", tuple(lines), {"points": total})
