"""Shelve: finished files reach the output folder whole or not at all; the manifest lists them."""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from leaflets.errors import OutputError

MANIFEST = "manifest.json"


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the manifest says of a file: its edition, its length, and the hash of its bytes.

    `beside` is the second language of a bilingual edition; `reviewed` and `due` are the days of a
    release.
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
    beside: str = ""
    reviewed: dt.date | None = None
    due: dt.date | None = None


class _Manifest(msgspec.Struct, frozen=True, kw_only=True):
    version: int = 1
    editions: tuple[Entry, ...] = ()


def prepare(folder: Path) -> None:
    """Make the output folder; raise `OutputError` if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from None


def shelve(folder: Path, file: str, data: bytes) -> str:
    """Write a file into the folder, replacing the old one in a single step; return its sha256."""
    path = folder / file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise _unwritable(path, error) from None
    return hashlib.sha256(data).hexdigest()


def shelve_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together, in order; if one cannot be written, undo the others."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            old = path.read_bytes() if path.is_file() else None
            shelve(path.parent, path.name, data)
            before[path] = old
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink()
            else:
                _replace(path, content)
        raise


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_manifest(folder: Path) -> Mapping[str, Entry]:
    """Read what the folder holds, by file; a missing or damaged manifest counts as empty."""
    try:
        return decoded((folder / MANIFEST).read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}


def decoded(manifest: bytes) -> Mapping[str, Entry]:
    """Read a manifest, by file; raise `msgspec.DecodeError` if it is damaged."""
    found = msgspec.json.decode(manifest, type=_Manifest)
    return {entry.file: entry for entry in found.editions}


def encoded(entries: Iterable[Entry]) -> bytes:
    """Write a manifest."""
    data = msgspec.json.encode(_Manifest(editions=tuple(entries)))
    return msgspec.json.format(data, indent=1) + b"\n"


def write_manifest(folder: Path, printed: Iterable[Entry]) -> None:
    """Add the files just printed to the manifest, and drop files that are no longer there."""
    entries = {**read_manifest(folder), **{entry.file: entry for entry in printed}}
    kept = [entries[file] for file in sorted(entries) if (folder / file).is_file()]
    shelve(folder, MANIFEST, encoded(kept))


def withdraw(folder: Path, fingerprints: Collection[str]) -> None:
    """Take the files of some fingerprints out of the folder, and then out of its manifest."""
    files = [one.file for one in read_manifest(folder).values() if one.fingerprint in fingerprints]
    try:
        for file in files:
            (folder / file).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    if files:
        write_manifest(folder, [])


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        f"{path}: cannot be written ({reason}). Free the place, or choose another --output."
    )
