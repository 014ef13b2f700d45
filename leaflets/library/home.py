"""Where the library's own templates and locales lie."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

_PACKAGE = Path(__file__).resolve().parent.parent


class Roots(msgspec.Struct, frozen=True):
    """The folders that are read, the clinic's before the library's; nothing else is ever read."""

    templates: tuple[Path, ...]
    locales: tuple[Path, ...]


def home() -> Path:
    """Return the folder that holds `templates` and `locales`: in a wheel, or in a checkout."""
    packaged = _PACKAGE / "data"
    return packaged if (packaged / "templates").is_dir() else _PACKAGE.parent


def roots(clinic: Path | None) -> Roots:
    """List the folders to read, those of the clinic folder first."""
    bases: Sequence[Path] = [clinic.resolve(), home()] if clinic else [home()]
    return Roots(
        templates=tuple(base / "templates" for base in bases if (base / "templates").is_dir()),
        locales=tuple(base / "locales" for base in bases if (base / "locales").is_dir()),
    )


def find(folders: Sequence[Path], name: str) -> Path | None:
    """Return the first file `name` (a relative path) below the folders, or None."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def is_below(folders: Sequence[Path], path: Path) -> bool:
    """Tell whether a file lies below one of the folders, after links are resolved."""
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in folders)
