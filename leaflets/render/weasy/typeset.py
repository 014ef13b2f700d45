"""Typeset: HTML becomes laid-out pages, and whatever the typesetter complained of is kept."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from leaflets.insides import Touch
from leaflets.library.formats import Format
from leaflets.render.imposition import fits, impose
from leaflets.render.layout import Layout
from leaflets.render.weasy import archive, boxes, patching
from leaflets.render.weasy.bind import bind
from leaflets.render.weasy.fetcher import FolderFetcher
from leaflets.render.weasy.standing import Standing

_LOGGER = logging.getLogger("weasyprint")


class Typeset(msgspec.Struct, frozen=True):
    """An edition as laid out, and its PDF page by page; None if the typesetter could not finish.

    `sheets` is the PDF with its pages on sheets, if the format has them, and else the same.
    `document` is WeasyPrint's own, which `collate` binds with others; None as `pdf`.
    """

    layout: Layout
    pdf: bytes | None
    sheets: bytes | None
    document: object


@cache
def _font_configuration() -> FontConfiguration:
    # One in each process: a new one for each document keeps all its fonts in memory.
    return FontConfiguration()


def typeset(
    html: str,
    folders: Sequence[Path],
    *,
    right_to_left: bool,
    page: Format | None = None,
    assets: Mapping[Path, str] | None = None,
    standing: Standing | None = None,
) -> Typeset:
    """Set a page of HTML, reading figures and style from `folders` only.

    With `assets`, only these files are read, and must have these hashes. The pages of a `page`
    format that has sheets are placed on them as well, if there is room. What is the same in a page
    of `standing` is not laid out again, and this page stands there from then on.
    """
    heard: list[str] = []
    document: Any = None
    pdf: bytes | None = None
    sheets: bytes | None = None
    with listening(heard):
        try:
            document = laid_out(html, folders, assets, standing)
            # Glyphs are looked up while painting: only now does the document know what is missing.
            pdf = sheets = bind(document, right_to_left=right_to_left)
            if page and page.sheet and fits(page, page.sheet, len(document.pages)):
                sides = impose(page, page.sheet, len(document.pages), right_to_left=right_to_left)
                sheets = bind(document, right_to_left=right_to_left, sides=sides)
        except FatalURLFetchingError as error:
            heard.append(str(error.__cause__ or error))
    if heard and standing:
        standing.distribute()  # so that each page that it would stand in for is complained of
    pages = document.pages if document else ()
    return Typeset(layout_of(document, pages, heard), pdf, sheets, document)


def laid_out(
    html: str,
    folders: Sequence[Path],
    assets: Mapping[Path, str] | None = None,
    standing: Standing | None = None,
) -> Any:  # noqa: ANN401 - WeasyPrint has no type information
    """Lay a page of HTML out; raise `FatalURLFetchingError` for an address outside `folders`."""
    patching.install()
    page = weasyprint.HTML(
        string=html, url_fetcher=FolderFetcher(folders, assets), base_url=folders[0].as_uri()
    )
    options = {"font_config": _font_configuration(), "pdf_variant": archive.VARIANT}
    if standing is None or assets is None:
        return page.render(**options)
    return standing.laid_out(page, options, assets)


def layout_of(document: Any, pages: Sequence[Any], heard: Sequence[str]) -> Layout:  # noqa: ANN401 - the same
    """Turn some pages of a document that was painted into plain values."""
    fonts = document.fonts.values() if document else ()
    return Layout(
        pages=tuple(boxes.page_of(page) for page in pages),
        fonts=frozenset(
            font.family.decode() if isinstance(font.family, bytes) else font.family
            for font in fonts
        ),
        missing=tuple(dict.fromkeys(char for font in fonts for char in _missing(font))),
        warnings=tuple(dict.fromkeys(heard)),
    )


def _missing(font: Any) -> list[str]:  # noqa: ANN401 - WeasyPrint has no type information
    return [chr(char) if isinstance(char, int) else str(char) for char in font.missing]


@contextmanager
def listening(heard: list[str]) -> Iterator[None]:
    """Collect what WeasyPrint logs; it reports what it leaves out in no other way."""
    handler = logging.Handler(logging.WARNING)

    def emit(record: logging.LogRecord) -> None:
        if ".notdef" not in str(record.msg):  # told by the fonts, with the character
            heard.append(record.getMessage())

    handler.emit = emit  # type: ignore[method-assign]  # a handler is an object with this method
    propagates = _LOGGER.propagate
    _LOGGER.addHandler(handler)
    _LOGGER.propagate = False
    try:
        yield
    finally:
        _LOGGER.removeHandler(handler)
        _LOGGER.propagate = propagates


TOUCHES = (
    Touch(
        (
            "weasyprint.document.Document.fonts",
            "weasyprint.pdf.fonts.Font.family",
            "weasyprint.pdf.fonts.Font.missing",
        ),
        why="The fonts of a file, and the characters that they lack.",
        needless_when="WeasyPrint says which characters it has no glyph for.",
        test="tests/test_typesetting.py"
        "::test_a_font_of_the_machine_that_is_not_listed_is_never_used",
    ),
    Touch(
        ("weasyprint.urls.FatalURLFetchingError",),
        why="Tells that a page names a file that may not be read.",
        needless_when="WeasyPrint lists it in its reference.",
        test="tests/test_typesetting.py::test_a_template_that_reaches_outside_is_not_printed",
    ),
)
