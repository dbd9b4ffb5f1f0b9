"""A real browser for the tests of pages: Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

#: Debian's, and what others are called.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def opened(path: Path, at: str = "", *, scripts_of_tests: bool = False, dark: bool = False, width: int = 1400) -> Iterator[Page]:
    """A page from the disk; it fails the test if anything is written to the console or loaded from elsewhere.

    Parameters
    ----------
    at
        What stands behind the address, from ``#`` on.
    scripts_of_tests
        Whether the test adds scripts of its own, which the page forbids otherwise.
    """
    browser_path = next(filter(None, map(shutil.which, NAMES)), None)
    if browser_path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(
            bypass_csp=scripts_of_tests,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            offline=True,
        )
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(path.as_uri() + at)
        try:
            yield page
            assert said == []
        finally:
            browser.close()


def ready(page: Page) -> None:
    """Wait until the report has drawn everything."""
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    page.wait_for_timeout(200)  # lists are drawn a moment after the filters
