"""Check what a clinic says with its own words against what we say, in English and translated.

It may put a sentence of its own in the place of ours: in `overrides.toml`, in its copy of a
template, in its copy of a catalog. It is deliberately another wording, so what is looked at is
whether it loses, turns round or adds something on which safety hangs.
"""

from collections.abc import Iterator, Sequence

import msgspec

from leaflets.catalogs import domains, extract, integrity, po
from leaflets.catalogs.integrity import Fault
from leaflets.catalogs.message import SHARED, Message
from leaflets.checks import catalog, translation
from leaflets.checks.catalog import Rules
from leaflets.checks.translation.safety_words import SAFETY_WORD_ADDED
from leaflets.library import accepted
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.problem import Problem

#: What our English has and a clinic's must have as well; how it is marked up is the clinic's own.
_KEPT = ("HOLD", "NUM")


def check(library: Library, language: Language) -> Iterator[Problem]:
    """Yield what a clinic's own sentences say otherwise than ours, in a language."""
    rules, tags = Rules(library, language), language.lineage
    for domain in domains.names(library):
        yield from of_domain(rules, domain, [po.load(library, tag, domain) for tag in tags])


def of_domain(rules: Rules, domain: str, catalogs: Sequence[po.Catalog]) -> Iterator[Problem]:
    """Yield what a clinic's own sentences of a domain say otherwise than ours, in a language.

    `catalogs` are those of the language, in the order of lookup. Of a translation it is said only
    what its own English does not say already.
    """
    ours = extract.ours(rules.library, domain)
    for theirs in extract.domain(rules.library, domain) if ours else ():
        own = ours.get(theirs.id)
        if own is None or own.source == theirs.source:
            continue
        if rules.language.tag == SOURCE:
            for problem in _problems(rules, own, theirs.source, _in_english(rules, own, theirs)):
                yield _placed(problem, domain, file=f"templates/{theirs.file}")
        elif found := po.find(catalogs, theirs.key):
            faults = _translated(rules, own, theirs, found.forms)
            for problem in _problems(rules, own, found.forms, faults):
                yield _placed(problem, domain, language=rules.language.tag)


def _in_english(rules: Rules, ours: Message, theirs: Message) -> Sequence[Fault]:
    pair = rules.pair(ours.source, theirs.source, reworded=True)
    kept = (
        fault
        for one, other in zip(ours.source, theirs.source, strict=False)
        for fault in integrity.faults((one,), (other,))
        if fault.code.id.startswith(_KEPT)
    )
    return [*kept, *translation.faults_of_own_words(pair)]


def _translated(
    rules: Rules, ours: Message, theirs: Message, forms: tuple[str, ...]
) -> Sequence[Fault]:
    pair = rules.pair(ours.source, forms, reworded=rules.is_english)
    known = (
        *_in_english(rules.of_source, ours, theirs),
        *translation.faults(rules.pair(theirs.source, forms)),
    )
    said = {(fault.code, fault.message) for fault in known}
    # What the clinic's English adds, its translation must say.
    return [
        fault
        for fault in translation.faults_of_own_words(pair)
        if fault.code is not SAFETY_WORD_ADDED and (fault.code, fault.message) not in said
    ]


def _problems(
    rules: Rules, ours: Message, forms: tuple[str, ...], faults: Sequence[Fault]
) -> Iterator[Problem]:
    digest = accepted.text_of(ours.id, ours.source, forms)
    for fault in dict.fromkeys(faults):
        problem = catalog.faulty(rules.library.parts, ours.id, fault, "", "", own=True)
        yield msgspec.structs.replace(problem, digest=digest)


def _placed(problem: Problem, domain: str, *, language: str = "", file: str = "") -> Problem:
    leaflet = "" if domain in SHARED else domain
    return msgspec.structs.replace(problem, leaflet=leaflet, language=language, file=file)
