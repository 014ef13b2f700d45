"""A real browser, which waits for as long as nothing hangs, and what accessibility is held to."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.waiting import HANG

#: Seconds that no page takes to answer: a test that fails here need not wait as long as for a hang.
ANSWER = 120

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def opened() -> Iterator[Browser]:
    """Open the browser, and close it with the block."""
    chromium = shutil.which("chromium")
    assert chromium, "Debian's chromium is not installed; run make test"
    expect.set_options(timeout=ANSWER * 1000)
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=_FLAGS, timeout=HANG * 1000
        )
        yield browser
        browser.close()


def new_page(browser: Browser, width: int = 1000, height: int = 900, **options: Any) -> Page:  # noqa: ANN401 - as Playwright types them
    """Open a page of its own, which forgets everything with its end."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(HANG * 1000)
    return context.new_page()


def asked_by(page: Page) -> list[str]:
    """Return a list of the addresses that a page asks for, which grows as it does."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def is_accessible(page: Page) -> None:
    """Hold that axe finds no fault in a page."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    assert found.response["violations"] == [], found.generate_report()
