"""Formats: sheet, margins and type size, as data in `formats.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.library import toml


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sheet and how it is set: lengths in millimetres, type sizes in points."""

    name: str
    paper: str
    width: float
    height: float
    margin_top: float
    margin_bottom: float
    margin_side: float
    marker: float
    body: float
    smallest: float
    id: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: dict[str, Format] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Format]:
    """Read `formats.toml` of every root; the first root wins, format by format."""
    found: dict[str, Format] = {}
    for root in reversed(roots):
        if (root / "formats.toml").is_file():
            file = toml.read(root / "formats.toml", _File)
            found |= {key: msgspec.structs.replace(one, id=key) for key, one in file.format.items()}
    return found
