"""The clinic: names, contacts, hours and local facts, in `clinic.toml`."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError, RequestError
from leaflets.library import facts, toml
from leaflets.library.facts import Facts, LocalFact
from leaflets.library.values import (
    PHONE,
    BySystem,
    Country,
    Line,
    Number,
    Phone,
    Range,
    Tag,
    Unit,
    Words,
    described,
)

FILE = "clinic.toml"

#: Days as they are written in clinic.toml, Monday first.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: A folder on the web, short enough for a small QR code and to be typed from paper.
Folder = Annotated[
    str,
    Meta(
        title="https://, your domain, the folder and a / at the end, such as"
        " https://clinic.example/leaflets/",
        max_length=60,
        pattern=r"\A(?:https?://(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
        r"(?::[0-9]{1,5})?/(?:[A-Za-z0-9._~-]+/)*)?\Z",
    ),
]

#: Where patients write or ring: a telephone number or an email address, or nothing.
Contact = Annotated[
    str,
    Meta(
        title="a telephone number, or an email address",
        max_length=80,
        pattern=rf"\A(?:{PHONE}|[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{{2,}})?\Z",
    ),
]

_DAY = f"(?:{'|'.join(DAYS)})"

#: A day as "mon", or a range of days as "mon-fri".
Days = Annotated[
    str,
    Meta(title="a day such as mon, or a range such as mon-fri", pattern=rf"\A{_DAY}(?:-{_DAY})?\Z"),
]

#: A time of day as in "08:00" or "17:30".
TimeOfDay = Annotated[
    str,
    Meta(title="a time such as 08:00 or 17:30", pattern=r"\A(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z"),
]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days and times at which somebody answers."""

    days: Annotated[Days, described("The day or days.", "mon-fri")]
    opens: Annotated[TimeOfDay, described("From when.", "08:00")]
    closes: Annotated[TimeOfDay, described("Until when.", "17:30")]

    def first_last(self) -> tuple[int, int]:
        """Return the first and last day as indexes into `DAYS`."""
        first, _, last = self.days.partition("-")
        return DAYS.index(first), DAYS.index(last or first)

    def contradicts(self, other: "Hours") -> bool:
        """Tell whether both say when somebody answers at one moment, each in its way."""
        return (
            bool(self.each_day() & other.each_day())
            and self.opens < other.closes
            and other.opens < self.closes
        )

    def each_day(self) -> set[int]:
        """List the days as indexes into `DAYS`; from Sunday to Thursday goes over the end."""
        first, last = self.first_last()
        return {(first + number) % len(DAYS) for number in range((last - first) % len(DAYS) + 1)}


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A local fact whose unit differs between countries, such as a weight or a temperature."""

    value: Annotated[Number, described("The number.", 10)]
    unit: Annotated[Unit, described("Its unit, one of those that the fact may have.", "pound")]


LocalValue = Annotated[
    Number | Range | Measure,
    Meta(title='a number, a range such as [3, 7], or {value = 10, unit = "pound"}'),
]


class OwnLanguage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a clinic states of a language."""

    region: Annotated[
        Country, described("The region of regions.toml that its sheets are for.", "US")
    ]


class Clinic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a clinic states about itself; what it leaves out prints as a write-in blank."""

    name: Annotated[Line, described("Its name, as patients know it.", "Hill Street Clinic")] = ""
    department: Annotated[Line, described("The department.", "Interventional Radiology")] = ""
    region: Annotated[Country, described("The region of regions.toml that it is in.", "GB")] = "US"
    phone: Annotated[Phone, described("The number that patients ring.", "020 7946 0000")] = ""
    out_of_hours: Annotated[Phone, described("The number at other times.", "020 7946 0001")] = ""
    comments: Annotated[
        Contact,
        described(
            "Where patients say what was unclear; on `phone` if left out.",
            "leaflets@clinic.example",
        ),
    ] = ""
    hours: Annotated[tuple[Hours, ...], described("When somebody answers.")] = ()
    logo: Annotated[
        Line, described("The file of its logo in this folder: SVG, PNG or JPEG.", "logo.svg")
    ] = ""
    address: Annotated[
        Folder,
        described("Where its leaflets lie on the web.", "https://clinic.example/leaflets/"),
    ] = ""
    languages: Annotated[
        tuple[Words, ...], described("Languages to print, if not all.", ["en", "es"])
    ] = ()
    leaflets: Annotated[
        tuple[Words, ...], described("Leaflets to print, if not all.", ["recovery"])
    ] = ()
    formats: Annotated[
        tuple[Words, ...], described("Formats to print, if not the usual ones.", ["a4"])
    ] = ()
    digits: Annotated[
        Literal["latin", "native"], described("In which digits numbers are printed.")
    ] = "latin"
    keys: Annotated[
        Literal["optional", "required"],
        described("Whether only what people sign with a key of their own counts."),
    ] = "optional"
    language: Annotated[
        dict[Tag, OwnLanguage],
        described("For which country the sheets in a language are, if not for that of the clinic."),
    ] = {}
    local: Annotated[
        dict[Words, LocalValue],
        described("What only the clinic can state, by the local facts of facts.toml."),
    ] = {}
    folder: BySystem = ""
    site: BySystem = ""

    @property
    def is_named(self) -> bool:
        """Tell whether this is a clinic's own folder, not the library printing for nobody."""
        return bool(self.folder)


def load(folder: Path | None, region: str = "") -> Clinic:
    """Read the top of `clinic.toml`; without a folder, the unnamed clinic in a region, or in US.

    Raises `RequestError` for a region beside a folder, which states its own.
    """
    if folder is None:
        return Clinic(region=region) if region else Clinic()
    if region:
        raise RequestError(
            f"--region is for printing without a clinic; state the region in {folder / FILE}."
        )
    path = folder / FILE
    top = tables(path)
    top.pop("site", None)  # `sites` reads these
    return stated(top, path)


def tables(path: Path) -> dict[str, Any]:
    """Read `clinic.toml` as it is written; raise `InputError` if that is not possible."""
    if not path.is_file():
        raise InputError(
            path, "the file does not exist; `leaflets init` makes one, or correct --clinic."
        )
    return toml.document(toml.read_text(path), path)


def stated(data: dict[str, Any], path: Path, *, within: str = "") -> Clinic:
    """Take what `clinic.toml` states; errors name keys below the table `within`."""
    clinic = toml.convert(data, path, Clinic, within=within)
    _check(clinic, path, within)
    return msgspec.structs.replace(clinic, folder=str(path.parent.resolve()))


def _within(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _check(clinic: Clinic, path: Path, within: str) -> None:
    """Raise `InputError` for hours that end before they begin or overlap, or a logo of no use."""
    for number, hours in enumerate(clinic.hours, 1):
        if hours.opens >= hours.closes:
            raise InputError(
                path,
                "the closing time is not after the opening time.",
                at=_within(within, f"hours, entry {number}"),
            )
        for earlier in clinic.hours[: number - 1]:
            if hours.contradicts(earlier):
                raise InputError(
                    path,
                    f"{hours.days} {hours.opens}–{hours.closes} overlaps {earlier.days}"
                    f" {earlier.opens}–{earlier.closes}; state each day and time once.",
                    at=_within(within, f"hours, entry {number}"),
                )
    if clinic.logo:
        from leaflets.library import logo  # noqa: PLC0415 - decodes pictures; many state none

        logo.check(path.parent, clinic.logo, at=_within(within, "logo"))


def checked_phone(text: str) -> str:
    """Return a telephone number, or nothing, as it is; raise `ValueError` if it is neither."""
    if text and not re.fullmatch(PHONE, text):
        raise ValueError(f"“{text}” is not a telephone number; write digits and spaces.")
    return text


def check_local(clinic: Clinic, known: Facts, path: Path, *, within: str = "") -> None:
    """Raise `InputError` if a local fact is unknown, in a wrong unit or implausible.

    So is one that is less than another, than which it cannot be less.
    """
    for key, value in clinic.local.items():
        at = _within(within, f"local.{key}")
        declared = known.local.get(key)
        if declared is None:
            names = ", ".join(known.local)
            raise InputError(path, f"there is no such local fact; known are {names}.", at=at)
        _check_value(declared, value, path, at)
    for key, value in clinic.local.items():
        least = known.local[key].at_least
        if least in clinic.local:
            _check_least(known, (key, value), (least, clinic.local[least]), path, within)


def _check_least(
    known: Facts,
    stated: tuple[str, LocalValue],
    least: tuple[str, LocalValue],
    path: Path,
    within: str,
) -> None:
    """Raise `InputError` for a local fact that contradicts another: a page would say both."""
    (key, value), (other, other_value) = stated, least
    unit, other_unit = known.local[key].unit, known.local[other].unit
    ends, other_ends = _ends(value), _ends(other_value)
    factor = facts.times(unit, other_unit)
    if ends[0] * factor < other_ends[0] or ends[-1] * factor < other_ends[-1]:
        raise InputError(
            path,
            f"{_written(ends)} {unit} is less than {_written(other_ends)} {other_unit}, which"
            f" `{other}` states; both stand on a sheet, and one is wrong: correct it.",
            at=_within(within, f"local.{key}"),
        )


def _ends(value: LocalValue) -> tuple[Number, ...]:
    """Return the number that a clinic states, or the two of a range."""
    if isinstance(value, Measure):
        return (value.value,)
    return value if isinstance(value, tuple) else (value,)


def _written(ends: tuple[Number, ...]) -> str:
    return "–".join(f"{end:g}" for end in ends)


def _check_value(declared: LocalFact, value: LocalValue, path: Path, at: str) -> None:
    if declared.units:
        if not isinstance(value, Measure) or value.unit not in declared.units:
            choices = " or ".join(declared.units)
            raise InputError(path, f'write {{value = …, unit = "…"}} with {choices}.', at=at)
    elif isinstance(value, Measure):
        raise InputError(path, f"write the number alone; it is in {declared.unit}s.", at=at)
    unit = value.unit if isinstance(value, Measure) else declared.unit
    numbers = _ends(value)
    if len(numbers) == 2 and numbers[0] >= numbers[1]:  # noqa: PLR2004 - a range has 2 ends
        raise InputError(path, "a range goes from low to high; swap the ends.", at=at)
    limits = declared.limits(unit)
    for number in numbers:
        if limits and not limits[0] <= number <= limits[1]:
            raise InputError(
                path,
                f"{number} {unit} is outside {limits[0]} to {limits[1]}, which is what we expect of"
                f" “{declared.label}”; correct the number or its unit.",
                at=at,
            )
