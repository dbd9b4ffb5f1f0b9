"""Where an instance keeps what came in: who sent what, what was merged, and what was decided."""

from __future__ import annotations

from pathlib import Path


def intake_folder(path: str | Path) -> Path:
    """The folder for what came in to an instance: ``INSTANCE/intake``; ``term.intake`` beside a workbook ``term.xlsx``."""
    path = Path(path)
    if path.suffix.lower() == ".xlsx" and not path.is_dir():
        return path.with_suffix(".intake")
    return path / "intake"
