"""Regions: what follows from the country and not from the language, in `regions.toml`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.library import toml

Topic = Literal["bones", "falls", "mood", "pain"]


class Support(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An organisation that helps, with the day its address was looked up."""

    name: str
    topic: Topic
    checked: dt.date
    phone: str = ""
    url: str = ""
    checked_how: str = ""


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Emergency number, paper, units, names of medicines and support of one country."""

    name: str
    emergency_number: str
    paper: str
    painkiller: Literal["acetaminophen", "paracetamol"]
    physio: Literal["physical therapist", "physiotherapist"]
    temperature: Literal["celsius", "fahrenheit"]
    weight: Literal["kilogram", "pound"]
    week_starts: Literal["monday", "sunday"]
    phone_country: str
    urgent_line: str = ""
    urgent_line_name: str = ""
    languages: tuple[str, ...] = ()
    support: tuple[Support, ...] = ()
    note: str = ""
    checked: dt.date | None = None
    checked_how: str = ""
    code: str = ""

    @property
    def units(self) -> tuple[str, str]:
        """Return the units in which the country weighs and takes temperatures."""
        return self.weight, self.temperature

    @property
    def crisis_line(self) -> str:
        """Return the number to ring for somebody who thinks of ending their life."""
        lines = (one.phone for one in self.support if one.topic == "mood" and one.phone)
        return next(lines, self.emergency_number)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    region: dict[str, Region] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Region]:
    """Read `regions.toml` of every root; the first root wins, region by region."""
    found: dict[str, Region] = {}
    for root in reversed(roots):
        if (root / "regions.toml").is_file():
            file = toml.read(root / "regions.toml", _File)
            found |= {
                code: msgspec.structs.replace(one, code=code) for code, one in file.region.items()
            }
    return found
