"""What the scripts that write example instances share: tables as text, draws, and files."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from pathlib import Path

Row = dict[str, object]


def table(text: str, **constant: object) -> list[Row]:
    """Rows of a table of text: the first line names the columns, cells are separated by ``|``; `constant` columns are added."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [{**dict(zip(header, cells, strict=True)), **constant} for cells in lines]


def ranked(kind: str, who: object, requirement: str, what: str, values: str) -> list[Row]:
    """Rows of a preference list, the best value first."""
    row: Row = {"who_kind": kind, "who": who, "requirement": requirement, "what": what}
    return [{**row, "value": value, "rank": rank} for rank, value in enumerate(values.split(), 1)]


def draw(rng: random.Random, popularity: Mapping[str, int], count: int) -> list[str]:
    """Draw `count` different keys, one after another, the popular ones first more often."""
    left, drawn = dict(popularity), []
    for _ in range(count):
        drawn.append(rng.choices(list(left), list(left.values()))[0])
        del left[drawn[-1]]
    return drawn


def write(folder: Path, instance: str, tables: Mapping[str, list[Row]]) -> None:
    """Write instance.toml and one CSV file a table; columns that are empty in every row are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "instance.toml").write_text(instance, encoding="utf-8", newline="\n")
    for name, rows in tables.items():
        filled = {column for row in rows for column, value in row.items() if value not in ("", None)}
        columns = [column for column in dict.fromkeys(column for row in rows for column in row) if column in filled]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
