"""Wording: what the checks find in the texts that an edition prints, looked for once.

The same sentences stand in many editions. What was found in a domain of a language is kept for as
long as nothing changes that it follows from: its catalogs and templates, what the checks know of
the language, and our own program.
"""

import hashlib
from collections.abc import Collection, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from leaflets import clock
from leaflets.catalogs import domains, po
from leaflets.checks import accepting
from leaflets.compose.inputs import Input, Inputs, program, software
from leaflets.compose.plan import Edition
from leaflets.editions.cache import Cache
from leaflets.library import glossary, languages, orthography, overrides, plurals, safety
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.problem import Problem, Severity, errors

if TYPE_CHECKING:
    from leaflets.checks.catalog import Rules

#: What this process has found already, by the digest of all that it follows from; and the rules
#: of each language, by the digest of all that they are made of.
_known: dict[str, tuple[Problem, ...]] = {}
_rules: dict[str, "Rules"] = {}


def faults(
    inputs: Inputs, edition: Edition, asked: Collection[Input], cache: Cache | None
) -> Iterator[Problem]:
    """Yield the errors in the texts that an edition asks for, unless somebody accepted them.

    `asked` are all inputs of the edition, its messages among them. The English is looked at with
    each translation: what is wrong in it is wrong in all.
    """
    library, day = inputs.library, clock.today()
    printed = {name[1] for kind, *name in asked if kind == "message"}
    for language in dict.fromkeys((library.languages[SOURCE], *edition.languages)):
        problems = chain.from_iterable(
            _of_domain(inputs, language, domain, cache)
            for domain in po.domains_of(edition.leaflet.slug)
        )
        here = (problem for problem in problems if problem.where in printed)
        for problem in accepting.left(library, language.tag, here, day):
            yield msgspec.structs.replace(problem, language=language.tag)


def doubts(library: Library, edition: Edition, messages: Collection[str]) -> Iterator[Problem]:
    """Yield the warnings in the texts of an edition, unless accepted, for whoever signs them.

    `messages` are the ids of what is signed. Nothing is held back over a warning.
    """
    from leaflets.checks import wording  # noqa: PLC0415 - slow to import; most commands sign nothing
    from leaflets.checks.catalog import Rules  # noqa: PLC0415 - as above

    language, tags = edition.language, edition.language.lineage
    rules = Rules(library, language)
    found = (
        problem
        for domain in po.domains_of(edition.leaflet.slug)
        if domain in domains.names(library)
        for problem in wording.check(rules, domain, [po.load(library, tag, domain) for tag in tags])
        if problem.severity is Severity.WARNING and problem.where in messages
    )
    yield from accepting.left(library, language.tag, found, clock.today())


def _of_domain(
    inputs: Inputs, language: Language, domain: str, cache: Cache | None
) -> tuple[Problem, ...]:
    library = inputs.library
    if language.pseudo or domain not in domains.names(library):
        return ()
    of_language = _digest_of_language(inputs, language)
    templates = domains.files_of(library, domain)
    own = inputs.digest_of_files(library.roots.templates, templates)
    key = hashlib.sha256(f"{of_language} {domain} {own}".encode()).hexdigest()
    if key not in _known:
        known = cache.findings(key) if cache else None
        if known is None:
            known = _checked(library, language, domain, of_language)
            if cache:
                cache.keep_findings(key, known)
        _known[key] = known
    return _known[key]


def _checked(
    library: Library, language: Language, domain: str, of_language: str
) -> tuple[Problem, ...]:
    from leaflets.checks import wording  # noqa: PLC0415 - slow to import; most is known
    from leaflets.checks.catalog import Rules  # noqa: PLC0415 - as above

    rules = _rules.setdefault(of_language, Rules(library, language))
    catalogs = [po.load(library, tag, domain) for tag in language.lineage]
    return tuple(errors(wording.check(rules, domain, catalogs)))


def _digest_of_language(inputs: Inputs, language: Language) -> str:
    """Digest what the checks of a language know of it: its data, and all that it says elsewhere."""
    library, tags = inputs.library, language.lineage
    files = (
        languages.FILE,
        plurals.FILE,
        orthography.FILE,
        safety.file_of(SOURCE),
        *(safety.file_of(tag) for tag in tags),
        *(glossary.file_of(tag) for tag in tags),
        *(po.file_name(tag, domain) for tag in tags for domain in domains.names(library)),
    )
    own = inputs.digest_of_files(library.roots.locales, files)
    # The rules hold the library, and with it what a clinic says in the place of ours.
    overridden = inputs.digest_of_files(library.roots.templates, (overrides.FILE,))
    parts = (program(), software()["icu"], language.tag, own, overridden)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
