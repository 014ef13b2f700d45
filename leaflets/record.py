"""Record: what the ledger keeps of an edition that was printed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from leaflets import approval, ledger, shelf
from leaflets.approval import Dossier
from leaflets.catalogs import po
from leaflets.ledger import Signature
from leaflets.library.load import Library
from leaflets.library.signoff import Item
from leaflets.plan import Edition
from leaflets.typesetting.compose import compose
from leaflets.typesetting.survey import Survey, survey


def enter(
    library: Library, printed: Sequence[tuple[Edition, shelf.Entry | None]], day: dt.date
) -> None:
    """Enter what was printed on a day into the ledger of the clinic's folder.

    An edition without an entry of the shelf was given out in a packet. Its file is not described,
    not even by its hash: it may hold a patient's details.

    Raises `InputError` if the ledger cannot be read, `OutputError` if it cannot be written.
    """
    folder = Path(library.clinic.folder)
    known = {one.key: one for one in ledger.read(folder).entries}
    surveys: dict[str, Survey] = {}
    entries: list[ledger.Entry] = []
    texts: dict[str, Item] = {}
    for edition, file in printed:
        before = known.get((edition.fingerprint, library.clinic.site))
        if before and (before.sha256 or not file):
            entries.append(before)
            continue
        slug = edition.leaflet.slug
        if slug not in surveys:
            surveys[slug] = survey(library, edition.leaflet)
        found = approval.dossier(library, surveys[slug], edition.leaflet, edition.language, day)
        stated = items(library, edition)
        entries.append(_entry(library, edition, file, found, stated))
        texts |= {one.digest: one for one in stated}
    if entries:
        ledger.enter(folder, entries, texts, day)


def _entry(
    library: Library,
    edition: Edition,
    file: shelf.Entry | None,
    found: Dossier,
    stated: Sequence[Item],
) -> ledger.Entry:
    return ledger.Entry(
        code=edition.code,
        fingerprint=edition.fingerprint,
        leaflet=edition.leaflet.slug,
        language=edition.language.tag,
        format=edition.format.id,
        region=library.region.code,
        site=library.clinic.site,
        status=edition.status,
        printed=(),
        pages=file.pages if file else 0,
        sha256=file.sha256 if file else "",
        signatures=tuple(
            Signature(role, one.name, one.on, one.until)
            for role, one in found.roles.items()
            if one.state == "approved" and one.on and one.until
        ),
        items=tuple(one.digest for one in stated),
    )


def items(library: Library, edition: Edition) -> tuple[Item, ...]:
    """List the texts that stand on an edition, in the order in which it asks for them."""
    composed = compose(library, edition)
    catalogs = po.chain(library.roots.locales, edition.language, edition.leaflet.slug)
    return (
        *approval.sentence_items(catalogs, composed.requested),
        *_facts(library, composed.facts),
        *approval.local_items(library, composed.locals),
        *(Item("fact", name, stated) for name, stated in _stated(library) if any(stated)),
    )


def _facts(library: Library, ids: Sequence[str]) -> Iterator[Item]:
    """State facts and their sources as the region has them."""
    for one in ids:
        fact = library.facts.stated(one, library.region.code)
        if fact is not None:
            sources = (f"{name}: {library.sources[name].citation()}" for name in fact.sources)
            yield Item("fact", one, (fact.statement(), *sources))


def _stated(library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """State what the clinic and the region bring to every page."""
    clinic, region = library.clinic, library.region
    for name in ("name", "department", "phone", "out_of_hours", "digits", "logo", "address"):
        yield f"clinic.{name}", (getattr(clinic, name),)
    hours = (f"{one.days} {one.opens}–{one.closes}" for one in clinic.hours)
    yield "clinic.hours", tuple(hours)
    for name in ("emergency_number", "urgent_line"):
        yield f"region.{name}", (getattr(region, name),)
    support = (f"{one.name} {one.phone} {one.url}" for one in region.support)
    yield "region.support", tuple(support)
