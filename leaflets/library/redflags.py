"""Warning signs (red flags): their ids, tiers and sets, in `redflags.toml`.

Their words are messages of `common/redflags.html`, one per id, so that every language shows the
same signs in the same order.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import overlay, toml
from leaflets.library.values import Id, described

FILE = "redflags.toml"

Tier = Literal["emergency", "same-day"]


class Flag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One warning sign; its words are the message `redflag.<id>`."""

    id: Annotated[Id, described("Its name.", "numb-saddle")]
    tier: Annotated[Tier, described("Whom to ring, and when.")]
    icon: Annotated[
        Id, described("The picture beside it: icon-<name>.svg of the figures.", "numb-saddle")
    ]

    @property
    def figure(self) -> str:
        """Name the file of its picture, relative to a template root."""
        return f"figures/icon-{self.icon}.svg"

    @property
    def message_id(self) -> str:
        """Name the message (msgctxt) that holds the words."""
        return f"redflag.{self.id}"


class Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The warning signs of some leaflets."""

    flags: Annotated[
        tuple[Id, ...],
        Meta(min_length=1),
        described(
            "Which they are; they are printed in the order of the file.", ["bladder", "fall"]
        ),
    ]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of redflags.toml; a leaflet names a set by its key."""

    flag: tuple[Flag, ...] = ()
    sets: dict[Id, Set] = {}


def load(roots: Sequence[Path]) -> Mapping[str, tuple[Flag, ...]]:
    """Read the sets of warning signs, each in printed order; the first root's file is used."""
    path = overlay.find(roots, FILE)
    if path is None:
        raise InputError(roots[-1] / FILE, "the file does not exist; restore it.")
    file = toml.read(path, File)
    known = [flag.id for flag in file.flag]
    for number, flag in enumerate(file.flag, 1):
        if flag.id in known[: number - 1]:
            raise InputError(
                path, f"“{flag.id}” stands twice; take one out.", at=f"flag, entry {number}"
            )
        if overlay.find(roots, flag.figure) is None:
            raise InputError(
                path, f"there is no picture {flag.figure}; draw it.", at=f"flag, entry {number}"
            )
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
