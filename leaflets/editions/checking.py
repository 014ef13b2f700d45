"""Checking: all that is wrong with the English, the catalogs and every page; nothing is printed."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from itertools import chain

import msgspec

from leaflets import clock
from leaflets.checks import accepting, catalog, claims, rewording, source
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import Means, inputs_of, inspected
from leaflets.editions.codes import OF_TEXTS
from leaflets.editions.gate import COUNTRY_OPEN, open_countries
from leaflets.editions.workers import Limits, processes
from leaflets.errors import RequestError
from leaflets.library.languages import SOURCE
from leaflets.library.load import Library
from leaflets.problem import Problem
from leaflets.render import needs

#: What is said once, of the texts and of the clinic, and not again of each edition.
_SAID = frozenset({*OF_TEXTS, COUNTRY_OPEN.id})

#: Called with a number of editions; says what to call when one of them was looked at.
Watching = Callable[[int], AbstractContextManager[Callable[[], None]]]


def check(
    libraries: Sequence[Library], languages: Sequence[str], *, quick: bool, watching: Watching
) -> tuple[Problem, ...]:
    """Check the English and some languages, or all that are printed; and each site with its pages.

    `libraries` are those of one clinic, a library for each site. With `quick`, no page is laid out.
    Raises `RequestError` for a language that does not exist, `MissingPartError` if no page can be
    laid out on this machine.
    """
    library = libraries[0]
    for tag in languages:
        if tag not in library.languages:
            known = ", ".join(library.languages)
            raise RequestError(f"There is no language “{tag}”; there are {known}.")
    tags = {site.clinic.site: tuple(languages or site.printed_languages) for site in libraries}
    every = tuple(dict.fromkeys(tag for own in tags.values() for tag in own))
    if not quick:
        needs.look(libraries, every)
    problems = [*_of_texts(library, every)]
    for site in libraries:
        problems += _of_clinic(site, tags[site.clinic.site])
        problems += () if quick else _of_pages(site, tags[site.clinic.site], watching)
    return tuple(problems)


def _of_texts(library: Library, tags: Sequence[str]) -> Iterator[Problem]:
    day = clock.today()
    found = chain(source.check(library), rewording.check(library, library.languages[SOURCE]))
    yield from accepting.left(library, SOURCE, found, day)
    yield from claims.check(library)
    for language in (library.languages[tag] for tag in tags if tag != SOURCE):
        found = chain(catalog.check(library, language), rewording.check(library, language))
        yield from accepting.left(library, language.tag, found, day)


def _of_clinic(library: Library, tags: Sequence[str]) -> Iterator[Problem]:
    """Yield what a clinic, or a site of it, has left open."""
    for problem in open_countries(library, [library.languages[tag] for tag in tags]):
        yield msgspec.structs.replace(problem, site=library.clinic.site)


def _of_pages(library: Library, tags: Sequence[str], watching: Watching) -> Iterator[Problem]:
    """Lay out every leaflet in the languages; yield what was not said before."""
    editions = plan(library, Request(languages=tuple(tags)))
    problems: dict[str, tuple[Problem, ...]] = {}
    (inputs,) = inputs_of([library]).values()
    limits = Limits()
    means = Means(processes(os.cpu_count() or 1, limits), limits)
    with (
        watching(len(editions)) as announce,
        means.crew,
        closing(inspected(inputs, editions, means)) as proofs,
    ):
        for proof in proofs:
            problems[proof.edition.name] = proof.problems
            announce()
    for edition in editions:
        for problem in problems.get(edition.name, ()):
            if problem.code not in _SAID:
                yield msgspec.structs.replace(problem, site=library.clinic.site)
