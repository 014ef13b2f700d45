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
from leaflets.catalogs import overriding, po
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
    """What to print: empty means everything that the clinic, or the library, has.

    `beside` is a second language to print below the first, and `crop_marks` asks for the marks and
    the bleed that a print shop needs.
    """

    leaflets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    beside: str = ""
    crop_marks: bool = False


class Edition(msgspec.Struct, frozen=True):
    """One leaflet in one language and format, for the clinic of the library.

    `release` is None as long as it is a draft. `beside` is the second language of a bilingual one.
    """

    leaflet: Leaflet
    language: Language
    format: Format
    fingerprint: str
    release: Released | None = None
    beside: Language | None = None
    crop_marks: bool = False

    @property
    def status(self) -> Status:
        """Tell whether it is a draft or a release."""
        return "draft" if self.release is None else "release"

    @property
    def name(self) -> str:
        """Name the edition as its file is named: leaflet, language, format."""
        marks = "-crop-marks" if self.crop_marks else ""
        return f"{self.leaflet.slug}-{self.tags}-{self.format.id}{marks}"

    @property
    def tags(self) -> str:
        """Name its language, or both: es, or es+en."""
        return "+".join(one.tag for one in self.languages)

    @property
    def languages(self) -> tuple[Language, ...]:
        """List its languages: one, or two."""
        return (self.language, self.beside) if self.beside else (self.language,)

    @property
    def budget(self) -> int | None:
        """Return the most pages it may have; twice as many and one in two languages."""
        pages = self.format.pages_of(self.leaflet.pages)
        return pages * 2 + 1 if pages and self.beside else pages

    @property
    def file(self) -> str:
        """Name the file, relative to the output folder."""
        return f"{self.tags}/{self.name}{self.format.suffix}"

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

    Pseudo-languages are listed only by name. A leaflet that a format is not for is left out, unless
    both are named. Raises `RequestError` for that, and for an unknown name; `InputError` for an
    override that cannot be printed.
    """
    overriding.check(library)
    clinic = library.clinic
    leaflets = _chosen("leaflet", request.leaflets, clinic.leaflets, tuple(library.leaflets))
    usual_languages = clinic.languages or tuple(library.printed_languages)
    languages = _chosen("language", request.languages, usual_languages, tuple(library.languages))
    for one in request.formats:
        if one in library.refused_formats:
            raise RequestError(f"There is no format “{one}”: {library.refused_formats[one]}")
    _chosen("language", [request.beside] if request.beside else [], (), tuple(library.languages))
    usual = (
        (library.region.paper,)
        if clinic.is_named
        else tuple(one.id for one in library.formats.values() if one.usual)
    )
    formats = _chosen("format", request.formats, clinic.formats or usual, tuple(library.formats))
    suited = _suited(library, leaflets, formats)
    if request.leaflets and request.formats:
        _check_suited(library, leaflets, formats, suited)
    if request.beside or request.crop_marks:
        _check_varied(library, request, formats)
    shared = _shared_digest(library)
    return tuple(
        _varied(
            library,
            request,
            _edition(
                library,
                library.leaflets[slug],
                library.languages[tag],
                library.formats[sheet],
                shared,
            ),
        )
        for tag in languages
        for slug in leaflets
        for sheet in formats
        if (slug, sheet) in suited and tag != request.beside
    )


def _varied(library: Library, request: Request, edition: Edition) -> Edition:
    """Make an edition bilingual, or give it crop marks, with a fingerprint of its own."""
    if not request.beside and not request.crop_marks:
        return edition
    beside = library.languages[request.beside] if request.beside else None
    digest = hashlib.sha256(edition.fingerprint.encode())
    digest.update(msgspec.json.encode((beside, request.crop_marks), order="sorted"))
    if beside:
        for path in _own_files(library, edition.leaflet, beside):
            digest.update(path.read_bytes())
    return msgspec.structs.replace(
        edition,
        beside=beside,
        crop_marks=request.crop_marks,
        fingerprint=digest.hexdigest(),
    )


def _suited(
    library: Library, leaflets: Sequence[str], formats: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """List which leaflet is printed in which format."""
    return frozenset(
        (slug, sheet)
        for slug in leaflets
        for sheet in formats
        if library.formats[sheet].pages_of(library.leaflets[slug].pages) is not None
    )


def _check_suited(
    library: Library,
    leaflets: Sequence[str],
    formats: Sequence[str],
    suited: frozenset[tuple[str, str]],
) -> None:
    """Raise `RequestError` with the reason if something asked for by name is not printed."""
    for sheet in formats:
        for slug in leaflets:
            if (slug, sheet) not in suited:
                one = library.formats[sheet]
                raise RequestError(f"“{slug}” is not printed as {one.name}. {one.limits}".rstrip())


def _check_varied(library: Library, request: Request, formats: Sequence[str]) -> None:
    """Raise `RequestError` for a format that has no room for two languages, or no edge to crop."""
    for one in (library.formats[sheet] for sheet in formats):
        if request.crop_marks and (one.sheet or one.medium != "print"):
            raise RequestError(
                f"{one.name} takes no crop marks: a print shop places pages on sheets itself."
                " Give it single pages, such as a4 or a5."
            )
        if request.beside and (one.arrangement != "leaflet" or one.sheet):
            raise RequestError(
                f"{one.name} is not printed in two languages. Use a4, letter or a large print."
            )


def plan_one(library: Library, leaflet: Leaflet, language: Language) -> Edition:
    """Plan one leaflet in one language, on the paper of the region."""
    overriding.check(library)
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
    # Two sites that state the same print the same bytes.
    stated = msgspec.structs.replace(library.clinic, folder="", site="")
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
