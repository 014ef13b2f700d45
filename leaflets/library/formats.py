"""Formats: sheet, margins and type size, as data in `formats.toml`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import overlay, toml
from leaflets.library.values import (
    BySystem,
    Id,
    Length,
    Line,
    Pages,
    TypeSize,
    Words,
    described,
)

FILE = "formats.toml"

#: The least room for text, in millimetres, and the smallest type that is read, in points.
_NARROWEST, _SMALLEST_TYPE = 30.0, 6.0

#: How many pages stand side by side on a sheet.
_ACROSS: Mapping[str, int] = {"booklet": 2, "trifold": 3, "cards": 2}

#: What a format is made as: pages to print, a page for the screen, or bare text.
Medium = Literal["print", "screen", "text"]

#: How a page is arranged: a leaflet on pages or in one piece, or its warning signs alone.
Arrangement = Literal["leaflet", "screen", "card", "notice"]

#: How pages are placed on sheets: in a booklet stitched in its fold, on a sheet folded twice to
#: six panels, or on cards that are cut out and folded.
Scheme = Literal["booklet", "trifold", "cards"]


#: Sizes of the body, in points, from which the rules of style/page.css for large and for giant
#: print hold. From the second on, the foot of a page has no room for its title beside the code.
_LARGE, _GIANT = 16, 22

#: The width of a page, in millimetres, below which a country is called by its short name.
_SLIM = 100

#: The outer column, in millimetres, from which a QR code has room in it.
_QR_CODE = 28


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many pages a leaflet may have: so many times its pages in another format."""

    of: Annotated[Id, described("The other format.", "a4")]
    times: Annotated[
        Annotated[float, Meta(ge=0.1, le=50)],
        described("So many times its pages, rounded up to whole ones.", 2.4),
    ]


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sheet that pages are placed on, and how."""

    width: Annotated[Length, described("Its width, as it lies when its pages are upright.", 297)]
    height: Annotated[Length, described("Its height.", 210)]
    scheme: Annotated[
        Scheme, described("Stitched in its fold, folded twice, or cut into cards.", "booklet")
    ]


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page and how it is set. A printed one states all lengths and sizes.

    Without `budget`, only leaflets that state their pages in it are printed.
    """

    name: Annotated[Words, described("Its name, for whoever chooses one.", "A4")]
    medium: Annotated[Medium, described("Pages to print, one for a screen, or bare text.")] = (
        "print"
    )
    arrangement: Annotated[
        Arrangement, described("The leaflet on pages or in one piece, or its warning signs alone.")
    ] = "leaflet"
    usual: Annotated[bool, described("It is printed if nobody asks for certain formats.")] = False
    paper: Annotated[Line, described("The paper that a printer takes for it.", "a4")] = ""
    width: Annotated[Length, described("The width of the page.", 210)] = 0
    height: Annotated[Length, described("The height of the page.", 297)] = 0
    margin_top: Annotated[Length, described("The margin above, which holds the head.", 21)] = 0
    margin_bottom: Annotated[Length, described("The margin below, which holds the foot.", 20)] = 0
    margin_side: Annotated[Length, described("The margins to the left and to the right.", 18)] = 0
    marker: Annotated[
        Length, described("The width of the outer column for times, icons and numbers.", 30)
    ] = 0
    stacked: Annotated[
        bool, described("What would stand in the outer column stands above the prose.")
    ] = False
    body: Annotated[TypeSize, described("The size of prose.", 12.5)] = 0
    label: Annotated[TypeSize, described("The size of labels, tables and captions.", 11.5)] = 0
    smallest: Annotated[TypeSize, described("The size below which nothing is set.", 10.5)] = 0
    sign_pages: Annotated[Pages, described("How many pages the warning signs may take.", 3)] = 1
    budget: Annotated[
        Budget | None,
        described("How many pages a leaflet may have in it.", {"of": "a4", "times": 3}),
    ] = None
    limits: Annotated[
        Line, described("For whom it is and why, said when a leaflet is not printed in it.")
    ] = ""
    sheet: Annotated[Sheet | None, described("The sheet that its pages are placed on.")] = None
    id: BySystem = ""

    @property
    def suffix(self) -> str:
        """Return how the names of its files end."""
        return {"print": ".pdf", "screen": ".html", "text": ".txt"}[self.medium]

    @property
    def is_large(self) -> bool:
        """Tell whether a leaflet in this format is large print."""
        return self.arrangement == "leaflet" and self.body >= _LARGE

    @property
    def is_giant(self) -> bool:
        """Tell whether a leaflet in this format is giant print, whose foot takes two lines."""
        return self.arrangement == "leaflet" and self.body >= _GIANT

    @property
    def takes_short_title(self) -> bool:
        """Tell whether the foot of its pages has no room for more than a short title."""
        return self.arrangement == "leaflet" and self.stacked

    @property
    def is_slim(self) -> bool:
        """Tell whether there is no room: its head and foot have the short name of a country."""
        return self.medium == "print" and self.width < _SLIM

    @property
    def has_wide_marker(self) -> bool:
        """Tell whether a QR code fits into the outer column."""
        return self.marker >= _QR_CODE

    def pages_of(self, stated: Mapping[str, int]) -> int | None:
        """Return the most pages of a leaflet that states its own; None if it is not printed so."""
        if self.medium != "print":
            return 0
        if self.id in stated:
            return stated[self.id]
        if self.budget is None or self.budget.of not in stated:
            return None
        return math.ceil(stated[self.budget.of] * self.budget.times)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of formats.toml: formats, and why some that people ask for do not exist."""

    format: dict[Id, Format] = {}
    refused: dict[Id, Words] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Format]:
    """Read `formats.toml` of every root; the first root wins, format by format.

    Raises `InputError` if a format cannot be set, or takes its budget from one that does not exist.
    """
    formats: dict[str, Format] = {}
    for path in overlay.each(roots, FILE):
        own = {
            key: msgspec.structs.replace(stated, id=key)
            for key, stated in toml.read(path, File).format.items()
        }
        formats |= own
        for stated in own.values():
            _check(path, stated, formats)
    return formats


def refused(roots: Sequence[Path]) -> Mapping[str, str]:
    """Read why some formats that people ask for do not exist."""
    return overlay.entries(roots, FILE, lambda path: toml.read(path, File).refused)


def _check(path: Path, stated: Format, formats: Mapping[str, Format]) -> None:
    """Raise `InputError` for a format of which no page can be made."""
    at = f"format.{stated.id}"
    if stated.budget and stated.budget.of not in formats:
        raise InputError(
            path,
            f"there is no format “{stated.budget.of}”; name one of {', '.join(formats)}.",
            at=f"{at}.budget.of",
        )
    for key, value, least in _least(stated):
        if value < least:
            raise InputError(
                path, f"{value:g} is too small; write {least:g} or more.", at=f"{at}.{key}"
            )
    if stated.medium == "print":
        _check_page(path, stated, at)


def _least(stated: Format) -> Iterator[tuple[str, float, float]]:
    """Yield each size of a format by its key, and the least that it may be."""
    yield "smallest", stated.smallest, _SMALLEST_TYPE
    yield "label", stated.label, stated.smallest
    yield "body", stated.body, stated.smallest
    if stated.medium == "print":
        yield "width", stated.width, _NARROWEST
        yield "height", stated.height, _NARROWEST


def _check_page(path: Path, stated: Format, at: str) -> None:
    column = 0 if stated.stacked else stated.marker
    wide = stated.width - 2 * stated.margin_side - column
    high = stated.height - stated.margin_top - stated.margin_bottom
    for key, room in (("margin_side", wide), ("margin_top", high)):
        if room < _NARROWEST:
            raise InputError(
                path,
                f"the margins leave {room:g} mm for the text; leave {_NARROWEST:g} or more.",
                at=f"{at}.{key}",
            )
    if stated.sheet is None:
        return
    across = _ACROSS[stated.sheet.scheme]
    for key, length, least in (
        ("width", stated.sheet.width, across * stated.width),
        ("height", stated.sheet.height, stated.height),
    ):
        if length < least:
            raise InputError(
                path,
                f"a sheet of {length:g} mm has no room for pages of {least:g} mm; write more.",
                at=f"{at}.sheet.{key}",
            )
