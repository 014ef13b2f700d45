"""Claims as they are verified: each with its sources, and the English that states it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from leaflets.catalogs import domains
from leaflets.catalogs.message import DESK, Message
from leaflets.library.claims import BASES, Claim
from leaflets.library.load import Library
from leaflets.library.signoff import Item

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey


def claim_items(library: Library) -> Mapping[str, Item]:
    """State every claim by its id: what it says and rests on, and each message that states it.

    This reads all templates: ask once, and hand it on.
    """
    if not library.claims.entries:
        return {}
    stating: dict[str, list[Message]] = {claim_id: [] for claim_id in library.claims.entries}
    for message in sorted(_messages(library), key=lambda message: message.key):
        for claim_id in library.claims.of(message.id):
            stating[claim_id].append(message)
    return {
        claim_id: Item("claim", claim_id, tuple(_texts(library, claim, stating[claim_id])))
        for claim_id, claim in library.claims.entries.items()
    }


def of_leaflet(
    library: Library, surveyed: "Survey", items: Mapping[str, Item]
) -> Mapping[str, Item]:
    """Keep the claims that a message of a leaflet states, in the order of the page."""
    stated = library.claims.stated_in(message_id for message_id, _ in surveyed.messages)
    return {claim_id: items[claim_id] for claim_id in stated}


def _messages(library: Library) -> frozenset[Message]:
    """Collect all that leaflets can print; the desk prints nothing for a patient to keep."""
    from leaflets.catalogs import extract  # noqa: PLC0415 - imports Babel; drafts need none of it

    return frozenset(
        message
        for domain in domains.names(library)
        if domain != DESK
        for message in extract.domain(library, domain)
    )


def _texts(library: Library, claim: Claim, stating: Sequence[Message]) -> Iterator[str]:
    yield claim.says
    yield f"Basis: {BASES[claim.basis]}"
    for name in claim.sources:
        source = library.sources[name]
        yield f"{name}: {source.citation()}"
        if source.verified_how:
            yield f"{name}, looked up on {source.checked}: {source.verified_how}"
        if source.note:
            yield f"{name}, note: {source.note}"
    if claim.place:
        yield f"Place: {claim.place}"
    if claim.read:
        yield f"Read for this claim: {claim.read}"
    if claim.note:
        yield f"Note: {claim.note}"
    yield from dict.fromkeys(
        f"{message.id}: {text}" for message in stating for text in message.source
    )
