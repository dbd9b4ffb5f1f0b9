"""Whether a sentence that should be Spanish still has English in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from scheduler.verify.findings import Finding
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook

_BOOK = Phrasebook(Locale("es"))
#: Words that no Spanish sentence of the program has, nor an id of the examples or of the tests of rules.
ENGLISH = re.compile(
    r"\b(the|of|with|from|to|is|are|in|more|place|places|week|weeks|student|site|unit|slot|has|not|asks|which|allowed|does"
    r"|have|for|must|group|before|after)\b"
)


def not_said(texts: set[str]) -> list[str]:
    """What becomes of sentences that Spanish does not say in full."""
    said = {text: _BOOK.said(text) for text in texts}
    return sorted(other for text, other in said.items() if other == text or ENGLISH.search(other))


@pytest.fixture(autouse=True)
def every_sentence_is_said(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the verifier says in a test is said in Spanish too."""
    sentences: set[str] = set()
    made = Finding.__init__

    def noted(self: Finding, sentence: str, *rest: object, **named: object) -> None:
        sentences.add(sentence)
        made(self, sentence, *rest, **named)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(Finding, "__init__", noted)
    yield
    assert not_said(sentences) == []
