"""Inspect an edition: every check of what was composed, of its pages and of its file."""

from collections.abc import Iterator, Sequence

from leaflets.checks import composition as of_composition
from leaflets.checks import ink, page, text
from leaflets.compose.composition import Composition
from leaflets.compose.plan import Edition
from leaflets.editions.proof import located
from leaflets.editions.setting import SetEdition
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.library.parts import Parts
from leaflets.problem import Problem
from leaflets.render import ink as drawn
from leaflets.render.layout import Layout


def inspect(
    library: Library, edition: Edition, composition: Composition, set_: SetEdition
) -> tuple[Problem, ...]:
    """Run all checks of an edition; an error among the problems holds it back."""
    problems = (
        *of_composition.check(library, edition, composition),
        *(
            _on_pages(edition, composition, set_.layout, set_.pdf, library.parts)
            if set_.layout
            else _without_pages(edition, composition, set_.file or b"")
        ),
    )
    return tuple(located(edition, problem) for problem in problems)


def _on_pages(
    edition: Edition, composition: Composition, layout: Layout, pdf: bytes | None, parts: Parts
) -> Iterator[Problem]:
    if pdf is None:  # the typesetter gave up, and said why; there are no pages to look at
        yield from page.check_setting(layout)
        return
    yield from page.check(edition, layout, parts)
    yield from text.check_laid_out(composition.html, layout, parts)
    yield from _in_file(pdf, layout, edition.languages)


def _in_file(pdf: bytes, layout: Layout, languages: Sequence[Language]) -> Iterator[Problem]:
    """Compare a file with its layout: what a reader of it finds, and what is seen on paper."""
    inked = drawn.pages_of(pdf)
    yield from text.check_file(inked, layout, languages)
    if len(inked) == len(layout.pages):
        shared = any(language.extraction == "tags" for language in languages)
        yield from ink.check(inked, layout, stated_only=shared)


def _without_pages(edition: Edition, composition: Composition, file: bytes) -> Iterator[Problem]:
    written = file.decode()
    if edition.format.medium == "screen":
        written = "".join(text.words_of(written))
    yield from text.check_written(composition.html, written)


def inspect_packet(
    pdf: bytes, cover: Layout, whole: Layout, languages: Sequence[Language]
) -> tuple[Problem, ...]:
    """Run the checks of a packet that are not of one of its leaflets: its cover, and its file."""
    return (*page.check_setting(cover), *_in_file(pdf, whole, languages))
