"""Wording: what the checks find in the texts of a domain, in English or in a translation."""

from collections.abc import Iterator, Sequence

from leaflets.catalogs import extract, po
from leaflets.catalogs.message import SHARED
from leaflets.checks import catalog, rewording, source
from leaflets.checks.catalog import Rules
from leaflets.library.languages import SOURCE
from leaflets.problem import Problem


def check(rules: Rules, domain: str, catalogs: Sequence[po.Catalog]) -> Iterator[Problem]:
    """Yield what is wrong with each text of a domain that a page may print.

    `rules` are those of the language, and `catalogs` its catalogs in the order of lookup. What has
    no translation is not among it: whether that matters, composing decides.
    """
    language, leaflet = rules.language, "" if domain in SHARED else domain
    if language.pseudo:
        return
    own = po.own_words(rules.library, language, domain)
    for message in extract.domain(rules.library, domain):
        if language.tag == SOURCE:
            yield from source.check_message(message, leaflet)
            continue
        translation = po.find(catalogs, message.key)
        if translation is not None or language.parent == SOURCE:
            is_own = message.key in own
            yield from catalog.check_message(rules, message, translation, leaflet, own=is_own)
    yield from rewording.of_domain(rules, domain, catalogs)
