"""Schemas: what a type that is read from TOML asks for, in plain words.

A refusal quotes these words, and the documents of the schemas are made of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import inspect

#: More choices than this are not listed.
_MOST_CHOICES = 12

#: Kinds of which there is no more to say.
_SIMPLE: Mapping[type[inspect.Type], str] = {
    inspect.StrType: "text",
    inspect.BoolType: "true or false",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.DateType: "a date such as 2026-01-31",
}

#: Numbers of five digits and more are written in groups; a year is not.
_GROUPED = 10_000

#: How much of a value a sentence quotes.
_LONGEST = 60


def words(kind: inspect.Type) -> str:
    """Say what a value must be, such as “a whole number from 1 to 500”."""
    kind, said = bare(kind)
    return str(said.get("title", _plainly(kind))) + _bounds(kind)


def bare(kind: inspect.Type) -> tuple[inspect.Type, Mapping[str, Any]]:
    """Take what is said of a type apart from it: title, description and examples."""
    said: dict[str, Any] = {}
    while isinstance(kind, inspect.Metadata):
        said |= kind.extra_json_schema or {}
        kind = kind.type
    return kind, said


def _plainly(kind: inspect.Type) -> str:
    if type(kind) in _SIMPLE:
        return _SIMPLE[type(kind)]
    said = "another value"
    match kind:
        case inspect.LiteralType():
            said = _either([f"“{value}”" if value else "nothing" for value in kind.values])
        case inspect.UnionType():
            said = _of_union(kind)
        case inspect.TupleType():
            said = f"{len(kind.item_types)} values in brackets, each {words(kind.item_types[0])}"
        case inspect.VarTupleType() | inspect.ListType():
            said = f"a list in brackets, each {words(kind.item_type)}"
        case inspect.DictType():
            entry, _ = bare(kind.value_type)
            of_tables = isinstance(entry, inspect.StructType)
            said = "a table of tables" if of_tables else f"a table, each {words(kind.value_type)}"
        case inspect.StructType():
            names = [f"`{field.encode_name}`" for field in kind.fields if field.required]
            said = f"a table with {' and '.join(names)}" if names else "a table"
    return said


def _of_union(kind: inspect.UnionType) -> str:
    parts = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
    # A number may be whole or not: that is one thing to whoever writes it.
    if any(isinstance(part, inspect.FloatType) for part in parts):
        parts = [part for part in parts if not isinstance(part, inspect.IntType)]
    return _either([words(part) for part in parts])


def _either(choices: Sequence[str]) -> str:
    if len(choices) > _MOST_CHOICES:
        choices = [*choices[:_MOST_CHOICES], "another"]
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def _bounds(kind: inspect.Type) -> str:
    match kind:
        case inspect.IntType() | inspect.FloatType():
            return _range(kind.ge, kind.le)
        case inspect.StrType() if not kind.max_length:
            return ""
        case inspect.StrType() if kind.min_length is None or kind.min_length <= 1:
            return f", at most {kind.max_length} characters"
        case inspect.StrType():
            return f", of {kind.min_length} to {kind.max_length} characters"
        case inspect.VarTupleType() | inspect.ListType() if kind.min_length:
            return f"; at least {kind.min_length}"
        case _:
            return ""


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" from {_written(low)} to {_written(high)}"


def _written(number: float) -> str:
    return f"{number:,.10g}" if abs(number) >= _GROUPED else f"{number:.10g}"


def shown(value: object) -> str:
    """Quote a value that was read, in short."""
    text = str(value)
    match value:
        case str():
            text = f"“{_shortened(value)}”"
        case bool():
            text = text.lower()
        case dict():
            text = "a table"
        case list():
            text = f"[{', '.join(map(shown, value))}]" if value else "an empty list"
    return text if isinstance(value, str) else _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def is_set_by_program(kind: inspect.Type) -> bool:
    """Tell whether nobody may write a key, because the program sets what it holds."""
    kind, _ = bare(kind)
    return isinstance(kind, inspect.StrType) and kind.max_length == 0


def fields(kind: type[msgspec.Struct]) -> Sequence[inspect.Field]:
    """List the keys of a table that is read as `kind`."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - for mypy
    return info.fields
