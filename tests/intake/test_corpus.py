"""Files as they come in, made by many tools: each is read right, or refused with the right sentence."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scheduler.intake.findings import Refused
from scheduler.intake.mapping import load_mapping
from scheduler.intake.opening import open_data
from scheduler.intake.reading import read_submission
from scheduler.intake.sender import Sender
from tests.intake.given import term

FILES = Path(__file__).parent / "corpus" / "files"
NAMES = sorted(path.name.removesuffix(".json") for path in FILES.glob("*.json"))


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_file(name: str) -> None:
    wanted = expected(name)
    data = (FILES / name).read_bytes()
    if "refused" in wanted:
        with pytest.raises(Refused) as refused:
            open_data(name, data)
        assert refused.value.finding.code == wanted["refused"]
        return
    received = open_data(wanted.get("file", name), data)
    sender = Sender(*wanted.get("sender", ("school", "maple")))
    mapping = load_mapping(wanted["mapping"]) if "mapping" in wanted else None
    submission = read_submission(received, term(), sender, mapping=mapping, dates=wanted.get("dates"))
    said = sorted(f"{f.severity} {f.code} {f.cell}".strip() for f in submission.findings if f.severity != "note")
    assert said == wanted["says"]
    read: dict[str, list[dict[str, str]]] = {}
    for entry in submission.entries:
        read.setdefault(entry.form, []).append(dict(entry.cells))
    assert read == wanted["entries"]


def test_it_is_large_enough() -> None:
    assert len(NAMES) >= 60
    assert len(Counter(Path(name).suffix for name in NAMES)) >= 6
