"""Write files whole or not at all, and say in one sentence why one cannot be written."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from leaflets.errors import OutputError


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


def replace(path: Path, data: bytes) -> None:
    """Put a file in the place of another in a single step; raise `OSError`."""
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
