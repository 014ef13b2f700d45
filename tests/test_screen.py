"""The web page and the plain text of a leaflet: whole, alone, and fit for everybody."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser

from leaflets.checks.text import check_written, plain
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render.plain_text import written
from tests import browsing
from tests.conftest import ClinicFolder, print_into

LANGUAGES = ("en", "ar", "hi", "zh-Hans")


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make web pages and plain texts of all leaflets in four scripts."""
    made = tmp_path_factory.mktemp("screen")
    editions = plan(library, Request(languages=LANGUAGES, formats=("html", "text")))
    outcomes = print_into(library, editions, made)
    assert [problem.sentence() for one in outcomes for problem in one.problems] == []
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.opened() as browser:
        yield browser


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("slug", ["recovery", "preparation", "fall-prevention", "warning-card"])
def test_a_web_page_is_accessible_alone_and_fits_a_telephone(
    folder: Path, browser: Browser, tag: str, slug: str
) -> None:
    path = folder / tag / f"{slug}-{tag}-html.html"
    for width in (1000, 340):
        page = browsing.new_page(browser, width, 800)
        asked = browsing.asked_by(page)
        page.goto(path.as_uri())
        browsing.is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        page.close()


def test_the_emergency_strip_of_a_web_page_leads_to_the_warning_signs(
    folder: Path, browser: Browser
) -> None:
    page = browsing.new_page(browser, 400, 700)
    page.goto((folder / "en" / "recovery-en-html.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    box = page.locator("#warning-signs").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    page.close()


def test_a_web_page_can_be_printed_at_home(folder: Path, browser: Browser) -> None:
    page = browsing.new_page(browser)
    page.goto((folder / "en" / "recovery-en-html.html").as_uri())
    page.emulate_media(media="print")
    with pdfium.PdfDocument(page.pdf(format="A4")) as pdf:
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)
    assert plain("Getting better after sacroplasty") in plain(text)
    page.close()


def edition(library: Library, slug: str, tag: str, sheet: str) -> Edition:
    (found,) = plan(library, Request(leaflets=(slug,), languages=(tag,), formats=(sheet,)))
    return found


@pytest.mark.parametrize("slug", ["recovery", "diary", "osteoporosis-care"])
def test_a_plain_text_has_every_text_in_reading_order(library: Library, slug: str) -> None:
    html = compose(Inputs(library), edition(library, slug, "hi", "text")).html
    assert list(check_written(html, written(html, library.parts).decode())) == []


def test_a_text_that_is_lost_is_named(library: Library) -> None:
    html = compose(Inputs(library), edition(library, "recovery", "en", "text")).html
    words = written(html, library.parts).decode().replace("You cannot pass urine", "You can")
    (problem,) = check_written(html, words)
    assert problem.code == "PDF-01"
    assert "You cannot pass urine" in problem.text


def test_a_plain_text_shows_headings_items_boxes_and_blanks(folder: Path) -> None:
    text = (folder / "en" / "preparation-en-text.txt").read_text("utf-8")
    assert text.startswith("Draft: No clinician has checked this sheet.")
    assert "\nGetting ready for sacroplasty\n====" in text
    assert "\nYour visit\n----------\n" in text
    assert "\n[ ] You take a blood thinner" in text
    assert "\n1. We talk about the risks again." in text
    assert "stop eating ________ hours before you come" in text
    assert "<" not in text


def test_a_page_and_its_twin_say_the_same(library: Library) -> None:
    paper, twin = (
        set(compose(Inputs(library), edition(library, "recovery", "es", sheet)).requested)
        for sheet in ("a4", "html")
    )
    assert {name for name, _ in paper - twin} == {"common.page", "common.strip.see"}
    assert twin - paper == set()


def test_a_picture_of_the_clinic_is_part_of_the_web_page(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    clinic.write(
        "logo.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
    )
    clinic.write("clinic.toml", 'name = "Test"\nlogo = "logo.svg"\n')
    library = load.load(clinic.path)
    found = plan(library, Request(languages=("en",), formats=("html",)))
    (outcome,) = print_into(library, found[:1], tmp_path / "build")
    assert outcome.entry
    html = (tmp_path / "build" / outcome.entry.file).read_text("utf-8")
    assert 'class="logo" src="data:image/svg+xml;base64,' in html
    assert "file:" not in html
