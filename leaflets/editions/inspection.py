"""Inspect an edition: every check of what was composed, of its pages and of its file."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from leaflets.catalogs import marks
from leaflets.checks import composition as of_composition
from leaflets.checks import ink, page, text
from leaflets.compose import qr
from leaflets.compose.composition import Composition
from leaflets.compose.plan import Edition
from leaflets.editions.proof import located
from leaflets.editions.setting import SetEdition
from leaflets.library import claims, fonts, formats, home, languages, overlay
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.library.parts import Parts
from leaflets.problem import Problem
from leaflets.records.approval import pages as signed
from leaflets.render import ink as drawn
from leaflets.render import reading
from leaflets.render.ink import InkedPage
from leaflets.render.layout import Layout
from leaflets.render.reading import Reading


def inspect(
    library: Library, edition: Edition, composition: Composition, set_: SetEdition
) -> tuple[Problem, ...]:
    """Run all checks of an edition; an error among the problems holds it back."""
    inked = drawn.pages_of(set_.pdf) if set_.pdf else ()
    problems = (
        *of_composition.check(library, edition, composition),
        *(
            _on_pages(edition, composition, set_.layout, inked, library.parts)
            if set_.layout
            else _without_pages(edition, composition, set_.file or b"")
        ),
    )
    return tuple(located(edition, problem) for problem in problems)


def read(library: Library, edition: Edition, composition: Composition, set_: SetEdition) -> Reading:
    """Read all that a patient sees of an edition, but for what the program stamps on it."""
    seen = _seen(library, edition, composition, set_)
    both = (composition.html, marks.traced(composition.beside.html)) if composition.beside else ()
    return msgspec.structs.replace(
        seen,
        files=tuple(_own_files(library, composition)),
        nested=tuple(map(reading.nested_in, both)),
        heads=reading.heads_in(composition.html) if both else (),
    )


#: Settings that decide how a page looks, or what of it rests on a source, by the kind of root that
#: they lie in.
_SETTINGS = (
    ("templates", formats.FILE),
    ("templates", fonts.FILE),
    ("templates", claims.FILE),
    ("locales", languages.FILE),
)


def _own_files(library: Library, composition: Composition) -> Iterator[tuple[str, str]]:
    """Yield the files that decide how a page is, and are not ours, with their digests.

    They are the clinic's, wherever a link in its folder leads.
    """
    if not library.clinic.folder:
        return
    folder, ours = Path(library.clinic.folder).resolve(), home.home().resolve()
    templates = (
        overlay.find(library.roots.templates, name[0])
        for kind, *name in composition.inputs
        if kind == "template"
    )
    settings = (folder / root / name for root, name in _SETTINGS)
    for path in sorted({*composition.assets, *filter(None, templates), *settings}):
        if path.is_file() and not path.resolve().is_relative_to(ours):
            name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()


def _seen(
    library: Library, edition: Edition, composition: Composition, set_: SetEdition
) -> Reading:
    address = library.clinic.address
    texts = (composition.code, *composition.stamps, *(composition.beside or composition).stamps)
    if set_.layout and set_.pdf:
        drawings = (drawn.of_bars(qr.bars(address + composition.code)),) if address else ()
        stamps = reading.Stamps(texts, drawings)
        return reading.of_pages(set_.layout, drawn.drawings_of(set_.pdf), stamps)
    written = (set_.file or b"").decode()
    stamps = reading.Stamps(texts)
    if edition.format.medium != "screen":
        return reading.of_text(written.splitlines(), (), stamps)
    if address:
        written = written.replace(qr.svg(address + composition.code), "")
    shown = (found[0] for found in _SHOWN.finditer(written))
    digests = (hashlib.sha256(part.encode()).hexdigest() for part in shown)
    return reading.of_text(text.words_of(written), digests, stamps)


#: What decides how the words of a web page are seen: its styles and pictures.
_SHOWN = re.compile(r"<style.*?</style>|<svg.*?</svg>|<img[^>]*>", re.DOTALL)


def compare_with_signed(library: Library, edition: Edition, now: Reading) -> tuple[Problem, ...]:
    """Compare a release, as it is read, with the pages that a clinician signed."""
    return tuple(located(edition, problem) for problem in signed.differences(library, edition, now))


def compare_with_plain(
    library: Library, edition: Edition, details: Sequence[str], now: Reading, plain: Reading
) -> tuple[Problem, ...]:
    """Compare a sheet for one patient, as it is read, with the signed sheet for everybody."""
    return tuple(
        located(edition, problem) for problem in signed.beyond(library, details, now, plain)
    )


def _on_pages(
    edition: Edition,
    composition: Composition,
    layout: Layout,
    inked: Sequence[InkedPage],
    parts: Parts,
) -> Iterator[Problem]:
    if not inked:  # the typesetter gave up, and said why; there are no pages to look at
        yield from page.check_setting(layout)
        return
    yield from page.check(edition, layout, parts)
    yield from text.check_laid_out(composition.html, layout, parts)
    yield from _in_file(inked, layout, edition.languages)


def _in_file(
    inked: Sequence[InkedPage], layout: Layout, languages: Sequence[Language]
) -> Iterator[Problem]:
    """Compare a file with its layout: what a reader of it finds, and what is seen on paper."""
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
    return (*page.check_setting(cover), *_in_file(drawn.pages_of(pdf), whole, languages))
