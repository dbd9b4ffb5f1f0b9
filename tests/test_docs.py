"""The docs say what the program does: every command and option is explained, every example works, nothing is stale."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import numpy as np
import pytest

from cli import cli
from scheduler.domain import RULES, TABLES, Parameter, RuleSpec
from scheduler.rules import RULE_CLASSES
from scheduler.rules.students import StudentRule, together
from scheduler.solve import Settings, solve
from scheduler.terminal.sections import Command
from scheduler.verify import CHECKS, Finding, verify
from scheduler.verify.facts import Facts
from tests.verify.world import slot, week, world

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(command: click.Command = cli, path: str = "rotations") -> dict[str, click.Command]:
    found = {path: command}
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            found |= commands(child, f"{path} {name}")
    return found


COMMANDS = commands()
LEAVES = {path: command for path, command in COMMANDS.items() if not isinstance(command, click.Group)}
EXAMPLES = [(path, line) for path, c in LEAVES.items() for line in getattr(c, "example", "").splitlines()]
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


def test_generated_pages_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert generator().main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_page_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    module = generator()
    monkeypatch.setattr(module, "DOCS", tmp_path)
    assert module.main([]) == 0
    assert module.main(["--check"]) == 0
    page = tmp_path / "rules.md"
    page.write_text(page.read_text("utf-8").replace("One place at a time", "Two places at a time"), "utf-8")
    capsys.readouterr()
    assert module.main(["--check"]) == 1
    assert capsys.readouterr().out == "docs/rules.md is stale; run: make docs\n"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help(path: str) -> None:
    assert (COMMANDS[path].help or "").strip().splitlines()[0].endswith(".")


@pytest.mark.parametrize("path", COMMANDS)
def test_every_parameter_has_help(path: str) -> None:
    without = [p.name for p in COMMANDS[path].params if not getattr(p, "help", None)]
    assert without == []


@pytest.mark.parametrize("path", LEAVES)
def test_every_command_has_an_example(path: str) -> None:
    command = LEAVES[path]
    assert isinstance(command, Command)
    assert command.example.startswith(path)


@pytest.mark.parametrize(("path", "line"), EXAMPLES)
def test_examples_are_understood(path: str, line: str) -> None:
    words = shlex.split(line)[len(path.split()) :]
    assert LEAVES[path].make_context(path, words).params  # raises on an unknown option or a missing argument


@pytest.mark.parametrize("path", COMMANDS)
def test_help_fits_80_columns(path: str) -> None:
    text = COMMANDS[path].get_help(click.Context(COMMANDS[path], info_name=path, terminal_width=78))
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_stands_in_the_docs(path: str) -> None:
    assert f"\n## {path}\n" in (DOCS / "commands.md").read_text("utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_stands_in_the_docs(rule: str) -> None:
    page = (DOCS / "rules.md").read_text("utf-8")
    assert f"\n## {rule}\n" in page
    assert RULES[rule].sentence in page


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in t]
    assert [t for t in targets if t and not (page.parent / t).exists()] == []


def test_named_paths_exist() -> None:
    """Files and folders that hand-written pages name in code marks are there."""
    pages = [p for p in PAGES if p.name not in ("commands.md", "CHANGELOG.md", "how-to-add-a-rule.md")]
    named = {
        (page.name, word)
        for page in pages
        for word in re.findall(r"`((?:scheduler|tests|docs|instances|solutions|benchmarks)/[\w./-]+)`", page.read_text("utf-8"))
    }
    assert sorted((page, word) for page, word in named if not (ROOT / word).exists()) == []


def test_the_rule_of_the_how_to_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of the page, put where the page says, give a rule that solver and verifier agree on."""
    text = (DOCS / "how-to-add-a-rule.md").read_text("utf-8")
    spec, rule, twin, test = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"RuleSpec": RuleSpec, "Parameter": Parameter}
    (entry,) = eval(spec, names)
    for block in (rule, twin, test):
        exec(block, names)
    monkeypatch.setitem(RULES, entry.id, entry)
    monkeypatch.setitem(RULE_CLASSES, entry.id, names["LateFinish"])
    monkeypatch.setitem(CHECKS, entry.id, names["CHECKS"][entry.id])
    names["test_late_finish"]()


@pytest.mark.parametrize("strategy", ["direct", "columns"])
@pytest.mark.parametrize(("kind", "unplaced", "penalty"), [("hard", 2, 0), ("soft", 0, 2)])
def test_the_condition_over_several_placements_of_the_how_to_works(
    monkeypatch: pytest.MonkeyPatch, strategy: str, kind: str, unplaced: int, penalty: int
) -> None:
    """Ann has to have both rotations in weeks 0 to 3, and a group too; the twin is a sentence of the page."""
    text = (DOCS / "how-to-add-a-rule.md").read_text("utf-8")
    block = next(b for b in re.findall(r"^```py\n(.*?)^```", text, re.MULTILINE | re.DOTALL) if "NotAllEarly" in b)
    names: dict[str, Any] = {"np": np, "StudentRule": StudentRule, "together": together}
    exec("from __future__ import annotations\n" + block, names)
    parameters = {"rotations": Parameter((), "Names."), "weeks": Parameter(4, "Weeks.")}
    entry = RuleSpec("not_all_early", "Not all early", "…", kind="off", weight=1, unit="students", parameters=parameters)

    def twin(facts: Facts) -> Iterator[Finding]:
        for person in facts.people:
            early = {p.requirement.requirement for p in person.placed if p.start < week(4).toordinal()}
            if early >= {"MS", "FM"}:
                yield Finding(f"{person.party.name} is early everywhere", 1, person.placed, person.party)

    monkeypatch.setitem(RULES, entry.id, entry)
    monkeypatch.setitem(RULE_CLASSES, entry.id, names["NotAllEarly"])
    monkeypatch.setitem(CHECKS, entry.id, twin)
    students = [{"student": "ann", "program": "nurs"}, *({"student": s, "program": "med", "group": "A"} for s in ("bob", "cyd"))]
    instance = world(
        {"not_all_early": {"kind": kind, "rotations": ["MS", "FM"]}},
        slots=[slot(name, last_start=week(2)) for name in ("ward", "clinic")],
        students=students,
        groups=[{"group": "A", "program": "med", "size": 2}],
    )
    schedule = solve(instance, Settings(workers=1, strategy=strategy))
    report = verify(instance, schedule)
    assert report.ok
    assert (len(schedule.unplaced), report.penalties.get("not_all_early", 0)) == (unplaced, penalty)


def test_tables_are_described() -> None:
    page = (DOCS / "file-formats.md").read_text("utf-8")
    assert [table for table in TABLES if f"`{table}" not in page and f"# {table}" not in page] == []
