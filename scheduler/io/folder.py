"""An instance as a folder: one CSV a table, and ``instance.toml``."""

from __future__ import annotations

from pathlib import Path

from scheduler.domain import TABLES, Instance
from scheduler.errors import InputError, Problem
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.files import decode, read_bytes
from scheduler.io.frame import frame_data
from scheduler.io.publish import current_file, publish
from scheduler.io.report import Report, did_you_mean
from scheduler.io.source import Source
from scheduler.io.tables import Sheet, write_cells
from scheduler.io.toml import key_lines, parse_toml, to_toml

FRAME_FILE = "instance.toml"
README_FILE = "README.md"
#: All files of an instance folder that are ours; every other file in it is the user's.
FILES = (FRAME_FILE, *(f"{table}.csv" for table in TABLES))
_LOOKS_LIKE_A_TABLE = frozenset({".csv", ".toml", ".xlsx", ".xls", ".ods", ".tsv"})


def read_folder(folder: Path, report: Report) -> Source:
    """Open every file of an instance folder; what cannot be opened is reported."""

    line_of = key_lines("")

    def where(*keys: str) -> Problem:
        return Problem("", FRAME_FILE, row=line_of(keys), column=".".join(keys))

    source = Source({}, None, where)
    try:
        _report_strangers(folder, report)
    except OSError:
        report.add(
            Problem("the folder may not be read", file=folder.name, code="unreadable", suggestion="change its permissions")
        )
        source.unreadable.update(TABLES)
        source.frame_unreadable = True
        return source
    path = current_file(folder, FRAME_FILE)
    if path is not None:
        try:
            content = read_bytes(path, folder)
            source.frame = parse_toml(content, FRAME_FILE)
            line_of = key_lines(decode(content, FRAME_FILE))
        except InputError as error:
            report.extend(error.problems)
            source.frame_unreadable = True
    for table in TABLES:
        name = f"{table}.csv"
        path = current_file(folder, name)
        if path is None:
            continue
        try:
            source.sheets[table] = Sheet(name, "", rows_of(decode(read_bytes(path, folder), name), name))
        except InputError as error:
            report.extend(error.problems)
            source.unreadable.add(table)
    return source


def _report_strangers(folder: Path, report: Report) -> None:
    """Warn of files that look like a table but are none: a misspelt name would silently leave a table out."""
    for path in sorted(folder.iterdir()):
        name = path.name
        if name in FILES or name.startswith((".", "~$")) or path.suffix.lower() not in _LOOKS_LIKE_A_TABLE:
            continue
        fix = did_you_mean(name, FILES)
        report.add(
            Problem(
                "is not a table of an instance and is not read", name, code="unknown_file", severity="warning", suggestion=fix
            )
        )


def write_folder(instance: Instance, folder: Path, readme: str = "") -> None:
    """Write an instance as a folder, all files at once; files that are not ours stay (a `readme` replaces what there is)."""
    files = {FRAME_FILE: to_toml(frame_data(instance)).encode()}
    if readme:
        files[README_FILE] = readme.encode()
    for table, model in TABLES.items():
        rows = instance.rows(table)
        if rows:
            files[f"{table}.csv"] = to_csv(*write_cells(model, rows))
    publish(folder, files, owned=FILES)
