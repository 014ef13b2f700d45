"""The clinic: names, contacts, hours and local facts, in `clinic.toml`."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from leaflets.errors import InputError
from leaflets.library import toml
from leaflets.library.facts import Facts, LocalFact, Number

FILE = "clinic.toml"

#: Days as they are written in clinic.toml, Monday first.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{1,24}(?: ?(?:ext\.?|x) ?[0-9]{1,6})?")


#: A folder on the web, short enough for a small QR code and to be typed from paper.
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}(?::[0-9]{1,5})?"
    r"/(?:[A-Za-z0-9._~-]+/)*"
)
_LONGEST_ADDRESS = 60


#: A time of day as in "08:00" or "17:30".
TimeOfDay = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days and times at which somebody answers: `days` is "mon" or "mon-fri", times "08:00"."""

    days: str
    opens: TimeOfDay
    closes: TimeOfDay

    def first_last(self) -> tuple[int, int]:
        """Return the first and last day as indexes into `DAYS`."""
        first, _, last = self.days.partition("-")
        return DAYS.index(first), DAYS.index(last or first)


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A local fact whose unit differs between countries, such as a weight or a temperature."""

    value: Number
    unit: str


LocalValue = Number | tuple[Number, Number] | Measure


class Clinic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a clinic states about itself; what it leaves out prints as a write-in blank.

    `folder` and `site` are not stated: they are where it was read, and which of several sites.
    """

    name: str = ""
    department: str = ""
    region: str = "US"
    phone: str = ""
    out_of_hours: str = ""
    hours: tuple[Hours, ...] = ()
    logo: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()
    leaflets: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    digits: Literal["latin", "native"] = "latin"
    local: dict[str, LocalValue] = {}
    folder: str = ""
    site: str = ""

    @property
    def is_named(self) -> bool:
        """Tell whether this is a clinic's own folder, not the library printing for nobody."""
        return bool(self.folder)


def load(folder: Path | None) -> Clinic:
    """Read the top of `clinic.toml`; without a folder, the unnamed clinic in region US."""
    if folder is None:
        return Clinic()
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
    found = toml.convert(data, path, Clinic, within=within)
    if "folder" in data:
        raise InputError(path, "this is not a key we know; take it out.", at="folder")
    clinic = msgspec.structs.replace(found, folder=str(path.parent.resolve()))
    check_contacts(clinic, path, within=within)
    return clinic


def _within(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def check_contacts(clinic: Clinic, path: Path, *, within: str = "") -> None:
    """Raise `InputError` for a telephone number, hours, a logo or an address of no use."""
    for key in ("phone", "out_of_hours"):
        try:
            checked_phone(getattr(clinic, key))
        except ValueError as error:
            raise InputError(path, str(error), at=_within(within, key)) from None
    for number, hours in enumerate(clinic.hours, 1):
        ends = hours.days.split("-")
        if len(ends) > 2 or any(day not in DAYS for day in ends):  # noqa: PLR2004 - a range has 2 ends
            raise InputError(
                path,
                f"“{hours.days}” is not a day or a range; write mon, or mon-fri.",
                at=_within(within, f"hours, entry {number}"),
            )
        if hours.opens >= hours.closes:
            raise InputError(
                path,
                "the closing time is not after the opening time.",
                at=_within(within, f"hours, entry {number}"),
            )
    if clinic.address and not _is_address(clinic.address):
        raise InputError(
            path,
            f"“{clinic.address}” is not an address we can print; write https://, your domain, the"
            f" folder and a / at the end, such as https://clinic.example/leaflets/, with at most"
            f" {_LONGEST_ADDRESS} characters.",
            at=_within(within, "address"),
        )
    if clinic.logo:
        from leaflets.library import logo  # noqa: PLC0415 - decodes pictures; many state none

        logo.check(path.parent, clinic.logo, at=_within(within, "logo"))


def checked_phone(text: str) -> str:
    """Return a telephone number, or nothing, as it is; raise `ValueError` if it is neither."""
    if text and not _PHONE.fullmatch(text):
        raise ValueError(f"“{text}” is not a telephone number; write digits and spaces.")
    return text


def _is_address(text: str) -> bool:
    return len(text) <= _LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text))


def check_local(clinic: Clinic, facts: Facts, path: Path, *, within: str = "") -> None:
    """Raise `InputError` if a local fact is unknown, in a wrong unit or implausible."""
    for key, value in clinic.local.items():
        at = _within(within, f"local.{key}")
        declared = facts.local.get(key)
        if declared is None:
            known = ", ".join(facts.local)
            raise InputError(path, f"there is no such local fact; known are {known}.", at=at)
        _check_value(declared, value, path, at)


def _check_value(declared: LocalFact, value: LocalValue, path: Path, at: str) -> None:
    if declared.units:
        if not isinstance(value, Measure) or value.unit not in declared.units:
            choices = " or ".join(declared.units)
            raise InputError(path, f'write {{value = …, unit = "…"}} with {choices}.', at=at)
    elif isinstance(value, Measure):
        raise InputError(path, f"write the number alone; it is in {declared.unit}s.", at=at)
    unit = value.unit if isinstance(value, Measure) else declared.unit
    numbers = (
        (value.value,)
        if isinstance(value, Measure)
        else value
        if isinstance(value, tuple)
        else (value,)
    )
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
