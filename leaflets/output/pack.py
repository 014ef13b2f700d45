"""Pack: the editions of an output folder in one file to hand on, which the receiver can verify.

A pack is a zip file with the editions, their manifest, SHA256SUMS, and a page that says what has
changed. The same editions give the same bytes.
"""

import datetime as dt
import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.catalogs.difference import difference
from leaflets.compose.plan import Request
from leaflets.errors import InputError, RequestError
from leaflets.library.load import Library
from leaflets.library.sandbox import Sandbox
from leaflets.output import shelf
from leaflets.output.shelf import MANIFEST
from leaflets.records import trace
from leaflets.records.approval.dossier import dossiers
from leaflets.records.approval.items import Change
from leaflets.records.ledger import Ledger

SUMS = "SHA256SUMS"
CHANGES = "what-changed.html"
_TEMPLATE = "pack/what-changed.html"

#: The oldest day that a zip file can state; a pack has no dates from the clock.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3
_ENCRYPTED = 1

#: The only names that a pack has: nothing that leads out of a folder, on any system.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*(?:/[A-Za-z0-9][A-Za-z0-9._+-]*)*")
_SUM = re.compile(r"([0-9a-f]{64}) [ *](.+)")

#: More than any pack of ours has: what goes beyond is not unpacked to look at it.
_MOST_FILES = 20_000
_LARGEST_FILE = 100 * 2**20
_LARGEST_PACK = 2 * 2**30
_HIGHEST_RATIO = 100
_CHUNK = 2**20


class Difference(msgspec.Struct, frozen=True):
    """An edition that is new, changed or withdrawn since an earlier pack.

    `before` and `after` are its entries in the two manifests. `changes` are its texts as far as the
    ledger knows those of both; None if it does not.
    """

    before: shelf.ManifestEntry | None
    after: shelf.ManifestEntry | None
    changes: tuple[Change, ...] | None = None

    @property
    def kind(self) -> Literal["new", "changed", "withdrawn"]:
        """Say what became of it."""
        if self.before is None:
            return "new"
        return "withdrawn" if self.after is None else "changed"

    @property
    def edition(self) -> shelf.ManifestEntry:
        """Return the entry that names it."""
        entry = self.after or self.before
        if entry is None:
            raise ValueError("a difference has an entry")
        return entry


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a pack: a file, or "" for the whole, and in which way."""

    kind: Literal["missing", "extra", "altered", "refused"]
    file: str
    reason: str


def pack(
    library: Library,
    ledger: Ledger,
    folder: Path,
    earlier: Mapping[str, shelf.ManifestEntry] | None,
    day: dt.date,
) -> tuple[bytes, tuple[Difference, ...]]:
    """Return the pack of an output folder, and what has changed since the manifest of an earlier.

    Raises `RequestError` if nothing was printed, and `InputError` if a file is not what the
    manifest says, was recalled, or is a release whose sign-off does not hold on that day.
    """
    shelf.settle(folder)
    entries = shelf.read_manifest(folder)
    if not entries:
        raise RequestError(f"There is nothing in {folder} to pack; print with `leaflets build`.")
    files = {entry.file: _read(folder, entry) for entry in entries.values()}
    for entry in entries.values():
        if recall := library.recalls.get(entry.fingerprint):
            raise InputError(
                folder / entry.file,
                f"it was recalled by {recall.name} on {recall.on} ({recall.reason}); build again,"
                " which takes it out.",
            )
    _check_printed(library, ledger, folder, entries.values())
    _check_signed(library, folder, entries.values(), day)
    differences = tuple(_differences(ledger, earlier or {}, entries))
    files[MANIFEST] = shelf.encoded(entries.values())
    page = _page(library, differences, len(entries), first=earlier is None)
    files[CHANGES] = page.encode()
    files[SUMS] = _sums(files)
    return _zipped(files), differences


def _check_printed(
    library: Library, ledger: Ledger, folder: Path, entries: Iterable[shelf.ManifestEntry]
) -> None:
    """Raise `InputError` for a file that is not the one that the clinic's ledger says was printed.

    The manifest lies beside the files: whoever can change one can change the other. A draft may be
    packed without a ledger, a release not.
    """
    if not library.clinic.is_named:
        return
    printed = {(entry.fingerprint, entry.status, entry.sha256) for entry in ledger.entries}
    for entry in entries:
        known = (entry.fingerprint, entry.status, entry.sha256) in printed
        if not known and (printed or entry.status == "release"):
            raise InputError(
                folder / entry.file,
                "the ledger knows of no such file that was printed here; build again.",
            )


def _check_signed(
    library: Library, folder: Path, entries: Iterable[shelf.ManifestEntry], day: dt.date
) -> None:
    """Raise `InputError` for a release that would not be released on that day any more."""
    releases = [entry for entry in entries if entry.status == "release"]
    if not releases:
        return
    request = Request(
        leaflets=tuple({entry.leaflet for entry in releases}),
        languages=tuple({tag for entry in releases for tag in _tags(entry)}),
    )
    signed = {
        (dossier.leaflet, dossier.language)
        for dossier in dossiers([library], request, day)
        if dossier.release
    }
    for entry in releases:
        if any((entry.leaflet, tag) not in signed for tag in _tags(entry)):
            raise InputError(
                folder / entry.file,
                "it was released, and its sign-off does not hold any more; build again. `leaflets"
                " status` says why.",
            )


def _tags(entry: shelf.ManifestEntry) -> list[str]:
    return [tag for tag in (entry.language, entry.beside) if tag]


def _read(folder: Path, entry: shelf.ManifestEntry) -> bytes:
    path = folder / entry.file
    if not _NAME.fullmatch(entry.file):
        raise InputError(folder / MANIFEST, f"“{entry.file}” is not a file of ours; build again.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(path, f"it cannot be read ({error.strerror}); build again.") from None
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise InputError(path, "it was changed after it was printed; build again.")
    return data


def _differences(
    ledger: Ledger,
    before: Mapping[str, shelf.ManifestEntry],
    after: Mapping[str, shelf.ManifestEntry],
) -> Iterator[Difference]:
    for file in sorted(before.keys() | after.keys()):
        old, new = before.get(file), after.get(file)
        if old is None or new is None:
            yield Difference(old, new)
        elif old.fingerprint != new.fingerprint:
            yield Difference(old, new, _changes(ledger, old, new))


def _changes(
    ledger: Ledger, old: shelf.ManifestEntry, new: shelf.ManifestEntry
) -> tuple[Change, ...] | None:
    entered = {entry.fingerprint: entry for entry in ledger.entries}
    if old.fingerprint not in entered or new.fingerprint not in entered:
        return None
    changes, unknown = trace.difference(
        ledger, entered[old.fingerprint], ledger, entered[new.fingerprint]
    )
    return None if unknown else changes


def _page(library: Library, differences: Sequence[Difference], count: int, *, first: bool) -> str:
    environment = Sandbox(library.roots.templates, keep_trailing_newline=True)
    titles = {slug: leaflet.title for slug, leaflet in library.leaflets.items()}
    languages = {tag: language.name for tag, language in library.languages.items()}
    formats = {key: format_.name for key, format_ in library.formats.items()}
    return environment.get_template(_TEMPLATE).render(
        first=first,
        count=count,
        groups={
            kind: [difference for difference in differences if difference.kind == kind]
            for kind in ("new", "changed", "withdrawn")
        },
        titles=titles,
        languages=languages,
        formats=formats,
        difference=difference,
    )


def _sums(files: Mapping[str, bytes]) -> bytes:
    """Write the file that `sha256sum --check` reads."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Zip files without compressing: PDF is compressed, and zlib's bytes depend on its version."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = _MODE
            info.create_system = _UNIX
            archive.writestr(info, files[name])
    return data.getvalue()


def editions_of(path: Path) -> Mapping[str, shelf.ManifestEntry]:
    """Read the manifest of a pack, by file; raise `InputError` if it is not a pack."""
    with _opened(path) as archive:
        data = _content(archive, MANIFEST)
        entries = _manifest(data) if data is not None else None
    if entries is None:
        raise InputError(path, "it has no manifest that can be read; name a pack of ours.")
    return entries


def verify(path: Path) -> tuple[int, tuple[Fault, ...]]:
    """Compare each file of a pack with its manifest; return how many editions it has, and faults.

    Nothing is unpacked. Raises `InputError` if it is not a zip file.
    """
    with _opened(path) as archive:
        refused = tuple(_refused(archive))
        if refused:
            return 0, refused
        data, sums = _content(archive, MANIFEST), _content(archive, SUMS)
        entries = _manifest(data) if data is not None else None
        if entries is None or sums is None:
            bad = MANIFEST if entries is None else SUMS
            absent = bad not in archive.namelist()
            return 0, (Fault("missing", bad, "") if absent else Fault("altered", bad, ""),)
        stated = _stated(sums)
        wanted = {name: stated.get(name, "") for name in (MANIFEST, CHANGES)}
        wanted |= {entry.file: entry.sha256 for entry in entries.values()}
        return len(entries), (*_altered(archive, wanted), *_contradictions(stated, wanted))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise InputError(path, "the file does not exist; correct the path.") from None
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        raise InputError(
            path, "it is not a zip file, or it was damaged on the way; ask for it again."
        ) from None
    with archive:
        yield archive


def _refused(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """Yield why the files of an archive may not even be looked at."""
    members = archive.infolist()
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _LARGEST_PACK:
        yield Fault("refused", "", "it would unpack to more than any pack of ours")
        return
    seen: set[str] = set()
    for member in members:
        if reason := _reason(member, seen):
            yield Fault("refused", member.orig_filename, reason)
        seen.add(member.filename.casefold())


def _reason(member: zipfile.ZipInfo, seen: set[str]) -> str:
    """Say why a file of an archive may not be looked at; "" if it may."""
    name, kind = member.orig_filename, stat.S_IFMT(member.external_attr >> 16)
    methods = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    reasons = {
        "the name is not one of ours, and could lead out of the folder": not _NAME.fullmatch(name),
        "the name stands twice": name.casefold() in seen,
        "it is not a plain file": kind not in {0, stat.S_IFREG},
        "it is encrypted": member.flag_bits & _ENCRYPTED,
        "it is compressed in a way that we do not read": member.compress_type not in methods,
        "it is larger than any file of ours": member.file_size > _LARGEST_FILE,
        "it would unpack to far more than it is": (
            member.file_size > _CHUNK + _HIGHEST_RATIO * member.compress_size
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Read a file piece by piece, and never more than it says that it has."""
    left = min(archive.getinfo(name).file_size, _LARGEST_FILE)
    with archive.open(name) as file:
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
        file.read(1)  # at its end, the checksum of zip is compared


def _content(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return b"".join(_chunks(archive, name))
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError):
        return None


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    """Hash a file of an archive; one that cannot be read has none."""
    digest = hashlib.sha256()
    try:
        for chunk in _chunks(archive, name):
            digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError):
        return ""
    return digest.hexdigest()


def _manifest(data: bytes) -> Mapping[str, shelf.ManifestEntry] | None:
    try:
        return shelf.decoded(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _stated(sums: bytes) -> Mapping[str, str]:
    lines = sums.decode("utf-8", "replace").splitlines()
    return {match[2]: match[1] for line in lines if (match := _SUM.fullmatch(line))}


def _altered(archive: zipfile.ZipFile, wanted: Mapping[str, str]) -> Iterator[Fault]:
    names = set(archive.namelist())
    for name in sorted(wanted):
        if name not in names:
            yield Fault("missing", name, "")
        elif _hash(archive, name) != wanted[name]:
            yield Fault("altered", name, "")
    for name in sorted(names - wanted.keys() - {SUMS}):
        yield Fault("extra", name, "")


def _contradictions(stated: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[Fault]:
    if stated != wanted:
        yield Fault("altered", SUMS, "it is not what the manifest says")
