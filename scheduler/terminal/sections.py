"""Help pages: options under headings, and an example at the end; numbers that are none are refused."""

from __future__ import annotations

from math import isfinite
from typing import Any

import click


class Command(click.Command):
    """A command whose help ends with an example and whose options may stand under a heading of their own.

    Parameters
    ----------
    example
        One or more command lines, as a user would type them.
    """

    def __init__(self, *arguments: Any, example: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.example = example

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and not isinstance(parameter, click.Argument):
                sections.setdefault(getattr(parameter, "section", "Options"), []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Example"):
            for line in self.example.splitlines():
                formatter.write(f"  {line}\n")


class Advanced(click.Option):
    """An option that stands under the heading "Advanced": nobody needs it for a good schedule."""

    section = "Advanced"


class FiniteRange(click.FloatRange):
    """A range of real numbers: ``nan`` and ``inf`` are not in it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"{value!r} is not a number that one can count to.", param, ctx)
        return number
