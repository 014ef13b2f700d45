"""Read a TOML file into a typed, frozen value, or say in one sentence why it cannot be read.

msgspec converts what was read, and is fast; only if it refuses, the value is gone through part by
part, by the same types, to find the key at fault and to say what belongs there.
"""

import difflib
import tomllib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from leaflets.errors import InputError
from leaflets.library import schema

T = TypeVar("T")


class _Fault(msgspec.Struct, frozen=True):
    """The path of keys to what is wrong, and what to do."""

    at: tuple[str | int, ...]
    advice: str


def read(path: Path, kind: type[T]) -> T:
    """Read `path` as `kind`; raise `InputError` naming the line or the key."""
    return parse(read_text(path), path, kind)


def read_text(path: Path) -> str:
    """Read a file as text; raise `InputError` if there is none, or it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(path, "the file does not exist; create it or correct the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"the file cannot be read as UTF-8 text ({error}).") from None


def parse(text: str, path: Path, kind: type[T]) -> T:
    """Read TOML text that came from `path` as `kind`."""
    return convert(_tables(text, path, _kept), path, kind)


def document(text: str, path: Path) -> dict[str, Any]:
    """Read TOML text that came from `path` as tables, before anything is asked of its keys."""
    return _tables(text, path, tomllib.loads)


@lru_cache(maxsize=256)
def _kept(text: str) -> dict[str, Any]:
    """Read TOML text once: most files of a library are as they were when it is read again."""
    return tomllib.loads(text)


def _tables(text: str, path: Path, loads: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    try:
        return loads(text)
    # Besides errors of its own, tomllib raises `ValueError` for a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        # tomllib names no line for a fault that it meets at the end.
        reason = str(error).replace("at end of document", f"at line {len(text.splitlines())}")
        reason = reason[:1].lower() + reason[1:].rstrip(".")
        raise InputError(path, f"this is not valid TOML: {reason}; correct it.") from None


def convert(tables: dict[str, Any], path: Path, kind: type[T], *, within: str = "") -> T:
    """Take tables as `kind`; errors name their keys below the table `within`."""
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        fault = _fault(tables, kind) or _Fault((), str(error))
        at = _path((within, *fault.at) if within else fault.at)
        raise InputError(path, fault.advice, at=at) from None


def _fault(value: object, kind: Any) -> _Fault | None:  # noqa: ANN401 - annotations have no type
    """Find the innermost part of a value that its type refuses."""
    if _is_accepted(value, kind):
        return None
    for key, part, of_part in _parts(value, kind):
        if fault := _fault(part, of_part):
            return _Fault((key, *fault.at), fault.advice)
    keys = _wrong_key(value, kind)
    wanted = schema.words(msgspec.inspect.type_info(kind))
    return keys or _Fault((), f"write {wanted}, not {schema.shown(value)}.")


def _is_accepted(value: object, kind: Any) -> bool:  # noqa: ANN401 - annotations have no type
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _parts(value: object, kind: Any) -> Iterator[tuple[str | int, object, Any]]:  # noqa: ANN401 - annotations have no type
    """Yield each part of a table or list: its key or place, what stands there, and its type."""
    for choice in _choices(kind):
        arguments = typing.get_args(choice)
        if isinstance(value, dict) and _is_struct(choice):
            yield from (
                (key, value[key], hint) for key, hint in hints(choice).items() if key in value
            )
        elif isinstance(value, dict) and typing.get_origin(choice) is dict:
            yield from ((key, part, arguments[1]) for key, part in value.items())
        elif isinstance(value, list) and arguments[1:] == (...,):
            yield from ((number, part, arguments[0]) for number, part in enumerate(value, 1))


def hints(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    """Map the keys of a table to their annotated types."""
    return typing.get_type_hints(kind, include_extras=True)


def _choices(kind: Any) -> Iterator[Any]:  # noqa: ANN401 - annotations have no type
    """Yield the types of a union, or the type itself, without their annotations."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        yield from _choices(typing.get_args(kind)[0])
    elif origin in {typing.Union, types.UnionType}:
        for choice in typing.get_args(kind):
            yield from _choices(choice)
    else:
        yield kind


def _wrong_key(value: object, kind: Any) -> _Fault | None:  # noqa: ANN401 - annotations have no type
    """Find a key of a table that is not known, is missing, or is no name."""
    for choice in _choices(kind):
        if isinstance(value, dict) and _is_struct(choice):
            return _unknown_key(value, choice) or _missing_key(value, choice)
        if isinstance(value, dict) and typing.get_origin(choice) is dict:
            name = typing.get_args(choice)[0]
            wanted = schema.words(msgspec.inspect.type_info(name))
            for key in value:
                if not _is_accepted(key, name):
                    return _Fault((), f"“{key}” cannot be a key here; write {wanted}.")
    return None


def _unknown_key(value: dict[str, Any], kind: type[msgspec.Struct]) -> _Fault | None:
    known = [field.encode_name for field in schema.fields(kind)]
    for key in value:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            advice = f"did you mean `{near[0]}`?" if near else "remove it or correct its spelling."
            return _Fault((key,), f"this is not a key we know; {advice}")
    return None


def _missing_key(value: dict[str, Any], kind: type[msgspec.Struct]) -> _Fault | None:
    for field in schema.fields(kind):
        if field.required and field.encode_name not in value:
            wanted = schema.words(field.type)
            return _Fault((), f"the key `{field.encode_name}` is missing; write {wanted}.")
    return None


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _path(keys: tuple[str | int, ...]) -> str:
    """Write a path of keys: `fact.rest.unit`, or `hours, entry 1, opens` within a list."""
    path = ""
    for key, before in zip(keys, (None, *keys), strict=False):
        if isinstance(key, int):
            path += f", entry {key}" if path else f"entry {key}"
        elif path:
            path += f"{', ' if isinstance(before, int) else '.'}{key}"
        else:
            path = key
    return path
