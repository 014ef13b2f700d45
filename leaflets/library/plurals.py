"""Plural forms: how many a language has and which number takes which, in `locales/plurals.toml`."""

import gettext
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from leaflets.errors import InputError
from leaflets.library import overlay, toml
from leaflets.library.values import Tag, described

FILE = "plurals.toml"

PluralForms = Annotated[
    str,
    msgspec.Meta(
        title="a Plural-Forms header of gettext such as nplurals=2; plural=(n != 1);",
        pattern=r"\Anplurals=[1-6]; plural=[n0-9 ()?:%!=<>&|]+;\Z",
        max_length=200,
    ),
]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of plurals.toml: languages by tag, and the Plural-Forms header of each."""

    cldr: Annotated[dict[Tag, PluralForms], described("Languages whose forms are CLDR's.")] = {}
    beyond_cldr: Annotated[
        dict[Tag, PluralForms], described("Languages for which CLDR has no rule.")
    ] = {}


def load(roots: Sequence[Path]) -> Mapping[str, str]:
    """Read `plurals.toml` of every locale root; the first root wins, language by language.

    Returns the Plural-Forms header by BCP 47 tag. Raises `InputError` for a rule that is none.
    """
    return overlay.entries(roots, FILE, _read)


def _read(path: Path) -> Mapping[str, str]:
    file = toml.read(path, File)
    stated = {**file.beyond_cldr, **file.cldr}
    for tag, forms in stated.items():
        _check(path, tag, forms)
    return stated


def _check(path: Path, tag: str, forms: str) -> None:
    count, _, rule = forms.partition("nplurals=")[2].partition("; plural=")
    try:
        used = _used(rule.rstrip(";"))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(path, f"“{forms}” is not a rule ({error}); correct it.", at=tag) from None
    if used != set(range(int(count))):
        raise InputError(
            path, f"“{forms}” does not use each of its {count} forms; correct it.", at=tag
        )


@cache
def _used(rule: str) -> frozenset[int]:
    """List the forms that a rule chooses; many languages have the same."""
    index = gettext.c2py(rule)
    return frozenset(map(index, range(1001)))


@cache
def numbers_of(forms: str) -> tuple[tuple[int, ...], ...]:
    """Return the whole numbers up to 200 that take each form of a Plural-Forms header."""
    count, _, rule = forms.partition("nplurals=")[2].partition("; plural=")
    index = gettext.c2py(rule.rstrip(";"))
    return tuple(
        tuple(number for number in range(201) if index(number) == form)
        for form in range(int(count))
    )


def of(table: Mapping[str, str], tag: str) -> str | None:
    """Find the forms of a language: those of its tag, or of the longest tag that begins it.

    This is the lookup of RFC 4647, section 3.4. Returns None if even the language is unknown.
    """
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        if forms := table.get("-".join(parts[:length])):
            return forms
    return None
