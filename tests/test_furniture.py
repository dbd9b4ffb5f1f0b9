"""What stands around the code: versions, the Makefile, the licence; and nothing of the machine it was written on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LISTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
PINS = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("text", LISTED)
def test_every_dependency_is_pinned_in_its_range(text: str) -> None:
    requirement = Requirement(text)
    pinned = {canonical(name): version for name, version in PINS.items()}[canonical(requirement.name)]
    assert requirement.specifier.contains(pinned)


def test_constraints_name_nothing_but_versions() -> None:
    assert [f"{n}=={v}" for n, v in PINS.items() if not re.fullmatch(r"[\w.-]+==[\w.]+", f"{n}=={v}")] == []


def test_every_module_is_about_something_and_short() -> None:
    modules = [*ROOT.glob("scheduler/**/*.py"), ROOT / "cli.py"]
    assert [m.name for m in modules if m.stem.rstrip("s") in ("util", "helper", "manager", "misc", "common")] == []
    long = {str(m.relative_to(ROOT)): n for m in modules if (n := len(m.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_nothing_names_a_machine() -> None:
    """No path of a home or scratch folder, and no package index, in anything that is published."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    places = re.compile(r"/(?:home|Users|root|work|tmp)/\w|--index-url|--extra-index|pypi\.org/simple|\blocalhost:\d")
    found = []
    for name in filter(None, tracked.stdout.decode().split("\0")):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.suffix in (".xlsx", ".png"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{name}: {match[0]}" for match in places.finditer(text)]
    assert found == []


def test_make_targets() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    assert targets == set(phony[1].split()) >= {"demo", "test", "test-slow", "docs", "clean"}


def test_ci_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")
    assert script.read_text("utf-8").endswith("exec make test\n")


def test_an_old_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """The Makefile's own check, run by an interpreter that pretends to be 3.10."""
    check = re.search(r"-c '(import sys; .*)'", (ROOT / "Makefile").read_text("utf-8"))
    assert check
    code = check[1].replace("sys.version_info", "(3, 10)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Python 3.11 or newer is needed; name one: make PYTHON=python3.12\n")


def test_licence_is_apache() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["license"] == "Apache-2.0"
