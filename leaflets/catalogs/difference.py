"""Show what changed between two texts, word by word, in any script."""

import difflib
from collections.abc import Iterator
from typing import Literal

import icu
import msgspec


class Piece(msgspec.Struct, frozen=True):
    """A piece of text that is in both texts, only in the old one, or only in the new one."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts by words, as ICU finds them: also where a script has no spaces."""
    old, new = list(_words(before)), list(_words(after))
    return tuple(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Piece("removed", "".join(old[a:b]))
        if c < d:
            yield Piece("added", "".join(new[c:d]))


def _words(text: str) -> Iterator[str]:
    breaks = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    measured = icu.UnicodeString(text)
    breaks.setText(measured)
    start = 0
    for end in breaks:
        yield str(measured[start:end])
        start = end
