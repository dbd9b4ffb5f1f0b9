"""The page on file formats is fresh, and says all that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.domain import TABLES, Placement, Unplaced
from scheduler.domain.onboarding import Onboarding
from scheduler.domain.tables import Row
from scheduler.io.columns import columns_of
from scheduler.io.describe import file_formats_markdown

PAGE = Path(__file__).parents[2] / "docs" / "file-formats.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == file_formats_markdown(), "write it anew: make docs"


@pytest.mark.parametrize("model", TABLES.values(), ids=TABLES)
def test_every_column_is_explained(model: type[Row]) -> None:
    section = file_formats_markdown().split(f"\n### {model.table}\n")[1].split("\n### ")[0]
    for column in columns_of(model).values():
        assert f"| `{column.name}` | {column.type} |" in section
        assert column.description


FILES = [("schedule.csv", Placement), ("unplaced.csv", Unplaced), ("onboarding.csv", Onboarding)]


@pytest.mark.parametrize(("name", "model"), FILES)
def test_every_column_of_a_solution_has_a_meaning(name: str, model: type[Placement | Unplaced | Onboarding]) -> None:
    section = file_formats_markdown().split(f"\n### {name}\n")[1].split("\n### ")[0]
    for column in model.model_fields:
        line = next(line for line in section.splitlines() if line.startswith(f"| `{column}` |"))
        assert len(line.split("|")[3].strip()) > 4
