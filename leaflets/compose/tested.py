"""Tested: by which digests a user test names the texts that its readers had before them."""

from collections.abc import Iterable, Mapping, Sequence

from leaflets.catalogs import po
from leaflets.library import accepted
from leaflets.library.load import Library
from leaflets.library.parts import Role
from leaflets.library.signoff import Item


def texts(
    library: Library,
    slug: str,
    requested: Mapping[tuple[str, str], tuple[str, ...]],
    facts: Iterable[str],
    catalogs: Sequence[po.Catalog],
) -> frozenset[str]:
    """Digest what is a leaflet's own on a page: its sentences, its warning signs and its facts.

    `requested` are all messages of the page, and `facts` those that it prints. What stands on every
    leaflet, such as its head, is left out.
    """
    sentences = (
        accepted.text_of(message_id, source, _forms(catalogs, (message_id, source[0])))
        for (message_id, _), source in requested.items()
        if message_id.startswith(f"{slug}.")
        or library.parts.is_message(Role.WARNING_SIGN, message_id)
    )
    numbers = (Item("fact", fact, library.facts.statement(fact)).digest for fact in facts)
    return frozenset((*sentences, *numbers))


def _forms(catalogs: Sequence[po.Catalog], key: tuple[str, str]) -> tuple[str, ...]:
    translation = po.find(catalogs, key)
    return translation.forms if translation else ()
