"""The catalogue of an output folder: each edition, with all that it is looked up by."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import msgspec

from leaflets.catalogs import marks, po
from leaflets.catalogs.translator import Translator
from leaflets.errors import InputError
from leaflets.library import cldr
from leaflets.library.formats import Format
from leaflets.library.governance import Governance
from leaflets.library.languages import Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.output.shelf import ManifestEntry, Shelf

FILE = "catalogue.json"


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One edition: `language` and `beside` are BCP 47 tags, `pages` is 0 where there are none.

    `title` is in its language if it is translated; `title_language` says in which it is. `region`
    is the country that the edition is for, `region_name` its name in English, `country` its name in
    the language of the edition; all are empty if the manifest does not say it. `reviewed` and `due`
    are the days of a release; a draft has none.
    """

    leaflet: str
    title: str
    title_language: str
    english_title: str
    topic: str
    audience: str
    icd10cm: tuple[str, ...]
    snomed: tuple[str, ...]
    language: str
    language_name: str
    autonym: str
    direction: str
    region: str
    region_name: str
    country: str
    beside: str
    format: str
    format_name: str
    media_type: str
    pages: int
    file: str
    size: int
    sha256: str
    code: str
    status: str
    reviewed: dt.date | None
    due: dt.date | None


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What an output folder holds, for which clinic, and the newest day that it rests on.

    `updated` is the newest day on which a clinician approved an edition or a source was looked up:
    it never comes from the clock, so that the same inputs give the same bytes. `governance` says of
    each leaflet by its id who wrote and reviewed it, and what has changed.
    """

    version: int = 1
    clinic: str
    region: str
    updated: dt.date
    editions: tuple[Record, ...]
    governance: Mapping[str, Governance]


def catalogue(library: Library, output: Shelf) -> Catalogue:
    """List what the manifest of an output folder names and the library knows."""
    entries = output.entries.values()
    known = [
        entry
        for entry in entries
        if entry.leaflet in library.leaflets
        and entry.language in library.languages
        and entry.format in library.formats
    ]
    titles: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in known:
        if (entry.leaflet, entry.language) not in titles:
            titles[entry.leaflet, entry.language] = _title(
                library, library.leaflets[entry.leaflet], library.languages[entry.language]
            )
    order = {slug: place for place, slug in enumerate(library.leaflets)}
    languages = {tag: place for place, tag in enumerate(library.languages)}
    formats = {key: place for place, key in enumerate(library.formats)}
    records = [
        _record(library, output, entry, titles[entry.leaflet, entry.language])
        for entry in sorted(
            known,
            key=lambda entry: (
                order[entry.leaflet], languages[entry.language], entry.beside,
                entry.region, formats[entry.format], entry.file,
            ),
        )
    ]  # fmt: skip
    return Catalogue(
        clinic=library.clinic.name,
        region=library.region.code,
        updated=_newest(library, records),
        editions=tuple(records),
        governance={
            record.leaflet: library.leaflets[record.leaflet].governance for record in records
        },
    )


def _record(
    library: Library, output: Shelf, entry: ManifestEntry, title: tuple[str, str]
) -> Record:
    leaflet = library.leaflets[entry.leaflet]
    language = library.languages[entry.language]
    sheet = library.formats[entry.format]
    region_name = library.regions[entry.region].name if entry.region in library.regions else ""
    return Record(
        leaflet=leaflet.slug,
        title=title[0],
        title_language=title[1],
        english_title=leaflet.title,
        topic=leaflet.topic,
        audience=leaflet.audience,
        icd10cm=leaflet.icd10cm,
        snomed=leaflet.snomed,
        language=language.tag,
        language_name=language.name,
        autonym=language.autonym,
        direction=language.direction,
        region=entry.region,
        region_name=region_name,
        country=cldr.country_name(language.tag, entry.region) or region_name,
        beside=entry.beside,
        format=sheet.id,
        format_name=sheet.name,
        media_type=_media_type(sheet),
        pages=entry.pages,
        file=entry.file,
        size=output.size(entry.file),
        sha256=entry.sha256,
        code=entry.code,
        status=entry.status,
        reviewed=entry.reviewed,
        due=entry.due,
    )


def _media_type(sheet: Format) -> str:
    types: Mapping[str, str] = {
        "print": "application/pdf",
        "screen": "text/html",
        "text": "text/plain",
    }
    return types[sheet.medium]


def _title(library: Library, leaflet: Leaflet, language: Language) -> tuple[str, str]:
    """Return the title of a leaflet and the language that it is in."""
    catalogs = po.chain(library, language, leaflet.slug)
    translator = Translator(language, catalogs, library.parts)
    text = marks.unmarked(translator.pgettext(leaflet.title_id, leaflet.title))
    if translator.missing or translator.faults:
        return leaflet.title, "en"
    return text, language.tag


def _newest(library: Library, records: list[Record]) -> dt.date:
    looked_up = (source.checked for source in library.sources.values())
    approved = (record.reviewed for record in records if record.reviewed)
    return max((*looked_up, *approved), default=dt.date(1970, 1, 1))


def encoded(catalogue: Catalogue) -> bytes:
    """Write a catalogue as JSON; `docs/catalogue.schema.json` describes it."""
    return msgspec.json.format(msgspec.json.encode(catalogue), indent=1) + b"\n"


def read(folder: Path) -> Catalogue:
    """Read the catalogue of an output folder; raise `InputError` if there is none to read."""
    shelf.settle(folder)
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Catalogue)
    except OSError:
        raise InputError(
            path, "there is no catalogue; `leaflets build` makes one, or correct --output."
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(path, f"{error}; build again.") from None
