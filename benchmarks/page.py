"""The page docs/benchmarks.md out of what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.table import Solved, by_group, page_tables

#: The page's picture, beside it.
PICTURE = "benchmarks.svg"

HEAD = """# Benchmarks

Written by `make bench GROUP=… DOCS=docs`; not to be edited. Instances of `instances/` are in the repository, tiers (`xs-1`: tier
xs, seed 1) are [generated](generated-instances.md), Medical Student Scheduling files are public and not part of the repository.

    make bench                                # group quick: small, riverbend, xs, s; 30 s for each strategy, 6 minutes
    make bench GROUP=clinical                 # groups are in benchmarks/groups.toml: clinical, mss, all and their parts
    make bench GROUP=mss MSS=DIR              # DIR: a folder with .dzn files, at any depth
    make bench GROUP=all MSS=DIR MORE=--plan  # solve nothing; say what would be solved and how long it may take
    make bench GROUP=all MSS=DIR DOCS=docs    # also write this page and its picture

Each finished solve is stored at once in a folder `results`. The same command goes on where it was interrupted: it solves what
is not stored, what failed, and what was stored by other code. `MORE='--rerun missing'` keeps figures of other code,
`MORE='--rerun all'` replaces everything, `MORE='--rerun nothing'` only shows what is stored. Without `DOCS` the page is written
beside the figures. Any other choice: `python benchmarks/run.py --instances m --strategies columns --time-limit 180`.

"""

LEGEND = """## How to read the tables

- Each solve is a process of its own; the strategies of an instance run one after another, so that their ratios are of one
  machine in one state. All seconds count from the beginning of reading the files.
- *ours*, *bound*, *root bound* and *best known* are in the sense of the policy: costs are minimised, points of Medical Student
  Scheduling maximised. *best known* is what has been published, with its bound, in `benchmarks/best_known.toml`.
- *gap %*: what is not proven, in percent of the objective; – where there is no schedule or no bound. *root %*: the same with the
  bound that the linear relaxation has proven alone (strategy *columns*).
- *first s* and *1 % s*: to the first schedule, and to a proven gap of 1 %, as progress reports say. *total s*: reading, offers,
  compiling, searching and verifying together.
- *MB*: the most memory that was held at once, processes that were started included. *columns*: schedules of single parties that
  were put together.
- *compile %* is stating what holds, with what each family can have where a strategy does that once for all (*columns*); *pricing
  %*, *master %* and *combine %* are the parts of column generation: cheapest schedules of parties, linear programs, and putting
  columns together; *search %* is all other search.
- *best schedule from* and *bound from*: in which phase of the search the schedule was found and the bound proven; where the
  bound is better than that of the root, this is what closed the root gap. *by CP-SAT*: the share of parties that labels cannot
  price, and the rules that forced it.
- *× faster*: seconds of *direct* divided by ours, both to the end; 1 where both used all their time. *better by %*: how much
  better our objective is, in percent of that of *direct*.
- *status* is *refused* where the verifier does not accept a schedule, and *failed* where there is none because of an error.
- Before *columns* is measured it solves `tiny` once, uncounted: after an installation, and when the code has changed, numba
  compiles for about 15 s.
"""


def benchmark_page(solved: Sequence[Solved]) -> str:
    """The whole page as Markdown."""
    groups = by_group(solved)
    parts = [HEAD, _made(solved), "## Gap against time\n\n"]
    parts.append(f"![Proven gap in percent against seconds, by instance and strategy]({PICTURE})\n\n")
    for group, of_group in groups:
        limits = f"{group.time_limit_s:g} s of search" + ("" if group.gap is None else f", aim: {_aim(group.gap)}")
        parts.append(f"## {group.title}\n\n{limits}.\n\n{page_tables(group, of_group)}\n")
    return "".join([*parts, LEGEND])


def _aim(gap: float) -> str:
    return f"proven within {100 * gap:g} %" if gap else "proven optimal"


def _made(solved: Sequence[Solved]) -> str:
    """When, where and with what the figures were made."""
    if not solved:
        return "Nothing has been solved.\n\n"
    runs = [s.run for s in solved]
    made = sorted({run["made"] for run in runs})
    when = made[0] if len(made) == 1 else f"{made[0]} to {made[-1]}"
    where = " and on ".join(sorted({f"{run['cores']} cores ({run['machine']})" for run in runs}))
    versions: dict[str, str] = next((run["versions"] for run in runs if "versions" in run), {})
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    codes = sorted({run["code"] for run in runs})
    code = "" if len(codes) == 1 else f" The figures are of {len(codes)} states of the code."
    return f"Measured {when} on {where}{' with ' + said if said else ''}.{code}\n\n"
