"""How long the report of a schedule takes: to be written, to be seen, and to answer a filter in Chromium.

    python benchmarks/report.py SOLUTION [--search S]

Needs the development packages and a Chromium. Times are of this machine; the ratio to an empty page, opened beside it in the same
browser, tells how much of them is the machine's.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

# Run as a script, this folder would be searched and not the one above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cli import run

RUNS = 5
#: What somebody does, as a script; each is timed until the next picture is drawn.
ACTIONS = {
    "filter: one school": "byId('f-school').selectedIndex = 1",
    "filter: one site": "byId('f-school').selectedIndex = 0; byId('f-site').selectedIndex = 1",
    "only unplaced": "byId('f-site').selectedIndex = 0; byId('f-unplaced').checked = true",
    "search: a letter": "byId('f-unplaced').checked = false; byId('f-search').value = 'a'",
    "search: two words": "byId('f-search').value = 'md 00'",
    "everything again": "byId('f-search').value = ''",
    "board of units": "document.querySelector('[name=view][value=units]').checked = true",
    "board of preceptors": "document.querySelector('[name=view][value=preceptors]').checked = true",
    "board of students": "document.querySelector('[name=view][value=students]').checked = true",
}
TIMED = """async () => {{
  const byId = (id) => document.getElementById(id), begin = performance.now();
  {action};
  byId("f-search").dispatchEvent(new Event("input", {{ bubbles: true }}));
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 0)));
  return performance.now() - begin;
}}"""
SCROLL = """async () => {
  const grid = document.getElementById("grid"), begin = performance.now();
  for (let step = 1; step <= 60; step += 1) {
    grid.scrollTop = step * 400;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  return 60000 / (performance.now() - begin);
}"""


def main() -> None:
    """Write, open and use the report; print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("solution", type=Path)
    parser.add_argument("--search", default="0", help="seconds to look for other places  [default: 0]")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        code = run(["report", str(asked.solution), "--out", folder, "--search", asked.search])
        peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        path = Path(folder) / "report.html"
        size_mb = path.stat().st_size / 1e6
        print(f"written in {perf_counter() - begin:.1f} s (exit code {code}), peak {peak_gb:.2f} GB, {size_mb:.1f} MB")
        empty = Path(folder) / "empty.html"
        empty.write_text("<!DOCTYPE html><title>empty</title><p>nothing", "utf-8")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            paints = {one.name: [_painted(page, one) for _ in range(RUNS)] for one in (empty, path)}
            first, none = (statistics.median(paints[name]) for name in ("report.html", "empty.html"))
            print(f"first paint {first:.0f} ms, an empty page {none:.0f} ms (median of {RUNS})")
            print(f"board drawn {statistics.median(_board(page, path) for _ in range(RUNS)):.0f} ms after the start")
            page.goto(path.as_uri())
            page.wait_for_selector('html[data-ready="1"]', state="attached")
            page.wait_for_selector('html[data-drawn="1"]', state="attached", timeout=120_000)
            for name, action in ACTIONS.items():
                times = [page.evaluate(TIMED.format(action=action)) for _ in range(RUNS)]
                print(f"{name:<22} {statistics.median(times):6.0f} ms, at most {max(times):.0f} ms")
            print(f"{'scrolling':<22} {page.evaluate(SCROLL):6.0f} pictures a second")
            browser.close()


def _board(page: Page, path: Path) -> float:
    page.goto(path.as_uri())
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    return float(page.evaluate("performance.getEntriesByName('board')[0].startTime"))


def _painted(page: Page, path: Path) -> float:
    page.goto(path.as_uri())
    page.wait_for_timeout(1500)
    paints = page.evaluate("performance.getEntriesByType('paint').map((one) => one.startTime)")
    return float(max(paints))


if __name__ == "__main__":
    main()
