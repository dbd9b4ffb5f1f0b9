"""Which solves a command asks for: instances × strategies, by the groups of groups.toml or as named one by one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TIERS = ("xs", "s", "m", "l", "xl", "xxl")
STRATEGIES = ("direct", "neighbourhood", "columns", "auto")


class Refused(Exception):
    """Something asked for is not there; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Group:
    """Solves that belong together on the page.

    Attributes
    ----------
    instances
        Folders of ``instances/``, tiers, or patterns of .dzn files in a folder that is named beside.
    time_limit_s
        Seconds of search for each solve.
    gap
        The gap aimed at; None where none is.
    """

    name: str
    title: str
    instances: tuple[str, ...]
    strategies: tuple[str, ...]
    time_limit_s: float
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an instance comes from: a folder, a .dzn file to be converted, or a tier to be generated."""

    title: str
    path: Path | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One solve."""

    group: Group
    source: Source
    strategy: str


def groups_named(names: Sequence[str]) -> list[Group]:
    """Groups of groups.toml, each once; a group of groups is replaced by them."""
    known: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "benchmarks" / "groups.toml").read_text("utf-8"))
    found: dict[str, Group] = {}

    def add(name: str) -> None:
        if name not in known:
            raise Refused(f"there is no group {name!r}; choose from {', '.join(known)}")
        table = known[name]
        if "groups" in table:
            for inner in table["groups"]:
                add(inner)
            return
        found[name] = Group(
            name=name,
            title=table["title"],
            instances=tuple(table["instances"]),
            strategies=tuple(table["strategies"]),
            time_limit_s=float(table["time_limit_s"]),
            gap=table.get("gap"),
        )

    for name in names:
        add(name)
    return list(found.values())


def jobs_of(groups: Sequence[Group], mss: Path | None, *, seed: int, tight: bool) -> Iterator[Job]:
    """Every solve, the strategies of an instance one after another; what cannot be there is refused."""
    for group in groups:
        for name in group.instances:
            for source in _sources(name, mss, seed=seed, tight=tight):
                for strategy in group.strategies:
                    yield Job(group, source, strategy)


def _sources(name: str, mss: Path | None, *, seed: int, tight: bool) -> list[Source]:
    if name in TIERS:
        return [Source(f"{name}-{seed}{'-tight' if tight else ''}", tier=name)]
    folder = ROOT / "instances" / name
    if folder.is_dir():
        return [Source(folder.name, folder)]
    if mss is None or Path(name).is_absolute():
        raise Refused(
            f"there is no instance {name!r}; name a folder of instances/, a tier ({', '.join(TIERS)}), "
            "or with --mss DIR a .dzn file in a folder"
        )
    if not mss.is_dir():
        raise Refused(f"there is no folder {mss}; --mss takes a folder with .dzn files, at any depth")
    files = sorted(mss.rglob(f"{name}.dzn"))
    if not files:
        raise Refused(f"there is no {name}.dzn in {mss} or a folder in it")
    return [Source(file.stem, file) for file in files]
