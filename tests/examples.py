"""What the tests of the example instances share: reading them, and small schedules written by hand."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from scheduler.domain import RULES, Instance, Schedule
from scheduler.io import load_instance, load_solution
from scheduler.verify import Report, verify

ROOT = Path(__file__).parents[1]


@cache
def example(name: str) -> Instance:
    """An example instance, which has no problems."""
    instance, problems = load_instance(ROOT / "instances" / name)
    assert [str(p) for p in problems if p.severity != "note"] == []
    assert instance is not None
    return instance


@cache
def reference(name: str) -> Schedule:
    """Its reference schedule."""
    return _load(ROOT / "solutions" / name, example(name))


def by_hand(instance: Instance, *lines: str) -> Schedule:
    """A schedule of lines: who (``OK-4/1``: a part), requirement, slot, start, preceptors, and after ``|`` the team."""
    rows = ["student,group,part,requirement,slot,start,preceptor,co_preceptor,team"]
    for line in lines:
        who, requirement, slot, start, *preceptors = line.split("|")[0].split()
        name, _, part = who.partition("/")
        group = any(row.group == name for row in instance.groups)
        team = line.partition("|")[2].strip()
        people = [*preceptors, "", ""][:2]
        rows.append(",".join(["" if group else name, name if group else "", part, requirement, slot, start, *people, team]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schedule.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        return _load(path, instance)


def report(instance: Instance, *lines: str) -> Report:
    """What the verifier finds in these placements alone."""
    return verify(instance, by_hand(instance, *lines))


def broken(instance: Instance, *lines: str) -> set[str]:
    """The rules that these placements break."""
    return {violation.rule for violation in report(instance, *lines).violations}


def without(instance: Instance, rule: str) -> Instance:
    """The instance with one rule switched off."""
    policy = instance.policy
    setting = policy.rules[rule] if rule in policy.rules else type(next(iter(policy.rules.values())))()
    rules = {**policy.rules, rule: setting.model_copy(update={"kind": "off"})}
    return instance.model_copy(update={"policy": policy.model_copy(update={"rules": rules})})


def rules_named(text: str) -> set[str]:
    """The rules that a README names between backticks."""
    return set(re.findall(r"`(\w+)`", text)) & set(RULES)


def written(name: str, folder: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that the script of an example writes, and those that are kept."""
    subprocess.run([sys.executable, ROOT / "instances" / f"make_{name}.py", folder], check=True)
    kept = ROOT / "instances" / name
    return (
        {path.name: path.read_bytes() for path in folder.iterdir()},
        {path.name: path.read_bytes() for path in kept.iterdir() if path.suffix in (".csv", ".toml")},
    )


def _load(path: Path, instance: Instance) -> Schedule:
    schedule, problems = load_solution(path, instance)
    assert [str(p) for p in problems if p.severity != "note"] == []
    assert schedule is not None
    return schedule
