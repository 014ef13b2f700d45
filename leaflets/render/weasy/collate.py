"""Collate: several documents become one tagged file, each beginning on a right-hand page.

Only WeasyPrint itself puts documents together without losing their tags. Each keeps its own page
numbers, targets and place in the outline; where one ends on a right-hand page, a blank follows.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from weasyprint.urls import FatalURLFetchingError

from leaflets.errors import InputError
from leaflets.library.formats import Format
from leaflets.render.imposition import Placement, Side, fits, impose
from leaflets.render.layout import Layout
from leaflets.render.weasy.bind import bind
from leaflets.render.weasy.typeset import laid_out, layout_of, listening

_MM = 25.4 / 96

_BLANK = """<!DOCTYPE html><html lang="en"><head><title>Blank</title>
<style>@page {{ size: {width}mm {height}mm; margin: 0 }}</style></head><body></body></html>"""


class Cover(msgspec.Struct, frozen=True):
    """What lies on top: a page of HTML, its format, and which way its language reads."""

    html: str
    page: Format
    right_to_left: bool


class Part(msgspec.Struct, frozen=True):
    """A document of a packet as `typeset` returned it, not yet placed on sheets; it is used up.

    `page` is its format; `right_to_left` tells which way its language reads.
    """

    document: Any
    page: Format
    right_to_left: bool

    @property
    def pages(self) -> list[Any]:
        """Return its laid-out pages."""
        return list(self.document.pages)


class Bound(msgspec.Struct, frozen=True):
    """A packet: the layout of its cover, that of the whole with its blanks, and the file.

    `pdf` has it page by page; `sheets` is the file with pages on sheets where a format has them,
    and else the same.
    """

    cover: Layout
    whole: Layout
    pdf: bytes
    sheets: bytes


def bound(cover: Cover, leaflets: Sequence[Part], folders: Sequence[Path]) -> Bound:
    """Bind parts in their order below a cover, which reads figures and style from `folders` only.

    Title and language of the file are those of the cover; it opens from the right if all leaflets
    read so. Raises `InputError` for a figure or style of the cover that cannot be read.
    """
    heard: list[str] = []
    right_to_left = all(part.right_to_left for part in leaflets)
    with listening(heard):
        try:
            first = Part(laid_out(cover.html, folders), cover.page, cover.right_to_left)
            parts = [first, *leaflets]
            for number, part in enumerate(parts, 1):
                _name_apart(part.pages, number)
            pages = [page for part in parts for page in _with_blank(part, folders)]
            whole = first.document.copy(pages)
            pdf = sheets = bind(whole, right_to_left=right_to_left)
            if any(part.page.sheet for part in parts):
                placed = first.document.copy([page for part in parts for page in part.pages])
                sheets = bind(placed, right_to_left=right_to_left, sides=tuple(_sides(parts)))
        except FatalURLFetchingError as error:
            raise InputError("template", f"{error.__cause__ or error}; correct it.") from None
    return Bound(
        cover=layout_of(whole, first.pages, heard),
        whole=layout_of(whole, pages, heard),
        pdf=pdf,
        sheets=sheets,
    )


def _name_apart(pages: Sequence[Any], number: int) -> None:
    """Give the targets of a part names of their own: each leaflet has a box of warning signs."""
    for page in pages:
        page.anchors = {f"{name}-{number}": place for name, place in page.anchors.items()}
        page.links = [
            (kind, f"{target}-{number}" if kind == "internal" else target, *rest)
            for kind, target, *rest in page.links
        ]


def _with_blank(part: Part, folders: Sequence[Path]) -> Iterator[Any]:
    """Yield the pages of a part, and a blank one if their number is odd."""
    yield from part.pages
    if len(part.pages) % 2:
        last = part.pages[-1]
        size = {"width": last.width * _MM, "height": last.height * _MM}
        yield from laid_out(_BLANK.format(**size), folders).pages


def _sides(parts: Sequence[Part]) -> Iterator[Side]:
    """Yield the sides of the sheets of all parts; those of each begin on the front of a sheet."""
    first = 0
    for part in parts:
        sides = [*_sides_of(part)]
        yield from (_counted_from(first, side) for side in sides)
        if len(sides) % 2:
            yield Side(sides[-1].width, sides[-1].height, (), ())
        first += len(part.pages)


def _sides_of(part: Part) -> Sequence[Side]:
    count = len(part.pages)
    if part.page.sheet and fits(part.page, part.page.sheet, count):
        return impose(part.page, part.page.sheet, count, right_to_left=part.right_to_left)
    return [
        Side(page.width * _MM, page.height * _MM, (Placement(index, 0, 0),), ())
        for index, page in enumerate(part.pages)
    ]


def _counted_from(first: int, side: Side) -> Side:
    placements = (
        msgspec.structs.replace(placement, page=placement.page + first)
        for placement in side.placements
    )
    return msgspec.structs.replace(side, placements=tuple(placements))
