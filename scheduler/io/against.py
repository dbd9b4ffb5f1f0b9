"""What a solution was counted against: its baseline, in a file of its own."""

from __future__ import annotations

from pathlib import Path

from scheduler.domain import Instance
from scheduler.domain.tables import Baseline
from scheduler.errors import InputError
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.files import decode, read_bytes
from scheduler.io.publish import current_file
from scheduler.io.report import Report
from scheduler.io.tables import Sheet, read_table, write_cells

BASELINE = "baseline.csv"


def baseline_file(instance: Instance) -> bytes:
    """The baseline of an instance as a file."""
    return to_csv(*write_cells(Baseline, instance.baseline))


def with_baseline(instance: Instance, solution: str | Path) -> Instance:
    """The instance with the baseline that a solution was counted against, where the instance has none of its own.

    Raises
    ------
    InputError
        If there is a baseline and it cannot be read.
    """
    path = Path(solution)
    folder = path if path.is_dir() else path.parent
    found = current_file(folder, BASELINE) if folder.is_dir() else None
    if found is None or instance.baseline:
        return instance
    report = Report()
    table = read_table(Sheet(BASELINE, "", rows_of(decode(read_bytes(found, folder), BASELINE), BASELINE)), Baseline, report)
    if report.failed:
        raise InputError(report.problems())
    rows = tuple(entry.row for entry in table.entries)
    return instance.model_copy(update={"baseline": rows})
