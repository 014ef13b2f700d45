"""Handover: the texts of one language go out as one file, and what comes back is taken in."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.catalogs import domains
from leaflets.catalogs.exchange import sheet, unit, xliff
from leaflets.catalogs.exchange.unit import Intake, Refusal, Returned, Unit
from leaflets.catalogs.message import COMMON, OVERRIDES, Message
from leaflets.errors import InputError, RequestError
from leaflets.library import languages
from leaflets.library.languages import Language
from leaflets.library.load import Library

#: What texts go out as: for CAT tools, for a spreadsheet, or as a page for a reviewer.
Form = Literal["xliff", "csv", "html"]

#: The region at the end of a BCP 47 tag.
_REGION = re.compile(r"-(?:[A-Z]{2}|[0-9]{3})\Z")

_SUFFIXES: Mapping[Form, str] = {"xliff": ".xlf", "csv": ".csv", "html": ".html"}


def chosen(
    library: Library,
    language: Language,
    leaflets: Sequence[str],
    notes: Callable[[Message], Iterable[str]],
) -> tuple[Unit, ...]:
    """List the units of some leaflets, or of all, with those that they share.

    `notes` writes what a translator should know of a message. Raises `RequestError` for a leaflet
    that does not exist.
    """
    for slug in leaflets:
        if slug not in library.leaflets:
            raise RequestError(
                f"There is no leaflet “{slug}”; there are {', '.join(library.leaflets)}."
            )
    wanted = {COMMON, OVERRIDES, *(leaflets or domains.names(library))}
    return tuple(
        _noted(text, notes(text.message))
        for domain in domains.names(library)
        if domain in wanted
        for text in unit.units(library, language, domain)
    )


def _noted(text: Unit, notes: Iterable[str]) -> Unit:
    return msgspec.structs.replace(text, notes=tuple(dict.fromkeys((*text.notes, *notes))))


def file_name(language: Language, leaflets: Sequence[str], form: Form) -> str:
    """Name the file after its leaflet, if it is only one, and its language."""
    stem = leaflets[0] if len(leaflets) == 1 else "leaflets"
    return f"{stem}-{language.tag}{_SUFFIXES[form]}"


def written(
    language: Language,
    units: Sequence[Unit],
    form: Form,
    *,
    templates: Sequence[Path],
    pictures: Mapping[str, bytes],
) -> bytes:
    """Write units as one file.

    `templates` are the template roots. `pictures` maps the ids of messages to a PNG of their place;
    only the page for a reviewer shows them.
    """
    match form:
        case "xliff":
            return xliff.document(language, units)
        case "csv":
            return sheet.table(language, units)
        case "html":
            return sheet.page(language, units, pictures, templates)


def taken_in(library: Library, file: Path) -> tuple[Language, Intake]:
    """Read a file that came back, and say which catalogs it changes; write nothing.

    Raises `InputError` if it cannot be read, `RequestError` for a kind of file that we do not take.
    """
    data = _read(file)
    returned: Iterable[Returned | Refusal]
    match file.suffix.lower():
        case ".xlf" | ".xliff":
            document = xliff.read(file, data)
            language = _language(library, file, document.language)
            units = _units(library, language, [domain for domain, _ in document.units])
            returned = xliff.returned(document, units)
        case ".csv":
            table = sheet.read(file, data)
            language = _language(library, file, table.language)
            units = _units(library, language, table.domains)
            returned = table.returned
        case _:
            raise RequestError(f"{file.name} ends in none of .xlf, .xliff and .csv; rename it.")
    return language, _intake(library, language, units, list(returned))


def _intake(
    library: Library,
    language: Language,
    units: Sequence[Unit],
    returned: Sequence[Returned | Refusal],
) -> Intake:
    """Take over the texts; a single refusal keeps all of them out."""
    texts = [text for text in returned if isinstance(text, Returned)]
    refused = tuple(text for text in returned if isinstance(text, Refusal))
    intake = unit.intake(library, language, units, texts)
    if refused:
        intake = msgspec.structs.replace(intake, files={}, refused=(*refused, *intake.refused))
    return intake


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(file, f"it cannot be read ({error.strerror}).") from None


def _language(library: Library, file: Path, tag: str) -> Language:
    """Find the language of a file; programs put a region to it, as in es-ES."""
    known = tag if tag in library.languages else _REGION.sub("", tag)
    tag = known if known in library.languages else tag
    try:
        (language,) = languages.with_catalogs(library.languages, [tag])
    except RequestError as error:
        raise InputError(file, str(error)) from None
    return language


def _units(library: Library, language: Language, named: Sequence[str]) -> list[Unit]:
    known = [name for name in domains.names(library) if name in named]
    return [text for domain in known for text in unit.units(library, language, domain)]
