"""Read PO files; write none of a translator's words."""

import gettext
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import polib

from leaflets.catalogs.message import COMMON, OVERRIDES, ROOM, SHARED, Translation
from leaflets.errors import InputError
from leaflets.library import overlay
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library

_LINE = re.compile(
    r"""(?:\#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]\])?)[ \t]*)?"""
    r""""(?:[^"\\]|\\.)*")?"""
)

#: How many parsed catalogs are kept: those of nine languages, and of some editing.
_KEPT = 256


#: The beginning of a line of flags; gettext needs no space after it, polib does.
_FLAGS = re.compile(r"^#,(?=\S)", re.MULTILINE)


class Catalog(msgspec.Struct, frozen=True):
    """The translations of one domain in one language, by (context, text)."""

    path: Path | None
    header: Mapping[str, str]
    entries: Mapping[tuple[str, str], Translation]


def file_name(language: str, domain: str) -> str:
    """Name the PO file of a domain, relative to a locale root."""
    return f"{folder(language)}/LC_MESSAGES/{domain}.po"


def folder(language: str) -> str:
    """Name the folder of a language, relative to a locale root."""
    return language.replace("-", "_")


def load(library: Library, language: str, domain: str) -> Catalog:
    """Read the catalog of a domain; the first root that has the file is used, none is empty.

    What says whether a sheet may be handed out is always worded by the last root, our own: nobody
    signs a draft. In a language that is not ours it stays in English, or in that of the parent.
    """
    locales, name = library.roots.locales, file_name(language, domain)
    path = overlay.find(locales, name)
    if path is None:
        return Catalog(None, {}, {})
    catalog = read(path)
    if domain not in SHARED or path == locales[-1] / name:
        return catalog
    is_status = library.parts.is_status
    own = {key: entry for key, entry in catalog.entries.items() if not is_status(key[0])}
    words = ours(library, language, domain).entries
    status = {key: entry for key, entry in words.items() if is_status(key[0])}
    return msgspec.structs.replace(catalog, entries=own | status)


def ours(library: Library, language: str, domain: str) -> Catalog:
    """Read our own catalog of a domain, whatever lies over it; one that does not exist is empty."""
    path = library.roots.locales[-1] / file_name(language, domain)
    return read(path) if path.is_file() else Catalog(None, {}, {})


def own_words(library: Library, language: Language, domain: str) -> frozenset[tuple[str, str]]:
    """Return what a clinic translates otherwise than we do, or in the place of ours: their keys.

    What we do not translate is no word of ours, except in a variety of English.
    """
    *clinics, _ = library.roots.locales
    names = [file_name(tag, domain) for tag in language.lineage]
    if not any(overlay.find(clinics, name) for name in names):
        return frozenset()
    said = [load(library, tag, domain) for tag in language.lineage]
    if domain == OVERRIDES:
        return frozenset(key for catalog in said for key in catalog.entries)
    said_by_us = [ours(library, tag, domain) for tag in language.lineage]
    found = set()
    for key in {key for catalog in said for key in catalog.entries}:
        own, other = find(said, key), find(said_by_us, key)
        is_another = other.forms != own.forms if own and other else language.parent == SOURCE
        if own and is_another:
            found.add(key)
    return frozenset(found)


def asks_for(library: Library, catalog: Catalog, key: tuple[str, str]) -> bool:
    """Tell whether a catalog must translate a message: in a clinic's, not what only we word."""
    ours = catalog.path is None or catalog.path.is_relative_to(library.roots.locales[-1])
    return ours or key in catalog.entries or not library.parts.is_status(key[0])


def read(path: Path) -> Catalog:
    """Read one PO file; raise `InputError` with the line of a fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"the file cannot be read as UTF-8 text ({error}).") from None
    return _parsed(path, text)


_ROOM = re.compile(re.escape(ROOM).replace(r"\{room\}", r"(?P<room>\d+)"))


@lru_cache(_KEPT)
def _parsed(path: Path, text: str) -> Catalog:
    """Parse what a PO file says; the same words are not parsed again."""
    _check_lines(path, text)
    try:
        file = polib.pofile(_FLAGS.sub("#, ", text), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        raise InputError(path, f"{_sentence(error)}; correct the file in a PO editor.") from None
    entries = {
        (entry.msgctxt or "", entry.msgid): _translation(entry)
        for entry in file
        if not entry.obsolete
    }
    return Catalog(path, dict(file.metadata), entries)


def _translation(entry: polib.POEntry) -> Translation:
    previous = entry.previous_msgid_plural or entry.previous_msgid or ""
    stated = _ROOM.search(entry.comment)
    room = int(stated["room"]) if stated else 0
    return Translation(_forms(entry), entry.fuzzy, entry.linenum, previous, room)


def _check_lines(path: Path, text: str) -> None:
    """Refuse a line that is neither comment nor quoted text: polib guesses what it may mean."""
    for number, line in enumerate(text.splitlines(), 1):
        if not _LINE.fullmatch(line.strip()):
            raise InputError(
                path,
                f"“{line.strip()}” is not a line of a PO file; correct it.",
                at=f"line {number}",
            )


def _forms(entry: polib.POEntry) -> tuple[str, ...]:
    if entry.msgid_plural:
        return tuple(entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural))
    return (entry.msgstr,)


def _sentence(error: Exception) -> str:
    text = str(error).replace("Syntax error in po file ", "").rstrip(".")
    return text[:1].lower() + text[1:]


def chain(library: Library, language: Language, slug: str) -> list[Catalog]:
    """Read the catalogs that a leaflet looks into, in order: its own, the common one, the parent's.

    The parent is the language over which this one is a thin layer.
    """
    tags = filter(None, (language.tag, language.parent))
    return [load(library, tag, domain) for tag in tags for domain in domains_of(slug)]


def find(catalogs: Sequence[Catalog], key: tuple[str, str]) -> Translation | None:
    """Return the first translation of a message that may be printed, or None."""
    found = (catalog.entries.get(key) for catalog in catalogs)
    return next((one for one in found if one is not None and one.usable), None)


def plural_function(plural_forms: str) -> Callable[[int], int]:
    """Compile the rule of a Plural-Forms header into a function from a number to a form index."""
    rule = plural_forms.split("plural=", 1)[1].strip().rstrip(";")
    return gettext.c2py(rule)  # undocumented, stable since 2.3


def domains_of(slug: str) -> tuple[str, str, str]:
    """List the domains that a leaflet looks into, in order."""
    return slug, COMMON, OVERRIDES
