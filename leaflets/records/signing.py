"""Signing: an approval or a verification is entered into the clinic's folder, or the library's."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.compose.plan import Edition
from leaflets.compose.survey import Survey
from leaflets.errors import RequestError
from leaflets.library import signoff
from leaflets.library.load import Library
from leaflets.library.signoff import ROLES, Approval, Item, Role, SignedPage, Verification
from leaflets.records.approval import rules
from leaflets.records.approval.dossier import file_of


class Signer(msgspec.Struct, frozen=True):
    """Who signs and as whom, on which day, the day until which it holds, and with which key."""

    name: str
    role: str
    on: dt.date
    until: dt.date
    key: Path | None = None


def sign(
    library: Library,
    clinic: Path | None,
    edition: Edition,
    surveyed: Survey,
    signer: Signer,
    *,
    seen: tuple[Sequence[SignedPage], Sequence[Item]] = ((), ()),
) -> tuple[Path, Approval]:
    """Approve all that a leaflet says now in a language; return the file that it stands in.

    `seen` are the pages that a clinician saw, and the items of them. Raises `RequestError` for a
    role that does not exist, and if the rules do not allow it; then nothing is written.
    """
    pages, items = seen
    entry = Approval(
        leaflet=edition.leaflet.slug,
        role=role_of(signer.role),
        name=signer.name.strip(),
        on=signer.on,
        until=signer.until,
        items=(),
        page=tuple(pages),
    )
    root = clinic / "locales" if clinic else library.roots.locales[-1]
    signed = rules.approve(
        library, surveyed, edition.language, entry, root, seen=items, key=signer.key
    )
    file = file_of(edition.language)
    files.write(root, file, signoff.encoded(signed))
    return root / file, entry


def verify(
    library: Library, clinic: Path | None, items: Sequence[Item], signer: Signer
) -> tuple[Path, tuple[Verification, ...]]:
    """State that facts and claims were compared with their sources; return the file of it.

    `items` are what `rules.verifiable` returns. Raises `RequestError` if the rules do not allow it;
    then nothing is written.
    """
    root = clinic / "templates" if clinic else library.roots.templates[-1]
    signed = signoff.read(root / signoff.FILE)
    entries = tuple(
        Verification(
            fact=item.id if item.kind == "fact" else "",
            claim=item.id if item.kind == "claim" else "",
            name=signer.name.strip(),
            role=signer.role,
            on=signer.on,
            until=signer.until,
            item="",
        )
        for item in items
    )
    for entry, item in zip(entries, items, strict=True):
        signed = rules.verify(library, signed, entry, item, signer.key)
    files.write(root, signoff.FILE, signoff.encoded(signed))
    return root / signoff.FILE, entries


def shown(library: Library, items: Sequence[Item]) -> Iterator[str]:
    """Write what somebody verifies: what each fact or claim says, its sources, and its note."""
    for item in items:
        yield f"{item.kind} {item.id}"
        yield from (f"    {text}" for text in item.source)
        note = library.facts.entries[item.id].note if item.kind == "fact" else ""
        if note:
            yield f"    Note: {note}"
        yield ""


def role_of(name: str) -> Role:
    """Return the role of a name; raises `RequestError` if there is none."""
    for role in ROLES:
        if role == name:
            return role
    raise RequestError(f"There is no role “{name}”; there are {', '.join(ROLES)}.")
