"""Font families: which files they are made of and which package brings them, in `fonts.toml`."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from leaflets import machine
from leaflets.errors import MissingPartError
from leaflets.library import toml

_LATIN = "Latn"


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family by its name in the style sheet: file names, and the Debian package that has them.

    `scripts` are the ISO 15924 codes of the scripts that a new language may be set in it.
    """

    files: tuple[str, ...]
    package: str
    scripts: tuple[str, ...] = ()
    name: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    family: dict[str, Family] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Family]:
    """Read `fonts.toml` of every root; the first root wins, family by family."""
    found: dict[str, Family] = {}
    for root in reversed(roots):
        if (root / "fonts.toml").is_file():
            file = toml.read(root / "fonts.toml", _File)
            found |= {
                name: msgspec.structs.replace(one, name=name) for name, one in file.family.items()
            }
    return found


def serving(families: Iterable[Family], script: str) -> tuple[str, ...]:
    """Name the families for a script, then those for Latin letters; none if none serves it.

    Latin letters stand on every page: names of medicines, addresses, units.
    """
    known = tuple(families)
    own = [one.name for one in known if script in one.scripts]
    latin = [one.name for one in known if _LATIN in one.scripts]
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
