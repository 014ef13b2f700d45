"""A new clinic: its folder begins with a clinic.toml that has every setting, commented."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.errors import RequestError
from leaflets.library import clinic, toml
from leaflets.library.facts import LocalFact
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library

#: The country of a folder for which none was stated.
REGION = clinic.Clinic().region


class Settings(msgspec.Struct, frozen=True):
    """What a clinic folder begins with; what is None or empty was not stated.

    `countries` says of languages with a country of their own, by tag, for which one sheets are.
    """

    name: str | None = None
    region: str | None = None
    phone: str | None = None
    languages: tuple[str, ...] = ()
    countries: Mapping[str, str] = {}


def file_in(folder: Path) -> Path:
    """Return where clinic.toml will stand; raise `RequestError` if there is one."""
    path = folder / clinic.FILE
    if path.exists():
        raise RequestError(
            f"{path} is there already and was not changed; edit it, or name another folder."
        )
    return path


def check(library: Library, settings: Settings) -> None:
    """Raise `RequestError` for a region or a language that the library does not have."""
    if settings.region is not None and settings.region not in library.regions:
        raise RequestError(
            f"There is no region “{settings.region}”; there are {', '.join(library.regions)}."
        )
    for tag in settings.languages:
        if tag not in library.languages:
            raise RequestError(
                f"There is no language “{tag}”; there are {', '.join(library.languages)}."
            )


def write(library: Library, folder: Path, settings: Settings) -> Path:
    """Write clinic.toml into a folder, which is made if it is missing; return its path.

    Raises `RequestError` if there is one, or for a region or language that does not exist,
    `InputError` for another wrong setting, `OutputError` if it cannot be written; then nothing is.
    """
    path = file_in(folder)
    check(library, settings)
    text = "\n".join(_lines(library, settings)) + "\n"
    clinic.stated(toml.document(text, path), path)
    files.prepare(folder)
    files.write(folder, clinic.FILE, text.encode())
    return path


def region_called(library: Library, text: str) -> str:
    """Return the code of a region that somebody calls by code or name.

    Raises `ValueError` if there is none that is called so.
    """
    codes = {code.casefold(): code for code in library.regions}
    codes |= {region.name.casefold(): code for code, region in library.regions.items()}
    if text.casefold() not in codes:
        raise ValueError(f"“{text}” is not one of them; write {' or '.join(library.regions)}.")
    return codes[text.casefold()]


def unsettled(library: Library, settings: Settings) -> tuple[Language, ...]:
    """List the languages that have another country than the clinic, and none stated."""
    languages = (library.languages[tag] for tag in settings.languages)
    return tuple(
        language
        for language in languages
        if language.region not in {"", settings.region or REGION}
        and language.tag not in settings.countries
    )


def languages_called(library: Library, text: str) -> tuple[str, ...]:
    """Return the tags of languages that somebody calls by tags, or by names of one word.

    Raises `ValueError` if there is none that is called so.
    """
    tags = {
        name.casefold(): tag
        for tag, language in library.languages.items()
        for name in (tag, language.name, language.autonym)
    }
    words = text.replace(",", " ").split()
    for word in words:
        if word.casefold() not in tags:
            raise ValueError(f"“{word}” is not one of them; write their tags, such as en es.")
    return tuple(dict.fromkeys(tags[word.casefold()] for word in words)) or (SOURCE,)


def _lines(library: Library, settings: Settings) -> Iterator[str]:
    name, code = settings.name or "", settings.region or REGION
    phone, languages = settings.phone or "", settings.languages
    yield "# Your clinic. What you leave out prints as a line to write on; it is never guessed."
    yield "# A line that starts with # is not read: remove the # to use it."
    yield ""
    yield f"name = {_quoted(name)}"
    yield '# department = "Interventional radiology"'
    yield "# Country. It decides the emergency number, the paper and the names of medicines:"
    yield f"# {', '.join(f'{code} ({region.name})' for code, region in library.regions.items())}."
    yield f"region = {_quoted(code)}"
    yield ""
    yield "# Numbers that patients ring: in working hours, and when you are closed."
    yield f"phone = {_quoted(phone)}"
    yield '# out_of_hours = ""'
    yield "# Where patients say what was unclear, such as an email address; if left out, on phone."
    yield '# comments = ""'
    yield ""
    yield "# Languages to print, and leaflets; all of them if left out."
    yield f"languages = [{', '.join(_quoted(tag) for tag in languages or [SOURCE])}]"
    yield f"# leaflets = [{', '.join(_quoted(slug) for slug in library.leaflets)}]"
    yield ""
    yield "# Paper; the country's own if left out."
    yield f"# formats = [{', '.join(_quoted(key) for key in library.formats)}]"
    yield ""
    yield "# A picture in this folder: SVG, PNG or JPEG."
    yield '# logo = "logo.svg"'
    yield ""
    yield "# A web address that leads to your leaflets, printed on each sheet with a QR code. The"
    yield "# code of the edition is put after it: https://clinic.example/leaflets/AQ6-R2YY"
    yield '# address = "https://clinic.example/leaflets/"'
    yield ""
    yield "# Digits: latin (1, 2, 3), or native to the language, such as Arabic ١, ٢, ٣."
    yield '# digits = "latin"'
    yield ""
    yield "# Whether only what people sign with a key of their own counts: docs/signing.md."
    yield '# keys = "required"'
    yield ""
    yield "# When somebody answers your telephone."
    yield "# [[hours]]"
    yield '# days = "mon-fri"'
    yield '# opens = "08:00"'
    yield '# closes = "17:00"'
    yield ""
    yield from _countries(library, settings)
    yield "# What your team has decided. Each is a number, or a range such as [4, 6]."
    yield "[local]"
    for fact in library.facts.local.values():
        yield f"# {fact.label}"
        yield f"# {_example(fact)}"


def _countries(library: Library, settings: Settings) -> Iterator[str]:
    """Yield for which country sheets are in languages of another country, or ask for it."""
    for tag, code in settings.countries.items():
        yield f"# For which country sheets in {library.languages[tag].name} are."
        yield f"[language.{tag}]"
        yield f"region = {_quoted(code)}"
        yield ""
    for language in unsettled(library, settings):
        own, here = language.region, settings.region or REGION
        yield f"# For which country are sheets in {language.name}, {own} or {here}? Until it is"
        yield "# stated, none is printed."
        yield f"# [language.{language.tag}]"
        yield f"# region = {_quoted(own)}"
        yield ""


def _example(fact: LocalFact) -> str:
    if fact.units:
        units = " or ".join(f'"{unit}"' for unit in fact.units)
        return f"{fact.id} = {{value = 0, unit = {units}}}"
    unit = "" if fact.unit == "count" else f"  # {fact.unit}s"
    return f"{fact.id} = 0{unit}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
