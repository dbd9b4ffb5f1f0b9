"""Charts as SVG and PNG. Nothing is loaded from elsewhere, and nothing in the files runs."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import vl_convert

from scheduler.export.charts.chart import Chart

#: Of Vega-Lite.
VERSION = "6.4"
_SCALE = 2
_SVG = "http://www.w3.org/2000/svg"
#: Marks are not read out one by one: the description says what there is to see.
_QUIET: dict[str, Any] = {"aria": False}


def svg(chart: Chart) -> bytes:
    """A chart as an SVG document with its title and description."""
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(_spec(chart), vl_version=VERSION, allowed_base_urls=[]))
    for element in root.iter():  # what Vega calls its groups, in English
        for name in [name for name in element.attrib if name == "role" or name.startswith("aria-")]:
            del element.attrib[name]
    root.set("role", "img")
    for place, (tag, said) in enumerate((("title", chart.title), ("desc", chart.description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}")
        element.text = said
        root.insert(place, element)
    ElementTree.register_namespace("", _SVG)
    drawn: bytes = ElementTree.tostring(root, encoding="utf-8")
    return drawn + b"\n"


def png(chart: Chart) -> bytes:
    """A chart as a picture with twice as many pixels as the SVG has."""
    return vl_convert.vegalite_to_png(_spec(chart), vl_version=VERSION, scale=_SCALE, allowed_base_urls=[])


def _spec(chart: Chart) -> dict[str, Any]:
    return {**chart.spec, "config": {**chart.spec["config"], **_QUIET}}
