"""What a screen reader says of a file: its tag tree in reading order, with languages."""

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import Any

import msgspec
import pypdfium2 as pdfium
from pypdfium2 import raw

from leaflets.insides import Touch

#: Elements that are said on their own; what is inside them is said in one go.
_BLOCKS = frozenset(
    {"H1", "H2", "H3", "H4", "P", "LI", "TH", "TD", "Caption", "Figure", "BlockQuote"}
)


class Spoken(msgspec.Struct, frozen=True):
    """One thing that is said: page, role by its standard tag (H1, P, LI, …), and the words."""

    page: int
    role: str
    text: str


def spoken(pdf: bytes) -> tuple[Spoken, ...]:
    """List what is said of a tagged file, page by page; head and foot are artifacts, and silent."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        pages = range(len(document))
        return tuple(said for number in pages for said in _of_page(document, number))


def _of_page(document: pdfium.PdfDocument, number: int) -> Iterator[Spoken]:
    page = document[number]
    words = _marked(page)
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    try:
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            root = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
            yield from _blocks(root, words, number + 1)
    finally:
        raw.FPDF_StructTree_Close(tree)


def _blocks(element: Any, words: Mapping[int, str], page: int) -> Iterator[Spoken]:  # noqa: ANN401 - a C pointer
    role = _said(raw.FPDF_StructElement_GetType, element)
    if role in _BLOCKS:
        alternative = _said(raw.FPDF_StructElement_GetAltText, element)
        text = alternative or " ".join(_inline(element, words).split())
        if text:
            yield Spoken(page, role, text)
    for child in children(element):
        yield from _blocks(child, words, page)


def _inline(element: Any, words: Mapping[int, str]) -> str:  # noqa: ANN401 - the same
    """Join the words of an element, without those of the blocks inside it."""
    stated = _said(raw.FPDF_StructElement_GetActualText, element)
    if stated:
        return stated
    own = "".join(
        words.get(raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, index), "")
        for index in range(max(raw.FPDF_StructElement_GetMarkedContentIdCount(element), 0))
    )
    inner = (
        _inline(child, words)
        for child in children(element)
        if _said(raw.FPDF_StructElement_GetType, child) not in _BLOCKS
    )
    return " ".join(part for part in (own, *inner) if part)


def children(element: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    """Yield the elements inside an element of a tag tree."""
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, index):
            yield child


def _marked(page: pdfium.PdfPage) -> Mapping[int, str]:
    """Map each marked run of a page to its text; a run drawn in pieces states its text in each."""
    texts: dict[int, str] = {}
    text_page = page.get_textpage()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        number = raw.FPDFPageObj_GetMarkedContentID(item.raw)
        text = drawn_text(item.raw, text_page.raw)
        if number >= 0 and text and text != texts.get(number):
            texts[number] = texts.get(number, "") + text
    return texts


def drawn_text(item: Any, text_page: Any) -> str:  # noqa: ANN401 - C pointers
    """Read the text of a piece that is drawn.

    PDFium takes a hyphen at the end of a line for hyphenation, and hides it; we never hyphenate.
    """
    return utf16(partial(raw.FPDFTextObj_GetText, item, text_page)).replace("\x02", "-")


def _said(read: Callable[[Any, Any, int], int], element: Any) -> str:  # noqa: ANN401 - the same
    return utf16(partial(read, element))


def utf16(read: Callable[[Any, int], int]) -> str:
    """Call a function of PDFium twice: for the size in bytes of a text, and for the text."""
    size = read(None, 0)
    if not size:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    read(buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


TOUCHES = (
    Touch(
        (
            "pypdfium2.raw.FPDFPageObj_GetMarkedContentID",
            "pypdfium2.raw.FPDFTextObj_GetText",
            "pypdfium2.raw.FPDF_PAGEOBJ_TEXT",
            "pypdfium2.raw.FPDF_StructElement_CountChildren",
            "pypdfium2.raw.FPDF_StructElement_GetActualText",
            "pypdfium2.raw.FPDF_StructElement_GetAltText",
            "pypdfium2.raw.FPDF_StructElement_GetChildAtIndex",
            "pypdfium2.raw.FPDF_StructElement_GetMarkedContentIdAtIndex",
            "pypdfium2.raw.FPDF_StructElement_GetMarkedContentIdCount",
            "pypdfium2.raw.FPDF_StructElement_GetType",
            "pypdfium2.raw.FPDF_StructTree_Close",
            "pypdfium2.raw.FPDF_StructTree_CountChildren",
            "pypdfium2.raw.FPDF_StructTree_GetChildAtIndex",
            "pypdfium2.raw.FPDF_StructTree_GetForPage",
        ),
        why="The tag tree of a file, for which pypdfium2 has no classes of its own.",
        needless_when="pypdfium2 has classes for the tag tree.",
        test="tests/test_formats.py::test_pages_on_sheets_are_read_like_pages_one_by_one",
    ),
)
