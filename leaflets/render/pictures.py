"""Pictures of pages, and of the place of each sentence on them, from the finished file."""

import io
from collections.abc import Mapping, Sequence

import pypdfium2 as pdfium
from PIL import Image

from leaflets.render.layout import Area, Layout

_MM_IN_AN_INCH = 25.4
_POINTS_IN_AN_INCH = 72

#: White space around a sentence in its picture, in millimetres: enough to know the place again.
_AROUND = 6


def pages(pdf: bytes, dpi: float) -> Sequence[Image.Image]:
    """Draw the pages of a file."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / _POINTS_IN_AN_INCH).to_pil() for page in document]
    finally:
        document.close()


def page(pdf: bytes, number: int, dpi: float) -> Image.Image:
    """Draw one page of a file; pages count from 1."""
    document = pdfium.PdfDocument(pdf)
    try:
        image: Image.Image = document[number - 1].render(scale=dpi / _POINTS_IN_AN_INCH).to_pil()
        return image
    finally:
        document.close()


def png(image: Image.Image, *, fast: bool = False) -> bytes:
    """Encode a picture, well compressed or fast."""
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=1 if fast else 6)
    return data.getvalue()


def of_messages(pdf: bytes, layout: Layout, dpi: float = 80) -> Mapping[str, bytes]:
    """Cut out, for each message, the place where it is printed first, as PNG by message id."""
    drawn = pages(pdf, dpi)
    found: dict[str, bytes] = {}
    for page, image in zip(layout.pages, drawn, strict=True):
        areas: dict[str, list[Area]] = {}
        for run in page.runs:
            if run.message and run.message not in found:
                areas.setdefault(run.message, []).append(run.area)
        for message, boxes in areas.items():
            found[message] = png(image.crop(_around(boxes, page.sheet, dpi / _MM_IN_AN_INCH)))
    return found


def _around(boxes: Sequence[Area], sheet: Area, scale: float) -> tuple[int, int, int, int]:
    """Return the full width of the sheet at the height of some boxes, in pixels."""
    top = max(min(box.top for box in boxes) - _AROUND, 0)
    bottom = min(max(box.bottom for box in boxes) + _AROUND, sheet.bottom)
    return 0, int(top * scale), int(sheet.right * scale), int(bottom * scale)
