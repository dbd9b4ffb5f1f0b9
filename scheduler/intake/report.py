"""What is said about a file: a verdict in one line, a page, and data for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from scheduler.errors import Severity
from scheduler.intake.catalogue import PRIVATE, QUESTIONS, say, visible
from scheduler.intake.findings import Finding, Findings, column_letters
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Submission
from scheduler.words import words

#: Findings of one kind in one sheet that a page lists.
MOST_ALIKE = 50
#: What findings ask of a sender, the most pressing first.
WEIGHTS = ("error", "question", "warning", "note")
_VALUE_WIDTH = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in words, safe to show: nothing in it is invisible or turns the direction of the text.

    Attributes
    ----------
    finding
        What it is about.
    weight
        One of `WEIGHTS`: the severity, or ``question`` for an error that only asks which of several readings is meant.
    sheet, cell, column, value
        Where, and what the cell shows; the column by its title.
    message, fix
        What is wrong and what to do, as sentences.
    """

    finding: Finding
    weight: str
    sheet: str
    cell: str
    column: str
    value: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Findings of one code in one sheet.

    Attributes
    ----------
    weight, sheet
        As of its lines.
    lines
        Those that are listed.
    more
        How many there are besides.
    """

    weight: str
    sheet: str
    lines: tuple[Line, ...]
    more: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines) + self.more

    @property
    def message(self) -> str:
        """What all lines say is wrong; empty where they differ."""
        return _shared({line.message for line in self.lines})

    @property
    def fix(self) -> str:
        """What all lines say is to be done; empty where they differ."""
        return _shared({line.fix for line in self.lines})


def _shared(texts: set[str]) -> str:
    return next(iter(texts)) if len(texts) == 1 else ""


def weight(finding: Finding) -> str:
    """What a finding asks of the sender: one of `WEIGHTS`."""
    return "question" if finding.severity == "error" and finding.code in QUESTIONS else finding.severity


def line(finding: Finding, language: str) -> Line:
    """A finding in words."""
    said = say(finding, language)
    value = (finding.value or "")[: _VALUE_WIDTH + 1]
    if len(value) > _VALUE_WIDTH:
        value = value[: _VALUE_WIDTH - 1] + "…"
    return Line(
        finding,
        weight(finding),
        visible(finding.sheet),
        place(finding, language),
        visible(finding.title),
        words(language, "report")["no_value"] if finding.code in PRIVATE else visible(value),
        _sentence(said.message),
        _sentence(said.fix),
    )


def _sentence(text: str) -> str:
    start = next((i for i, c in enumerate(text) if c not in "¿¡"), 0)
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :] + ("" if text[-1:] in "?.!" else ".")


def ordered(submission: Submission) -> list[Finding]:
    """Findings sheet by sheet as the file has them, in each what is most pressing first, then row by row."""
    sheets = {grid.name: n for n, grid in enumerate(submission.received.grids)}
    return sorted(submission.findings, key=lambda f: (sheets.get(f.sheet, -1), WEIGHTS.index(weight(f))))


def kinds(submission: Submission, language: str, most: int = MOST_ALIKE) -> list[Kind]:
    """Findings in words, sheet by sheet and kind by kind, what is most pressing first.

    Parameters
    ----------
    most
        So many of a kind are listed, the others counted.
    """
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in ordered(submission):
        alike.setdefault((finding.sheet, weight(finding), finding.code), []).append(finding)
    beyond = submission.findings.more()
    found = []
    for (sheet, heavy, code), same in alike.items():
        listed = tuple(line(finding, language) for finding in same[:most])
        # counted without a weight: they go with the heaviest of the code, which comes first
        more = len(same) - len(listed) + beyond.pop((code, sheet), 0)
        found.append(Kind(heavy, visible(sheet), listed, more))
    return found


def tally(findings: Findings) -> dict[str, int]:
    """How many findings there are of each weight, those beyond the listed ones included."""
    counts = Counter(dict.fromkeys(WEIGHTS, 0))
    heaviest: dict[tuple[str, str], str] = {}
    for finding in findings:
        counts[weight(finding)] += 1
        key = finding.code, finding.sheet
        heaviest[key] = min(heaviest.get(key, "note"), weight(finding), key=WEIGHTS.index)
    for key, more in findings.more().items():
        counts[heaviest[key]] += more
    return dict(counts)


def rows_met(submission: Submission) -> int:
    """Rows that were read, and those in which something has to be corrected."""
    rows = {(e.sheet, e.row) for e in submission.entries}
    rows |= {(f.sheet, f.row) for f in submission.findings if f.severity == "error" and f.row is not None}
    return len(rows)


def counted(language: str, what: str, n: int) -> str:
    """A number of things: rows, errors, questions, warnings."""
    one, many = words(language, "report")["count"][what]
    return str(one if n == 1 else many).format(n=f"{n:,}")


def verdict(submission: Submission, language: str) -> str:
    """Whether the file can be taken, in one line without a final full stop."""
    said = words(language, "report")
    counts, rows = tally(submission.findings), rows_met(submission)
    if submission.findings.failed:
        what = f" {said['and']} ".join(counted(language, w, counts[w]) for w in ("error", "question") if counts[w])
        return str(said["not_yet_rows" if rows else "not_yet"]).format(what=what, rows=counted(language, "row", rows))
    if not submission.entries:
        return str(said["nothing"])
    text = said["ready_but"] if counts["warning"] else said["ready"]
    return str(text).format(taken=counted(language, "taken", rows), warnings=counted(language, "warning", counts["warning"]))


def place(finding: Finding, language: str) -> str:
    """``B7``, ``row 7``, ``column B``; empty for a sheet or a file."""
    kind, _, which = finding.cell.partition(" ")
    return f"{words(language, 'report')['place'][kind]} {which}" if which else kind


def report_data(submission: Submission, language: str) -> dict[str, Any]:
    """The report for programs (see docs/intake.md); rows are counted from 1."""
    received, findings = submission.received, submission.findings
    return {
        "ok": not findings.failed,
        "verdict": verdict(submission, language),
        "language": language,
        "sender": {"kind": submission.sender.kind, "id": submission.sender.id},
        "file": received.name,
        "kind": received.kind,
        "sha256": received.sha256,
        "mapping": submission.mapping,
        "rows": dict(Counter(entry.form for entry in submission.entries)),
        "counts": {_PLURALS[name]: n for name, n in tally(findings).items()},
        "problems": [_problem(finding, language) for finding in findings],
        "more": [{"code": code, "sheet": sheet, "count": n} for (code, sheet), n in findings.more().items()],
    }


_PLURALS = {"error": "errors", "question": "questions", "warning": "warnings", "note": "notes"}


def _problem(finding: Finding, language: str, severity: Severity | None = None) -> dict[str, Any]:
    said = say(finding, language)
    return {
        "code": finding.code,
        "severity": severity or finding.severity,
        "question": weight(finding) == "question",
        "sheet": finding.sheet,
        "cell": finding.cell,
        "row": None if finding.row is None else finding.row + 1,
        "column": None if finding.column is None else column_letters(finding.column),
        "title": finding.title,
        "value": None if finding.code in PRIVATE else finding.value,
        "message": said.message,
        "fix": said.fix,
    }


def refusal_data(name: str, sender: Sender, finding: Finding, language: str) -> dict[str, Any]:
    """The same of a file that was not read: with neither rows nor hash."""
    return {
        "ok": False,
        "verdict": words(language, "report")["refused"].format(message=say(finding, language).message),
        "language": language,
        "sender": {"kind": sender.kind, "id": sender.id},
        "file": name,
        "kind": "",
        "sha256": "",
        "mapping": "",
        "rows": {},
        "counts": {"errors": 1, "questions": 0, "warnings": 0, "notes": 0},
        "problems": [_problem(finding, language, "error")],
        "more": [],
    }


def report_page(submission: Submission, language: str, term: str, checked: str) -> bytes:
    """The report as one page that needs nothing else.

    Parameters
    ----------
    term
        Name of the term.
    checked
        When the file was checked, in words.
    """
    labels, said = words(language, "labels"), words(language, "report")
    received = submission.received
    forms = Counter((entry.form, entry.sheet) for entry in submission.entries)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return (
        environment.get_template("report.html")
        .render(
            language=language,
            said=said,
            term=visible(term),
            file=visible(received.name),
            sender=said["sender"][submission.sender.kind].format(id=submission.sender.id),
            how=", ".join(said["delimiters"].get(part, part) for part in received.how.split(", ") if part),
            mapping=visible(submission.mapping),
            checked=checked,
            sha256=received.sha256,
            verdict=verdict(submission, language),
            ok=not submission.findings.failed,
            read=[(visible(sheet), labels["sheets"][form], f"{n:,}") for (form, sheet), n in forms.items()],
            sheets=[(sheet, list(group)) for sheet, group in groupby(kinds(submission, language), lambda k: k.sheet)],
        )
        .encode()
    )
