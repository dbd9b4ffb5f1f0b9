"""What is said about a file: a verdict in one line, a page, and data for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from scheduler.intake.catalogue import say, visible
from scheduler.intake.findings import Finding, column_letters
from scheduler.intake.grid import Received
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Submission
from scheduler.intake.words import words

#: Findings of one kind in one sheet that a page lists.
MOST_ALIKE = 50
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in words.

    Attributes
    ----------
    finding
        What it is about; None for a line that counts those that are not listed.
    """

    finding: Finding | None
    severity: str
    sheet: str
    cell: str
    column: str
    value: str
    message: str
    fix: str


def rows_text(submission: Submission, language: str) -> str:
    """``214 rows``: those that were read, and those in which something has to be corrected."""
    rows = {(e.sheet, e.row) for e in submission.entries}
    rows |= {(f.sheet, f.row) for f in submission.findings if f.severity == "error" and f.row is not None}
    return counted(language, "row", len(rows))


def counted(language: str, what: str, n: int) -> str:
    """A number of things: rows, errors, warnings."""
    one, many = words(language, "report")["count"][what]
    return str(one if n == 1 else many).format(n=f"{n:,}")


def verdict(submission: Submission, language: str) -> str:
    """Whether the file can be taken, in one line."""
    said = words(language, "report")
    findings = submission.findings
    errors, warnings = findings.count("error"), findings.count("warning")
    rows = rows_text(submission, language)
    if errors:
        return str(said["not_yet"]).format(errors=counted(language, "error", errors), rows=rows)
    if not submission.entries:
        return str(said["nothing"])
    text = said["ready_but"] if warnings else said["ready"]
    return str(text).format(rows=rows, warnings=counted(language, "warning", warnings))


def place(finding: Finding, language: str) -> str:
    """``B7``, ``row 7`` or ``column B``."""
    kind, _, which = finding.cell.partition(" ")
    return f"{words(language, 'report')['place'][kind]} {which}" if which else kind


def lines(findings: Sequence[Finding], language: str, most: int = MOST_ALIKE) -> list[Line]:
    """Findings in words, sheet by sheet, what has to be corrected first; many of a kind are counted."""
    kinds: Counter[tuple[str, str]] = Counter()
    left: dict[tuple[str, str], Line] = {}
    found = []
    sheets: dict[str, int] = {}
    for finding in findings:
        sheets.setdefault(finding.sheet, len(sheets))
    for finding in sorted(findings, key=lambda f: (sheets[f.sheet], _ORDER[f.severity])):
        kind = finding.code, finding.sheet
        kinds[kind] += 1
        said = say(finding, language)
        line = Line(
            finding,
            finding.severity,
            visible(finding.sheet),
            place(finding, language),
            visible(finding.title),
            visible((finding.value or "")[:200]),
            said.message,
            said.fix,
        )
        if kinds[kind] <= most:
            found.append(line)
        else:
            left[kind] = line
    more = words(language, "report")["more"]
    for kind, line in left.items():
        text = str(more).format(count=f"{kinds[kind] - most:,}")
        last = max(i for i, other in enumerate(found) if other.finding and (other.finding.code, other.finding.sheet) == kind)
        found.insert(last + 1, Line(None, line.severity, line.sheet, "", "", "", text, ""))
    return found


def report_data(submission: Submission, language: str) -> dict[str, Any]:
    """The report for programs; rows and columns are counted from 1."""
    problems = []
    for finding in submission.findings:
        said = say(finding, language)
        problems.append(
            {
                "code": finding.code,
                "severity": finding.severity,
                "sheet": finding.sheet,
                "cell": finding.cell,
                "row": None if finding.row is None else finding.row + 1,
                "column": None if finding.column is None else column_letters(finding.column),
                "title": finding.title,
                "value": finding.value,
                "message": said.message,
                "fix": said.fix,
            }
        )
    forms = Counter(entry.form for entry in submission.entries)
    return {
        "ok": not submission.findings.failed,
        "verdict": verdict(submission, language),
        "sender": {"kind": submission.sender.kind, "id": submission.sender.id},
        "file": submission.received.name,
        "sha256": submission.received.sha256,
        "mapping": submission.mapping,
        "rows": dict(forms),
        "errors": submission.findings.count("error"),
        "warnings": submission.findings.count("warning"),
        "problems": problems,
    }


def refusal_data(name: str, sender: Sender, finding: Finding, language: str) -> dict[str, Any]:
    """The same of a file that was not read."""
    said = say(finding, language)
    problem = {"code": finding.code, "severity": "error", "message": said.message, "fix": said.fix}
    return {
        "ok": False,
        "verdict": words(language, "report")["refused"].format(message=said.message),
        "sender": {"kind": sender.kind, "id": sender.id},
        "file": name,
        "rows": {},
        "errors": 1,
        "warnings": 0,
        "problems": [problem],
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
    received: Received = submission.received
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
            how=received.how,
            mapping=submission.mapping,
            checked=checked,
            sha256=received.sha256,
            verdict=verdict(submission, language),
            ok=not submission.findings.failed,
            read=[(visible(sheet), labels["sheets"][form], n) for (form, sheet), n in forms.items()],
            lines=lines(list(submission.findings), language),
        )
        .encode()
    )
