"""Font families: which files they are made of and which package brings them, in `fonts.toml`."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from leaflets import machine
from leaflets.errors import MissingPartError
from leaflets.library import overlay, toml
from leaflets.library.values import BySystem, FileName, Script, Words, described

FILE = "fonts.toml"

_LATIN = "Latn"


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of fonts: its files, and the package that brings them."""

    files: Annotated[
        tuple[FileName, ...],
        Meta(min_length=1),
        described("Its files, as they lie in a font folder.", ["NotoSans-Regular.ttf"]),
    ]
    package: Annotated[Words, described("The Debian package that has them.", "fonts-noto-core")]
    scripts: Annotated[
        tuple[Script, ...],
        described("Scripts that a new language may be set in it for, ISO 15924.", ["Latn"]),
    ] = ()
    name: BySystem = ""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of fonts.toml; the key of a family is its name in the style sheet."""

    family: dict[Words, Family] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Family]:
    """Read `fonts.toml` of every root; the first root wins, family by family."""
    return overlay.entries(roots, FILE, _read)


def _read(path: Path) -> Mapping[str, Family]:
    families = toml.read(path, File).family
    return {name: msgspec.structs.replace(family, name=name) for name, family in families.items()}


def serving(families: Iterable[Family], script: str) -> tuple[str, ...]:
    """Name the families for a script, then those for Latin letters; none if none serves it.

    Latin letters stand on every page: names of medicines, addresses, units.
    """
    known = tuple(families)
    own = [family.name for family in known if script in family.scripts]
    latin = [family.name for family in known if _LATIN in family.scripts]
    return tuple(dict.fromkeys((*own, *latin))) if own else ()


@cache
def digest(file: str) -> str:
    """Digest a font file by its name, once in a process, as fontconfig reads it; "" without it."""
    path = _present().get(file)
    if path is None:
        return ""
    with path.open("rb") as data:
        # Fonts are most of what a build reads, and processors have instructions for this hash.
        return hashlib.file_digest(data, "sha256").hexdigest()


@cache
def _present() -> Mapping[str, Path]:
    """Look through the font folders, once in a process as well."""
    return machine.font_files()


def locate(families: Iterable[Family]) -> Mapping[str, Path]:
    """Find the files of the families; raise `MissingPartError` saying how to install them."""
    wanted = {file: family.package for family in families for file in family.files}
    if lacking := tuple(machine.missing_fonts(wanted.items())):
        raise MissingPartError(machine.sentences(fonts=lacking))
    present = machine.font_files()
    return {file: present[file] for file in wanted}
