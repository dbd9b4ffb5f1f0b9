"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.terminal.sections import FiniteRange

PATH = click.Path(path_type=Path, readable=False)  # what cannot be read is said by the reader, with its place
SECONDS = FiniteRange(min=0, min_open=True)
NATURAL = click.IntRange(0, 2**31 - 1)
INSTANCE = click.argument("instance", type=PATH, help="Instance: a folder of CSV tables, or a workbook.")
POLICY = click.option("--policy", type=PATH, help="Policy file, on top of the instance's own policy.")
LANGUAGE = click.option(
    "--language", "tag", default="en", show_default=True, metavar="TAG", help="en or es, also with a country: es-MX."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for programs.")
