"""The ledger: what a clinic has printed, by edition code, in plain text that git can merge.

`ledger/editions.jsonl` has a line for each edition, `ledger/texts.jsonl` one for each text that
stood on any of them, by digest. Lines are sorted and never changed by hand; when git has merged two
ledgers, lines stand twice or out of order, and mean the same.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from leaflets import files
from leaflets.errors import InputError, OutputError
from leaflets.library import edition_code
from leaflets.library.signoff import Item

FOLDER = "ledger"
EDITIONS = "editions.jsonl"
TEXTS = "texts.jsonl"
_LOCK = ".lock"
_FOR_GIT = {
    ".gitattributes": b"*.jsonl merge=union\n",
    ".gitignore": f"{_LOCK}\n".encode(),
}

#: Who writes a ledger needs a moment of it; whoever waits longer than this waits for a fault.
_PATIENCE = 20.0

_Line = TypeVar("_Line", bound=msgspec.Struct)


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """A day on which an edition took the place of another; `turn` orders those of one day.

    By a clock that was set back it is the day of the other: what took its place is not older.
    """

    on: dt.date
    turn: int


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An approval that was in force when the edition was printed.

    `key` is the fingerprint of the key that proves who signed; it is empty if none does.
    """

    role: str
    name: str
    on: dt.date
    until: dt.date
    key: str = ""


class LedgerEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An edition as it was printed first, and each time that it became the current one again.

    `items` are the digests of its texts, in the order of the page: sentences with their
    translations, facts, and what the clinic and the region state. `pages` and `sha256` are those of
    the file on the shelf; an edition that was only given out in packets has none.
    """

    code: str
    fingerprint: str
    leaflet: str
    language: str
    format: str
    region: str
    site: str = ""
    status: str
    printed: tuple[Turn, ...]
    pages: int = 0
    sha256: str = ""
    signatures: tuple[Signature, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what it is one of: sites that state the same print the same editions."""
        return self.fingerprint, self.site

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Return what a later edition must share to take its place."""
        return self.leaflet, self.language, self.format, self.site

    @property
    def first(self) -> dt.date:
        """Return the day on which it was printed first."""
        return min(self.printed).on

    @property
    def last(self) -> Turn:
        """Return when it became current for the last time."""
        return max(self.printed)


class _Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digest: str
    item: Item


class Ledger(msgspec.Struct, frozen=True):
    """All editions, sorted by code, and the texts that stood on them, by digest."""

    entries: tuple[LedgerEntry, ...] = ()
    texts: Mapping[str, Item] = {}

    def find(self, edition_code: str) -> tuple[LedgerEntry, ...]:
        """List the editions of a code: one for each site, unless two fingerprints share it."""
        return tuple(other for other in self.entries if other.code == edition_code)

    def later(self, entry: LedgerEntry) -> tuple[LedgerEntry, ...]:
        """List what took the place of an edition, the newest last; no draft replaces a release."""
        replacing = (
            other
            for other in self.entries
            if other.place == entry.place
            and (other.status == "release" or entry.status == "draft")
            and other.last > entry.last
        )
        return tuple(sorted(replacing, key=lambda other: (other.last, other.code)))

    def items(self, entry: LedgerEntry) -> tuple[Item, ...]:
        """List the texts of an edition, as far as the ledger has them."""
        return tuple(self.texts[digest] for digest in entry.items if digest in self.texts)


def read(clinic: Path | None) -> Ledger:
    """Read the ledger of a clinic folder; it is empty until something is printed.

    Raises `InputError` naming file and line if a line is damaged or was changed by hand.
    """
    if clinic is None:
        return Ledger()
    entries: dict[tuple[str, str], LedgerEntry] = {}
    for number, entry in _lines(clinic / FOLDER / EDITIONS, LedgerEntry):
        if not entry.printed or not _belong_together(entry):
            raise _damaged(clinic / FOLDER / EDITIONS, number, "code and fingerprint differ")
        entries[entry.key] = _merged(entries.get(entry.key), entry)
    texts: dict[str, Item] = {}
    for number, text in _lines(clinic / FOLDER / TEXTS, _Text):
        if text.item.digest != text.digest:
            raise _damaged(clinic / FOLDER / TEXTS, number, "the text is not that of its digest")
        texts[text.digest] = text.item
    return Ledger(_sorted(entries.values()), texts)


def enter(
    clinic: Path, printed: Sequence[LedgerEntry], texts: Mapping[str, Item], day: dt.date
) -> None:
    """Enter editions into the ledger of a clinic folder, while nobody else writes it.

    Raises `InputError` if it cannot be read, `OutputError` if it cannot be written.
    """
    with _locked(clinic / FOLDER):
        _clear(clinic / FOLDER)
        before = read(clinic)
        after = add(before, printed, texts, day)
        if after != before:
            write(clinic, after)


def _clear(folder: Path) -> None:
    """Remove the parts of files that a program left which was killed while it wrote."""
    for name in (TEXTS, EDITIONS, *_FOR_GIT):
        for part in folder.glob(f".{name}.*"):
            part.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a ledger; the system takes it away from a process that dies."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = files.Lock(folder / _LOCK, patience=_PATIENCE)
    except BlockingIOError:
        raise OutputError(f"{folder}: another program is writing; try again.") from None
    except OSError as error:
        raise OutputError(f"{folder}: the ledger cannot be written ({error.strerror}).") from None
    with lock:
        yield


def add(
    ledger: Ledger, printed: Sequence[LedgerEntry], texts: Mapping[str, Item], day: dt.date
) -> Ledger:
    """Enter editions that were printed on a day; one that is current already adds no turn."""
    known = {entry.key: entry for entry in ledger.entries}
    places: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}
    for entry in (*ledger.entries, *printed):
        places.setdefault(entry.place, {})[entry.key] = None
    for entry in printed:
        before = known.get(entry.key)
        if before and entry.sha256 and not before.sha256:
            before = known[entry.key] = msgspec.structs.replace(entry, printed=before.printed)
        rivals = [known[key] for key in places[entry.place] if key in known]
        alike = [rival for rival in rivals if rival.status == entry.status]
        if before and before == max(alike, key=lambda rival: (rival.last, rival.code)):
            continue
        last = max((rival.last.on for rival in rivals), default=day)
        turn = Turn(max(day, last), 1 + max((rival.last.turn for rival in rivals), default=0))
        turns = (*before.printed, turn) if before else (turn,)
        known[entry.key] = msgspec.structs.replace(before or entry, printed=turns)
    return Ledger(_sorted(known.values()), {**ledger.texts, **texts})


def write(clinic: Path, ledger: Ledger) -> None:
    """Write the ledger of a clinic folder; raise `OutputError` if it cannot be written."""
    folder = clinic / FOLDER
    written = {
        TEXTS: _encoded(_Text(digest, ledger.texts[digest]) for digest in sorted(ledger.texts)),
        EDITIONS: _encoded(ledger.entries),
    }
    missing = {name: data for name, data in _FOR_GIT.items() if not (folder / name).exists()}
    files.write_together({folder / name: data for name, data in (written | missing).items()})


def _encoded(lines: Iterable[msgspec.Struct]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _sorted(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.code, *entry.key)))


def _merged(before: LedgerEntry | None, entry: LedgerEntry) -> LedgerEntry:
    """Make one of two lines for the same edition: it was printed on the days of both."""
    if before is None:
        return entry
    first = min((before, entry), key=lambda line: (not line.sha256, msgspec.json.encode(line)))
    turns = tuple(sorted({*before.printed, *entry.printed}))
    return msgspec.structs.replace(first, printed=turns)


def _belong_together(entry: LedgerEntry) -> bool:
    try:
        return edition_code.of(entry.fingerprint) == entry.code
    except ValueError:
        return False


def _lines(path: Path, kind: type[_Line]) -> Iterator[tuple[int, _Line]]:
    """Yield the lines of a file with their numbers; empty ones mean nothing."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(path, f"the ledger cannot be read ({error.strerror}).") from None
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield number, msgspec.json.decode(line, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _damaged(path, number, str(error).rstrip(".")) from None


def _damaged(path: Path, number: int, reason: str) -> InputError:
    return InputError(
        path,
        f"this line of the ledger is damaged ({reason}); restore it from version control, or"
        " delete the line.",
        at=f"line {number}",
    )
