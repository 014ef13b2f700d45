"""Warning signs (red flags): their ids, tiers and sets, in `redflags.toml`.

Their words are messages of `common/redflags.html`, one per id, so that every language shows the
same signs in the same order.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.errors import InputError
from leaflets.library import toml

Tier = Literal["emergency", "same-day"]


class Flag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One warning sign: whom to ring is its tier; the picture beside it is its icon."""

    id: str
    tier: Tier
    icon: str

    @property
    def message_id(self) -> str:
        """Name the message (msgctxt) that holds the words."""
        return f"redflag.{self.id}"


class _Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    flags: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    flag: tuple[Flag, ...] = ()
    sets: dict[str, _Set] = {}


def load(roots: Sequence[Path]) -> Mapping[str, tuple[Flag, ...]]:
    """Read the sets of warning signs, each in printed order; the first root's file is used."""
    path = next(
        (root / "redflags.toml" for root in roots if (root / "redflags.toml").is_file()), None
    )
    if path is None:
        raise InputError(roots[-1] / "redflags.toml", "the file does not exist; restore it.")
    file = toml.read(path, _File)
    known = {flag.id: flag for flag in file.flag}
    for name, chosen in file.sets.items():
        for flag_id in chosen.flags:
            if flag_id not in known:
                raise InputError(
                    path, f"there is no flag “{flag_id}”; declare it.", at=f"sets.{name}"
                )
    return {
        name: tuple(flag for flag in file.flag if flag.id in chosen.flags)
        for name, chosen in file.sets.items()
    }
