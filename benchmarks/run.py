"""Run instances × strategies side by side, print a table, keep the figures; see docs/benchmarks.md.

python benchmarks/run.py --instances small xs --strategies direct columns --time-limit 30
python benchmarks/run.py --mss DIR I40_12_1 'akbarzadeh_maenhout/*' --time-limit 60 --docs
python benchmarks/run.py --stored benchmarks/results/*.json --docs
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Run as a script, this folder would be searched and not the one above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# Nothing large is imported here: on Linux a new process begins with the peak memory of the one that started it.
from benchmarks.page import PICTURE, benchmark_page
from benchmarks.picture import gap_picture
from benchmarks.table import Run, text_table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
TIERS = ("xs", "s", "m", "l", "xl", "xxl")
DEFAULT_INSTANCES = ("small", "riverbend", "xs", "s")
DEFAULT_STRATEGIES = ("direct", "neighbourhood", "columns")


class Refused(Exception):
    """Something asked for is not there; the text is one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code: 0 done, 1 a solve failed or was refused, 2 wrong input, 130 interrupted."""
    asked = _parser().parse_args(arguments)
    try:
        record = _stored(asked.stored) if asked.stored else _measured(asked)
    except Refused as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what was solved until then is stored", file=sys.stderr)
        return 130
    print(text_table(record["runs"]), end="")
    if asked.docs is not None:
        asked.docs.mkdir(parents=True, exist_ok=True)
        (asked.docs / "benchmarks.md").write_text(benchmark_page(record), "utf-8")
        (asked.docs / PICTURE).write_text(gap_picture(record["runs"]), "utf-8")
        print(f"\nwritten: {asked.docs / 'benchmarks.md'} and {PICTURE}")
    return int(any(run["status"] in ("FAILED", "REFUSED") for run in record["runs"]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure strategies side by side.")
    parser.add_argument("--instances", nargs="*", default=None, metavar="NAME", help="folders of instances/, or tiers xs to xxl")
    parser.add_argument(
        "--mss", nargs="+", metavar=("DIR", "NAME"), help="a folder with .dzn files and which of them; * is any text"
    )
    parser.add_argument("--strategies", nargs="+", default=DEFAULT_STRATEGIES, choices=(*DEFAULT_STRATEGIES, "auto"))
    parser.add_argument("--time-limit", type=float, default=30.0, metavar="S", help="seconds of search for each solve (30)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of generated tiers and of the search (1)")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="parallel workers; 0: one a core (0)")
    parser.add_argument("--tight", action="store_true", help="tiers without enough places in scarce specialties")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where figures are stored (benchmarks/results/TIME.json)")
    parser.add_argument("--stored", nargs="+", type=Path, metavar="FILE", help="solve nothing; show what earlier runs stored")
    docs = "also write benchmarks.md and its picture there (docs)"
    parser.add_argument("--docs", nargs="?", type=Path, const=ROOT / "docs", metavar="DIR", help=docs)
    return parser


def _measured(asked: argparse.Namespace) -> dict[str, Any]:
    """Solve all that is asked for; what is done is stored after each solve, so that an interruption loses nothing."""
    if min(asked.time_limit, asked.seed, asked.workers) < 0:
        raise Refused("time limit, seed and workers must not be negative")
    out: Path = asked.out or RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    best_known = tomllib.loads((ROOT / "benchmarks" / "best_known.toml").read_text("utf-8"))
    settings = {"time_limit_s": asked.time_limit, "seed": asked.seed, "workers": asked.workers}
    record: dict[str, Any] = {
        "made": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "machine": f"{platform.system()} {platform.machine()}",
        "runs": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        if "columns" in asked.strategies or "auto" in asked.strategies:
            # Not counted: after an installation numba compiles, which takes longer than many a solve.
            _solve(ROOT / "instances" / "tiny", {**settings, "time_limit_s": 60.0, "strategy": "columns"})
        for name, folder in _folders(asked, Path(scratch)):
            for strategy in asked.strategies:
                print(f"{name}: {strategy} …", file=sys.stderr, flush=True)
                figures = _solve(folder, {**settings, "strategy": strategy})
                run: Run = {"instance": name, "strategy": strategy, "known": best_known.get(name), **settings, **figures}
                record["runs"].append(run)
                out.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return record


def _folders(asked: argparse.Namespace, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Each instance's name and folder; what cannot be there is refused before anything is solved."""
    names = asked.instances if asked.instances is not None else () if asked.mss else DEFAULT_INSTANCES
    for name in names:
        if name not in TIERS and not (ROOT / "instances" / name).is_dir():
            raise Refused(f"there is no instance {name!r}; name a folder of instances/ or a tier: {', '.join(TIERS)}")
    files = _mss_files(Path(asked.mss[0]), asked.mss[1:]) if asked.mss else []
    for name in names:
        if name in TIERS:
            tight = ["--tight"] if asked.tight else []
            title = f"{name}-{asked.seed}{'-tight' if asked.tight else ''}"
            _rotations("generate", "--tier", name, "--seed", str(asked.seed), *tight, str(scratch / title))
            yield title, scratch / title
        else:
            yield name, ROOT / "instances" / name
    for file in files:
        _rotations("convert", "mss", str(file.resolve()), str(scratch / file.stem))
        yield file.stem, scratch / file.stem


def _mss_files(folder: Path, names: Sequence[str]) -> list[Path]:
    if not folder.is_dir():
        raise Refused(f"there is no folder {folder}; --mss takes a folder with .dzn files, then names of them")
    files = []
    for name in names or ["*"]:
        found = sorted(folder.rglob(f"{name}.dzn"))
        if not found:
            raise Refused(f"there is no {name}.dzn in {folder} or a folder in it")
        files += found
    return list(dict.fromkeys(files))


def _rotations(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "cli.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"rotations {' '.join(arguments)}: {(done.stderr or done.stdout).strip()}")


def _solve(folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Measure in a fresh process; one that fails becomes a row of the table and ends nothing else."""
    asked = json.dumps({"folder": str(folder), "settings": settings})
    command = [sys.executable, "-m", "benchmarks.one", asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"]
        return {"status": "FAILED", "error": said[-1]}
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _stored(files: Sequence[Path]) -> dict[str, Any]:
    """Several records as one; when and where is that of the first."""
    records = []
    for file in files:
        try:
            records.append(json.loads(file.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise Refused(f"{file} cannot be read as figures of an earlier run: {error}") from None
    return {**records[0], "runs": [run for record in records for run in record["runs"]]}


if __name__ == "__main__":
    raise SystemExit(main())
