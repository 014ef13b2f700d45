"""What makes WeasyPrint faster changes nothing that is printed."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import ImageChops
from weasyprint.layout import page as their_page

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.make import make_edition
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render.weasy import embedding, pagination, patching, reuse
from leaflets.render.weasy.typeset import typeset

#: A page for five references, each of which takes a second line once the number is known: that
#: moves the place they point to from page 6 to page 7.
MOVING = """<html lang="en"><title>A</title><style>
@page { size: 120px 200px; margin: 10px }
body { margin: 0; font: 16px/20px "Noto Sans" }
p, h1 { margin: 0; font-size: 16px }
.next { break-before: page }
a::before { content: target-counter(attr(href), page, lower-roman) }
</style>""" + "\n".join(
    (
        *['<p>Turn it to m <a href="#end"></a></p>'] * 5,
        '<p class="next">Here</p>',
        *["<p>More</p>"] * 40,
        '<h1 id="end">End</h1>',
    )
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load.load(None)


def edition(library: Library, slug: str, language: str, page: str = "a4") -> Edition:
    asked = Request(leaflets=(slug,), languages=(language,), formats=(page,))
    (found,) = plan(library, asked)
    return found


def made(library: Library, one: Edition) -> bytes:
    file = make_edition(Inputs(library), one).file
    assert file is not None
    return file


@pytest.mark.parametrize("language", ["en", "ar", "hi", "zh-Hans"])
def test_style_and_figures_that_are_reused_print_as_those_read_anew(
    library: Library, language: str
) -> None:
    one = edition(library, "recovery", language)
    again = [made(library, one) for _ in range(2)]
    with patching.removed(*reuse.PATCHES):
        anew = made(library, one)
    assert again == [anew, anew]


@pytest.mark.parametrize("language", ["en", "ar", "hi", "km"])
def test_fonts_that_are_cut_once_are_those_that_are_cut_twice(
    library: Library, language: str
) -> None:
    one = edition(library, "recovery", language)
    # A sheet in English names other languages, Chinese among them, whose font is numbered anew.
    cutting = [patch for patch in embedding.PATCHES if "are_cut_once" in patch.test]
    once = made(library, one)
    assert len(cutting) == 2
    with patching.removed(*cutting):
        assert made(library, one) == once


@pytest.mark.parametrize("page", ["a4", "a5-booklet"])
def test_a_chinese_font_that_is_numbered_anew_shows_and_says_the_same_in_half_the_room(
    library: Library, page: str
) -> None:
    one = edition(library, "symptoms", "zh-Hans", page)
    ours = made(library, one)
    with patching.removed(*embedding.PATCHES):
        theirs = made(library, one)
    assert len(ours) < len(theirs) / 2
    pages, others = pdfium.PdfDocument(ours), pdfium.PdfDocument(theirs)
    assert len(pages) == len(others)
    for number in range(len(pages)):
        texts = [file[number].get_textpage().get_text_range() for file in (pages, others)]
        assert texts[0] == texts[1]
        assert texts[0].strip()
        seen = [file[number].render(scale=1.5).to_pil().convert("RGB") for file in (pages, others)]
        assert ImageChops.difference(*seen).getbbox() is None


@pytest.mark.parametrize(
    ("slug", "language", "page"),
    [
        ("about-sacroplasty", "en", "a4"),
        ("recovery", "ar", "a5-booklet"),
        ("symptoms", "zh-Hans", "a4-large"),
    ],
)
def test_pages_that_are_set_no_oftener_than_needed_are_the_same(
    library: Library, slug: str, language: str, page: str
) -> None:
    one = edition(library, slug, language, page)
    ours = made(library, one)
    with patching.removed(*pagination.PATCHES):
        assert made(library, one) == ours


def test_only_a_page_with_a_number_of_another_is_set_again_and_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out, set_pages = their_page.make_page, Counter[int]()

    def counted(*arguments: Any) -> object:  # noqa: ANN401 - WeasyPrint has no type information
        set_pages[arguments[4]] += 1
        return lay_out(*arguments)

    monkeypatch.setattr(their_page, "make_page", counted)
    made(library, edition(library, "about-sacroplasty", "en"))
    assert set_pages.pop(1) == 2
    assert set(set_pages.values()) == {1}


def test_a_page_number_is_right_where_stating_it_moves_the_place(tmp_path: Path) -> None:
    pages = texts(typeset(MOVING, [tmp_path], right_to_left=False).pdf)
    before = texts(typeset(MOVING.replace("to m", ""), [tmp_path], right_to_left=False).pdf)
    assert ["End" in page for page in before].index(True) == 5
    assert ["End" in page for page in pages].index(True) == 6
    assert "".join(pages).count("vii") == 5


def texts(pdf: bytes | None) -> Sequence[str]:
    assert pdf is not None
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]
