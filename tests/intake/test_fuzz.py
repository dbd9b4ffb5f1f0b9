"""Mutated files: never a traceback, and what was read, written out by us and read again is equal."""

from __future__ import annotations

import io
import multiprocessing
import random
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from scheduler.domain import Instance
from scheduler.intake.catalogue import say
from scheduler.intake.findings import Finding, Refused
from scheduler.intake.forms import FORMS
from scheduler.intake.grid import Grid, Received, Value
from scheduler.intake.mapping import load_mapping
from scheduler.intake.merging import plan
from scheduler.intake.opening import MOST_SECONDS, open_data
from scheduler.intake.reading import read_submission
from scheduler.intake.report import report_data
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Submission
from scheduler.words import LANGUAGES, words
from tests.intake.given import term
from tests.intake.test_corpus import FILES, NAMES, expected

#: Values that have fooled readers of spreadsheets.
NASTY: tuple[Value, ...] = (
    *("", " ", "\u00a0", "0041", "41", 41.0, 41, "m-002", "M-002", "l-001", "maple-bsn", "True", "False", True, False, "x", "✓"),
    *("03/04/2026", "13/04/2026", "4/13/26", "31/02/2026", "2026-09-14", 46279.0, "46279", date(2026, 9, 3)),
    *(datetime(2026, 9, 3, 8), "3/8–4/16", "weeks 3-6", "week 99", "9/7-9/18", "Nov 23-27", "12-1", "-", "n/a", "none"),
    *("TBD", "?", "=1+1", "@x", "+1", "-1", "1e5", "1,200", "7,5", 7.5, 1e300, float("inf"), "8 students", "\u202egnp"),
    *("a\x07b", "a" * 5000, "Total", "ID", "Student ID", "MWF", "TTh", "S", "LMV", "all", "gladly", "rather not", "on file"),
    *("4B", "Ward 4 B", "mercy", "NUR310", "NUR310;NUR320", ";;;", "a;b", "123-45-6789", "ann@maple.edu", "EXAMPLE"),
    *("ñandú", "𝟛", "１２", "\u0663", "\U0001f600", "'0041", '="0041"', "1/1", "0/0/0"),
)


def readable() -> list[str]:
    return [name for name in NAMES if "refused" not in expected(name)]


def read(name: str, received: Received, instance: Instance) -> Submission:
    wanted = expected(name)
    mapping = load_mapping(wanted["mapping"]) if "mapping" in wanted else None
    sender = Sender(*wanted.get("sender", ("school", "maple")))
    return read_submission(received, instance, sender, mapping=mapping, dates=wanted.get("dates"))


def written(submission: Submission, language: str) -> Received:
    """What was read, in sheets as a template has them."""
    labels = words(language, "labels")
    grids = []
    for form in FORMS[submission.sender.kind]:
        entries = submission.of(form.name)
        fields = [f for f in form.fields if any(f.name in e.cells for e in entries) or f.needed]
        if entries:
            rows: list[list[Value]] = [[labels["columns"][f.name] for f in fields]]
            rows += [[e.cells.get(f.name) for f in fields] for e in entries]
            grids.append(Grid(labels["sheets"][form.name], rows))
    return Received("again.xlsx", "xlsx", "", tuple(grids))


def check(name: str, received: Received, instance: Instance, language: str) -> None:
    submission = read(name, received, instance)
    for finding in submission.findings:
        assert say(finding, language).message
    report_data(submission, language)
    plan(instance, submission)
    if submission.findings.failed:  # nothing of it is taken
        return
    again = read_submission(written(submission, language), instance, submission.sender)
    first = [(e.form, dict(e.cells)) for form in FORMS[submission.sender.kind] for e in submission.of(form.name)]
    assert [(e.form, dict(e.cells)) for e in again.entries] == first, [f for f in again.findings if f.severity == "error"]


def scrambled(grid: Grid, random_: random.Random) -> Grid:
    """A sheet with some cells, rows or columns changed."""
    rows = [list(row) for row in grid.rows]
    for _ in range(random_.randint(1, 4)):
        r = random_.randrange(len(rows))
        kind = random_.randrange(7)
        if kind <= 3 and rows[r]:
            rows[r][random_.randrange(len(rows[r]))] = random_.choice(NASTY)
        elif kind == 4:
            rows.insert(r, list(random_.choice(rows)))
        elif kind == 5 and len(rows) > 1:
            rows.pop(r)
        else:
            rows.insert(r, [random_.choice(NASTY) for _ in range(random_.randint(0, 6))])
    return Grid(grid.name, rows, grid.merged, grid.hidden, grid.formulas)


def mutated(data: bytes, random_: random.Random) -> bytes:
    """A file with some bytes changed; those of a workbook inside it, where they matter."""
    if data.startswith(b"PK") and random_.random() < 0.8:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            names = [n for n in source.namelist() if n.endswith((".xml", ".rels"))]
            hit = random_.choice(names)
            for member in source.namelist():
                content = source.read(member)
                archive.writestr(member, mutated_bytes(content, random_) if member == hit else content)
        return out.getvalue()
    return mutated_bytes(data, random_)


def mutated_bytes(data: bytes, random_: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(changed) or 1)
        kind = random_.randrange(4)
        if kind == 0 and changed:
            changed[at] = random_.randrange(256)
        elif kind == 1:
            del changed[at : at + random_.randint(1, 40)]
        elif kind == 2:
            changed[at:at] = bytes(random_.choice(b"0123456789<>&;,\"'\n\t -/abcXYZ") for _ in range(random_.randint(1, 12)))
        else:
            changed[at:at] = changed[at : at + random_.randint(1, 200)]
    return bytes(changed)


def _open(name: str, data: bytes) -> Received | Finding:
    try:
        return open_data(name, data)
    except Refused as refused:
        return refused.finding


class Opener:
    """Opens files in a process that is given up where a file keeps it too long, as the command does."""

    def __init__(self) -> None:
        self._pool = multiprocessing.get_context("spawn").Pool(1)

    def open(self, name: str, data: bytes) -> Received | Finding:
        try:
            return self._pool.apply_async(_open, (name, data)).get(timeout=MOST_SECONDS)
        except multiprocessing.TimeoutError:
            self.close()
            self._pool = multiprocessing.get_context("spawn").Pool(1)
            return Finding("too_costly")

    def close(self) -> None:
        self._pool.terminate()
        self._pool.join()


def run(cases: int, seed: int, seconds: float) -> int:
    """Mutate and read; how many files were tried."""
    opened = {name: open_data(expected(name).get("file", name), (FILES / name).read_bytes()) for name in readable()}
    opener = Opener()
    try:
        return _run(cases, seed, seconds, opener, opened)
    finally:
        opener.close()


def _run(cases: int, seed: int, seconds: float, opener: Opener, opened: dict[str, Received]) -> int:
    random_, instance, names = random.Random(seed), term(), list(opened)
    end = time.monotonic() + seconds
    for case in range(cases):
        if time.monotonic() > end:
            return case
        name, language = random_.choice(names), random_.choice(LANGUAGES)
        received = opened[name]
        if random_.random() < 0.6:
            grids = tuple(scrambled(g, random_) if g.rows else g for g in received.grids)
            received = Received(received.name, received.kind, "", grids)
        else:
            found = opener.open(received.name, mutated((FILES / name).read_bytes(), random_))
            if isinstance(found, Finding):
                assert say(found, language).fix
                continue
            received = found
        try:
            check(name, received, instance, language)
        except Exception as error:
            raise AssertionError(f"case {case} of seed {seed}, {name}: {received.grids}") from error
    return cases


def test_some_mutated_files() -> None:
    assert run(400, seed=1, seconds=60) > 50


@pytest.mark.slow
def test_twenty_thousand_mutated_files() -> None:
    assert run(20_000, seed=2, seconds=1200) > 2000


def test_the_corpus_itself_reads_back(tmp_path: Path) -> None:
    instance = term()
    for name in readable():
        received = open_data(expected(name).get("file", name), (FILES / name).read_bytes())
        for language in LANGUAGES:
            check(name, received, instance, language)
