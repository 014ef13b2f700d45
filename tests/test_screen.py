"""The web page and the plain text of a leaflet: whole, alone, and fit for everybody."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, Page

from leaflets.checks.text import check_written, plain
from leaflets.compose.compose import compose
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render.plain_text import written
from tests import browsing
from tests.conftest import ClinicFolder, print_into

#: What is written from the right, without spaces, or in long words; and the leaflets whose charts,
#: tables, times and lists are widest. Pseudo-languages are whole whatever waits for a translator.
OTHERS = ("ar-XB", "zh-XC", "de-XD")
WIDEST = ("choices", "medicines", "recovery", "preparation")

#: The narrowest page that must not scroll sideways (WCAG 1.4.10), and one as wide as it comes.
TELEPHONE, DESK = 320, 1000


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make web pages of all leaflets, of the widest in other languages, and one plain text."""
    made = tmp_path_factory.mktemp("screen")
    requests = (
        Request(languages=("en",), formats=("html",)),
        Request(languages=OTHERS, leaflets=WIDEST, formats=("html",)),
        Request(languages=("en",), leaflets=("preparation",), formats=("text",)),
    )
    editions = [edition for request in requests for edition in plan(library, request)]
    outcomes = print_into(library, editions, made)
    assert [problem.sentence() for one in outcomes for problem in one.problems] == []
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.opened() as browser:
        yield browser


@contextmanager
def shown(browser: Browser, path: Path, width: int) -> Iterator[Page]:
    """Show a web page, and hold that it fits and asks for nothing beside itself."""
    page = browsing.new_page(browser, width, 800)
    asked = browsing.asked_by(page)
    page.goto(path.as_uri())
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    page.context.close()


@pytest.mark.parametrize("slug", load.load(None).leaflets)
def test_a_web_page_is_accessible_alone_and_fits_a_telephone(
    folder: Path, browser: Browser, slug: str
) -> None:
    with shown(browser, folder / "en" / f"{slug}-en-html.html", TELEPHONE) as page:
        browsing.is_accessible(page)


@pytest.mark.parametrize("slug", WIDEST)
def test_a_web_page_is_accessible_and_fits_a_desk(
    folder: Path, browser: Browser, slug: str
) -> None:
    with shown(browser, folder / "en" / f"{slug}-en-html.html", DESK) as page:
        browsing.is_accessible(page)


@pytest.mark.parametrize("tag", OTHERS)
def test_a_web_page_in_another_language_is_accessible_and_fits_a_telephone(
    folder: Path, browser: Browser, tag: str
) -> None:
    for slug in WIDEST:
        with shown(browser, folder / tag / f"{slug}-{tag}-html.html", TELEPHONE) as page:
            if slug == WIDEST[0]:
                browsing.is_accessible(page)


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


def test_a_web_page_can_be_printed_at_home(
    library: Library, folder: Path, browser: Browser
) -> None:
    page = browsing.new_page(browser)
    page.goto((folder / "en" / "recovery-en-html.html").as_uri())
    page.emulate_media(media="print")
    with pdfium.PdfDocument(page.pdf(format="A4")) as pdf:
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)
    assert plain(library.leaflets["recovery"].title) in plain(text)
    page.close()


def edition(library: Library, slug: str, tag: str, sheet: str) -> Edition:
    (found,) = plan(library, Request(leaflets=(slug,), languages=(tag,), formats=(sheet,)))
    return found


@pytest.mark.parametrize("slug", ["recovery", "diary", "osteoporosis-care"])
def test_a_plain_text_has_every_text_in_reading_order(library: Library, slug: str) -> None:
    html = compose(Inputs(library), edition(library, slug, "hi", "text")).html
    assert list(check_written(html, written(html, library.parts).decode())) == []


def said(composition: Composition) -> dict[str, str]:
    """Return the English of each message that an edition prints, by its id."""
    return dict(composition.requested.keys())


def test_a_text_that_is_lost_is_named(library: Library) -> None:
    composition = compose(Inputs(library), edition(library, "recovery", "en", "text"))
    message = said(composition)["recovery.audience"]
    words = written(composition.html, library.parts).decode().replace(message, "For you.")
    (problem,) = check_written(composition.html, words)
    assert problem.code == "PDF-01"
    assert message in problem.text


def test_a_plain_text_shows_headings_items_boxes_and_blanks(library: Library, folder: Path) -> None:
    text = (folder / "en" / "preparation-en-text.txt").read_text("utf-8")
    says = said(compose(Inputs(library), edition(library, "preparation", "en", "text")))
    assert text.startswith(f"{says['common.draft.mark']}: {says['common.draft.text']}")
    assert f"\n{says['preparation.title']}\n====" in text
    section = says["preparation.food"]
    assert f"\n{section}\n{'-' * len(section)}\n" in text
    assert f"\n[ ] {says['preparation.tell.thinner']}\n" in text
    steps = re.findall(r"^(\d)\. (.+)$", text, re.MULTILINE)
    assert says["preparation.day.consent"] in {step for _, step in steps}
    assert steps[0][0] == "1"
    assert "________" in text[text.index(section) :]
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
