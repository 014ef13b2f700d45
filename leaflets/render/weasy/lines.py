"""Lines: fill a line that WeasyPrint ends after its first word, although there is room.

Where letters join over words, as in Nastaliq, Pango can end a line at a word that then sticks out
by a hair. WeasyPrint takes it for a word that is too long by itself, and leaves it alone on its
line.
"""

from collections.abc import Callable
from math import inf
from typing import Any

from leaflets.insides import Patch

#: A word alone on a line is looked at again if it takes less than this part of the width.
_ALONE = 0.7


def _filling(theirs: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
    """Break a line again, as if there were a little less room, if one word stands alone on it."""

    def split_first_line(  # noqa: PLR0917 - as WeasyPrint calls it
        text: str,
        style: Any,  # noqa: ANN401 - WeasyPrint has no type information
        context: Any,  # noqa: ANN401 - the same
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,  # noqa: FBT001, FBT002 - as WeasyPrint calls it
        minimum: bool = False,  # noqa: FBT001, FBT002 - the same
    ) -> tuple[Any, ...]:
        others = justification_spacing, is_line_start, minimum
        line = theirs(text, style, context, max_width, *others)
        _, length, resume_index, width, *_ = line
        if resume_index is None or max_width in {None, inf} or width >= _ALONE * max_width:
            return line
        if b" " in text.encode()[:length].strip():
            return line
        again = theirs(text, style, context, max_width - style["font_size"], *others)
        return again if again[1] > length else line

    return split_first_line


PATCHES = (
    Patch(
        "weasyprint.layout.inline.split_first_line",
        _filling,
        digest="39ad1016863ca34d",
        why="Fills a line of which WeasyPrint leaves all but the first word to the next line,"
        " because what Pango puts there sticks out by a hair.",
        needless_when="`split_first_line` does not fall back to the first word of a line whose"
        " other words can be parted.",
        test="tests/test_typesetting.py::test_no_word_is_left_alone_on_a_line_that_has_room",
    ),
)
