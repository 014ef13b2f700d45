"""Imposition: which page stands where on which side of a sheet, and where it is folded or cut."""

import math
from collections.abc import Sequence

import msgspec

from leaflets.library.formats import Format, Sheet

#: Panels of a sheet that is folded twice.
_PANELS = 6

#: Columns of cards on a sheet.
_COLUMNS = 2

#: Marks begin this far from the edge, where office printers begin to print, and are this long.
_MARK_FROM, _MARK_LENGTH = 4.5, 4.5


class Placement(msgspec.Struct, frozen=True):
    """Where a page stands on a side: its index, and its lower left corner in millimetres.

    A `copy` repeats a page that stands on the same side already; it is not read a second time.
    """

    page: int
    x: float
    y: float
    copy: bool = False


class Mark(msgspec.Struct, frozen=True):
    """A line on which a sheet is folded or cut, from point to point in millimetres."""

    x1: float
    y1: float
    x2: float
    y2: float


class Side(msgspec.Struct, frozen=True):
    """One side of a sheet: its size in millimetres, its pages in reading order, and its marks."""

    width: float
    height: float
    placements: tuple[Placement, ...]
    marks: tuple[Mark, ...]


def fits(page: Format, sheet: Sheet, pages: int) -> bool:
    """Tell whether the scheme has a place for so many pages."""
    if sheet.scheme == "trifold":
        return pages <= _PANELS
    return sheet.scheme == "booklet" or _rows(pages) * page.height <= sheet.height


class _Job(msgspec.Struct, frozen=True):
    """What is imposed: the format, its sheet, how many pages, and which way the language reads."""

    page: Format
    sheet: Sheet
    pages: int
    right_to_left: bool


def impose(page: Format, sheet: Sheet, pages: int, *, right_to_left: bool) -> tuple[Side, ...]:
    """Place the pages of a leaflet on sheets, for a language that reads in this direction.

    Blank pages stand before the last one, so that the warning signs are on the back. There must be
    a place for all of them (`fits`).
    """
    schemes = {"booklet": _booklet, "trifold": _trifold, "cards": _cards}
    return schemes[sheet.scheme](_Job(page, sheet, pages, right_to_left))


def _padded(pages: int, wanted: int) -> list[int | None]:
    """List the pages, with blanks before the last if more are wanted."""
    blanks: list[int | None] = [None] * (wanted - pages)
    return [*range(pages - 1), *blanks, pages - 1]


def _booklet(job: _Job) -> tuple[Side, ...]:
    """Fold sheets once and stitch them in the fold; right-to-left languages open the other way."""
    total = math.ceil(job.pages / 4) * 4
    order = _padded(job.pages, total)
    pairs = []
    for sheet in range(total // 4):
        pairs.append((total - 1 - 2 * sheet, 2 * sheet))
        pairs.append((2 * sheet + 1, total - 2 - 2 * sheet))
    widths = [job.page.width] * 2
    return tuple(_row(job, [order[index] for index in pair], widths) for pair in pairs)


def _trifold(job: _Job) -> tuple[Side, ...]:
    """Fold a sheet twice: outside the flap, the back and the cover; inside three panels to read.

    The flap, which is folded in, is as wide as a page; the other panels share what is left.
    """
    cover, first, second, third, flap, back = _padded(job.pages, _PANELS)
    wide = (job.sheet.width - job.page.width) / 2
    return (
        _row(job, [flap, back, cover], [job.page.width, wide, wide]),
        _row(job, [first, second, third], [wide, wide, job.page.width]),
    )


def _row(job: _Job, pages: Sequence[int | None], widths: Sequence[float]) -> Side:
    """Place pages side by side, each in the middle of its panel, with marks where it is folded."""
    panels = list(zip(pages, widths, strict=True))
    if job.right_to_left:
        panels.reverse()
    left = (job.sheet.width - sum(widths)) / 2
    bottom = (job.sheet.height - job.page.height) / 2
    placements: list[Placement] = []
    folds: list[float] = []
    for page, width in panels:
        if page is not None:
            placements.append(Placement(page, left + (width - job.page.width) / 2, bottom))
        left += width
        folds.append(left)
    marks = (mark for fold in folds[:-1] for mark in _upright(fold, job.sheet.height))
    ordered = sorted(placements, key=lambda place: place.page)
    return Side(job.sheet.width, job.sheet.height, tuple(ordered), tuple(marks))


def _upright(x: float, height: float) -> tuple[Mark, Mark]:
    """Mark an upright fold at the lower and the upper edge."""
    end = _MARK_FROM + _MARK_LENGTH
    return Mark(x, _MARK_FROM, x, end), Mark(x, height - end, x, height - _MARK_FROM)


def _cards(job: _Job) -> tuple[Side, ...]:
    """Place the same card twice: strips of pages, one below the other, to cut out and fold.

    The first half of the pages stands in front and the rest behind; since both cards are the same,
    they lie back to back however the sheet is turned over its long edge.
    """
    rows = _rows(job.pages)
    parts = (range(rows), range(rows, job.pages))
    return tuple(_strips(job, part, rows) for part in parts if part)


def _rows(pages: int) -> int:
    return math.ceil(pages / 2)


def _strips(job: _Job, pages: range, rows: int) -> Side:
    width, height, sheet = job.page.width, job.page.height, job.sheet
    left, right = (sheet.width - _COLUMNS * width) / 2, (sheet.width + _COLUMNS * width) / 2
    bottom, top = (sheet.height - rows * height) / 2, (sheet.height + rows * height) / 2
    placements = tuple(
        Placement(page, left + column * width, top - (row + 1) * height, copy=column > 0)
        for column in range(_COLUMNS)
        for row, page in enumerate(pages)
    )
    edges = [left + column * width for column in range(_COLUMNS + 1)]
    lines = [bottom + row * height for row in range(rows + 1)]
    marks = (
        *(Mark(x, bottom - _MARK_LENGTH, x, bottom) for x in edges),
        *(Mark(x, top, x, top + _MARK_LENGTH) for x in edges),
        *(Mark(left - _MARK_LENGTH, y, left, y) for y in lines),
        *(Mark(right, y, right + _MARK_LENGTH, y) for y in lines),
    )
    return Side(sheet.width, sheet.height, placements, marks)
