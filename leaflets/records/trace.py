"""Trace: from the code on a sheet of paper back to what it is, and whether it may still be used."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

from leaflets import clock
from leaflets.compose.compose import compose
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.library.recalls import Recall, words_of
from leaflets.records.approval.dossier import holds, is_signed
from leaflets.records.approval.items import Change, compared
from leaflets.records.approval.rules import chosen
from leaflets.records.entering import items
from leaflets.records.ledger import Ledger, LedgerEntry


class Succession(msgspec.Struct, frozen=True):
    """What took the place of an edition, since when, and which texts differ from its own.

    `unknown` counts the texts of either that the ledger has lost.
    """

    by: LedgerEntry
    since: dt.date
    changes: tuple[Change, ...]
    unknown: int


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """An edition, found by its code.

    `entry` is None if it was never entered into a ledger: what is known comes from the plan of
    today, or from its recall. Then `words` digests its texts, if they are known. `has_ended` is
    True of a release whose sign-off does not hold today.
    """

    code: str
    fingerprint: str
    leaflet: str
    language: str
    format: str
    entry: LedgerEntry | None = None
    recall: Recall | None = None
    succession: Succession | None = None
    has_ended: bool = False
    words: str = ""

    @property
    def state(self) -> Literal["current", "superseded", "recalled"]:
        """Tell whether the sheet may still be used; a recall counts before all else."""
        if self.recall:
            return "recalled"
        return "superseded" if self.succession else "current"


def look_up(library: Library, ledger: Ledger, code: str) -> tuple[Trace, ...]:
    """Find the edition of a code in the ledger, else in the recalls, else in the plan of today.

    More than one is found only if two editions share the code by chance.
    """
    entered = tuple(_entered(library, ledger, entry) for entry in ledger.find(code))
    return entered or tuple(_recalled(library, code)) or tuple(_planned(library, code))


def _entered(library: Library, ledger: Ledger, entry: LedgerEntry) -> Trace:
    return Trace(
        code=entry.code,
        fingerprint=entry.fingerprint,
        leaflet=entry.leaflet,
        language=entry.language,
        format=entry.format,
        entry=entry,
        recall=library.recalls.get(entry.fingerprint),
        succession=_succession(ledger, entry),
        has_ended=entry.status == "release"
        and not holds(library, entry.leaflet, (entry.language,), clock.today()),
    )


def _succession(ledger: Ledger, entry: LedgerEntry) -> Succession | None:
    later = ledger.later(entry)
    if not later:
        return None
    since = min(turn for newer in later for turn in newer.printed if turn > entry.last)
    changes, unknown = difference(ledger, entry, ledger, later[-1])
    return Succession(later[-1], since.on, changes, unknown)


def difference(
    old: Ledger, before: LedgerEntry, new: Ledger, after: LedgerEntry
) -> tuple[tuple[Change, ...], int]:
    """Compare the texts of two editions; count those that a ledger has lost."""
    texts = old.items(before), new.items(after)
    unknown = len(before.items) + len(after.items) - sum(map(len, texts))
    return tuple(compared(*texts)), unknown


def _planned(library: Library, code: str) -> Iterator[Trace]:
    """Find what would be printed today, as a draft or a release, for any site."""
    found: dict[str, Trace] = {}
    first: Inputs | None = None
    for site in load.each(library):
        first = inputs = Inputs(site, first)
        for edition in _editions(site):
            composition = compose(inputs, edition)
            if composition.code == code:
                found[composition.fingerprint] = _of_plan(inputs, edition, composition)
    yield from found.values()


def _editions(library: Library) -> Iterator[Edition]:
    drafts = plan(library, Request())
    signed = [edition for edition in drafts if is_signed(library, edition)]
    releases, _ = chosen(library, signed, clock.today())
    yield from (*drafts, *releases)


def _of_plan(inputs: Inputs, edition: Edition, composition: Composition) -> Trace:
    library = inputs.library
    return Trace(
        code=composition.code,
        fingerprint=composition.fingerprint,
        leaflet=edition.leaflet.slug,
        language=edition.language.tag,
        format=edition.format.id,
        recall=library.recalls.get(composition.fingerprint),
        words=words_of(items(inputs, edition, tuple(composition.inputs)), library.parts),
    )


def _recalled(library: Library, code: str) -> Iterator[Trace]:
    for recall in library.recalls.values():
        if recall.code == code:
            yield Trace(
                code=recall.code,
                fingerprint=recall.fingerprint,
                leaflet=recall.leaflet,
                language=recall.language,
                format=recall.format,
                recall=recall,
            )
