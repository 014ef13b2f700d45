"""Regions: what follows from the country and not from the language, in `regions.toml`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.library import overlay, toml
from leaflets.library.values import (
    Address,
    BySystem,
    Country,
    Id,
    Line,
    Phone,
    Prose,
    Tag,
    Words,
    described,
)

FILE = "regions.toml"

Topic = Literal["bones", "falls", "mood", "pain"]

_CallingCode = Annotated[str, Meta(title="a calling code such as +44", pattern=r"\A\+[0-9]{1,4}\Z")]


class Support(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An organisation that helps, with the day its address was looked up."""

    name: Annotated[
        Words, described("Its name, which is not translated.", "Royal Osteoporosis Society")
    ]
    topic: Annotated[Topic, described("What it helps with.")]
    checked: Annotated[
        dt.date,
        described("The day on which somebody last looked it up.", dt.date(2026, 11, 24)),
    ]
    phone: Annotated[Phone, described("Its telephone number.", "0808 800 0035")] = ""
    url: Annotated[Address, described("Its address.", "https://theros.org.uk")] = ""
    checked_how: Annotated[Prose, described("How number and address were checked.")] = ""


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Emergency number, paper, units, names of medicines and support of one country."""

    name: Annotated[Words, described("Its name in English.", "United Kingdom")]
    emergency_number: Annotated[
        Phone, Meta(min_length=1), described("The number to ring in an emergency.", "999")
    ]
    paper: Annotated[Id, described("The format of its paper, of formats.toml.", "a4")]
    physio: Annotated[
        Literal["physical therapist", "physiotherapist"],
        described("What somebody is called who teaches exercises."),
    ]
    temperature: Annotated[
        Literal["celsius", "fahrenheit"], described("In what temperatures are taken.")
    ]
    weight: Annotated[Literal["kilogram", "pound"], described("In what things are weighed.")]
    week_starts: Annotated[Literal["monday", "sunday"], described("The first day of its week.")]
    phone_country: Annotated[_CallingCode, described("Its calling code.", "+44")]
    urgent_line: Annotated[
        Phone, described("The number to ring when it is urgent, and no emergency.", "111")
    ] = ""
    urgent_line_name: Annotated[Line, described("The name of that line.", "NHS 111")] = ""
    medicines: Annotated[
        dict[Id, Id],
        described(
            "Medicines that the country calls otherwise than the US; the names are those of "
            "common/medicines.html.",
            {"acetaminophen": "paracetamol"},
        ),
    ] = {}
    languages: Annotated[
        tuple[Tag, ...], described("Languages that many of its people read.", ["en", "pl"])
    ] = ()
    main_languages: Annotated[
        tuple[Tag, ...],
        described("Languages whose sheets name the others that a clinic prints.", ["en"]),
    ] = ()
    support: Annotated[tuple[Support, ...], described("Organisations that help.")] = ()
    note: Annotated[Prose, described("What the next reader should know; not printed.")] = ""
    checked: Annotated[
        dt.date | None, described("The day on which all this was last looked up.")
    ] = None
    checked_how: Annotated[Prose, described("How it was checked.")] = ""
    code: BySystem = ""

    @property
    def units(self) -> tuple[str, str]:
        """Return the units in which the country weighs and takes temperatures."""
        return self.weight, self.temperature

    @property
    def crisis_line(self) -> str:
        """Return the number to ring for somebody who thinks of ending their life."""
        lines = (helper.phone for helper in self.support if helper.topic == "mood" and helper.phone)
        return next(lines, self.emergency_number)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of regions.toml; the key of a region is the code of its country."""

    region: dict[Country, Region] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Region]:
    """Read `regions.toml` of every root; the first root wins, region by region."""
    return overlay.entries(roots, FILE, _read)


def _read(path: Path) -> Mapping[str, Region]:
    regions = toml.read(path, File).region
    return {code: msgspec.structs.replace(region, code=code) for code, region in regions.items()}
