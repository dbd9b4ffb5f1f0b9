"""Notices in another language: sentences as people say them, codes for programs as they are."""

from __future__ import annotations

import io
import random
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from scheduler.notices import changes, notices, told
from scheduler.words.locale import Locale
from tests.notices.test_notices import ANN, TEAM, anything, places, rows, schedule
from tests.verify.world import BASE, GROUP, week

SPANISH = Locale("es")
#: Words of English sentences that no Spanish one has.
ENGLISH = re.compile(r"\b(the|your|you|is|are|for|from|with|moves|now|comes|group|to|at|and|of|on|left|place)\b", re.IGNORECASE)

SAID: dict[str, tuple[dict[str, Any], str]] = {
    "dates": (
        {"start": week(1)},
        "Su rotación MS desde el 6 de enero de 2026: ahora es del 13 de enero de 2026 al 22 de enero de 2026.",
    ),
    "unit": (
        {"slot": "ward2", "preceptor": "lee"},
        "Su rotación MS desde el 6 de enero de 2026: pasa de Ward 4B a Ward 5C; el preceptor es ahora Dr Lee.",
    ),
    "days": (
        {"slot": "other"},
        "Su rotación MS desde el 6 de enero de 2026: ahora es del 7 de enero de 2026 al 16 de enero de 2026 los mié vie.",
    ),
}


@pytest.mark.parametrize("kind", SAID)
def test_a_student_is_told_in_spanish(kind: str) -> None:
    columns, sentence = SAID[kind]
    was, now = schedule(ANN), schedule(ANN.model_copy(update=columns))
    found = told(changes(places(), was, places(), now, SPANISH), places(), places(), SPANISH)
    assert [n.sentence for n in found if n.kind == "student"] == [sentence]


def test_reasons_and_what_begins_a_sentence() -> None:
    gone = places(students=BASE["students"][1:])
    (change,) = changes(places(), schedule(ANN), gone, schedule(), SPANISH)
    assert change.sentence.endswith("(ann ya no está entre los estudiantes).")
    found = told(changes(places(**GROUP), schedule(TEAM), places(**GROUP), schedule(), SPANISH), places(**GROUP), places(**GROUP))
    assert next(n.sentence for n in found if n.kind == "unit").startswith("Group A (4 rn, ")
    (lost,) = changes(places(**GROUP), schedule(TEAM), places(**GROUP), schedule(), SPANISH)
    assert lost.sentence.startswith("Grupo A (4 rn) pierde el lugar para MS en Ward 4B, mercy del 6 de enero")


@pytest.mark.parametrize("seed", range(20))
def test_no_english_is_left(seed: int) -> None:
    chance = random.Random(seed)
    groups = seed % 2 == 0
    instance = places(**(GROUP | {"students": [*GROUP["students"], BASE["students"][2]]} if groups else {}))
    was, now = schedule(*anything(chance, groups)), schedule(*anything(chance, groups))
    for notice in told(changes(instance, was, instance, now, SPANISH), instance, instance, SPANISH):
        assert not ENGLISH.search(f"{notice.sentence} {notice.reason}")


def test_files_keep_their_codes_and_the_workbook_says_them() -> None:
    was, now = schedule(ANN), schedule(ANN.model_copy(update={"slot": "other"}))
    english, spanish = (notices(places(), was, places(), now, locale) for locale in (None, SPANISH))
    assert sorted(english) == sorted(spanish)
    for before, after in zip(rows(english["changes.csv"]), rows(spanish["changes.csv"]), strict=True):
        assert before.keys() == after.keys()
        assert {key for key in before if before[key] != after[key]} == {"sentence"}
    assert "Cambios" not in spanish["messages.csv"].decode().splitlines()[0]
    book = CalamineWorkbook.from_filelike(io.BytesIO(spanish["changes.xlsx"]))
    assert book.sheet_names == ["A quién avisar de qué", "Un mensaje por destinatario"]
    cells = {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert {"Acción", "Días nuevos", "estudiante", "trasladada", "plaza", "mar jue", "mié vie"} <= cells
    assert "Estado" in spanish["student-ann.ics"].decode() and "Status" not in spanish["student-ann.ics"].decode()
