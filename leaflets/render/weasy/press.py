"""Press: put the pages of a finished PDF on sheets, with all their tags.

Other tools lose the tags when they impose. Here nothing is copied: the content of each page is
drawn on its sheet by the same stream, and the tag tree, links and targets are pointed to the sheet.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pydyf

from leaflets.insides import Touch
from leaflets.render.imposition import Mark, Side

_POINTS = 72 / 25.4


def number_through(pages: Sequence[Any], sides: Sequence[Side]) -> None:
    """Let the marks of each laid-out page go on where those of the page before on its side end."""
    reached: dict[int, int] = {}
    side_of = {place.page: number for number, side in enumerate(sides) for place in side.placements}
    for index, page in enumerate(pages):
        page.paint = partial(_paint, page.paint, reached, side_of[index])


def _paint(paint: Any, reached: dict[int, int], side: int, stream: Any, scale: float) -> None:  # noqa: ANN401 - WeasyPrint has no type information
    stream.first_mark = reached.get(side, 0)
    paint(stream, scale)
    reached[side] = stream.first_mark + len(stream._tags)  # noqa: SLF001 - one of TOUCHES


def impose(pdf: pydyf.PDF, sides: Sequence[Side]) -> None:
    """Put the pages of a PDF on the sides of sheets, in place."""
    references = list(pdf.page_references)
    pages = [_object(pdf, reference) for reference in references]
    shifts: dict[bytes, tuple[bytes, float, float]] = {}
    sheets = []
    for side in sides:
        sheet = _sheet(pdf, side, pages)
        sheets.append(sheet)
        for place in side.placements:
            if not place.copy:
                shift = (sheet.reference, place.x * _POINTS, place.y * _POINTS)
                shifts[references[place.page]] = shift
    _point_to_sheets(pdf, shifts)
    _merge_parents(pdf, sides, sheets)
    for page in pages:
        page.clear()
    kids = [part for sheet in sheets for part in (sheet.number, 0, "R")]
    pdf.pages["Kids"] = pydyf.Array(kids)
    pdf.pages["Count"] = len(sheets)


def _sheet(pdf: pydyf.PDF, side: Side, pages: Sequence[Any]) -> pydyf.Dictionary:
    """Make the page object of a side, which draws the streams of its pages one after the other."""
    contents: list[bytes] = []
    annotations: list[bytes] = []
    for place in side.placements:
        page = pages[place.page]
        stream = page["Contents"]
        if place.copy:
            stream = _copied(pdf, _object(pdf, stream))
        x, y = round(place.x * _POINTS, 3), round(place.y * _POINTS, 3)
        contents += [
            _add(pdf, [b"q 1 0 0 1 %s %s cm" % (_number(x), _number(y))]),
            stream,
            _add(pdf, [b"Q"]),
        ]
        if not place.copy:
            annotations += page.get("Annots", ())
    contents.append(_add(pdf, list(_drawn(side.marks))))
    box = pydyf.Array([0, 0, side.width * _POINTS, side.height * _POINTS])
    sheet = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": pdf.pages.reference,
            "MediaBox": box,
            "Contents": pydyf.Array(contents),
            "Resources": pages[side.placements[0].page]["Resources"] if side.placements else "<<>>",
            "Tabs": "/S",
        }
    )
    if annotations:
        sheet["Annots"] = pydyf.Array(annotations)
    pdf.add_object(sheet)
    return sheet


def _copied(pdf: pydyf.PDF, stream: pydyf.Stream) -> bytes:
    """Add a copy of a page as one artifact: it is seen twice, and read once."""
    kept: list[Any] = []
    for item in stream.stream:
        if item == b"BDC":
            del kept[-2:]  # its tag and its properties
        elif item == b"BMC":
            del kept[-1:]
        elif item != b"EMC":
            kept.append(item)
    return _add(pdf, [b"/Artifact BMC", *kept, b"EMC"])


def _drawn(marks: Sequence[Mark]) -> Iterator[bytes]:
    """Draw the marks of a side as an artifact."""
    yield b"/Artifact BMC q 0.5 w 0.4 G"
    for mark in marks:
        ends = [
            _number(round(value * _POINTS, 3)) for value in (mark.x1, mark.y1, mark.x2, mark.y2)
        ]
        yield b"%s %s m %s %s l S" % tuple(ends)
    yield b"Q EMC"


def _add(pdf: pydyf.PDF, items: list[Any]) -> bytes:
    stream = pydyf.Stream(items, compress=True)
    pdf.add_object(stream)
    return bytes(stream.reference)


def _point_to_sheets(pdf: pydyf.PDF, shifts: dict[bytes, tuple[bytes, float, float]]) -> None:
    """Let tags, links and targets name the sheet instead of the page, and the place on it."""
    moved = {
        reference: shift
        for page, shift in shifts.items()
        for reference in _object(pdf, page).get("Annots", ())
    }
    for item in pdf.objects:
        if not isinstance(item, pydyf.Dictionary):
            continue
        if item.get("Pg") in shifts:
            item["Pg"] = shifts[item["Pg"]][0]
        if item.get("Subtype") == "/Link" and item.reference in moved:
            _, x, y = moved[item.reference]
            item["Rect"] = pydyf.Array(
                value + (y if index % 2 else x) for index, value in enumerate(item["Rect"])
            )
        if isinstance(item.get("Dest"), list):
            item["Dest"] = _target(item["Dest"], shifts)
    names = pdf.catalog.get("Names", {}).get("Dests", {})
    if names:
        names["Names"] = pydyf.Array(
            _target(entry, shifts) if isinstance(entry, list) else entry for entry in names["Names"]
        )


def _target(target: Any, shifts: dict[bytes, tuple[bytes, float, float]]) -> pydyf.Array:  # noqa: ANN401 - any PDF object
    page, kind, x, y, zoom = target
    sheet, right, up = shifts[page]
    return pydyf.Array([sheet, kind, x + right, y + up, zoom])


def _merge_parents(
    pdf: pydyf.PDF, sides: Sequence[Side], sheets: Sequence[pydyf.Dictionary]
) -> None:
    """Merge the lists that lead from marks to tags; those of links keep their numbers."""
    tree = _object(pdf, pdf.catalog["StructTreeRoot"])
    parents = _object(pdf, tree["ParentTree"])
    numbers = parents["Nums"]
    entries = dict(zip(numbers[::2], numbers[1::2], strict=True))
    merged: list[Any] = []
    for key, (side, sheet) in enumerate(zip(sides, sheets, strict=True)):
        own = [place.page for place in side.placements if not place.copy]
        sheet["StructParents"] = key
        merged += [key, pydyf.Array(tag for page in own for tag in entries.pop(page))]
    for key, reference in sorted(entries.items()):
        merged += [key, reference]
    parents["Nums"] = pydyf.Array(merged)


def _number(value: float) -> bytes:
    return f"{value:g}".encode()


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:  # noqa: ANN401 - any PDF object
    return pdf.objects[int(reference.split()[0])]


TOUCHES = (
    Touch(
        (
            "weasyprint.document.Page.paint(self, stream, scale=1)",
            "weasyprint.pdf.stream.Stream._tags",
        ),
        why="The marks of the pages of a sheet are counted through.",
        needless_when="WeasyPrint puts several pages on a sheet, with their tags.",
        test="tests/test_formats.py::test_no_two_marks_of_a_sheet_have_the_same_number",
    ),
    Touch(
        (
            "pydyf.PDF.objects",
            "pydyf.PDF.catalog",
            "pydyf.PDF.pages",
            "pydyf.PDF.page_references",
            "pydyf.PDF.add_object(self, object_)",
            "pydyf.Object.number",
            "pydyf.Object.reference",
            "pydyf.Stream(stream=None, extra=None, compress=False)",
            "pydyf.Stream.stream",
        ),
        why="The finished objects: pages become streams of sheets, to which tags, links and targets"
        " are pointed. Marks are found as single items `BDC`, `BMC` and `EMC`.",
        needless_when="WeasyPrint puts several pages on a sheet, with their tags.",
        test="tests/test_formats.py::test_pages_on_sheets_are_read_like_pages_one_by_one",
    ),
)
