"""Recalling: editions that a clinic takes back are kept in `recalls.toml` of its folder."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.errors import RequestError
from leaflets.library import recalls, seal
from leaflets.library.load import Library
from leaflets.library.recalls import Recall
from leaflets.library.values import is_seen
from leaflets.records import keys, ledger
from leaflets.records.ledger import Ledger, LedgerEntry
from leaflets.records.trace import look_up


class Recalled(msgspec.Struct, frozen=True):
    """What was recalled anew, and editions with the very texts of one recalled that are not.

    Those have another format or region: whatever was wrong may be wrong with them.
    """

    recalls: tuple[Recall, ...]
    alike: tuple[LedgerEntry, ...]


def recall(
    library: Library,
    clinic: Path,
    codes: Sequence[str],
    *,
    reason: str,
    name: str,
    day: dt.date,
    key: Path | None = None,
) -> Recalled:
    """Recall editions by their codes, and write it into the clinic folder.

    It is signed with the key, if one is named: it counts without one, also where keys are required,
    for nobody who finds a wrong number should have to look for a key first. An edition that is
    recalled already stays as it is. Raises `RequestError` if a code is not
    known, or if nobody or no reason is named; then nothing is written.
    """
    for option, text in (("--reason", reason), ("--name", name)):
        if not text.strip() or not text.isprintable() or not is_seen(text):
            raise RequestError(f"{option}: write it in one line; it is kept in {recalls.FILE}.")
    known = ledger.read(clinic)
    new = {
        recall.fingerprint: keys.signed(library, recall, key) if key else seal.sealed(recall)
        for code in codes
        for recall in _recalls(library, known, code, reason=reason, name=name, day=day)
    }
    if new:
        files.write(clinic, recalls.FILE, recalls.encoded({**library.recalls, **new}))
    return Recalled(tuple(new.values()), _alike(library, known, new))


def _recalls(
    library: Library, known: Ledger, code: str, *, reason: str, name: str, day: dt.date
) -> Iterator[Recall]:
    """Yield a recall for each edition that a code stands for and that is not recalled yet."""
    traces = look_up(library, known, code)
    if not traces:
        raise RequestError(
            f"{code} was never printed from this clinic folder. Nothing was recalled; look at"
            " the sheet again."
        )
    for trace in traces:
        if trace.recall is None:
            yield Recall(
                code=trace.code,
                leaflet=trace.leaflet,
                language=trace.language,
                format=trace.format,
                on=day,
                name=name.strip(),
                reason=reason.strip(),
                fingerprint=trace.fingerprint,
                words=_words(library, known, trace.entry) if trace.entry else trace.words,
            )


def _words(library: Library, known: Ledger, entry: LedgerEntry) -> str:
    """Digest the texts of an edition; nothing if the ledger has lost one of them."""
    items = known.items(entry)
    return recalls.words_of(items, library.parts) if len(items) == len(entry.items) else ""


def _alike(library: Library, known: Ledger, new: Mapping[str, Recall]) -> tuple[LedgerEntry, ...]:
    gone = library.recalls.keys() | new.keys()
    texts = {frozenset(entry.items) for entry in known.entries if entry.fingerprint in new}
    return tuple(
        entry
        for entry in known.entries
        if entry.fingerprint not in gone and frozenset(entry.items) in texts
    )
