"""Facts: every number that means something clinically, with its unit and its source."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import overlay, toml
from leaflets.library.values import (
    BySystem,
    Country,
    Id,
    Number,
    Prose,
    Range,
    Unit,
    Words,
    described,
)

FILE = "facts.toml"

Value = Annotated[Number | Range, Meta(title="a number, or a range such as [3, 7]")]

#: Units that are counted, not measured: they are never formatted as an ICU measure.
COUNTED = frozenset({"count", "people", "score"})

#: Units that leaflets use and ICU knows; for another one, ICU is asked.
_MEASURED = frozenset({
    "celsius", "centimeter", "day", "fahrenheit", "gram", "hour", "kilogram", "kilometer", "liter",
    "meter", "microgram", "milligram", "milliliter", "millimeter", "minute", "month", "percent",
    "pound", "second", "week", "year",
})  # fmt: skip

#: Not `Id | …`: msgspec 0.22 frees memory twice of a union of a text with a pattern and a list.
_Source = Annotated[
    str | Annotated[tuple[Id, ...], Meta(min_length=1)],
    Meta(title="the id of a source in sources.toml, or a list of them"),
]
_Per = Annotated[int, Meta(ge=1, le=10_000_000)]

#: How many seconds the units of time have that can be compared; months differ.
_SECONDS: Mapping[str, int] = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800,
}  # fmt: skip


class Regional(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The value of a fact in one region, where guidance differs by country."""

    value: Annotated[Value, described("What the fact is in this region.", 2)]
    source: Annotated[_Source, described("Where that is from.", "nice-2024")]


class FactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact as it is written: it states `value`, or `by_region`, or both."""

    unit: Annotated[
        Unit,
        described("What is counted or measured: count, people, score, or a unit of CLDR.", "day"),
    ]
    value: Annotated[
        Value | None, described("What it is, where no region says otherwise.", [3, 7])
    ] = None
    source: Annotated[_Source, described("Where that is from.", "chandra-2019")] = ()
    by_region: Annotated[
        dict[Country, Regional],
        described(
            "What it is where guidance differs.",
            {"GB": {"value": 2, "source": "nice-2024"}},
        ),
    ] = {}
    per: Annotated[
        _Per | None, described("For a risk: in how many people the value is counted.", 1000)
    ] = None
    note: Annotated[Prose, described("What the next reader should know; not printed.")] = ""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A value or range, in `unit`; `per` is the denominator of a risk; `sources` are ids."""

    id: str
    low: Number
    high: Number | None
    unit: str
    per: int | None
    sources: tuple[str, ...]

    def statement(self) -> str:
        """Write what it states, such as “3–7 day”."""
        ends = (self.low,) if self.high is None else (self.low, self.high)
        return _written(ends, self.unit, self.per)


class LocalFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number that only the clinic can state: its unit(s) and the bounds of what is plausible."""

    label: Annotated[Words, described("What it is, as the clinic is asked for it.", "No driving")]
    unit: Annotated[
        Unit | Literal[""], described("Its unit, if that is the same in every country.", "day")
    ] = ""
    units: Annotated[
        tuple[Unit, ...],
        described("Its units, if countries differ; the clinic says which.", ["pound", "kilogram"]),
    ] = ()
    low: Annotated[Number | None, described("The lowest plausible value in `unit`.", 1)] = None
    high: Annotated[Number | None, described("The highest plausible value in `unit`.", 60)] = None
    bounds: Annotated[
        dict[Unit, Range],
        described("The lowest and highest plausible value in each of `units`.", {"pound": [1, 50]}),
    ] = {}
    at_least: Annotated[
        Id | Literal[""],
        described("Another local fact, than which it is never less or shorter.", "dressing-days"),
    ] = ""
    note: Annotated[Prose, described("What the next reader should know; not printed.")] = ""
    id: BySystem = ""

    def limits(self, unit: str) -> tuple[Number, Number] | None:
        """Return the plausible lowest and highest value in `unit`, or None if none are stated."""
        if unit in self.bounds:
            low, high = self.bounds[unit]
            return low, high
        return None if self.low is None or self.high is None else (self.low, self.high)


def times(one: str, other: str) -> int | float:
    """Return how many of another unit make one of a unit; 0 if they cannot be compared."""
    if one == other:
        return 1 if one else 0
    return _SECONDS.get(one, 0) / _SECONDS[other] if other in _SECONDS else 0


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of facts.toml; a template names a fact by its key."""

    fact: dict[Id, FactEntry] = {}
    local: dict[Id, LocalFact] = {}


class Facts(msgspec.Struct, frozen=True):
    """All facts, each with its value per region, and the local facts a clinic may state."""

    entries: Mapping[str, FactEntry]
    local: Mapping[str, LocalFact]

    def has(self, fact_id: str) -> bool:
        """Tell whether a fact of this id exists."""
        return fact_id in self.entries

    def stated(self, fact_id: str, region: str) -> Fact | None:
        """Return the fact as stated for a region, or None if it is not stated there."""
        entry = self.entries[fact_id]
        regional = entry.by_region.get(region)
        value = entry.value if regional is None else regional.value
        source = entry.source if regional is None else regional.source
        if value is None:
            return None
        low, high = value if isinstance(value, tuple) else (value, None)
        return Fact(
            id=fact_id,
            low=low,
            high=high,
            unit=entry.unit,
            per=entry.per,
            sources=(source,) if isinstance(source, str) else source,
        )

    def denominator(self, fact_id: str) -> int | None:
        """Return the number of people in which a risk is counted, or None for another fact."""
        return self.entries[fact_id].per

    def unstated(self) -> "Facts":
        """Return the same facts as if none were stated in any region."""
        bare = {
            key: msgspec.structs.replace(entry, value=None, by_region={})
            for key, entry in self.entries.items()
        }
        return Facts(entries=bare, local=self.local)

    def statement(self, fact_id: str) -> tuple[str, ...]:
        """Write what a fact states, such as “3–7 day” or “GB: 2 day”, for those who verify it."""
        entry = self.entries[fact_id]
        regional = [(f"{code}: ", stated.value) for code, stated in sorted(entry.by_region.items())]
        stated = [("", entry.value)] if entry.value is not None else []
        return tuple(
            f"{place}{_written(_ends(value), entry.unit, entry.per)}"
            for place, value in (*stated, *regional)
        )

    def sources_of(self, fact_id: str) -> set[str]:
        """Collect the source ids of a fact over all regions."""
        entry = self.entries[fact_id]
        stated = [entry.source, *(regional.source for regional in entry.by_region.values())]
        return {
            source_id
            for source in stated
            for source_id in ([source] if isinstance(source, str) else source)
        }


def _written(ends: Sequence[Number], unit: str, per: int | None) -> str:
    return f"{'–'.join(map(str, ends))}{f' in {per}' if per else ''} {unit}"


def _ends(value: Value) -> tuple[Number, ...]:
    return value if isinstance(value, tuple) else (value,)


def load(roots: Sequence[Path]) -> Facts:
    """Read `facts.toml` of every root; the first root wins, fact by fact."""
    entries: dict[str, FactEntry] = {}
    local: dict[str, LocalFact] = {}
    for path in overlay.each(roots, FILE):
        file = toml.read(path, File)
        for fact_id, entry in file.fact.items():
            _check(path, fact_id, entry)
        for fact_id, declared in file.local.items():
            _check_local(path, fact_id, declared)
        entries |= file.fact
        # What ours must not be less than holds for a clinic's own limits of it as well.
        local |= {
            fact_id: msgspec.structs.replace(
                declared,
                id=fact_id,
                at_least=declared.at_least or (local[fact_id].at_least if fact_id in local else ""),
            )
            for fact_id, declared in file.local.items()
        }
        for declared in local.values():
            _check_at_least(path, declared, local)
    return Facts(entries=dict(sorted(entries.items())), local=dict(sorted(local.items())))


def _check(path: Path, fact_id: str, entry: FactEntry) -> None:
    at = f"fact.{fact_id}"
    if entry.value is None and not entry.by_region:
        raise InputError(path, "the fact has neither `value` nor `by_region`; state one.", at=at)
    values = [entry.value, *(regional.value for regional in entry.by_region.values())]
    for value in values:
        if isinstance(value, tuple) and value[0] >= value[1]:
            raise InputError(path, "a range goes from low to high; swap the ends.", at=at)
    _check_units(path, f"{at}.unit", (entry.unit,))


def _check_local(path: Path, fact_id: str, declared: LocalFact) -> None:
    at = f"local.{fact_id}"
    if bool(declared.unit) == bool(declared.units):
        raise InputError(path, "state one of `unit` and `units`.", at=at)
    if (declared.low is None) != (declared.high is None):
        raise InputError(path, "`low` and `high` belong together; state both.", at=at)
    if beyond := [unit for unit in declared.bounds if unit not in declared.units]:
        raise InputError(path, f"“{beyond[0]}” is not one of its `units`.", at=f"{at}.bounds")
    for low, high in (*declared.bounds.values(), (declared.low, declared.high)):
        if low is not None and high is not None and low >= high:
            raise InputError(path, "the lowest value is not below the highest.", at=at)
    _check_units(path, f"{at}.unit", (declared.unit,) if declared.unit else declared.units)


def _check_at_least(path: Path, declared: LocalFact, local: Mapping[str, LocalFact]) -> None:
    if not declared.at_least:
        return
    at, other = f"local.{declared.id}.at_least", local.get(declared.at_least)
    if other is None:
        raise InputError(
            path, f"there is no local fact “{declared.at_least}”; name one of them.", at=at
        )
    if not times(declared.unit, other.unit):
        raise InputError(
            path,
            f"“{declared.id}” and “{other.id}” cannot be compared; name one of the same unit.",
            at=at,
        )


def _check_units(path: Path, at: str, units: Sequence[str]) -> None:
    """Raise `InputError` for a unit that cannot be printed."""
    for unit in units:
        if unit not in COUNTED | _MEASURED and not _is_measure(unit):
            counted = ", ".join(sorted(COUNTED))
            raise InputError(
                path,
                f"“{unit}” is no unit that CLDR knows; write one such as day, or {counted}.",
                at=at,
            )


def _is_measure(unit: str) -> bool:
    from leaflets.library import cldr  # noqa: PLC0415 - loads ICU, which few libraries need here

    return cldr.is_unit(unit)
