"""Check what a finished file draws against its layout: each text in its place, and to be seen.

What a patient sees is the ink. A text can be laid out well and yet be drawn elsewhere, covered,
clipped, transparent, or white on white; and a file can draw what no layout had.
"""

from collections.abc import Iterator, Sequence

from leaflets.checks.text import joined, letters
from leaflets.problem import Code, Problem
from leaflets.render.ink import NO_MARK, InkedPage, InkedRun, paired
from leaflets.render.layout import Area, Layout

TEXT_NOT_SEEN = Code(
    "PAGE-10",
    title="A text cannot be seen in its place",
    why="Read back from the finished file, a text is drawn elsewhere than it was laid out, is "
    "covered, cut off, transparent or as pale as the paper, or a text is drawn that was never "
    "laid out. The reader would miss it, or read what nobody wrote.",
    remedy="Look for the rule of the style sheet that hides, covers, moves or adds it. If there "
    "is none, report it with the text named.",
)

_MM_IN_A_POINT = 25.4 / 72

#: How far ink may reach beyond the ends of its run, and how far it may stay within them, in parts
#: of the type size: overhanging letters (in Nastaliq the last ones of a word stand above the next);
#: side bearings, spaces at the ends, and punctuation of full width.
_OVER, _OVER_IN_NASTALIQ, _WITHIN = 0.3, 0.65, 0.9

#: How far letters of any script stand above their baseline and below it, in parts of the type size.
_LETTER, _BELOW = 0.6, 0.05

#: The least difference between ink and ground, of 255. Our palest pair has 193 (November 2026);
#: the eye of an older reader needs half of that.
_CONTRAST = 100

#: In how many type sizes of a line there must be ink: two words.
_STRETCH = 6

#: How far a shape must reach into letters to count as drawn over them, in millimetres.
_INTO = 0.3


def check(inked: Sequence[InkedPage], layout: Layout, *, stated_only: bool) -> Iterator[Problem]:
    """Yield a problem for each text that cannot be seen in its place, and for each that is extra.

    `stated_only` is True if the letters of a script share glyphs, so that the file says which
    letters they are in its tag tree alone.
    """
    for number, (page, ink) in enumerate(zip(layout.pages, inked, strict=True), 1):
        runs, strays = paired(page, ink)
        for word in strays:
            if word.text.strip():
                yield _problem(number, "the file draws a text that was not laid out:", word.text)
        for run in runs:
            if not run.words:
                if run.run.text.strip():
                    yield _problem(number, "a text is not drawn in its place:", run.run.text)
                continue
            fault = _fault(run, ink, stated_only=stated_only)
            if fault:
                yield _problem(number, fault, run.run.text, run.run.message)


def _problem(page: int, message: str, text: str, where: str = "") -> Problem:
    return TEXT_NOT_SEEN.problem(
        page=page,
        where=where,
        message=message,
        text=text.strip(),
        hint="Look for the style that hides, covers, moves or adds it; else report it.",
    )


def _fault(run: InkedRun, inked: InkedPage, *, stated_only: bool) -> str:
    """Say what keeps a text from being seen as it was laid out; nothing if nothing does."""
    size = run.run.size * _MM_IN_A_POINT
    area = run.run.area
    over = max(area.left - run.left, run.right - area.right)
    within = max(run.left - area.left, area.right - run.right)
    overhang = _OVER_IN_NASTALIQ if stated_only else _OVER
    if over > overhang * size or within > _WITHIN * size:
        return f"a text is drawn {max(over, within):.1f} mm from its place:"
    if not all(word.upright for word in run.words):
        return "a text is turned, mirrored or stretched:"
    if not stated_only and _has_more(run):
        return "more is drawn in the place of a text than was laid out:"
    letters_ = _band(run, max(run.left, area.left), min(run.right, area.right))
    order = run.order
    if any(shape.order > order and _reaches(shape.area, letters_) for shape in inked.shapes):
        return "something is drawn over a text:"
    if not _is_seen(run, inked):
        return "a text does not stand out from its ground:"
    return ""


def _has_more(run: InkedRun) -> bool:
    """Tell whether two runs are drawn in the place of one, or letters beside it in head or foot."""
    marks = {word.mark for word in run.words}
    drawn = joined([word.text for word in run.words])
    return len(marks) > 1 or (NO_MARK in marks and len(letters(drawn)) > len(letters(run.run.text)))


def _band(run: InkedRun, left: float, right: float) -> Area:
    """Return where the letters of a run stand, between two places on its line."""
    size = run.run.size * _MM_IN_A_POINT
    baseline = run.run.baseline
    return Area(left, baseline - _LETTER * size, right, baseline + _BELOW * size)


def _reaches(area: Area, letters_: Area) -> bool:
    """Tell whether an area reaches into letters; compared edge by edge, for most are far away."""
    return (
        area.top + _INTO < letters_.bottom
        and area.bottom - _INTO > letters_.top
        and area.left + _INTO < letters_.right
        and area.right - _INTO > letters_.left
        and min(area.right, letters_.right) - max(area.left, letters_.left) > _INTO
        and min(area.bottom, letters_.bottom) - max(area.top, letters_.top) > _INTO
    )


def _is_seen(run: InkedRun, inked: InkedPage) -> bool:
    """Tell whether there is ink that stands out in each stretch of a line."""
    stretch = _STRETCH * run.run.size * _MM_IN_A_POINT
    count = max(int((run.right - run.left) / stretch), 1)
    width = (run.right - run.left) / count
    bands = (
        _band(run, run.left + number * width, run.left + (number + 1) * width)
        for number in range(count)
    )
    return all(
        inked.contrast(band) >= _CONTRAST or inked.contrast_close_up(band) >= _CONTRAST
        for band in bands
    )
