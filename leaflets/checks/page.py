"""Check the laid-out pages of an edition: glyphs, fonts, boxes, budget, size, warning signs."""

import unicodedata
from collections.abc import Iterator
from itertools import combinations

from leaflets.compose.plan import Edition
from leaflets.library import cldr
from leaflets.library.parts import Parts, Role
from leaflets.problem import Code, Problem
from leaflets.render.layout import Area, Layout, Page, Run

GLYPH_MISSING = Code(
    "PAGE-01",
    title="A character has no glyph",
    why="None of the fonts of this language can draw the character, so it would print as an empty "
    "box. A missing letter can change a word, and an empty box makes people doubt the rest.",
    remedy="Look at the text named: a character pasted from elsewhere is the usual cause. If it "
    "is right, name a font that has it under the language in locales/languages.toml.",
)

FONT_NOT_LISTED = Code(
    "PAGE-02",
    title="A font that was not asked for",
    why="The page was set in a font that the language does not list. What prints would depend on "
    "the machine, and letters of two fonts would stand in one word.",
    remedy="Run `leaflets doctor`: a font of the language is probably missing.",
)

TEXT_OUTSIDE = Code(
    "PAGE-03",
    title="Text outside its box",
    why="A word or line sticks out of the column or the page, so it may be cut off by the printer "
    "or printed over something else.",
    remedy="Shorten the word or sentence named, or allow a line break in it.",
)

OVER_BUDGET = Code(
    "PAGE-04",
    title="More pages than the leaflet may have",
    why="A leaflet has a page budget per format, so that it prints on a known number of sheets "
    "and the warning signs stay where people learned to find them.",
    remedy="Shorten the text of this language, or raise `pages` in the leaflet.toml on purpose.",
)

TYPESETTER_WARNED = Code(
    "PAGE-05",
    title="The typesetter gave a warning",
    why="WeasyPrint reports what it cannot do (an unknown property, a picture it cannot read) "
    "only as a warning, and leaves that part out of the page. Here such a page is not printed.",
    remedy="Correct what the warning names: the style sheet, the figure or the template.",
)

TEXT_TOO_SMALL = Code(
    "PAGE-06",
    title="Text smaller than the format allows",
    why="Older readers cannot read small print; each format has a smallest size.",
    remedy="Raise the size in the style sheet, or the text that was squeezed.",
)

EMERGENCY_BOX_MISPLACED = Code(
    "PAGE-07",
    title="The emergency box is split or misplaced",
    why="The warning signs must stand together, on the first or the last page, where they are "
    "found in seconds.",
    remedy="Shorten the warning signs in this language, or the page before them.",
    grave=True,
)

DRAFT_MARK_MISSING = Code(
    "PAGE-08",
    title="The draft mark is missing",
    why="Nobody has signed this text off, and the page does not say so.",
    remedy="The page template must print the mark on every page; restore it in base.html.",
    grave=True,
)

TEXT_OVER_TEXT = Code(
    "PAGE-09",
    title="Text printed over text",
    why="Two pieces of text stand in the same place, so neither can be read: a label of a figure, "
    "or a time in the outer column, has no room in this language.",
    remedy="Shorten one of the two.",
)

#: How far a run may reach over an edge, in millimetres: side bearings, and rounding to the pixel.
_SLACK = 0.4

#: How high letters of any script stand above their baseline, as a part of the type size. Two such
#: bands that cross are letters over letters; ascenders and descenders of near lines may meet.
_LETTER = 0.6

#: How far letters reach below it; the line that a font asks for may be far taller than its letters.
_DESCENDER = 0.3

_MM_IN_A_POINT = 25.4 / 72


def check(edition: Edition, pages: Layout, parts: Parts) -> Iterator[Problem]:
    """Yield the problems of an edition's pages, page by page."""
    yield from _warnings(pages)
    yield from _missing_glyphs(pages)
    yield from _fallback_fonts(edition, pages, parts)
    for number, page in enumerate(pages.pages, 1):
        yield from _outside(number, page)
        yield from _overlapping(number, page)
        yield from _too_small(edition, number, page)
        yield from _draft_mark(edition, parts, number, page)
    yield from _budget(edition, pages)
    yield from _emergency_box(edition, parts, pages)


def check_setting(pages: Layout) -> Iterator[Problem]:
    """Yield what the typesetter could not do, of an edition or of a page that is none: a cover."""
    yield from _warnings(pages)
    yield from _missing_glyphs(pages)


def _warnings(pages: Layout) -> Iterator[Problem]:
    for warning in pages.warnings:
        yield TYPESETTER_WARNED.problem(
            message="the typesetter says:",
            text=warning,
            hint="Correct the style sheet, figure or template.",
        )


def _missing_glyphs(pages: Layout) -> Iterator[Problem]:
    for char in pages.missing:
        name = unicodedata.name(char, "unnamed").lower()
        number, run = next(
            (
                (number, run)
                for number, page in enumerate(pages.pages, 1)
                for run in page.runs
                if char in run.text
            ),
            (0, None),
        )
        yield GLYPH_MISSING.problem(
            page=number,
            message=f"no font has U+{ord(char):04X} ({name}), in",
            text=run.text if run else char,
            hint="Replace the character, or give the language a font that has it.",
        )


def _fallback_fonts(edition: Edition, pages: Layout, parts: Parts) -> Iterator[Problem]:
    """Yield what is not set in the fonts of its language.

    The fonts of other languages are there for their names alone.
    """
    names = " or ".join(language.name for language in edition.languages)
    for family in sorted(pages.fonts.difference(edition.fonts)):
        yield FONT_NOT_LISTED.problem(
            message=f"the page uses {family}, a font not listed for {names}.",
            hint="Run `leaflets doctor`.",
        )
    own, others = (
        {script for language in languages for script in cldr.scripts(language.tag)}
        for languages in (edition.languages, edition.others)
    )
    runs = [(number, run) for number, page in enumerate(pages.pages, 1) for run in page.runs]
    if foreign := others - own:
        for number, run in runs:
            if cldr.scripts_in(run.text) & foreign and not parts.have(
                Role.OTHER_LANGUAGES, run.kinds
            ):
                yield FONT_NOT_LISTED.problem(
                    page=number,
                    where=run.message,
                    message=f"a text is in a script that is not one of {names}:",
                    text=run.text,
                    hint="Write it in a script of the language.",
                )


def _outside(number: int, page: Page) -> Iterator[Problem]:
    for run in page.runs:
        if run.margin:
            inside = _within(run, page.sheet)
        else:
            inside = _within(run, page.content) and _between(run.area, run.box)
        if not inside:
            over = max(run.area.right - run.box.right, run.box.left - run.area.left, 0)
            yield TEXT_OUTSIDE.problem(
                page=number,
                where=run.message,
                message=f"text sticks out by {over:.1f} mm:" if over else "text leaves the page:",
                text=run.text,
                hint="Shorten it.",
            )


def _within(run: Run, outer: Area) -> bool:
    size = run.size * _MM_IN_A_POINT
    return (
        _between(run.area, outer)
        and run.baseline - _LETTER * size >= outer.top - _SLACK
        and run.baseline + _DESCENDER * size <= outer.bottom + _SLACK
    )


def _between(inner: Area, outer: Area) -> bool:
    return inner.left >= outer.left - _SLACK and inner.right <= outer.right + _SLACK


def _overlapping(number: int, page: Page) -> Iterator[Problem]:
    for run, other in combinations(page.runs, 2):
        if _cross(run, other):
            yield TEXT_OVER_TEXT.problem(
                page=number,
                where=other.message,
                message=f"“{run.text.strip()}” is printed over",
                text=other.text.strip(),
                hint="Shorten one of them.",
            )


def _cross(run: Run, other: Run) -> bool:
    sideways = min(run.area.right, other.area.right) - max(run.area.left, other.area.left)
    tops, bottoms = zip(*(_letters(run) for run in (run, other)), strict=True)
    return sideways > _SLACK and min(bottoms) - max(tops) > 0


def _letters(run: Run) -> tuple[float, float]:
    return run.baseline - _LETTER * run.size * _MM_IN_A_POINT, run.baseline


def _too_small(edition: Edition, number: int, page: Page) -> Iterator[Problem]:
    smallest = edition.format.smallest
    for run in page.runs:
        if run.size < smallest - 0.01:
            yield TEXT_TOO_SMALL.problem(
                page=number,
                where=run.message,
                message=f"text is set in {run.size:.1f} pt, less than {smallest:g} pt:",
                text=run.text,
                hint="Set it larger in the style sheet.",
            )


def _draft_mark(edition: Edition, parts: Parts, number: int, page: Page) -> Iterator[Problem]:
    if edition.status == "draft" and not any(
        parts.have(Role.DRAFT_MARK, run.kinds) for run in page.runs
    ):
        yield DRAFT_MARK_MISSING.problem(
            page=number,
            message="the page does not say that it is a draft.",
            hint="Restore the mark in base.html.",
        )


def _budget(edition: Edition, pages: Layout) -> Iterator[Problem]:
    allowed, found = edition.budget, len(pages.pages)
    if allowed is not None and found > allowed:
        yield OVER_BUDGET.problem(
            page=allowed + 1,
            message=f"the leaflet has {found} pages and may have {allowed}; it goes over with",
            text=" ".join(run.text for run in pages.pages[allowed].runs if not run.margin),
            hint="Shorten the text, or raise `pages` in leaflet.toml or the format's `budget`.",
        )


def _emergency_box(edition: Edition, parts: Parts, pages: Layout) -> Iterator[Problem]:
    if not pages.pages:
        return
    where = [
        number
        for number, page in enumerate(pages.pages, 1)
        if parts.have(Role.EMERGENCY_BOX, page.kinds)
    ]
    place = edition.leaflet.emergency_box
    allowed = edition.format.sign_pages * len(edition.languages)
    rightly = where and where == list(range(where[0], where[0] + len(where)))
    if place == "first":
        rightly = rightly and where[0] <= allowed
    elif place == "last":
        rightly = rightly and where[-1] == len(pages.pages)
    if not rightly or len(where) > allowed:
        shown = " and ".join(str(number) for number in where) or "no page"
        yield EMERGENCY_BOX_MISPLACED.problem(
            page=where[0] if where else 0,
            message=f"the emergency box stands on {'page ' if where else ''}{shown}.",
            hint="Shorten what stands before it, so that it fits on one page.",
        )
