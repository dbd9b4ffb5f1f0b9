"""What the program says in sentences of its own has a sentence in every language."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from scheduler.domain import RULES
from scheduler.domain.schedule import Given, Schedule, Status
from scheduler.domain.wording import NOT_FOR_THIS, OTHER_REASONS, proof_sentence
from scheduler.export.reasons import NOT_TOLD
from scheduler.model.obstacles import BESIDE_OTHERS, CLOSED, FITS
from scheduler.words import LANGUAGES, words
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook

ROOT = Path(__file__).parents[2]
SPANISH = Phrasebook(Locale("es"))
#: What may be filled in: a number, a date, words, a word and nobody in particular.
FILLINGS = ("7", "2026-10-01", "flu", "renewing or planned", " of bob", " by bob", "")


def templates() -> Iterator[ast.expr]:
    """The expressions of all reasons of rules."""
    for path in (ROOT / "scheduler/rules").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Drop":
                yield node.args[1]


def filled(template: ast.expr) -> Iterator[str]:
    """What an expression can say."""
    if isinstance(template, ast.Constant):
        yield str(template.value)
    elif isinstance(template, ast.IfExp):
        yield from filled(template.body)
        yield from filled(template.orelse)
    elif isinstance(template, ast.JoinedStr):
        holes = sum(isinstance(part, ast.FormattedValue) for part in template.values)
        for values in product(FILLINGS, repeat=holes):
            left = iter(values)
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else next(left) for p in template.values)


def is_said(text: str) -> bool:
    return SPANISH.said(text) != text


def test_every_reason_of_a_rule_is_said() -> None:
    found = list(templates())
    assert len(found) > 40
    for template in found:
        if isinstance(template, (ast.Constant, ast.IfExp, ast.JoinedStr)):
            said = [is_said(text) for text in filled(template)]
            assert any(said) if isinstance(template, ast.JoinedStr) else all(said), ast.unparse(template)


@pytest.mark.parametrize("text", [*BESIDE_OTHERS.values(), CLOSED, FITS, OTHER_REASONS, NOT_FOR_THIS, NOT_TOLD])
def test_every_reason_of_the_model_is_said(text: str) -> None:
    assert is_said(text)


def test_every_reason_of_the_bundled_solutions_is_said_whole() -> None:
    """No English word of a rule's reason is left in any of them."""
    english = {text for text in words("en", "phrases")["reasons"].values() if "{" not in text}
    seen = 0
    for path in ROOT.glob("solutions/*/unplaced.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                said = SPANISH.said(row["reason"])
                assert not [text for text in english if f" {text}" in said], said
                seen += said != row["reason"]
    assert seen > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_a_title_and_a_unit(language: str) -> None:
    said = words(language, "rules")
    assert set(said["titles"]) == set(RULES)
    assert set(said["units"]) == {rule.unit for rule in RULES.values()}
    if language == "en":
        assert said["titles"] == {name: rule.title for name, rule in RULES.items()}
        assert all(said["units"][unit] == unit for unit in said["units"])


@pytest.mark.parametrize("missing", [0, 1, 9])
@pytest.mark.parametrize("more", [None, 0, 1, 5])
@pytest.mark.parametrize(("objective", "bound"), [(10, 10), (1000, 995), (10, 1), (100000, 99999)])
@pytest.mark.parametrize("kept", [0, 1, 31])
def test_every_proof_is_said_whole(missing: int, more: int | None, objective: int, bound: int, kept: int) -> None:
    row = {"student": "s", "program": "p", "requirement": "r", "missing": 1, "unit": "weeks"}
    given = Given(kept=kept, only=("school=maple",) if kept == 31 else (), not_planned=0) if kept else None
    schedule = Schedule.model_validate(
        {
            "status": Status.OPTIMAL if objective == bound else Status.FEASIBLE,
            "unplaced": [row] * missing,
            "objective": objective,
            "bound": bound,
            "more": more,
            "given": given,
        }
    )
    said = SPANISH.said(proof_sentence(schedule))
    english = re.compile(r"\b(placed|could|proved|possible|better|kept|alone|another|most|gap)\b")
    assert not english.search(said), said


def test_what_nobody_says_stays_as_it_is() -> None:
    for text in ("her mother is ill", "Kim", "", "3 Smith", "a; b, c"):
        assert SPANISH.said(text) == text


def test_english_stays_as_it_is() -> None:
    reason = "12 offers: 3 in a full slot, and 9 that are not for this rotation"
    assert Phrasebook(Locale()).said(reason) == reason
    assert SPANISH.said(reason) == "12 ofertas: 3 en una plaza llena, 9 fuera de esta rotación"


def test_supervisors_are_said() -> None:
    covered = "Ann (bob covers from 2026-10-05 to 2026-10-09)"
    assert SPANISH.supervisors("Ann") == "Ann"
    assert SPANISH.supervisors("Ann and bob") == "Ann y bob"
    assert SPANISH.supervisors(covered) == "Ann (suplente bob del 5 oct 2026 al 9 oct 2026)"
    assert Phrasebook(Locale("en-GB")).supervisors(covered) == "Ann (bob covers from 5 Oct 2026 to 9 Oct 2026)"


@pytest.mark.parametrize(
    ("tag", "text", "said"),
    [
        ("es", "better (proved): by 1,979 to 12,008 points", "mejor (probado): por 1.979 a 12.008 puntos"),
        ("es-MX", "better (proved): by 1,979 to 12,008 points", "mejor (probado): por 1,979 a 12,008 puntos"),
        ("es", "ann has 36.5 hours, at least 40 are wanted", "ann tiene 36,5 horas, se quieren al menos 40"),
        ("es", "ann has 1 hours, at least 40 are wanted", "ann tiene 1 hora, se quieren al menos 40"),
        ("es", "gap 23.3 %", "brecha de 23,3\N{NO-BREAK SPACE}%"),
        ("es-MX", "gap over 1,000 %", "brecha de más de 1,000%"),
        ("es", "1200 offers: 1100 in a full slot, 100 refused", "1.200 ofertas: 1.100 en una plaza llena, 100 por rechazo"),
    ],
)
def test_numbers_in_sentences_are_written_as_in_tables(tag: str, text: str, said: str) -> None:
    assert Phrasebook(Locale(tag)).said(text) == said
