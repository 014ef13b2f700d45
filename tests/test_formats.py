"""The formats: each holds the rules of the page, and is what a printer and a reader expect."""

import ctypes
import os
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from leaflets.checks.text import plain, texts_of
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.build import Outcome
from leaflets.errors import RequestError
from leaflets.library.formats import Format, Sheet
from leaflets.library.load import Library
from leaflets.render.aloud import spoken
from leaflets.render.imposition import fits, impose
from tests.conftest import print_into

LANGUAGES = ("en", "ar", "hi", "zh-Hans")
#: The formats of A4 paper; those of letter paper are like them, and take turns.
IN_EVERY_SCRIPT = (
    "a4", "a4-large", "a4-giant", "a5", "a5-booklet", "a4-trifold", "a4-card", "a3-notice",
)  # fmt: skip
#: The leaflet that is printed on every format, and one with a table and one with a grid, where
#: those are set anew.
EVERYWHERE = "warning-card"
ANEW = (
    ("preparation", "en", "a5"), ("preparation", "en", "a5-booklet"),
    ("preparation", "ar", "a5"), ("preparation", "ar", "a5-booklet"),
    ("preparation", "zh-Hans", "letter-large"),
    ("diary", "hi", "letter-giant"), ("diary", "ar", "half-letter"),
)  # fmt: skip
#: Leaflets in two languages: scripts below each other, either way round, and tables and lists.
IN_TWO = (
    ("preparation", "ar", "en", "a4"), ("preparation", "zh-Hans", "en", "a4"),
    ("preparation", "hi", "ar", "a4"), ("symptoms", "zh-Hans", "en", "a4"),
    ("symptoms", "ar", "en", "a4"), ("diary", "hi", "en", "a4"),
    ("warning-card", "en", "ar", "a4"), ("warning-card", "zh-Hans", "en", "a4-large"),
)  # fmt: skip
PROFILES = (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A)
_MM = 72 / 25.4
#: What a bilingual edition says in its first language alone.
ONCE = {"Warning signs: see page"}

Printed = tuple[Path, tuple[Outcome, ...]]


def edition(library: Library, slug: str, language: str, page: str, beside: str = "") -> Edition:
    request = Request(leaflets=(slug,), languages=(language,), formats=(page,), beside=beside)
    (found,) = plan(library, request)
    return found


@pytest.fixture(scope="module")
def every_format(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Print a leaflet in every script on A4 and what is made of it; on other paper they take turns.

    Two more are printed where something of them is set anew.
    """
    folder = tmp_path_factory.mktemp("formats")
    formats = [key for key, one in library.formats.items() if one.medium == "print"]
    elsewhere = [name for name in formats if name not in IN_EVERY_SCRIPT]
    wanted = [(EVERYWHERE, tag, name) for name in IN_EVERY_SCRIPT for tag in LANGUAGES]
    wanted += [(EVERYWHERE, tag, name) for name, tag in zip(elsewhere, cycle(LANGUAGES))]
    editions = [edition(library, *one) for one in (*wanted, *ANEW)]
    assert {one.format.id for one in editions} == {*formats}
    return folder, print_into(library, editions, folder, os.cpu_count() or 1)


@pytest.fixture(scope="module")
def bilingual(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Print some leaflets in two languages."""
    folder = tmp_path_factory.mktemp("bilingual")
    editions = [
        edition(library, slug, language, sheet, beside) for slug, language, beside, sheet in IN_TWO
    ]
    return folder, print_into(library, editions, folder, os.cpu_count() or 1)


def failures(printed: Printed) -> dict[str, list[str]]:
    folder, outcomes = printed
    found: dict[str, list[str]] = {}
    for one in outcomes:
        for profile in PROFILES:
            result = validator.validate_pdf(str(folder / one.edition.file), profile=profile)
            if result.failures or not result.is_compliant:
                found[one.edition.name] = [failure.message for failure in result.failures]
    return found


def test_every_format_is_printed_in_every_script_without_a_problem(every_format: Printed) -> None:
    _, outcomes = every_format
    assert [problem.sentence() for one in outcomes for problem in one.problems] == []
    assert all(one.entry for one in outcomes)


def test_every_file_is_both_pdf_ua_1_and_pdf_a_2a(every_format: Printed) -> None:
    assert failures(every_format) == {}


def test_an_edition_in_two_languages_is_printed_and_valid(bilingual: Printed) -> None:
    _, outcomes = bilingual
    assert [problem.sentence() for one in outcomes for problem in one.problems] == []
    assert failures(bilingual) == {}


def sizes(path: Path) -> Iterator[float]:
    """Read the size of each piece of text from the file, in points as it is printed."""
    with pdfium.PdfDocument(path) as pdf:
        for sheet in pdf:
            for item in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                size = ctypes.c_float()
                assert raw.FPDFTextObj_GetFontSize(item.raw, size)
                yield size.value * abs(item.get_matrix().d)


def test_no_text_in_a_file_is_smaller_than_its_format_allows(every_format: Printed) -> None:
    folder, outcomes = every_format
    for one in outcomes:
        smallest = min(sizes(folder / one.edition.file))
        assert smallest >= one.edition.format.smallest - 0.05, one.edition.name


def test_large_print_has_nothing_smaller_than_its_prose(library: Library) -> None:
    for one in library.formats.values():
        if one.id.endswith("-large"):
            assert one.body == one.label == one.smallest == 18
            assert one.paper in {"a4", "letter"}
        if one.id.endswith("-giant"):
            assert one.body == one.label == one.smallest == 24


def test_large_print_on_a_folded_sheet_is_refused_with_the_reason(library: Library) -> None:
    with pytest.raises(RequestError, match="three words"):
        plan(library, Request(formats=("a4-trifold-large",)))


def test_a_leaflet_that_does_not_fit_is_refused_with_the_format_to_take(library: Library) -> None:
    with pytest.raises(RequestError, match=r"6 panels\. Use a5-booklet"):
        plan(library, Request(leaflets=("recovery",), formats=("a4-trifold",)))
    with pytest.raises(RequestError, match="use it for warning-card"):
        plan(library, Request(leaflets=("recovery",), formats=("a4-card",)))


def test_formats_that_are_not_for_a_leaflet_are_left_out_of_a_wide_request(
    library: Library,
) -> None:
    found = plan(library, Request(languages=("en",), formats=("a4-card",)))
    assert [one.leaflet.slug for one in found] == ["warning-card"]


# --- sheets -----------------------------------------------------------------------------------

A5 = Format(name="A5", width=148, height=210)
ON_A4 = Sheet(width=297, height=210, scheme="booklet")


def orders(pages: int, *, right_to_left: bool = False) -> list[list[int]]:
    """List the pages of each side from left to right; blank pages are left out."""
    sides = impose(A5, ON_A4, pages, right_to_left=right_to_left)
    return [
        [place.page + 1 for place in sorted(side.placements, key=lambda one: one.x)]
        for side in sides
    ]


def test_a_booklet_of_eight_pages_is_read_in_order_when_folded() -> None:
    assert orders(8) == [[8, 1], [2, 7], [6, 3], [4, 5]]


def test_a_booklet_in_a_language_from_right_to_left_is_bound_on_the_right() -> None:
    assert orders(8, right_to_left=True) == [[1, 8], [7, 2], [3, 6], [5, 4]]


def test_blank_pages_of_a_booklet_stand_before_its_back() -> None:
    assert orders(6) == [[6, 1], [2], [3], [4, 5]]
    for pages in range(1, 30):
        sides = orders(pages)
        assert len(sides) % 2 == 0
        assert sorted(page for side in sides for page in side) == list(range(1, pages + 1))
        assert pages in sides[0]


def test_a_folded_sheet_has_its_cover_outside_and_its_flap_beside_the_back() -> None:
    panel = Format(name="Panel", width=97, height=210)
    sheet = Sheet(width=297, height=210, scheme="trifold")
    outside, inside = impose(panel, sheet, 6, right_to_left=False)
    assert [(one.page + 1, round(one.x, 1)) for one in outside.placements] == [
        (1, 198.5), (5, 0), (6, 98.5),
    ]  # fmt: skip
    assert [one.page + 1 for one in inside.placements] == [2, 3, 4]
    assert sorted({mark.x1 for mark in outside.marks}) == [97, 197]
    assert sorted({mark.x1 for mark in inside.marks}) == [100, 200]
    mirrored, _ = impose(panel, sheet, 6, right_to_left=True)
    assert [(one.page + 1, round(one.x, 1)) for one in mirrored.placements] == [
        (1, 1.5), (5, 200), (6, 101.5),
    ]  # fmt: skip
    assert not fits(panel, sheet, 7)


def tags(path: Path) -> list[tuple[str, str]]:
    """Walk the tag tree of a file and list its elements with what they say."""
    with pikepdf.open(path) as pdf:

        def walk(element: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any PDF object
            if isinstance(element, pikepdf.Dictionary) and "/S" in element:
                said = str(element.get("/ActualText", element.get("/Alt", "")))
                yield str(element.S), said
                kids: Any = element.get("/K", [])
                for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                    yield from walk(kid)

        return list(walk(pdf.Root.StructTreeRoot.K[0]))


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_pages_on_sheets_are_read_like_pages_one_by_one(every_format: Printed, tag: str) -> None:
    folder, _ = every_format
    name = f"{tag}/preparation-{tag}"
    assert tags(folder / f"{name}-a5-booklet.pdf") == tags(folder / f"{name}-a5.pdf")


def properties(side: pikepdf.Page) -> Iterator[Any]:
    """Yield what is stated of each marked run of a side."""
    for one in pikepdf.parse_content_stream(side):
        if isinstance(one, pikepdf.ContentStreamInstruction) and str(one.operator) == "BDC":
            yield one.operands[1]


@pytest.mark.parametrize("sheet", ["a5-booklet", "a4-trifold", "a4-card"])
def test_no_two_marks_of_a_sheet_have_the_same_number(every_format: Printed, sheet: str) -> None:
    folder, outcomes = every_format
    for one in outcomes:
        if one.edition.format.id != sheet:
            continue
        with pikepdf.open(folder / one.edition.file) as pdf:
            for number, side in enumerate(pdf.pages, 1):
                marks = [int(one.MCID) for one in properties(side) if "/MCID" in one]
                assert len(marks) == len(set(marks)), f"{one.edition.name}, side {number}"


def test_the_cover_of_a_booklet_stands_on_the_side_where_it_opens(every_format: Printed) -> None:
    folder, _ = every_format
    for tag, on_the_left in (("en", False), ("ar", True)):
        with pdfium.PdfDocument(folder / f"{tag}/preparation-{tag}-a5-booklet.pdf") as pdf:
            assert len(pdf) % 2 == 0
            width, height = pdf[0].get_size()
            assert (round(width), round(height)) == (round(297 * _MM), round(210 * _MM))
            red = strip_centre(pdf[0])
            assert (red < 0.5) == on_the_left


def strip_centre(side: pdfium.PdfPage) -> float:
    """Find where, across a side, the red strip of the first page stands: from 0 to 1."""
    picture = side.render(scale=0.5).to_pil().convert("RGB")
    top = picture.crop((0, 0, picture.width, picture.height // 3))
    pixels = top.load()
    assert pixels is not None
    found = [
        x
        for x in range(top.width)
        for y in range(top.height)
        if pixels[x, y][0] > 120 and pixels[x, y][1] < 60
    ]
    return float(sum(found) / len(found) / top.width)


def test_a_sheet_holds_the_card_twice_and_says_it_once(every_format: Printed) -> None:
    folder, _ = every_format
    path = folder / "en/warning-card-en-a4-card.pdf"
    words = [said for _, said in tags(path)]
    assert sum("My warning card" in said for said in words) <= 1
    with pdfium.PdfDocument(path) as pdf:
        text = pdf[0].get_textpage().get_text_bounded()
        assert text.count("My warning card") == 2


def test_crop_marks_stand_outside_the_page_that_is_cut_out(
    library: Library, tmp_path: Path
) -> None:
    request = Request(
        leaflets=("warning-card",), languages=("en",), formats=("a4",), crop_marks=True
    )
    (one,) = print_into(library, plan(library, request), tmp_path)
    assert one.entry
    assert one.entry.file == "en/warning-card-en-a4-crop-marks.pdf"
    with pikepdf.open(tmp_path / one.entry.file) as pdf:
        media, trim = ([float(x) for x in pdf.pages[0][box]] for box in ("/MediaBox", "/TrimBox"))
        assert trim[2] - trim[0] == pytest.approx(210 * _MM, abs=0.1)
        assert media[2] - media[0] >= 216 * _MM - 0.1
    with pytest.raises(RequestError, match="places pages on sheets itself"):
        plan(library, Request(formats=("a5-booklet",), crop_marks=True))


def test_each_language_of_a_bilingual_edition_is_marked_as_its_own(bilingual: Printed) -> None:
    folder, _ = bilingual
    for first, second in (("ar", "en"), ("zh-Hans", "en"), ("hi", "ar")):
        path = folder / f"{first}+{second}/preparation-{first}+{second}-a4.pdf"
        languages: Counter[str] = Counter()
        with pikepdf.open(path) as pdf:
            for side in pdf.pages:
                for one in properties(side):
                    languages[str(one.get("/Lang", ""))] += 1
        assert languages[first] > 40
        assert languages[second] > 40


def test_a_bilingual_edition_has_every_text_of_both_editions(
    library: Library, bilingual: Printed
) -> None:
    """Of a figure its description is heard, and its labels are seen."""
    folder, _ = bilingual
    path = folder / "zh-Hans+en/symptoms-zh-Hans+en-a4.pdf"
    heard = "".join(one.text for one in spoken(path.read_bytes()))
    with pdfium.PdfDocument(path) as pdf:
        seen = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    there = plain(heard + seen)
    for tag in ("zh-Hans", "en"):
        alone = edition(library, "symptoms", tag, "a4")
        html = compose(Inputs(library), alone).html
        names = {"·", *(other.autonym for other in alone.others)}
        for text in texts_of(html, library.parts):
            if not text.repeated and text.words not in ONCE | names:
                assert plain(text.words) in there, text.words
