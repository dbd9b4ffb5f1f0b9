"""Run groups of instances × strategies side by side, print tables, keep the figures; see docs/benchmarks.md.

python benchmarks/run.py --group quick
python benchmarks/run.py --group mss clinical --mss DIR --docs
python benchmarks/run.py --instances m 'I40_12_*' --mss DIR --strategies columns --time-limit 60
python benchmarks/run.py --group clinical --rerun nothing --docs
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# Run as a script, this folder would be searched and not the one above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# Nothing large is imported here: on Linux a new process begins with the peak memory of the one that started it.
from benchmarks.page import PICTURE, benchmark_page
from benchmarks.picture import gap_picture
from benchmarks.plan import ROOT, STRATEGIES, TIERS, Group, Job, Refused, Source, groups_named, jobs_of
from benchmarks.store import RERUN, RESULTS, Run, code, file_of, is_due, load, save
from benchmarks.table import Solved, text_tables

DEFAULT_STRATEGIES = ("direct", "neighbourhood", "columns")
#: A solve that takes longer than its limit times this, and so many seconds more, is ended and has failed.
PATIENCE, PATIENCE_S = 2, 600


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code: 0 done, 1 a solve failed or was refused, 2 wrong input, 130 interrupted."""
    asked = _parser().parse_args(arguments)
    results: Path = asked.results
    settings = {"seed": asked.seed, "workers": asked.workers}
    try:
        if min(asked.time_limit, asked.seed, asked.workers) < 0:
            raise Refused("time limit, seed and workers must not be negative")
        jobs = list(jobs_of(_groups(asked), asked.mss, seed=asked.seed, tight=asked.tight))
        now = code()
        due = [job for job in jobs if is_due(load(file_of(job, settings, results)), asked.rerun, now)]
        if asked.rerun != "nothing":
            print(budget(jobs, due), file=sys.stderr)
        if asked.plan:
            return 0
        _solve_all(due, settings, results)
        solved = [Solved(job.group, run) for job in jobs if (run := load(file_of(job, settings, results)))]
    except Refused as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what was solved until then is stored, and the same command goes on from there", file=sys.stderr)
        return 130
    print(text_tables(solved), end="")
    folder: Path = asked.docs or results
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.md").write_text(benchmark_page(solved), "utf-8")
    (folder / PICTURE).write_text(gap_picture(solved), "utf-8")
    print(f"\nwritten: {_short(folder / 'benchmarks.md')} and {PICTURE}")
    return int(any(one.run["status"] in ("FAILED", "REFUSED") for one in solved))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure strategies side by side.")
    named = parser.add_mutually_exclusive_group()
    named.add_argument("--group", nargs="+", default=["quick"], metavar="NAME", help="groups of benchmarks/groups.toml (quick)")
    named.add_argument(
        "--instances",
        nargs="+",
        metavar="NAME",
        help=f"instead: folders of instances/, tiers {TIERS[0]} to {TIERS[-1]}, .dzn files",
    )
    parser.add_argument("--mss", type=Path, metavar="DIR", help="a folder with .dzn files, at any depth")
    parser.add_argument("--strategies", nargs="+", choices=STRATEGIES, default=DEFAULT_STRATEGIES, help="of --instances")
    parser.add_argument("--time-limit", type=float, default=30.0, metavar="S", help="seconds for each solve of --instances (30)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of generated tiers and of the search (1)")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="parallel workers; 0: one a core (0)")
    parser.add_argument("--tight", action="store_true", help="tiers without enough places in scarce specialties")
    parser.add_argument("--plan", action="store_true", help="only say what would be solved, and how long it may take")
    rerun = "solve again: what other code was measured with (changed), only what is not stored (missing), all, nothing"
    parser.add_argument("--rerun", choices=RERUN, default="changed", help=rerun)
    parser.add_argument(
        "--results", type=Path, default=RESULTS, metavar="DIR", help="where figures are stored (benchmarks/results)"
    )
    docs = "write benchmarks.md and its picture there (docs) instead of beside the figures"
    parser.add_argument("--docs", nargs="?", type=Path, const=ROOT / "docs", metavar="DIR", help=docs)
    return parser


def _groups(asked: argparse.Namespace) -> list[Group]:
    if not asked.instances:
        return groups_named(asked.group)
    return [Group("asked", "As asked", tuple(asked.instances), tuple(asked.strategies), asked.time_limit)]


def budget(jobs: Sequence[Job], due: Sequence[Job]) -> str:
    """What is to be solved and how long it may take, in words."""
    stored = f"; {len(jobs) - len(due)} are stored" if len(due) < len(jobs) else ""
    if not due:
        return f"nothing to solve{stored}"
    time_s = sum(job.group.time_limit_s for job in due)
    end = f"{datetime.now().astimezone() + timedelta(seconds=time_s):%a %H:%M}"
    lines = [f"{len(due)} solves, at most {_duration(time_s)} of search, until about {end}{stored}"]
    for group in dict.fromkeys(job.group for job in due):
        of_group = [job for job in due if job.group == group]
        many = len({job.source for job in of_group})
        lines.append(
            f"  {group.name}: {many} instance{'s' * (many != 1)} with {', '.join(group.strategies)}, "
            f"{group.time_limit_s:g} s each, {_duration(len(of_group) * group.time_limit_s)}"
        )
    return "\n".join(lines)


def _duration(seconds: float) -> str:
    minutes = -(-round(seconds) // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _solve_all(due: Sequence[Job], settings: dict[str, Any], results: Path) -> None:
    """Solve what is due; figures are stored after each solve."""
    with tempfile.TemporaryDirectory() as scratch:
        folders: dict[Source, Path] = {}
        warm = ""
        for i, job in enumerate(due, start=1):
            print(f"{i} of {len(due)}: {job.source.title}, {job.strategy}", file=sys.stderr, flush=True)
            if job.source not in folders:
                folders[job.source] = _folder(job.source, Path(scratch) / f"{len(folders)}", settings["seed"])
            now = code()
            if job.strategy in ("columns", "auto") and warm != now:
                # Not counted: numba compiles what has changed, which takes longer than many a solve.
                _measure(ROOT / "instances" / "tiny", {**settings, "time_limit_s": 60.0, "strategy": "columns"})
                warm = now
            asked = {**settings, "time_limit_s": job.group.time_limit_s, "strategy": job.strategy}
            said = {
                "instance": job.source.title,
                **asked,
                "made": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
                "code": now,
                "cores": os.cpu_count(),
                "machine": f"{platform.system()} {platform.machine()}",
            }
            save(file_of(job, settings, results), {**said, **_measure(folders[job.source], asked)})


def _folder(source: Source, folder: Path, seed: int) -> Path:
    """The folder of an instance; what is generated or converted is put into `folder`."""
    if source.tier:
        tight = ["--tight"] if source.title.endswith("-tight") else []
        _rotations("generate", "--tier", source.tier, "--seed", str(seed), *tight, str(folder))
        return folder
    assert source.path is not None
    if source.path.is_dir():
        return source.path
    _rotations("convert", "mss", str(source.path.resolve()), str(folder))
    return folder


def _rotations(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "cli.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"rotations {' '.join(arguments)}: {(done.stderr or done.stdout).strip()}")


def _measure(folder: Path, settings: dict[str, Any]) -> Run:
    """Measure in a fresh process; one that fails becomes a row of the table and ends nothing else."""
    asked = json.dumps({"folder": str(folder), "settings": settings})
    command = [sys.executable, "-m", "benchmarks.one", asked]
    patience_s = PATIENCE * settings["time_limit_s"] + PATIENCE_S
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience_s)
    except subprocess.TimeoutExpired:
        return {"status": "FAILED", "error": f"did not end within {patience_s:g} s"}
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"]
        return {"status": "FAILED", "error": said[-1]}
    figures: Run = json.loads(done.stdout)
    return figures


def _short(path: Path) -> str:
    path = path.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    raise SystemExit(main())
