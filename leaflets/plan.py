"""Plan: which editions to print, each a pure function of its inputs, with its fingerprint."""

import datetime as dt
import hashlib
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import msgspec

from leaflets import code
from leaflets.catalogs import po
from leaflets.errors import RequestError
from leaflets.library.formats import Format
from leaflets.library.languages import Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library

Status = Literal["draft", "release"]


class Released(msgspec.Struct, frozen=True):
    """When a clinician last approved a leaflet, and the day by which it must be checked again."""

    reviewed: dt.date
    due: dt.date


#: Templates and data that every edition depends on, relative to a template root.
_SHARED = ("*.html", "*.toml", "common/*", "figures/*", "style/*")

#: The software that decides what a page looks like.
_SETTERS = ("leaflets", "weasyprint", "pydyf", "jinja2", "pyicu-wheels")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to print: empty means everything that the clinic, or the library, has."""

    leaflets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class Edition(msgspec.Struct, frozen=True):
    """One leaflet in one language and format, for the clinic of the library.

    `release` is None as long as it is a draft.
    """

    leaflet: Leaflet
    language: Language
    format: Format
    fingerprint: str
    release: Released | None = None

    @property
    def status(self) -> Status:
        """Tell whether it is a draft or a release."""
        return "draft" if self.release is None else "release"

    @property
    def name(self) -> str:
        """Name the edition as its file is named: leaflet, language, format."""
        return f"{self.leaflet.slug}-{self.language.tag}-{self.format.id}"

    @property
    def file(self) -> str:
        """Name the file, relative to the output folder."""
        return f"{self.language.tag}/{self.name}.pdf"

    @property
    def code(self) -> str:
        """Return the edition code: short enough to copy by hand onto a consent form."""
        return code.of(self.fingerprint)


def released(edition: Edition, release: Released) -> Edition:
    """Turn a draft into a release, with a fingerprint, and so a code, of its own."""
    digest = hashlib.sha256(edition.fingerprint.encode() + msgspec.json.encode(release))
    return msgspec.structs.replace(edition, release=release, fingerprint=digest.hexdigest())


def plan(library: Library, request: Request) -> tuple[Edition, ...]:
    """List the editions asked for, as drafts, in reading order.

    Pseudo-languages are listed only by name. Raises `RequestError` for an unknown name.
    """
    clinic = library.clinic
    leaflets = _chosen("leaflet", request.leaflets, clinic.leaflets, tuple(library.leaflets))
    usual_languages = clinic.languages or tuple(library.printed_languages)
    languages = _chosen("language", request.languages, usual_languages, tuple(library.languages))
    usual = (library.region.paper,) if clinic.is_named else tuple(library.formats)
    formats = _chosen("format", request.formats, clinic.formats or usual, tuple(library.formats))
    shared = _shared_digest(library)
    return tuple(
        _edition(
            library,
            library.leaflets[slug],
            library.languages[tag],
            library.formats[sheet],
            shared,
        )
        for tag in languages
        for slug in leaflets
        for sheet in formats
    )


def plan_one(library: Library, leaflet: Leaflet, language: Language) -> Edition:
    """Plan one leaflet in one language, on the paper of the region."""
    sheet = library.formats[library.region.paper]
    return _edition(library, leaflet, language, sheet, _shared_digest(library))


def _chosen(
    noun: str, asked: Sequence[str], usual: Sequence[str], known: Sequence[str]
) -> tuple[str, ...]:
    """Take what was asked for, else what the clinic has, else everything, in order."""
    for one in asked:
        if one not in known:
            raise RequestError(f"There is no {noun} “{one}”; there are {', '.join(known)}.")
    wanted = asked or usual or known
    return tuple(one for one in known if one in wanted)


def _edition(
    library: Library, leaflet: Leaflet, language: Language, sheet: Format, shared: str
) -> Edition:
    digest = hashlib.sha256(shared.encode())
    for part in (leaflet, language, sheet):
        digest.update(msgspec.json.encode(part, order="sorted"))
    for path in _own_files(library, leaflet, language):
        digest.update(path.read_bytes())
    return Edition(leaflet, language, sheet, digest.hexdigest())


def _own_files(library: Library, leaflet: Leaflet, language: Language) -> Iterator[Path]:
    names = [leaflet.template]
    for root in library.roots.templates:
        yield from (root / name for name in names if (root / name).is_file())
    for root in library.roots.locales:
        for domain in po.domains_of(leaflet.slug):
            for tag in filter(None, (language.tag, language.parent)):
                path = root / po.file_name(tag, domain)
                if path.is_file():
                    yield path


def _shared_digest(library: Library) -> str:
    """Hash what all editions depend on: shared templates, facts, clinic, and the software."""
    digest = hashlib.sha256()
    stated = msgspec.structs.replace(library.clinic, folder="")
    digest.update(msgspec.json.encode(stated, order="sorted"))
    digest.update(platform.python_implementation().encode())
    for name in _SETTERS:
        digest.update(f"{name} {version(name)}\n".encode())
    for root in library.roots.templates:
        for pattern in _SHARED:
            for path in sorted(root.glob(pattern)):
                if path.is_file():
                    digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    if stated.logo and library.clinic.folder:
        digest.update((Path(library.clinic.folder) / stated.logo).read_bytes())
    return digest.hexdigest()
