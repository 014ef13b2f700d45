"""Cache: editions made before, found again by their fingerprint; what is damaged is not used.

Nothing of a patient is ever kept here. Whoever can write to the folder decides what is printed from
it: share it among those who may print.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from leaflets import files
from leaflets.problem import Problem

T = TypeVar("T")

#: The folder below the cache folder; another layout of files needs another name.
_LAYOUT = "editions-2"

_TAG = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n# https://bford.info/cachedir/\n"

_HASH = 32

#: Most heads are shorter than this: they hold the problems that were found.
_USUAL_HEAD = 4 * 1024

_DAY = 24 * 60 * 60
_DAYS_KEPT = 60


class Dependencies(msgspec.Struct, frozen=True):
    """What an edition depended on when it was made, with digests, and the fingerprint it had."""

    fingerprint: str
    inputs: tuple[tuple[tuple[str, ...], str], ...]


class _Head(msgspec.Struct, frozen=True):
    fingerprint: str
    program: str
    pages: int
    problems: tuple[Problem, ...]
    sha256: str
    reading: str


class _Findings(msgspec.Struct, frozen=True):
    problems: tuple[Problem, ...]


class Kept(msgspec.Struct, frozen=True):
    """An edition that the cache keeps; `sha256` is that of its file, which is read when wanted.

    `reading` names what is read of a release; it is empty for a draft.
    """

    fingerprint: str
    pages: int
    problems: tuple[Problem, ...]
    sha256: str
    reading: str
    path: Path
    offset: int

    def file(self) -> bytes | None:
        """Return the file, or None if it is damaged."""
        with contextlib.suppress(OSError), self.path.open("rb") as stored:
            stored.seek(self.offset)
            data = stored.read()
            if hashlib.sha256(data).hexdigest() == self.sha256:
                return data
        return None


class Cache:
    """A folder of editions and of what each depended on; `program` is our own code's hash.

    Each entry carries the hash of its bytes. It may be deleted at any time, and shared.
    """

    def __init__(self, folder: Path, program: str) -> None:
        """Take the folder; it is made when the first edition is kept."""
        self.folder = folder
        self.fault = ""
        self._root = folder / _LAYOUT
        self._program = program

    def dependencies(self, name: str) -> Dependencies | None:
        """Return what an edition depended on when it was last made; None if that is not known."""
        return _sealed(self._read(self._place("dependencies", name)), Dependencies)

    def find(self, fingerprint: str) -> Kept | None:
        """Return an edition made before by this very program; None if there is none, or damaged."""
        path = self._edition(fingerprint)
        data = self._read(path, _USUAL_HEAD)
        if data is None or len(data) < _HASH + 4:
            return None
        length = int.from_bytes(data[:4])
        if length > len(data):
            data = self._read(path) or b""
        head = _sealed(data[4 : 4 + length], _Head)
        if head is None or (head.fingerprint, head.program) != (fingerprint, self._program):
            return None
        _touch(path)
        return Kept(
            fingerprint, head.pages, head.problems, head.sha256, head.reading, path, 4 + length
        )

    def keep(
        self,
        fingerprint: str,
        pages: int,
        problems: tuple[Problem, ...],
        file: bytes,
        *,
        reading: str = "",
    ) -> None:
        """Keep an edition; one that cannot be written is not kept, and `fault` says why."""
        sha256 = hashlib.sha256(file).hexdigest()
        head = _seal(_Head(fingerprint, self._program, pages, problems, sha256, reading))
        data = len(head).to_bytes(4) + head + file
        self._write(self._edition(fingerprint), data)

    def remember(self, name: str, fingerprint: str, inputs: Mapping[tuple[str, ...], str]) -> None:
        """Keep what an edition depended on, and the fingerprint that it had."""
        sealed = _seal(Dependencies(fingerprint, tuple(inputs.items())))
        self._write(self._place("dependencies", name), sealed)

    def findings(self, name: str) -> tuple[Problem, ...] | None:
        """Return the errors that checks found in some texts; None if that is not known."""
        kept = _sealed(self._read(self._place("findings", name)), _Findings)
        return kept.problems if kept else None

    def keep_findings(self, name: str, problems: tuple[Problem, ...]) -> None:
        """Keep the errors that checks found in some texts, by the digest of all that they read."""
        self._write(self._place("findings", name), _seal(_Findings(problems)))

    def trim(self, now: float | None = None) -> None:
        """Delete what nothing has used for 60 days; a clock that is wrong costs time only."""
        oldest = (time.time() if now is None else now) - _DAYS_KEPT * _DAY
        for path in self._root.glob("*/*/*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def _edition(self, fingerprint: str) -> Path:
        own = hashlib.sha256(f"{fingerprint} {self._program}".encode()).hexdigest()
        return self._place("files", own)

    def _place(self, kind: str, name: str) -> Path:
        return self._root / kind / name[:2] / name

    def _read(self, path: Path, most: int = -1) -> bytes | None:
        try:
            with path.open("rb") as stored:
                return stored.read(most)
        except OSError:
            return None

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file in one step; it is not forced to the disk, for its hash tells if it is."""
        try:
            if not (self.folder / _TAG).exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / _TAG).write_bytes(_SIGNATURE)
            path.parent.mkdir(parents=True, exist_ok=True)
            files.replace(path, data, forced=False)
        except OSError as error:
            self.fault = f"{self.folder}: cannot be written ({error.strerror or error})"


def _touch(path: Path) -> None:
    """Note that an entry is in use, at most once a day."""
    with contextlib.suppress(OSError):
        if path.stat().st_mtime < time.time() - _DAY:
            os.utime(path)


def _seal(value: msgspec.Struct) -> bytes:
    data = msgspec.msgpack.encode(value)
    return hashlib.sha256(data).digest() + data


def _sealed(data: bytes | None, kind: type[T]) -> T | None:
    if data is None or hashlib.sha256(data[_HASH:]).digest() != data[:_HASH]:
        return None
    try:
        return msgspec.msgpack.decode(data[_HASH:], type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def default_folder() -> Path:
    """Name the folder in which this user's cache lies, as the XDG specification names it."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "leaflets"
