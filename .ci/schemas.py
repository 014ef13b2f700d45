"""Describe the files that people write, from the types that read them: `docs/schemas.md`."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import inspect

from leaflets.checks import reading
from leaflets.library import (
    accepted,
    claims,
    clinic,
    facts,
    fonts,
    formats,
    glossary,
    languages,
    leaflet,
    orthography,
    overrides,
    plurals,
    recalls,
    redflags,
    regions,
    safety,
    schema,
    signoff,
    sources,
    usertest,
)

HEAD = """# The files that you write

Made by `make docs` from the types that read these files. A key that is not listed here is refused,
and so is a value that is out of its bounds; the message names the file and the key. In a clinic
folder, a file lies in the same place, and an entry there wins over ours.
"""

#: Each file, by its place, with the type that reads it and how it may be divided further.
FILES: Sequence[tuple[str, type[msgspec.Struct], str]] = (
    ("clinic.toml", clinic.Clinic,
     "A clinic with several sites states each in a table `[site.<name>]`, with the same keys; what"
     " a site leaves out, it takes from the top."),
    ("templates/leaflets/<slug>/leaflet.toml", leaflet.Leaflet, ""),
    ("templates/leaflets/<slug>/usertest.toml", usertest.Questions, ""),
    ("templates/usertest.toml", usertest.PassMark, ""),
    ("templates/facts.toml", facts.File, ""),
    ("templates/sources.toml", sources.File, ""),
    ("templates/claims.toml", claims.File, ""),
    ("templates/redflags.toml", redflags.File, ""),
    ("templates/regions.toml", regions.File, ""),
    ("templates/formats.toml", formats.File, ""),
    ("templates/fonts.toml", fonts.File, ""),
    ("templates/jargon.toml", reading.File, ""),
    ("templates/overrides.toml", overrides.File, "In a clinic folder only."),
    ("locales/languages.toml", languages.File, ""),
    ("locales/plurals.toml", plurals.File, ""),
    ("locales/orthography.toml", orthography.File, ""),
    ("locales/<language>/glossary.toml", glossary.Glossary, ""),
    ("locales/<language>/safety.toml", safety.File, ""),
    ("locales/<language>/signoff.toml, templates/signoff.toml", signoff.SignOff,
     "`leaflets sign` and `leaflets verify` write these files."),
    ("locales/<language>/usertest.toml", usertest.File,
     "`leaflets usertest --results` writes this file."),
    ("locales/<language>/accepted.toml", accepted.File, "`leaflets accept` writes this file."),
    ("recalls.toml", recalls.File, "In a clinic folder only; `leaflets recall` writes this file."),
)  # fmt: skip


def document() -> str:
    """Write the whole page."""
    return "\n".join([HEAD, *(line for file in FILES for line in _file(*file))])


def _file(place: str, kind: type[msgspec.Struct], more: str) -> Iterator[str]:
    yield f"## `{place}`\n"
    yield " ".join(part for part in (_about(kind), more) if part) + "\n"
    for heading, table in _tables(kind):
        if heading:
            yield f"### {heading}\n"
            yield f"{_about(table)}\n"
        if any(schema.bare(field.type)[1].get("description") for field in schema.fields(table)):
            yield from _keys(table)


def _about(kind: type[msgspec.Struct]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _tables(kind: type[msgspec.Struct], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each table of a file that has keys of its own, by its heading; the whole file first."""
    yield above and f"`{above}`", kind
    for field in schema.fields(kind):
        name = f"{above.strip('[]')}.{field.encode_name}".lstrip(".")
        inner, _ = schema.bare(field.type)
        for part in inner.types if isinstance(inner, inspect.UnionType) else (inner,):
            table, heading = _table(schema.bare(part)[0], name)
            if table:
                yield from _tables(table, heading)


def _table(kind: inspect.Type, name: str) -> tuple[type[msgspec.Struct] | None, str]:
    """Return the table that a key holds, or its entries, and how its heading is written."""
    match kind:
        case inspect.StructType():
            return kind.cls, f"[{name}]"
        case inspect.DictType():
            table, _ = _table(schema.bare(kind.value_type)[0], name)
            return table, f"[{name}.<name>]"
        case inspect.VarTupleType():
            table, _ = _table(schema.bare(kind.item_type)[0], name)
            return table, f"[[{name}]]"
    return None, ""


def _keys(kind: type[msgspec.Struct]) -> Iterator[str]:
    fields = [field for field in schema.fields(kind) if not schema.is_set_by_program(field.type)]
    yield "| key | what to write | if left out | what it means | example |"
    yield "|---|---|---|---|---|"
    for field in fields:
        _, said = schema.bare(field.type)
        examples = said.get("examples") or [""]
        cells = (
            f"`{field.encode_name}`",
            schema.words(field.type),
            _left_out(field),
            said.get("description", ""),
            _code(examples[0]),
        )
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _cell(text: str) -> str:
    return text if text.startswith("`") else text.replace("<", "&lt;").replace("|", r"\|")


def _left_out(field: inspect.Field) -> str:
    if field.required:
        return "it must be there"
    default = field.default
    if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    return _code(default) if default or default is False or default == 0 else "nothing"


def _code(value: object) -> str:
    return "" if value == "" else f"`{toml(value)}`"


def toml(value: object) -> str:
    """Write a value as it stands in TOML, on one line."""
    match value:
        case dt.date():
            return value.isoformat()
        case Mapping():
            return f"{{{', '.join(f'{key} = {toml(part)}' for key, part in value.items())}}}"
        case tuple() | list():
            return f"[{', '.join(map(toml, value))}]"
        case str() if not value.isprintable():
            return json.dumps(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
