"""The page docs/benchmarks.md out of a record of runs."""

from __future__ import annotations

from typing import Any

from benchmarks.table import page_table

#: The page's picture, beside it.
PICTURE = "benchmarks.svg"

HEAD = """# Benchmarks

Written by `python benchmarks/run.py --docs`; not to be edited. Instances of `instances/` are in the repository, tiers (`xs-1`:
tier xs, seed 1) are [generated](generated-instances.md), others are public Medical Student Scheduling files, which are read from
a folder named with `--mss` and are not part of the repository.

    make bench                                                          # small, riverbend, xs, s: 30 s for each strategy
    python benchmarks/run.py --instances m --strategies columns --time-limit 180
    python benchmarks/run.py --mss DIR I40_12_1 'generated/*_24_1'      # DIR: a folder with .dzn files, at any depth
    python benchmarks/run.py --stored benchmarks/results/*.json --docs  # this page from runs that are stored

"""

LEGEND = """
- Each solve is a process of its own; the strategies of an instance run one after another, so that their ratios are of one
  machine in one state.
- *ours*, *bound* and *best known* are in the sense of the policy: costs are minimised, points of Medical Student Scheduling
  maximised. *best known* is what has been published, with its bound, in `benchmarks/best_known.toml`.
- *gap %*: what is not proven, in percent of the objective; – where there is no schedule or no bound.
- *first s* and *1 % s*: seconds from the beginning of compiling to the first schedule, and to a proven gap of 1 %, as progress
  reports say. *total s*: reading, compiling, searching and verifying together.
- *MB*: the most memory held at once. *comp %*, *ver %*: share of the total in compiling and in verifying; families that a
  strategy compiles when it comes to them count as search.
- *status* is *refused* where the verifier does not accept a schedule, and *failed* where there is none because of an error.
- Before *columns* is measured it solves `tiny` once, uncounted: after an installation numba compiles for about 15 s.

## Gap against time

![Proven gap in percent against seconds, a panel for each instance, a line for each strategy](PICTURE)
""".replace("PICTURE", PICTURE)


def benchmark_page(record: dict[str, Any]) -> str:
    """The whole page as Markdown."""
    versions: dict[str, str] = next((run["versions"] for run in record["runs"] if "versions" in run), {})
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    made = f"Measured {record['made']} on {record['cores']} cores ({record['machine']}; {said or 'nothing was solved'}).\n\n"
    return HEAD + made + page_table(record["runs"]) + LEGEND
