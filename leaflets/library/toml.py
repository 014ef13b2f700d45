"""Read a TOML file into a typed, frozen value, or say in one sentence why it cannot be read."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from leaflets.errors import InputError

T = TypeVar("T")

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`(?: - at `\$\.?(?P<at>.*)`)?")
_OTHER = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<at>.*)`)?$", re.DOTALL)


def read(path: Path, kind: type[T]) -> T:
    """Read `path` as `kind`; raise `InputError` naming the line or the key."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(path, "the file does not exist; create it or correct the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"the file cannot be read as UTF-8 text ({error}).") from None
    return parse(text, path, kind)


def parse(text: str, path: Path, kind: type[T]) -> T:
    """Read TOML text that came from `path` as `kind`."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(path, f"this is not valid TOML: {_lower(str(error))}.") from None
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise InputError(path, _explain(str(error), kind)) from None


def _explain(message: str, kind: object) -> str:
    """Turn msgspec's sentence into one that says what to do."""
    if found := _UNKNOWN.match(message):
        key, at = found["key"], found["at"] or ""
        near = difflib.get_close_matches(key, _fields(kind), n=1)
        advice = f"did you mean `{near[0]}`?" if near else "remove it or correct its spelling."
        return f"`{_join(at, key)}` is not a key we know; {advice}"
    found = _OTHER.match(message)
    what, at = (found["what"], found["at"] or "") if found else (message, "")
    place = f"`{_join(at)}`: " if at else ""
    return f"{place}{_lower(what)}; correct the value."


def _fields(kind: object, seen: frozenset[object] = frozenset()) -> set[str]:
    """Collect the key names of a struct and of the structs inside it."""
    info = msgspec.inspect.type_info(kind) if not isinstance(kind, msgspec.inspect.Type) else kind
    names: set[str] = set()
    if isinstance(info, msgspec.inspect.StructType):
        if info.cls in seen:
            return names
        for field in info.fields:
            names |= {field.encode_name} | _fields(field.type, seen | {info.cls})
    elif isinstance(info, msgspec.inspect.UnionType):
        for part in info.types:
            names |= _fields(part, seen)
    elif isinstance(info, msgspec.inspect.DictType):
        names |= _fields(info.value_type, seen)
    elif isinstance(info, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
        names |= _fields(info.item_type, seen)
    return names


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
