"""What a solution was made with beside its instance: the baseline that it was counted against, and pins for it alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from scheduler.domain import Instance
from scheduler.domain.pinning import together
from scheduler.domain.tables import Baseline, Pin, Row
from scheduler.errors import InputError
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.files import decode, read_bytes
from scheduler.io.publish import current_file
from scheduler.io.report import Report
from scheduler.io.tables import Sheet, read_table, write_cells

BASELINE, PINS = "baseline.csv", "pins.csv"
R = TypeVar("R", bound=Row)


def baseline_file(instance: Instance) -> bytes:
    """The baseline of an instance as a file."""
    return to_csv(*write_cells(Baseline, instance.baseline))


def pins_file(pins: Sequence[Pin]) -> bytes:
    """Pins as a file."""
    return to_csv(*write_cells(Pin, pins))


def with_baseline(instance: Instance, solution: str | Path) -> Instance:
    """The instance as a solution of it was made: with the baseline and the pins that stand beside the solution.

    The baseline is taken where the instance has none of its own; the pins come on top of the instance's
    (`together`).

    Raises
    ------
    InputError
        If there is such a file and it cannot be read.
    """
    update: dict[str, object] = {}
    if not instance.baseline and (rows := _rows(solution, BASELINE, Baseline)) is not None:
        update["baseline"] = rows
    if pins := solution_pins(solution):
        update["pins"] = together(instance.pins, pins)
    return instance.model_copy(update=update) if update else instance


def solution_pins(solution: str | Path) -> tuple[Pin, ...]:
    """The pins that held for a solution alone: what it had to keep, and what was not planned.

    Raises
    ------
    InputError
        If they cannot be read.
    """
    return _rows(solution, PINS, Pin) or ()


def has_baseline(solution: str | Path) -> bool:
    """Whether a baseline stands beside a solution."""
    return _file(solution, BASELINE) is not None


def _file(solution: str | Path, name: str) -> Path | None:
    path = Path(solution)
    folder = path if path.is_dir() else path.parent
    return current_file(folder, name) if folder.is_dir() and not (folder / "instance.toml").exists() else None


def _rows(solution: str | Path, name: str, model: type[R]) -> tuple[R, ...] | None:
    """The rows of a table beside a solution; None where there is no such file."""
    found = _file(solution, name)
    if found is None:
        return None
    report = Report()
    table = read_table(Sheet(name, "", rows_of(decode(read_bytes(found, found.parent.resolve()), name), name)), model, report)
    if report.failed:
        raise InputError(report.problems())
    return tuple(entry.row for entry in table.entries if isinstance(entry.row, model))
