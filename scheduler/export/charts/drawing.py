"""Charts as SVG and PNG. Nothing is loaded from elsewhere, and nothing in the files runs."""

from __future__ import annotations

from html import escape
from typing import Any

import vl_convert

from scheduler.export.charts.chart import Chart

#: Of Vega-Lite.
VERSION = "6.4"
_SCALE = 2
#: Marks are not read out one by one: the description says what there is to see.
_QUIET: dict[str, Any] = {"aria": False}


def svg(chart: Chart) -> bytes:
    """A chart as an SVG document with its title and description."""
    drawn = vl_convert.vegalite_to_svg(_spec(chart), vl_version=VERSION, allowed_base_urls=[])
    head, _, rest = drawn.partition(">")
    said = f"<title>{escape(chart.title)}</title><desc>{escape(chart.description)}</desc>"
    return f'{head} role="img">{said}{rest}\n'.encode()


def png(chart: Chart) -> bytes:
    """A chart as a picture with twice as many pixels as the SVG has."""
    return vl_convert.vegalite_to_png(_spec(chart), vl_version=VERSION, scale=_SCALE, allowed_base_urls=[])


def _spec(chart: Chart) -> dict[str, Any]:
    return {**chart.spec, "config": {**chart.spec["config"], **_QUIET}}
