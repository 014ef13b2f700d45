"""Plan: which editions to print, each a pure function of its inputs."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Literal

import msgspec

from leaflets.errors import InputError, RequestError
from leaflets.library.formats import Format
from leaflets.library.languages import SOURCE, Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.regions import Region

Status = Literal["draft", "release"]


class Released(msgspec.Struct, frozen=True):
    """When a clinician last approved a leaflet, and the day by which it must be checked again."""

    reviewed: dt.date
    due: dt.date


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
    """One leaflet in one language and format, for one country and the clinic of the library.

    `release` is None as long as it is a draft. `beside` is the second language of a bilingual one.
    `others` are the languages that it names for whoever cannot read it. `with_errors` is True for a
    draft that may be printed over errors, and says so on every page. `as_if_tested` is for a
    survey, which composes what stands on a leaflet that readers have tested.
    """

    leaflet: Leaflet
    language: Language
    format: Format
    region: Region
    release: Released | None = None
    beside: Language | None = None
    others: tuple[Language, ...] = ()
    crop_marks: bool = False
    with_errors: bool = False
    as_if_tested: bool = False

    @property
    def status(self) -> Status:
        """Tell whether it is a draft or a release."""
        return "draft" if self.release is None else "release"

    @property
    def name(self) -> str:
        """Name the edition as its file is named: leaflet, language, format."""
        crop_marks, with_errors = _CROP_MARKS[self.crop_marks], _WITH_ERRORS[self.with_errors]
        return _name(self.leaflet.slug, self.tags, self.format.id, crop_marks + with_errors)

    @property
    def tags(self) -> str:
        """Name its language or its two: es, or es+en."""
        return "+".join(language.tag for language in self.languages)

    @property
    def languages(self) -> tuple[Language, ...]:
        """List its languages: one, or two."""
        return (self.language, self.beside) if self.beside else (self.language,)

    @property
    def fonts(self) -> tuple[str, ...]:
        """List the font families that it may be set in, each once."""
        languages = (*self.languages, *self.others)
        return tuple(dict.fromkeys(name for language in languages for name in language.fonts))

    @property
    def budget(self) -> int | None:
        """Return how many pages it may have; in two languages, one more than twice as many."""
        pages = self.format.pages_of(self.leaflet.pages)
        return pages * 2 + 1 if pages and self.beside else pages

    @property
    def file(self) -> str:
        """Name the file, relative to the output folder."""
        return f"{self.tags}/{self.name}{self.format.suffix}"


#: What a name says of an edition with marks for a print shop, and of one printed over errors.
_CROP_MARKS, _WITH_ERRORS = ("", "-crop-marks"), ("", "-with-errors")


def _name(slug: str, tags: str, sheet: str, marks: str) -> str:
    return f"{slug}-{tags}-{sheet}{marks}"


def released(edition: Edition, release: Released) -> Edition:
    """Turn a draft into a release."""
    return msgspec.structs.replace(edition, release=release)


def names_of(languages: Iterable[Language]) -> str:
    """List languages by their own names, as a sheet names those that it is printed in."""
    return " · ".join(language.autonym for language in languages)


def over_errors(edition: Edition) -> Edition:
    """Turn a draft into one that is printed over errors, and says so."""
    return msgspec.structs.replace(edition, with_errors=True)


def plan(library: Library, request: Request) -> tuple[Edition, ...]:
    """List the editions asked for, as drafts, in reading order.

    Each has the country of its language, and its paper if no format is asked for.
    Pseudo-languages are listed only by name. A leaflet that a format is not for is left out, unless
    both are named. Raises `RequestError` for that, and for an unknown name; `InputError` for an
    override that cannot be printed, and for two editions of one file.
    """
    _check_overrides(library)
    _check_names(library)
    clinic = library.clinic
    leaflets = _chosen("leaflet", request.leaflets, clinic.leaflets, tuple(library.leaflets))
    languages = _chosen("language", request.languages, _usual(library), tuple(library.languages))
    for name in request.formats:
        if name in library.refused_formats:
            raise RequestError(f"There is no format “{name}”: {library.refused_formats[name]}")
    _chosen("language", [request.beside] if request.beside else [], (), tuple(library.languages))
    beside = library.languages[request.beside] if request.beside else None
    both = [beside] if beside else []
    regions = {tag: library.region_of(library.languages[tag], *both) for tag in languages}
    formats_of = {tag: _formats(library, request, region) for tag, region in regions.items()}
    formats = tuple(dict.fromkeys(sheet for own in formats_of.values() for sheet in own))
    suited = _suited(library, leaflets, formats)
    if request.leaflets and request.formats:
        _check_suited(library, leaflets, formats, suited)
    if request.beside or request.crop_marks:
        _check_varied(library, request, formats)
    return tuple(
        Edition(
            library.leaflets[slug],
            library.languages[tag],
            library.formats[sheet],
            regions[tag],
            beside=beside,
            others=_others(
                library, library.languages[tag], beside, regions[tag], library.formats[sheet]
            ),
            crop_marks=request.crop_marks,
        )
        for tag in languages
        for slug in leaflets
        for sheet in formats_of[tag]
        if (slug, sheet) in suited and tag != request.beside
    )


def _usual(library: Library) -> Sequence[str]:
    """List the languages that are printed if nobody asks for certain ones."""
    return library.clinic.languages or tuple(library.printed_languages)


def _others(
    library: Library, language: Language, beside: Language | None, region: Region, sheet: Format
) -> tuple[Language, ...]:
    """List the languages that a sheet names for whoever cannot read it: those it is printed in.

    Only a sheet in the main language of its country names them, for it is what people are given
    first. A layer, such as British English, is the language that it lies over; a card has no room.
    """
    if sheet.arrangement == "card" or language.root not in region.main_languages:
        return ()
    read = {language.root, beside.root if beside else ""}
    printed = (library.languages[tag] for tag in _usual(library))
    return tuple(other for other in printed if other.root not in read)


def _formats(library: Library, request: Request, region: Region) -> tuple[str, ...]:
    """List the formats asked for; else the clinic's, or the paper of the country it prints for."""
    usual = (
        (region.paper,)
        if library.clinic.is_named
        else tuple(known.id for known in library.formats.values() if known.usual)
    )
    wanted = library.clinic.formats or usual
    return _chosen("format", request.formats, wanted, tuple(library.formats))


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
                named = library.formats[sheet]
                why = f"“{slug}” is not printed as {named.name}. {named.limits}"
                raise RequestError(why.rstrip())


def _check_varied(library: Library, request: Request, formats: Sequence[str]) -> None:
    """Raise `RequestError` for a format that has no room for two languages, or no edge to crop."""
    for named in (library.formats[sheet] for sheet in formats):
        if request.crop_marks and (named.sheet or named.medium != "print"):
            raise RequestError(
                f"{named.name} takes no crop marks: a print shop places pages on sheets itself."
                " Give it single pages, such as a4 or a5."
            )
        if request.beside and (named.arrangement != "leaflet" or named.sheet):
            raise RequestError(
                f"{named.name} is not printed in two languages. Use a4, letter or a large print."
            )


def _check_names(library: Library) -> None:
    """Raise `InputError` for two editions of one file, whether they are asked for or not."""
    ids = (*library.leaflets, *library.formats)
    # An id of leaflet or format can be taken apart in two ways only if it holds a language.
    held = [tag for tag in library.languages if any(f"-{tag}-" in f"-{name}-" for name in ids)]
    suffixes = tuple((sheet.id, sheet.suffix) for sheet in library.formats.values())
    alike = _of_one_file(tuple(library.leaflets), suffixes, tuple(held) or (SOURCE,))
    if alike:
        file, one, other = alike
        raise InputError(
            "templates", f"{one} and {other} make one file, {file}; give one another name."
        )


@lru_cache(maxsize=16)
def _of_one_file(
    slugs: tuple[str, ...], suffixes: tuple[tuple[str, str], ...], tags: tuple[str, ...]
) -> tuple[str, str, str] | None:
    """Return the file that two editions make, and what these are; None if each has its own."""
    made: dict[str, str] = {}
    for tag, slug, (sheet, suffix) in product(tags, slugs, suffixes):
        for marks in map("".join, product(_CROP_MARKS, _WITH_ERRORS)):
            file = f"{tag}/{_name(slug, tag, sheet, marks)}{suffix}"
            extra = marks.replace("-", " ")
            edition = f"the leaflet “{slug}” in the format “{sheet}”{extra}"
            if file in made:
                return file, made[file], edition
            made[file] = edition
    return None


def _check_overrides(library: Library) -> None:
    if library.overrides:
        from leaflets.catalogs import overriding  # noqa: PLC0415 - reads templates; few clinics override

        overriding.check(library)


def plan_one(library: Library, leaflet: Leaflet, language: Language) -> Edition:
    """Plan one leaflet in one language, on the paper of its country."""
    _check_overrides(library)
    region = library.region_of(language)
    paper = library.formats[region.paper]
    others = _others(library, language, None, region, paper)
    return Edition(leaflet, language, paper, region, others=others)


def paper(library: Library, tag: str) -> str:
    """Return the paper of the country of a language; raise `RequestError` for an unknown one."""
    (known,) = _chosen("language", (tag,), (), tuple(library.languages))
    return library.region_of(library.languages[known]).paper


def _chosen(
    noun: str, asked: Sequence[str], usual: Sequence[str], known: Sequence[str]
) -> tuple[str, ...]:
    """Take what was asked for, else what the clinic has, else everything, in order."""
    for name in asked:
        if name not in known:
            raise RequestError(f"There is no {noun} “{name}”; there are {', '.join(known)}.")
    wanted = asked or usual or known
    return tuple(name for name in known if name in wanted)
