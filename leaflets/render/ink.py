"""Ink: what a finished file draws on each page, read back by PDFium, as plain values.

Checks compare it with the layout: what a patient sees is the ink, not what we meant to draw.
"""

import ctypes
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from leaflets.insides import Touch
from leaflets.render.aloud import children, drawn_text, utf16
from leaflets.render.layout import Area, Page, Run

#: How far a text may be turned or stretched, in parts of its size: roundings.
_SKEW = 0.01

#: The mark of what stands outside the tag tree: heads, feet, ornaments.
NO_MARK = -1

_MM = 25.4 / 72

#: Pixels to an inch of the picture of a page, enough to tell words from their ground; and of one
#: taken close up, in which the thinnest stroke of a lone bracket is wider than a pixel.
_DPI, _CLOSE_UP_DPI = 72, 288


class Words(msgspec.Struct, frozen=True):
    """A text that is drawn: where its ink stands, the mark of its run, its place in the order.

    `left` and `baseline` are where its first glyph stands, in millimetres from the top left corner;
    `upright` is False for a text that is turned, mirrored or stretched.
    """

    text: str
    area: Area
    left: float
    baseline: float
    upright: bool
    mark: int
    order: int


class Shape(msgspec.Struct, frozen=True):
    """A path, picture or shading that is drawn: where, and when."""

    area: Area
    order: int


class InkedPage(msgspec.Struct, frozen=True):
    """What one page draws, in the order in which it is drawn.

    `stated` are the texts that the tag tree states in place of its glyphs, and `picture` is the
    page as it is printed in grey, with what stands `beside` the sheet on its left and `above` it,
    in millimetres: bleed and crop marks. `pdf` and `number` lead back to the page itself.
    """

    words: tuple[Words, ...]
    shapes: tuple[Shape, ...]
    stated: tuple[str, ...]
    beside: float
    above: float
    picture: Image.Image
    pdf: bytes
    number: int

    def contrast(self, area: Area) -> int:
        """Return how far the lightest and the darkest pixel of an area are apart, of 255."""
        return self._contrast(area, self.picture, _DPI)

    def contrast_close_up(self, area: Area) -> int:
        """Return the same from a sharper picture, which takes as long as printing the page."""
        with closing(pdfium.PdfDocument(self.pdf)) as document:
            picture = _picture(document[self.number], _CLOSE_UP_DPI)
        return self._contrast(area, picture, _CLOSE_UP_DPI)

    def _contrast(self, area: Area, picture: Image.Image, dpi: int) -> int:
        dots = dpi / 25.4
        box = (
            max(int((area.left + self.beside) * dots), 0),
            max(int((area.top + self.above) * dots), 0),
            min(int((area.right + self.beside) * dots) + 1, picture.width),
            min(int((area.bottom + self.above) * dots) + 1, picture.height),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return 0
        darkest, lightest = picture.crop(box).getextrema()
        return int(lightest) - int(darkest)  # type: ignore[arg-type]  # one band: two numbers


def pages_of(pdf: bytes) -> tuple[InkedPage, ...]:
    """Read every page of a file."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        return tuple(_page(page, pdf, number) for number, page in enumerate(document))


def _picture(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    picture: Image.Image = page.render(scale=dpi / 72, grayscale=True).to_pil()
    return picture


def _page(page: pdfium.PdfPage, pdf: bytes, number: int) -> InkedPage:
    # Crop marks and bleed stand outside the sheet that was laid out, which is the trim box.
    left, _, _, top = page.get_trimbox()
    media_left, _, _, media_top = page.get_mediabox()
    text_page = page.get_textpage()
    words: list[Words] = []
    shapes: list[Shape] = []
    for order, (drawn, outer) in enumerate(_objects(page)):
        area = _area(drawn, outer, left, top)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_TEXT:
            text = drawn_text(drawn, text_page.raw)
            mark = raw.FPDFPageObj_GetMarkedContentID(drawn)
            matrix = _matrix(drawn)
            matrix = matrix.multiply(outer) if outer else matrix
            x, y = (matrix.e - left) * _MM, (top - matrix.f) * _MM
            words.append(Words(text, area, x, y, _is_text_upright(matrix), mark, order))
        else:
            shapes.append(Shape(area, order))
    return InkedPage(
        words=tuple(words),
        shapes=tuple(shapes),
        stated=tuple(_stated_texts(page)),
        beside=(left - media_left) * _MM,
        above=(media_top - top) * _MM,
        picture=_picture(page, _DPI),
        pdf=pdf,
        number=number,
    )


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, pdfium.PdfMatrix | None]]:
    """Yield what is drawn, with the matrix of the group in which it stands, if in one."""
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        yield from _below(raw.FPDFPage_GetObject(page.raw, index), None)


def _below(
    drawn: Any,  # noqa: ANN401 - a C pointer
    outer: pdfium.PdfMatrix | None,
) -> Iterator[tuple[Any, pdfium.PdfMatrix | None]]:
    if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_FORM:
        yield drawn, outer
        return
    own = _matrix(drawn)
    inner = own.multiply(outer) if outer else own
    for index in range(raw.FPDFFormObj_CountObjects(drawn)):
        yield from _below(raw.FPDFFormObj_GetObject(drawn, index), inner)


def _matrix(drawn: Any) -> pdfium.PdfMatrix:  # noqa: ANN401 - a C pointer
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    return pdfium.PdfMatrix.from_raw(matrix)


def _is_text_upright(matrix: pdfium.PdfMatrix) -> bool:
    """Tell whether a text stands as it was written, whatever its size."""
    a, b, c, d, *_ = matrix.get()
    return bool(a > 0 and abs(a - d) < _SKEW * a and max(abs(b), abs(c)) < _SKEW * a)


def _area(drawn: Any, outer: pdfium.PdfMatrix | None, x: float, y: float) -> Area:  # noqa: ANN401 - a C pointer
    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(drawn, *edges)
    left, bottom, right, top = (edge.value for edge in edges)
    if outer:
        left, bottom, right, top = outer.on_rect(left, bottom, right, top)
    return Area((left - x) * _MM, (y - top) * _MM, (right - x) * _MM, (y - bottom) * _MM)


def _stated_texts(page: pdfium.PdfPage) -> Iterator[str]:
    """Yield the ActualText of each element of a page's tag tree."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    try:
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            yield from _stated_below(raw.FPDF_StructTree_GetChildAtIndex(tree, index))
    finally:
        raw.FPDF_StructTree_Close(tree)


def _stated_below(element: Any) -> Iterator[str]:  # noqa: ANN401 - a C pointer
    if text := utf16(partial(raw.FPDF_StructElement_GetActualText, element)):
        yield text
    for child in children(element):
        yield from _stated_below(child)


# --- drawings -------------------------------------------------------------------------------------

#: How WeasyPrint scales what a style sheet draws: a pixel of CSS in points, the y axis downwards.
_STYLE_SCALE = 0.75

#: A segment of a path: its kind, as PDFium numbers them, and where it leads.
Segment = tuple[int, float, float]

#: The outlines that a style sheet draws: a rule, a box, a box with round corners.
_PLAIN = re.compile("(ML|MLLLL|MLBBBLBBBLBBBLBBB)+")
_LETTERS = {
    raw.FPDF_SEGMENT_MOVETO: "M",
    raw.FPDF_SEGMENT_LINETO: "L",
    raw.FPDF_SEGMENT_BEZIERTO: "B",
}


def drawings_of(pdf: bytes) -> tuple[str, ...]:
    """Say what the pictures of a file are drawn of, in the order in which they are drawn.

    Each path is named by its outline, in units of its own, and its colours. Boxes, rules and
    grounds of a style sheet are left out: they follow the text. So are crop marks, and whatever
    else lies beside the sheet that the print shop cuts out.
    """
    with closing(pdfium.PdfDocument(pdf)) as document:
        drawn = (
            _drawing(*shape)
            for page in document
            for shape in _objects(page)
            if not _is_beside(page, *shape)
        )
        return tuple(filter(None, drawn))


def _is_beside(
    page: pdfium.PdfPage,
    drawn: Any,  # noqa: ANN401 - a C pointer
    outer: pdfium.PdfMatrix | None,
) -> bool:
    """Tell whether a shape lies wholly outside the trim box."""
    left, bottom, right, top = page.get_trimbox()
    area = _area(drawn, outer, left, top)
    return (
        area.right <= 0
        or area.bottom <= 0
        or area.left >= (right - left) * _MM
        or area.top >= (top - bottom) * _MM
    )


def _drawing(drawn: Any, outer: pdfium.PdfMatrix | None) -> str:  # noqa: ANN401 - a C pointer
    """Say what a shape is in units of its own; nothing for a text, or a plain box or line."""
    kind = raw.FPDFPageObj_GetType(drawn)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        return ""
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        return f"picture {_digest(_image_data(drawn))}"
    if kind != raw.FPDF_PAGEOBJ_PATH:
        return "shading"
    segments = tuple(_segments(drawn))
    if outer is None and _is_upright(_matrix(drawn)) and _is_plain(segments):
        return ""
    return f"{outline(segments)} {_colours(drawn)}"


def outline(segments: Sequence[Segment]) -> str:
    """Name an outline by its digest: the kind of each segment, and where it leads."""
    return f"path {_digest(repr(tuple(segments)).encode())}"


def of_bars(bars: Iterable[tuple[int, int, int]]) -> str:
    """Name the outline of bars that are one unit high: of each, its left end, top and length."""
    return outline(
        [
            (raw.FPDF_SEGMENT_MOVETO if first else raw.FPDF_SEGMENT_LINETO, float(x), float(y))
            for left, top, length in bars
            for first, x, y in (
                (True, left, top),
                (False, left + length, top),
                (False, left + length, top + 1),
                (False, left, top + 1),
                (False, left, top),
            )
        ]
    )


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _image_data(drawn: Any) -> bytes:  # noqa: ANN401 - a C pointer
    size = raw.FPDFImageObj_GetImageDataRaw(drawn, None, 0)
    data = (ctypes.c_ubyte * size)()
    raw.FPDFImageObj_GetImageDataRaw(drawn, data, size)
    return bytes(data)


def _segments(drawn: Any) -> Iterator[Segment]:  # noqa: ANN401 - a C pointer
    """Yield the kind of each segment of a path, and where it leads."""
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(drawn)):
        segment = raw.FPDFPath_GetPathSegment(drawn, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        yield raw.FPDFPathSegment_GetType(segment), round(x.value, 2), round(y.value, 2)


def _colours(drawn: Any) -> str:  # noqa: ANN401 - a C pointer
    """Read with what a path is filled and stroked, if it is: red, green, blue and opacity."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    return " ".join(
        _bands(read, drawn) if is_used.value else "none"
        for is_used, read in (
            (fill, raw.FPDFPageObj_GetFillColor),
            (stroke, raw.FPDFPageObj_GetStrokeColor),
        )
    )


def _bands(read: Callable[..., object], drawn: Any) -> str:  # noqa: ANN401 - a C pointer
    bands = [ctypes.c_uint() for _ in range(4)]
    read(drawn, *bands)
    return "".join(f"{band.value:02x}" for band in bands)


def _is_upright(matrix: pdfium.PdfMatrix) -> bool:
    a, b, c, d, *_ = (round(part, 4) for part in matrix.get())
    return (a, b, c, d) == (_STYLE_SCALE, 0, 0, -_STYLE_SCALE)


def _is_plain(segments: Sequence[Segment]) -> bool:
    """Tell whether a path is a rule or a box of a style sheet: its straight sides are upright."""
    outline = "".join(_LETTERS.get(kind, "?") for kind, *_ in segments)
    straight = (
        x == before_x or y == before_y
        for (_, before_x, before_y), (kind, x, y) in pairwise(segments)
        if kind == raw.FPDF_SEGMENT_LINETO
    )
    return _PLAIN.fullmatch(outline) is not None and all(straight)


# --- ink and layout -------------------------------------------------------------------------------

#: How far the first glyph of a run may stand from where the run begins, in millimetres: roundings.
_AT_ITS_PLACE = 0.3


class InkedRun(msgspec.Struct, frozen=True):
    """A run of the layout with the ink that stands for it; none if the file draws none there."""

    run: Run
    words: tuple[Words, ...]

    @property
    def order(self) -> int:
        """Return when it is drawn, counted from the first thing on the page."""
        return min(word.order for word in self.words)

    @property
    def left(self) -> float:
        """Return where its ink begins, in millimetres from the left edge of the sheet."""
        return min(word.area.left for word in self.words)

    @property
    def right(self) -> float:
        """Return where its ink ends, in millimetres from the left edge of the sheet."""
        return max(word.area.right for word in self.words)


def paired(page: Page, inked: InkedPage) -> tuple[tuple[InkedRun, ...], tuple[Words, ...]]:
    """Pair the runs of a page with their ink; return also the ink that belongs to no run.

    What has one mark in the tag tree is one run. It belongs to the run that begins where one of its
    pieces begins, else to the one in whose line it stands.
    """
    ink: list[list[Words]] = [[] for _ in page.runs]
    strays: list[Words] = []
    for group in _groups(inked.words):
        places = (locate(word, page.runs) for locate in (_beginning, _going_on) for word in group)
        place = next((place for place in places if place is not None), None)
        (strays if place is None else ink[place]).extend(group)
    return tuple(map(InkedRun, page.runs, map(tuple, ink))), tuple(strays)


def _groups(words: Sequence[Words]) -> Iterator[list[Words]]:
    """Yield the texts that have ink, those of one mark together."""
    marked: dict[int, list[Words]] = {}
    for word in words:
        if word.mark == NO_MARK:
            if word.area.right > word.area.left:  # not a space, nor a mark of direction
                yield [word]
        else:
            marked.setdefault(word.mark, []).append(word)
    for group in marked.values():
        if any(word.area.right > word.area.left for word in group):
            yield group


def _beginning(word: Words, runs: Sequence[Run]) -> int | None:
    """Find the run that begins where a text does."""
    for number, run in enumerate(runs):
        if (
            abs(run.baseline - word.baseline) < _AT_ITS_PLACE
            and abs(run.area.left - word.left) < _AT_ITS_PLACE
        ):
            return number
    return None


def _going_on(word: Words, runs: Sequence[Run]) -> int | None:
    """Find the run on whose line, and between whose ends, a text stands; marks may stand above."""
    lines = (
        (abs(run.baseline - word.baseline), number)
        for number, run in enumerate(runs)
        if run.area.top < word.baseline < run.area.bottom
        and run.area.left - _AT_ITS_PLACE < word.left < run.area.right
    )
    return min(lines, default=(0.0, None))[1]


TOUCHES = (
    Touch(
        (
            "pypdfium2.raw.FPDFFormObj_CountObjects",
            "pypdfium2.raw.FPDFFormObj_GetObject",
            "pypdfium2.raw.FPDFPageObj_GetBounds",
            "pypdfium2.raw.FPDFPageObj_GetMarkedContentID",
            "pypdfium2.raw.FPDFPageObj_GetMatrix",
            "pypdfium2.raw.FPDFPageObj_GetType",
            "pypdfium2.raw.FPDFPage_CountObjects",
            "pypdfium2.raw.FPDFPage_GetObject",
            "pypdfium2.raw.FPDF_PAGEOBJ_FORM",
            "pypdfium2.raw.FPDF_PAGEOBJ_TEXT",
            "pypdfium2.raw.FPDF_StructElement_GetActualText",
            "pypdfium2.raw.FPDF_StructTree_Close",
            "pypdfium2.raw.FPDF_StructTree_CountChildren",
            "pypdfium2.raw.FPDF_StructTree_GetChildAtIndex",
            "pypdfium2.raw.FPDF_StructTree_GetForPage",
            "pypdfium2.raw.FS_MATRIX",
            "pypdfium2.raw.FPDFImageObj_GetImageDataRaw",
            "pypdfium2.raw.FPDFPageObj_GetFillColor",
            "pypdfium2.raw.FPDFPageObj_GetStrokeColor",
            "pypdfium2.raw.FPDFPathSegment_GetPoint",
            "pypdfium2.raw.FPDFPathSegment_GetType",
            "pypdfium2.raw.FPDFPath_CountSegments",
            "pypdfium2.raw.FPDFPath_GetDrawMode",
            "pypdfium2.raw.FPDFPath_GetPathSegment",
            "pypdfium2.raw.FPDF_PAGEOBJ_IMAGE",
            "pypdfium2.raw.FPDF_PAGEOBJ_PATH",
            "pypdfium2.raw.FPDF_SEGMENT_BEZIERTO",
            "pypdfium2.raw.FPDF_SEGMENT_LINETO",
            "pypdfium2.raw.FPDF_SEGMENT_MOVETO",
        ),
        why="What PDFium draws, object by object, with its mark: pypdfium2's own classes say"
        " neither marks, texts nor outlines. PDFium calls these functions experimental.",
        needless_when="pypdfium2 has classes for marks, and for the text of an object.",
        test="tests/test_ink.py::test_text_that_cannot_be_seen_is_named",
    ),
)
