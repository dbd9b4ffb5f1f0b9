"""``rotations intake``: files of schools, units and preceptors in, with a report that they can act on."""

from __future__ import annotations

import click

from scheduler.terminal.intake_check import check
from scheduler.terminal.intake_merge import merge
from scheduler.terminal.intake_status import status
from scheduler.terminal.intake_template import template


@click.group()
def intake() -> None:
    """Take in what schools, units and preceptors send."""


intake.add_command(check)
intake.add_command(merge)
intake.add_command(status)
intake.add_command(template)
