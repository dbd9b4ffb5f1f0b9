"""Make the pictures of the README and the docs: pages of the example terms, in Chromium.

    python docs/screenshots.py        (or: make screenshots)

Needs the development packages and a Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
# Run as a script, this folder would be searched and not the one above.
sys.path.insert(0, str(ROOT))

from cli import run  # noqa: E402 - found through the line above


def _details(page: Page) -> None:
    """Open one placement of which there is something to tell."""
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    page.locator("#h-board").evaluate("heading => heading.scrollIntoView()")
    page.locator("#grid .bar[data-at]").nth(3).click()
    page.wait_for_timeout(300)


#: By picture: the solution, what is done in its report, and the size of the window.
PICTURES: dict[str, tuple[str, Callable[[Page], None], tuple[int, int]]] = {
    "report.png": ("solutions/riverbend", _details, (1600, 720)),
}


def main() -> None:
    """Make all pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("there is no Chromium on this machine")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (solution, prepare, (width, height)) in PICTURES.items():
            if code := run(["report", str(ROOT / solution), "--out", folder]):
                raise SystemExit(code)
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto((Path(folder) / "report.html").as_uri())
            prepare(page)
            page.screenshot(path=ROOT / "docs" / name)
            print(f"docs/{name} written")
        browser.close()


if __name__ == "__main__":
    main()
