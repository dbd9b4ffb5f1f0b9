"""Figures of finished solves, each in a file of its own, so that an interruption loses nothing and the next command goes on."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from benchmarks.plan import ROOT, Job, Refused

RESULTS = ROOT / "benchmarks" / "results"
#: What is solved once more although figures of it are stored.
RERUN = ("changed", "missing", "all", "nothing")
Run = dict[str, Any]


def code() -> str:
    """A fingerprint of everything that solves: figures of another one are of another program."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "scheduler").rglob("*.py")):
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def file_of(job: Job, settings: dict[str, Any], results: Path) -> Path:
    """Where the figures of a solve are: the same for the same instance, strategy, limit, seed and workers."""
    limit, seed, workers = job.group.time_limit_s, settings["seed"], settings["workers"]
    name = f"{job.source.title}.{job.strategy}.{limit:g}s.seed{seed}.workers{workers}.json"
    return results / re.sub(r"[^\w.-]", "_", name)


def load(file: Path) -> Run | None:
    """The figures in a file; None if it is not there.

    Raises
    ------
    Refused
        If it is there and cannot be read.
    """
    try:
        run = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read as figures of a solve ({error}); delete it") from None
    if not isinstance(run, dict) or "status" not in run:
        raise Refused(f"{file} does not hold figures of a solve; delete it")
    return run


def save(file: Path, run: Run) -> None:
    """Write the figures, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(run, indent=1) + "\n", "utf-8")
    new.replace(file)


def is_due(run: Run | None, rerun: str, now: str) -> bool:
    """Whether a solve is made, given what is stored of it and the code of `now`; one that failed is tried again."""
    if rerun in ("all", "nothing"):
        return rerun == "all"
    return run is None or run["status"] == "FAILED" or (rerun == "changed" and run.get("code") != now)
