"""The preview in a real browser: by the keyboard alone, and as WCAG 2.2 AA asks."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from playwright.sync_api import Browser, Page, expect

from leaflets.library import home
from tests import browsing
from tests.waiting import HANG

#: Two sentences of the diary, with markup; one test changes the first.
CHANGED, KEPT = "diary.how.notes", "diary.pain-worse"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview") / "clinic"
    folder.mkdir()
    (folder / "clinic.toml").write_text('name = "Test"\n')
    for tag in ("es", "ar"):
        shutil.copytree(home.home() / "locales" / tag, folder / "locales" / tag)
    return folder


@pytest.fixture(scope="module")
def address(clinic: Path) -> Iterator[str]:
    """Serve the preview as its command does, and end it as Ctrl-C does."""
    command = [sys.executable, "-m", "leaflets", "preview", "diary", "--locale", "es"]
    options = ["--format", "a4", "--clinic", str(clinic), "--no-browser"]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        yield found[0]
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=HANG)
    assert "Traceback" not in errors


@pytest.fixture(scope="module")
def _browser() -> Iterator[Browser]:
    with browsing.opened() as browser:
        yield browser


@pytest.fixture
def browser(_browser: Browser, address: str) -> Iterator[Page]:
    page = browsing.new_page(_browser, 1280)
    asked = browsing.asked_by(page)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    refusal = "Failed to load resource: the server responded with a status of 422"
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    expect(page.locator("#status")).to_contain_text("Page shown in")
    yield page
    host = address.partition("?")[0]
    assert [url for url in asked if not url.startswith((host, "data:"))] == []
    assert [text for text in said if not text.startswith(refusal)] == []
    page.close()


def title(clinic: Path, tag: str) -> str:
    catalog = polib.pofile(str(clinic / f"locales/{tag}/LC_MESSAGES/diary.po"))
    return next(str(one.msgstr) for one in catalog if one.msgctxt == "diary.title")


def choose_by_keyboard(page: Page, words: str) -> None:
    """Reach a sentence of the list with the Tab key, and open it."""
    page.locator("body").press("Tab")
    page.keyboard.press("Enter")  # the link that skips to the sentences
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent")
        if words in focused:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"{words} cannot be reached with the Tab key")


def test_a_sentence_is_translated_and_its_new_page_seen_with_the_keyboard_alone(
    browser: Page, clinic: Path
) -> None:
    choose_by_keyboard(browser, CHANGED)
    area = browser.locator("#detail textarea")
    expect(area).to_be_focused()
    expect(browser.locator("#panel-title")).to_have_text(CHANGED)
    before = browser.locator(".page img").first.get_attribute("src")
    browser.keyboard.press("Control+A")
    browser.keyboard.type("<strong>Notas:</strong> escriba lo que hizo ese día.")
    browser.keyboard.press("Control+Enter")
    expect(browser.locator("#status")).to_contain_text("Page shown in")
    expect(browser.locator(".page img").first).not_to_have_attribute("src", before or "")
    expect(browser.locator("#sentences")).to_contain_text("escriba lo que hizo ese día")
    text = (clinic / "locales/es/LC_MESSAGES/diary.po").read_text("utf-8")
    assert 'msgstr "<strong>Notas:</strong> escriba lo que hizo ese día."' in text


def test_a_translation_that_loses_its_markup_is_refused_in_words(browser: Page) -> None:
    choose_by_keyboard(browser, KEPT)
    browser.keyboard.press("Control+A")
    browser.keyboard.type("Marque.")
    browser.keyboard.press("Control+Enter")
    expect(browser.locator("#error")).to_contain_text("MARK-01")


def test_a_click_on_the_page_opens_its_sentence(browser: Page) -> None:
    browser.locator('.spot[data-message="diary.audience"]').click()
    expect(browser.locator("#panel-title")).to_have_text("diary.audience")
    expect(browser.locator("#detail")).to_contain_text("locales/es/LC_MESSAGES/diary.po:")


def test_a_web_page_is_seen_in_a_frame_and_plain_text_as_text(browser: Page, clinic: Path) -> None:
    browser.locator("#format").select_option("html")
    inside = browser.frame_locator(".unpaged iframe")
    expect(inside.locator("h1")).to_have_text(title(clinic, "es"))
    expect(inside.locator("body")).not_to_have_css("max-width", "none")  # its style holds
    expect(browser.locator("#budget-line")).to_be_hidden()
    browser.locator("#sentences button").nth(1).click()
    expect(browser.locator("#panel-title")).not_to_have_text("No sentence chosen")
    browser.locator("#format").select_option("text")
    expect(browser.locator(".unpaged pre")).to_contain_text(title(clinic, "es"))
    expect(browser.locator("#sentences li").first).to_be_visible()


@pytest.mark.parametrize(
    "look", ["sentence", "beside", "aloud", "arabic", "narrow", "html", "text"]
)
def test_the_preview_has_no_fault_that_axe_can_find(browser: Page, clinic: Path, look: str) -> None:
    if look == "arabic":
        browser.locator("#language").select_option("ar")
        expect(browser.locator("#sentences")).to_contain_text(title(clinic, "ar"))
    elif look == "beside":
        browser.locator("#beside").check()
        expect(browser.locator(".page[lang=en]").first).to_be_visible()
    elif look == "aloud":
        browser.locator("#aloud").check()
        expect(browser.locator("#spoken li").first).to_be_visible()
    elif look in {"html", "text"}:
        browser.locator("#format").select_option(look)
        expect(browser.locator(".unpaged")).to_be_visible()
    elif look == "narrow":
        browser.set_viewport_size({"width": 640, "height": 450})  # 1280 at 200 %
    else:
        browser.locator("#sentences button").nth(5).click()
    browsing.is_accessible(browser)
    wide = browser.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
