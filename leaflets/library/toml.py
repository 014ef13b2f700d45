"""Read a TOML file into a typed, frozen value, or say in one sentence why it cannot be read."""

import difflib
import re
import tomllib
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from leaflets.errors import InputError

T = TypeVar("T")

#: What msgspec writes in place of a key.
_ANY = "[...]"
_INDEX = re.compile(r"\[([0-9]+)\]")
_PATH = re.compile(r" - at `\$\.?(?P<at>.*)`")

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`(?: - at `\$\.?(?P<at>.*)`)?")
_OTHER = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<at>.*)`)?$", re.DOTALL)


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
    return convert(document(text, path), path, kind)


def document(text: str, path: Path) -> dict[str, Any]:
    """Read TOML text that came from `path` as tables, before anything is asked of its keys."""
    try:
        return tomllib.loads(text)
    # Besides errors of its own, tomllib raises `ValueError` for a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        # tomllib names no line for a fault that it meets at the end.
        reason = str(error).replace("at end of document", f"at line {len(text.splitlines())}")
        raise InputError(path, f"this is not valid TOML: {_lower(reason)}; correct it.") from None


def convert(data: dict[str, Any], path: Path, kind: type[T], *, within: str = "") -> T:
    """Take tables as `kind`; errors name their keys below the table `within`."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        reason = _explain(_name_keys(str(error), data, kind), kind, within)
        raise InputError(path, reason) from None


def _name_keys(message: str, data: dict[str, Any], kind: object) -> str:
    """Put the key of a table where msgspec only says that it is one of several."""
    while _ANY in message and (found := _PATH.search(message)):
        before, _, after = found["at"].partition(_ANY)
        path = before.split(".")
        name = next(
            (key for key in _below(data, path) if _fails(_only(data, path, key), kind, message)),
            None,
        )
        if name is None or _ANY in name:
            return message
        data = _only(data, path, name)
        message = message.replace(found["at"], f"{before}.{name}{after}", 1)
    return message


def _fails(data: dict[str, Any], kind: object, message: str) -> bool:
    """Tell whether the document is refused for the same reason."""
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        return str(error).partition(" - at ")[0] == message.partition(" - at ")[0]
    return False


def _below(data: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """Return the table at a path; it is empty if a key on the way holds a dot itself."""
    for key in path:
        found = data.get(key)
        data = found if isinstance(found, dict) else {}
    return data


def _only(data: dict[str, Any], path: Sequence[str], name: str) -> dict[str, Any]:
    """Copy the document with one table, of those below `path`, left."""
    copied = deepcopy(data)
    tables = _below(copied, path)
    for other in [key for key in tables if key != name]:
        del tables[other]
    return copied


def _explain(message: str, kind: object, within: str) -> str:
    """Turn msgspec's sentence into one that says what to do."""
    if found := _UNKNOWN.match(message):
        key, at = found["key"], found["at"] or ""
        near = difflib.get_close_matches(key, _fields(kind) - {key}, n=1)
        advice = f"did you mean `{near[0]}`?" if near else "remove it or correct its spelling."
        return f"`{_join(within, at, key)}` is not a key we know; {advice}"
    found = _OTHER.match(message)
    what, at = (found["what"], found["at"] or "") if found else (message, "")
    place = f"`{_join(within, at)}`: " if at else ""
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
    """Join keys; msgspec counts the entries of a list from 0, people from 1."""
    joined = ".".join(part for part in parts if part)
    return _INDEX.sub(lambda found: f" (entry {int(found[1]) + 1})", joined)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
