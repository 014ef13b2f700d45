"""The laid-out page as plain values: what stands where, for checks and for tests."""

import re

import msgspec

#: Letters set from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko, and presentation forms.
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Area(msgspec.Struct, frozen=True):
    """A rectangle on a page, in millimetres from the top left corner of the sheet."""

    left: float
    top: float
    right: float
    bottom: float


class Run(msgspec.Struct, frozen=True):
    """A piece of text on one line: where it stands, its size in points, and what it stands in.

    `baseline` is the height at which its letters stand, in millimetres from the top of the sheet;
    `box` is the padding box of the block or cell that holds it; `kinds` are the classes (`.box`)
    and ids (`#top`) of its ancestors; `message` is the id of the message that it is part of, empty
    if of none; `margin` is True in the head or foot of the page; `generated` is True for text that
    the style sheet makes, such as a page number.
    """

    text: str
    area: Area
    box: Area
    size: float
    baseline: float
    kinds: frozenset[str]
    message: str
    margin: bool
    generated: bool


class Page(msgspec.Struct, frozen=True):
    """One page: the sheet, the area inside its margins, its runs and the blocks with a class."""

    sheet: Area
    content: Area
    runs: tuple[Run, ...]
    kinds: frozenset[str]

    def text(self) -> str:
        """Join the runs of the page, in reading order."""
        return " ".join(run.text for run in self.runs)


class Layout(msgspec.Struct, frozen=True):
    """An edition laid out: its pages, the fonts it used, and what the typesetter complained of.

    `missing` are characters for which no font had a glyph.
    """

    pages: tuple[Page, ...]
    fonts: frozenset[str]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
