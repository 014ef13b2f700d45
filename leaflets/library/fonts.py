"""Font families: which files they are made of and which package brings them, in `fonts.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.library import toml


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family by its name in the style sheet: file names, and the Debian package that has them."""

    files: tuple[str, ...]
    package: str
    name: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    family: dict[str, Family] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Family]:
    """Read `fonts.toml` of every root; the first root wins, family by family."""
    found: dict[str, Family] = {}
    for root in reversed(roots):
        if (root / "fonts.toml").is_file():
            file = toml.read(root / "fonts.toml", _File)
            found |= {name: msgspec.structs.replace(one, name=name) for name, one in file.family.items()}
    return found
