"""Write files whole or not at all, and say in one sentence why one cannot be written."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from leaflets.errors import OutputError

#: How long to wait before a lock is tried again, in seconds.
_LOOK_AGAIN = 0.02


def prepare(folder: Path) -> None:
    """Make the output folder; raise `OutputError` if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unwritable(folder, error) from None


def write(folder: Path, file: str, data: bytes) -> str:
    """Write a file into the folder, replacing the old one in a single step; return its sha256."""
    path = folder / file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, data)
    except OSError as error:
        raise unwritable(path, error) from None
    return hashlib.sha256(data).hexdigest()


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together, in order; if one cannot be written, undo the others."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            old = path.read_bytes() if path.is_file() else None
            write(path.parent, path.name, data)
            before[path] = old
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink()
            else:
                replace(path, content)
        raise


class Lock:
    """A lock that this process holds; the system takes it away from a process that dies."""

    def __init__(self, path: Path, *, patience: float = 0.0) -> None:
        """Take the lock file `path`, which is made if there is none.

        While another process holds it, wait for `patience` seconds at most, then raise
        `BlockingIOError`. Raises another `OSError` if the file cannot be made or locked.
        """
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._wait(time.monotonic() + patience)
        except BaseException:
            os.close(self._handle)
            raise

    def _wait(self, end: float) -> None:
        while True:
            try:
                return fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise
            time.sleep(_LOOK_AGAIN)

    def is_gone(self) -> bool:
        """Tell whether its file was taken away, with its folder; another may be in its place."""
        return os.fstat(self._handle).st_nlink == 0

    def __enter__(self) -> "Lock":
        """Hold the lock for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the lock."""
        os.close(self._handle)


def replace(path: Path, data: bytes, *, forced: bool = True) -> None:
    """Put a file in the place of another in a single step; raise `OSError`.

    It is forced to the disk before, so that it is whole even after the power failed; one whose
    reader can tell whether it is whole need not be.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if forced:
                os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def flush_names(folder: Path) -> None:
    """Force the names in a folder to the disk; raise `OSError`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritable(path: Path, error: OSError) -> OutputError:
    """Say that a place cannot be written, and why."""
    reason = error.strerror or str(error)
    return OutputError(
        f"{path}: cannot be written ({reason}). Free the place, or choose another --output."
    )
