"""Facts: every number that means something clinically, with its unit and its source."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.errors import InputError
from leaflets.library import toml

Number = int | float
Value = Number | tuple[Number, Number]

#: Units that are counted, not measured: they are never formatted as an ICU measure.
COUNTED = frozenset({"count", "people", "score"})


class Regional(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The value of a fact in one region, where guidance differs by country."""

    value: Value
    source: str | tuple[str, ...]


class _FactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    unit: str
    value: Value | None = None
    source: str | tuple[str, ...] = ()
    by_region: dict[str, Regional] = {}
    per: int | None = None
    note: str = ""


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

    label: str
    unit: str = ""
    units: tuple[str, ...] = ()
    low: Number | None = None
    high: Number | None = None
    bounds: dict[str, tuple[Number, Number]] = {}
    note: str = ""
    id: str = ""

    def limits(self, unit: str) -> tuple[Number, Number] | None:
        """Return the plausible lowest and highest value in `unit`, or None if none are stated."""
        if unit in self.bounds:
            return self.bounds[unit]
        return None if self.low is None or self.high is None else (self.low, self.high)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fact: dict[str, _FactEntry] = {}
    local: dict[str, LocalFact] = {}


class Facts(msgspec.Struct, frozen=True):
    """All facts, each with its value per region, and the local facts a clinic may state."""

    entries: Mapping[str, _FactEntry]
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
        regional = [(f"{code}: ", one.value) for code, one in sorted(entry.by_region.items())]
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
            one for source in stated for one in ([source] if isinstance(source, str) else source)
        }


def _written(ends: Sequence[Number], unit: str, per: int | None) -> str:
    return f"{'–'.join(map(str, ends))}{f' in {per}' if per else ''} {unit}"


def _ends(value: Value) -> tuple[Number, ...]:
    return value if isinstance(value, tuple) else (value,)


def load(roots: Sequence[Path]) -> Facts:
    """Read `facts.toml` of every root; the first root wins, fact by fact."""
    entries: dict[str, _FactEntry] = {}
    local: dict[str, LocalFact] = {}
    for root in reversed(roots):
        path = root / "facts.toml"
        if path.is_file():
            file = toml.read(path, _File)
            for fact_id, entry in file.fact.items():
                _check(path, fact_id, entry)
            entries |= file.fact
            local |= {key: msgspec.structs.replace(one, id=key) for key, one in file.local.items()}
    return Facts(entries=dict(sorted(entries.items())), local=dict(sorted(local.items())))


def _check(path: Path, fact_id: str, entry: _FactEntry) -> None:
    at = f"fact.{fact_id}"
    if entry.value is None and not entry.by_region:
        raise InputError(path, "the fact has neither `value` nor `by_region`; state one.", at=at)
    values = [entry.value, *(regional.value for regional in entry.by_region.values())]
    for value in values:
        if isinstance(value, tuple) and value[0] >= value[1]:
            raise InputError(path, "a range goes from low to high; swap the ends.", at=at)
