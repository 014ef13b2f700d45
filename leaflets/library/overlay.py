"""The overlay: what the clinic's folder holds lies over what the library's own folder holds.

There are two kinds of roots, of templates and of locales. The clinic's come first, and win.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from leaflets.library.home import home

T = TypeVar("T")


class Roots(msgspec.Struct, frozen=True):
    """The folders that are read, the clinic's before the library's; nothing else is ever read."""

    templates: tuple[Path, ...]
    locales: tuple[Path, ...]


def roots(clinic: Path | None) -> Roots:
    """List the folders to read, those of the clinic folder first."""
    bases = [clinic.resolve(), home()] if clinic else [home()]
    return Roots(
        templates=tuple(base / "templates" for base in bases if (base / "templates").is_dir()),
        locales=tuple(base / "locales" for base in bases if (base / "locales").is_dir()),
    )


def find(folders: Sequence[Path], name: str) -> Path | None:
    """Return the first file `name` (a relative path) below the folders, or None."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def each(folders: Sequence[Path], name: str) -> Iterator[Path]:
    """Yield every file `name` below the folders; the one that wins comes last."""
    return (folder / name for folder in reversed(folders) if (folder / name).is_file())


def entries(
    folders: Sequence[Path], name: str, read: Callable[[Path], Mapping[str, T]]
) -> dict[str, T]:
    """Read every file `name` below the folders; the first folder wins, entry by entry."""
    return {key: entry for path in each(folders, name) for key, entry in read(path).items()}


def added(
    folders: Sequence[Path], name: str, read: Callable[[Path], Mapping[str, T]]
) -> dict[str, T]:
    """Read every file `name` below the folders; the last folder wins, entry by entry.

    So a clinic adds to what the checks know of its languages, and takes nothing away.
    """
    return entries(tuple(reversed(folders)), name, read)


def is_below(folders: Sequence[Path], path: Path) -> bool:
    """Tell whether a file lies below one of the folders, after links are resolved."""
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in folders)
