"""Record: what the ledger keeps of an edition that was printed."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.plan import Edition
from leaflets.library import edition_code
from leaflets.library.clinic import Clinic
from leaflets.library.load import Library
from leaflets.library.regions import Region
from leaflets.library.signoff import Item
from leaflets.records import ledger
from leaflets.records.approval.dossier import is_signed, roles_of
from leaflets.records.approval.items import local_items, sentence_items
from leaflets.records.ledger import Signature

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that was printed, and what it is made of.

    One that was given out in a packet has no pages and no sha256: its file is not described, not
    even by its hash, for it may hold a patient's details.
    """

    edition: Edition
    fingerprint: str
    asked: tuple[Input, ...]
    pages: int = 0
    sha256: str = ""


def enter(printed: Sequence[tuple[Inputs, Sequence[Printed]]], day: dt.date) -> None:
    """Enter what was printed on a day, for each site, into the ledger of the clinic's folder.

    Raises `InputError` if the ledger cannot be read, `OutputError` if it cannot be written.
    """
    if not printed:
        return
    folder = Path(printed[0][0].library.clinic.folder)
    known = {entry.key: entry for entry in ledger.read(folder).entries}
    entries: list[ledger.LedgerEntry] = []
    texts: dict[str, Item] = {}
    signers = _Signers(day)
    for inputs, editions in printed:
        site = inputs.library.clinic.site
        for printing in editions:
            before = known.get((printing.fingerprint, site))
            if before and (before.sha256 or not printing.sha256):
                entries.append(before)
                continue
            stated = items(inputs, printing.edition, printing.asked)
            signatures = signers.of(inputs.library, printing.edition)
            entries.append(_entry(inputs.library, printing, stated, signatures))
            texts |= {item.digest: item for item in stated}
    if entries:
        ledger.enter(folder, entries, texts, day)


class _Signers:
    """Looks up who has approved an edition on a day.

    What an approval covers takes every branch of a leaflet to be composed: once for all sites of a
    folder, and only for what somebody has signed.
    """

    def __init__(self, day: dt.date) -> None:
        self._day = day
        self._surveys: dict[str, Survey] = {}

    def of(self, library: Library, edition: Edition) -> tuple[Signature, ...]:
        """Return the approvals in force."""
        leaflet, language = edition.leaflet, edition.language
        if not is_signed(library, edition):
            return ()
        if leaflet.slug not in self._surveys:
            from leaflets.compose.survey import survey  # noqa: PLC0415 - composes, for what is signed

            self._surveys[leaflet.slug] = survey(library, leaflet)
        surveyed = self._surveys[leaflet.slug]
        roles = roles_of(library, surveyed, leaflet, language, self._day)
        return tuple(
            Signature(role, status.name, status.on, status.until, status.key)
            for role, status in roles.items()
            if status.state == "approved" and status.on and status.until
        )


def _entry(
    library: Library, printing: Printed, stated: Sequence[Item], signatures: tuple[Signature, ...]
) -> ledger.LedgerEntry:
    edition = printing.edition
    return ledger.LedgerEntry(
        code=edition_code.of(printing.fingerprint),
        fingerprint=printing.fingerprint,
        leaflet=edition.leaflet.slug,
        language=edition.language.tag,
        format=edition.format.id,
        region=edition.region.code,
        site=library.clinic.site,
        status=edition.status,
        printed=(),
        pages=printing.pages,
        sha256=printing.sha256,
        signatures=signatures,
        items=tuple(item.digest for item in stated),
    )


def items(inputs: Inputs, edition: Edition, asked: Sequence[Input]) -> tuple[Item, ...]:
    """List the texts that stand on an edition, in the order in which it asks for them."""
    library = inputs.library
    return (
        *sentence_items(inputs.catalogs(edition), _requested(library, edition, asked)),
        *_facts(library, edition.region, [name[1] for name in asked if name[0] == "fact"]),
        *local_items(library, [name[1] for name in asked if name[0] == "local fact"]),
        *(
            Item("fact", name, stated)
            for name, stated in _stated(library.clinic, edition.region)
            if any(stated)
        ),
    )


def _requested(
    library: Library, edition: Edition, asked: Sequence[Input]
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Map the messages of the edition's language to their English, in the clinic's own words."""
    requested: dict[tuple[str, str], tuple[str, ...]] = {}
    for kind, *rest in asked:
        if kind == "message" and rest[0] == edition.language.tag:
            message_id, *source = rest[1:]
            override = library.overrides.get(message_id)
            words = override.source if override else tuple(source)
            requested[message_id, words[0]] = words
    return requested


def _facts(library: Library, region: Region, ids: Sequence[str]) -> Iterator[Item]:
    """State facts and their sources as the region has them."""
    for fact_id in ids:
        fact = library.facts.stated(fact_id, region.code)
        if fact is not None:
            sources = (f"{name}: {library.sources[name].citation()}" for name in fact.sources)
            yield Item("fact", fact_id, (fact.statement(), *sources))


def _stated(clinic: Clinic, region: Region) -> Iterator[tuple[str, tuple[str, ...]]]:
    """State what the clinic and the region bring to every page."""
    for name in ("name", "department", "phone", "out_of_hours", "digits", "logo", "address"):
        yield f"clinic.{name}", (getattr(clinic, name),)
    hours = (f"{slot.days} {slot.opens}–{slot.closes}" for slot in clinic.hours)
    yield "clinic.hours", tuple(hours)
    for name in ("emergency_number", "urgent_line"):
        yield f"region.{name}", (getattr(region, name),)
    support = (f"{group.name} {group.phone} {group.url}" for group in region.support)
    yield "region.support", tuple(support)
