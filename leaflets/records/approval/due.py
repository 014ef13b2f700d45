"""Due: the approvals and verifications that must soon be given again."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from leaflets.library.claims import FILE as CLAIMS
from leaflets.library.facts import FILE as FACTS
from leaflets.records.approval.dossier import Dossier, SignOffStatus


class Due(msgspec.Struct, frozen=True):
    """What must be checked again: a leaflet in a language, by a role; or a fact; or a claim."""

    leaflet: str
    language: str
    what: str
    standing: SignOffStatus


def ending(dossiers: Iterable[Dossier], by: dt.date) -> tuple[Due, ...]:
    """List what ends by a day, the first to end first; what several leaflets state, once."""
    entries = {
        (entry.leaflet, entry.language, entry.what): entry
        for dossier in dossiers
        for entry in (
            *(
                Due(dossier.leaflet, dossier.language, role, standing)
                for role, standing in dossier.roles.items()
            ),
            *(Due(FACTS, "", fact, standing) for fact, standing in dossier.facts.items()),
            *(Due(CLAIMS, "", claim_id, standing) for claim_id, standing in dossier.claims.items()),
        )
    }
    dated = [
        (entry.standing.until, key, entry)
        for key, entry in entries.items()
        if entry.standing.until and entry.standing.until <= by
    ]
    return tuple(entry for _, _, entry in sorted(dated, key=lambda row: row[:2]))
