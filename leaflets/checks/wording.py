"""Wording: what the checks find in the texts of a domain, in English or in a translation."""

from collections.abc import Iterator, Sequence

from leaflets.catalogs import extract, po
from leaflets.catalogs.message import SHARED
from leaflets.checks import catalog, source
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.problem import Problem


def check(
    library: Library, language: Language, domain: str, catalogs: Sequence[po.Catalog]
) -> Iterator[Problem]:
    """Yield what is wrong with each text of a domain that a page may print.

    `catalogs` are those of the language in the order of lookup. What has no translation is not
    among it: whether that matters, composing decides.
    """
    if language.pseudo:
        return
    leaflet = "" if domain in SHARED else domain
    rules = catalog.Rules(library, language)
    for message in extract.domain(library, domain):
        if language.tag == SOURCE:
            yield from source.check_message(message, leaflet)
            continue
        translation = po.find(catalogs, message.key)
        if translation is not None or language.parent == SOURCE:
            yield from catalog.check_message(rules, message, translation, leaflet)
