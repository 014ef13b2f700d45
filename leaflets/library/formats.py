"""Formats: sheet, margins and type size, as data in `formats.toml`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.errors import InputError
from leaflets.library import toml

#: What a format is made as: pages to print, a page for the screen, or bare text.
Medium = Literal["print", "screen", "text"]

#: How a page is arranged: a leaflet on pages or in one piece, or its warning signs alone.
Arrangement = Literal["leaflet", "screen", "card", "notice"]

#: How pages are placed on sheets: in a booklet stitched in its fold, on a sheet folded twice to
#: six panels, or on cards that are cut out and folded.
Scheme = Literal["booklet", "trifold", "cards"]


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many pages a leaflet may have: so many times its pages in another format."""

    of: str
    times: float


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sheet that pages are placed on, in millimetres, and how."""

    width: float
    height: float
    scheme: Scheme


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page and how it is set: lengths in millimetres, type sizes in points.

    `marker` is the width of the outer column; `stacked` puts what stands there above the prose, for
    want of room. `body` is the size of prose, `label` that of labels and tables, `smallest` the one
    below which nothing is set. The warning signs may take `sign_pages` pages. `usual` formats are
    printed if none is asked for. Without `budget` only leaflets that state their pages in it are
    printed; `limits` says to whom and why.
    """

    name: str
    medium: Medium = "print"
    arrangement: Arrangement = "leaflet"
    usual: bool = False
    paper: str = ""
    width: float = 0
    height: float = 0
    margin_top: float = 0
    margin_bottom: float = 0
    margin_side: float = 0
    marker: float = 0
    stacked: bool = False
    body: float = 0
    label: float = 0
    smallest: float = 0
    sign_pages: int = 1
    budget: Budget | None = None
    limits: str = ""
    sheet: Sheet | None = None
    id: str = ""

    @property
    def suffix(self) -> str:
        """Return how the names of its files end."""
        return {"print": ".pdf", "screen": ".html", "text": ".txt"}[self.medium]

    def pages_of(self, stated: Mapping[str, int]) -> int | None:
        """Return the most pages of a leaflet that states its own; None if it is not printed so."""
        if self.medium != "print":
            return 0
        if self.id in stated:
            return stated[self.id]
        if self.budget is None or self.budget.of not in stated:
            return None
        return math.ceil(stated[self.budget.of] * self.budget.times)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: dict[str, Format] = {}
    refused: dict[str, str] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Format]:
    """Read `formats.toml` of every root; the first root wins, format by format.

    Raises `InputError` if a format takes its budget from one that does not exist.
    """
    found: dict[str, Format] = {}
    for path, file in _files(roots):
        found |= {key: msgspec.structs.replace(one, id=key) for key, one in file.format.items()}
        for one in found.values():
            if one.budget and one.budget.of not in found:
                raise InputError(
                    path,
                    f"there is no format “{one.budget.of}”; name one of {', '.join(found)}.",
                    at=f"format.{one.id}.budget.of",
                )
    return found


def refused(roots: Sequence[Path]) -> Mapping[str, str]:
    """Read why some formats that people ask for do not exist."""
    return {key: reason for _, file in _files(roots) for key, reason in file.refused.items()}


def _files(roots: Sequence[Path]) -> Iterator[tuple[Path, _File]]:
    for root in reversed(roots):
        path = root / "formats.toml"
        if path.is_file():
            yield path, toml.read(path, _File)
