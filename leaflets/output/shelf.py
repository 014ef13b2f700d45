"""Shelve: finished files reach the output folder whole or not at all; the manifest lists them."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.compose.plan import Edition
from leaflets.errors import OutputError
from leaflets.library import edition_code

MANIFEST = "manifest.json"

#: Where what is put waits until it is committed, and what says that it is to be moved.
_STAGING, _COMMIT = ".staging", "commit.json"

#: Held by the build that writes in a folder; the system takes it away from one that dies.
_LOCK = ".lock"


class ManifestEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the manifest says of a file: its edition, its length, and the hash of its bytes.

    `region` is the country that it is for; what was printed before it was noted has none. `beside`
    is the second language of a bilingual edition; `reviewed` and `due` are the days of a release.
    """

    file: str
    leaflet: str
    language: str
    format: str
    status: str
    code: str
    fingerprint: str
    pages: int
    sha256: str
    region: str = ""
    beside: str = ""
    reviewed: dt.date | None = None
    due: dt.date | None = None


def entry(edition: Edition, fingerprint: str, pages: int, sha256: str) -> ManifestEntry:
    """State what the manifest says of an edition that was printed."""
    return ManifestEntry(
        file=edition.file,
        leaflet=edition.leaflet.slug,
        language=edition.language.tag,
        region=edition.region.code,
        beside=edition.beside.tag if edition.beside else "",
        format=edition.format.id,
        status=edition.status,
        code=edition_code.of(fingerprint),
        fingerprint=fingerprint,
        pages=pages,
        sha256=sha256,
        reviewed=edition.release.reviewed if edition.release else None,
        due=edition.release.due if edition.release else None,
    )


class _Manifest(msgspec.Struct, frozen=True, kw_only=True):
    version: int = 1
    editions: tuple[ManifestEntry, ...] = ()


def read_manifest(folder: Path) -> Mapping[str, ManifestEntry]:
    """Read what the folder holds, by file; a missing or damaged manifest counts as empty."""
    try:
        return decoded((folder / MANIFEST).read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}


def decoded(manifest: bytes) -> Mapping[str, ManifestEntry]:
    """Read a manifest, by file; raise `msgspec.DecodeError` if it is damaged."""
    parsed = msgspec.json.decode(manifest, type=_Manifest)
    return {entry.file: entry for entry in parsed.editions}


def encoded(entries: Iterable[ManifestEntry]) -> bytes:
    """Write a manifest."""
    data = msgspec.json.encode(_Manifest(editions=tuple(entries)))
    return msgspec.json.format(data, indent=1) + b"\n"


class _Commit(msgspec.Struct, frozen=True):
    """What is to be moved from the staging folder into its place, in order, and what goes."""

    files: tuple[str, ...]
    removed: tuple[str, ...]


class Shelf:
    """An output folder, held by one build: what is put on it appears at once, with the manifest.

    Until `commit` the folder is as it was. A commit that is cut short, even by the end of the
    process, is finished when the folder is next opened.
    """

    def __init__(self, folder: Path, lock: files.Lock) -> None:
        """Take a folder that is locked; see `opened`."""
        self.folder = folder
        self._lock = lock
        self._entries = _own_entries(folder)
        self._staged: dict[str, None] = {}
        self._removed: dict[str, None] = {}
        self._sums: dict[str, str] = {}  # of what was read: nobody else writes here meanwhile

    @property
    def entries(self) -> Mapping[str, ManifestEntry]:
        """Return what the manifest will say, by file, in order; a file that is gone is left out."""
        return {file: self._entries[file] for file in sorted(self._entries) if self.has(file)}

    def has(self, file: str) -> bool:
        """Tell whether the folder will hold a file."""
        return file in self._staged or (file not in self._removed and _is_plain(self.folder / file))

    def holds(self, file: str, sha256: str) -> bool:
        """Tell whether the folder will hold a file of just these bytes."""
        return (
            self._sums[file] == sha256
            if file in self._sums
            else self.held(file, sha256) is not None
        )

    def held(self, file: str, sha256: str) -> bytes | None:
        """Read a file as it will be; None if there is none, or not of just these bytes."""
        if self._place(file).is_symlink():
            return None
        try:
            data = self.read(file)
        except OSError:
            return None
        self._sums[file] = hashlib.sha256(data).hexdigest()
        return data if self._sums[file] == sha256 else None

    def read(self, file: str) -> bytes:
        """Read a file as it will be; raise `OSError` if there is none."""
        return self._place(file).read_bytes()

    def size(self, file: str) -> int:
        """Return the length of a file as it will be, in bytes."""
        return self._place(file).stat().st_size

    def _place(self, file: str) -> Path:
        return self.folder / _STAGING / file if file in self._staged else self.folder / file

    def put(self, file: str, data: bytes, sha256: str = "") -> str:
        """Let the folder hold a file; return its sha256. One that it holds already stays.

        Whoever has just hashed the bytes may say what came out. Raises `OutputError` if a folder on
        the way is a link.
        """
        _refuse_links(self.folder, file)
        sha256 = sha256 or hashlib.sha256(data).hexdigest()
        if not self.holds(file, sha256):
            try:
                (self.folder / _STAGING).mkdir(exist_ok=True)
            except OSError as error:
                raise files.unwritable(self.folder, error) from None
            files.write(self.folder / _STAGING, file, data)
            self._staged[file] = None
            self._sums[file] = sha256
        self._removed.pop(file, None)
        return sha256

    def enter(self, entry: ManifestEntry) -> None:
        """Let the manifest name a file that was put on the shelf."""
        self._entries[entry.file] = entry

    def remove(self, file: str) -> None:
        """Let the folder, and its manifest, no longer hold a file; of a link, it is the link."""
        self._staged.pop(file, None)
        self._sums.pop(file, None)
        if _is_inside(file):
            self._removed[file] = None

    def withdraw(self, fingerprints: Collection[str]) -> None:
        """Take the files of some fingerprints out of the folder, and out of its manifest."""
        for file, entry in self._entries.items():
            if entry.fingerprint in fingerprints and (
                self.has(file) or (self.folder / file).is_symlink()
            ):
                self.remove(file)

    def commit(self) -> None:
        """Move all that was put into its place, the manifest last.

        Raises `OutputError` if the folder was taken away meanwhile, or cannot be written.
        """
        if self._lock.is_gone():
            raise OutputError(
                f"{self.folder}: the folder was taken away while it was written. Build again."
            )
        self.put(MANIFEST, encoded(self.entries.values()))
        if not self._staged and not self._removed:
            return
        last = [file for file in self._staged if file != MANIFEST]
        moved = (*last, *(file for file in self._staged if file == MANIFEST))
        commit = msgspec.json.encode(_Commit(moved, tuple(self._removed)))
        for file in (*moved, *self._removed):
            _refuse_links(self.folder, file)
        for parent in {(self.folder / file).parent for file in (*moved, *self._removed)}:
            files.prepare(parent)  # one that cannot be written must not be found half-way
        try:
            (self.folder / _STAGING).mkdir(exist_ok=True)
            files.replace(self.folder / _STAGING / _COMMIT, commit)
            files.flush_names(self.folder / _STAGING)
            _finish(self.folder)
        except OSError as error:
            raise files.unwritable(self.folder, error) from None
        self._staged.clear()
        self._removed.clear()


@contextmanager
def opened(folder: Path) -> Iterator[Shelf]:
    """Make the output folder, and hold it; finish or undo what an earlier build has left.

    Raises `OutputError` if it cannot be written, if another build is writing there, or if what is
    ours in it is a link to another place.
    """
    files.prepare(folder)
    for name in (_LOCK, _STAGING):
        refuse_link(folder / name)
    with _held(folder) as lock:
        try:
            yield Shelf(folder, lock)
        except OSError as error:
            if not _is_within(error.filename, folder):
                raise
            raise files.unwritable(Path(error.filename), error) from None
        finally:
            if not lock.is_gone() and not (folder / _STAGING / _COMMIT).exists():
                shutil.rmtree(folder / _STAGING, ignore_errors=True)


def _is_within(file: object, folder: Path) -> bool:
    return isinstance(file, (str, Path)) and Path(file).is_relative_to(folder)


@contextmanager
def _held(folder: Path) -> Iterator[files.Lock]:
    """Hold the lock of a folder, after a commit that was cut short is finished."""
    try:
        lock = files.Lock(folder / _LOCK)
    except BlockingIOError:
        raise OutputError(
            f"{folder}: another build is writing here. Wait until it is done, or choose another"
            " --output."
        ) from None
    except OSError as error:
        raise files.unwritable(folder, error) from None
    with lock:
        try:
            _finish(folder)
        except OSError as error:
            raise files.unwritable(folder, error) from None
        yield lock


def settle(folder: Path) -> None:
    """Finish a commit that was cut short, before the folder is read; one going on is left alone."""
    if (folder / _STAGING / _COMMIT).is_file():
        with suppress(OutputError), opened(folder):
            pass


def _finish(folder: Path) -> None:
    """Do what a commit says and is not done yet; without one, drop what was put and never used."""
    staging = folder / _STAGING
    try:
        commit = msgspec.json.decode((staging / _COMMIT).read_bytes(), type=_Commit)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        shutil.rmtree(staging, ignore_errors=True)
        return
    for file in filter(_is_inside, (*commit.files, *commit.removed)):
        _refuse_links(folder, file)
        _refuse_links(staging, file)
    for file in filter(_is_inside, commit.files):
        if _is_plain(staging / file):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (staging / file).replace(folder / file)
    for file in filter(_is_inside, commit.removed):
        (folder / file).unlink(missing_ok=True)
    for parent in {(folder / file).parent for file in filter(_is_inside, commit.files)}:
        files.flush_names(parent)
    shutil.rmtree(staging)


def _is_inside(file: str) -> bool:
    """Tell whether a name leads to a place in the folder: it may have come from elsewhere."""
    return ".." not in Path(file).parts and not Path(file).is_absolute()


def refuse_link(path: Path) -> None:
    """Raise `OutputError` for a link: whoever put it there would choose where we write and delete.

    The link of a file does no harm: it is replaced, or taken out, and what it leads to stays.
    """
    if path.is_symlink():
        raise OutputError(
            f"{path}: this is a link to another place, where nothing of ours belongs. Take the link"
            " away, or choose another --output."
        )


def _refuse_links(folder: Path, file: str) -> None:
    """Raise `OutputError` if a folder between an output folder and its file is a link."""
    for parent in filter(lambda parent: parent.parts, Path(file).parents):
        refuse_link(folder / parent)


def _is_plain(path: Path) -> bool:
    """Tell whether there is a file that is no link to another."""
    return path.is_file() and not path.is_symlink()


def _own_entries(folder: Path) -> dict[str, ManifestEntry]:
    """Read the manifest of a folder; raise `OutputError` if a folder that it names is a link."""
    entries = {file: entry for file, entry in read_manifest(folder).items() if _is_inside(file)}
    for file in entries:
        _refuse_links(folder, file)
    return entries
