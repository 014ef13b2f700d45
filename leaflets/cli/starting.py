"""Start a clinic folder: a clinic.toml with every setting, commented, and nothing overwritten."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import typer

from leaflets import files
from leaflets.errors import RequestError
from leaflets.library import clinic, load, toml
from leaflets.library.facts import LocalFact
from leaflets.library.languages import SOURCE

#: The country of a folder for which none was stated.
REGION = "US"


class Settings(msgspec.Struct, frozen=True):
    """What a clinic folder begins with; what is None was not stated."""

    name: str | None
    region: str | None
    phone: str | None
    languages: tuple[str, ...]


def run(folder: Path, stated: Settings, *, ask: bool) -> None:
    """Write clinic.toml into `folder`; on a terminal, ask for what was not stated.

    Raises `RequestError` if there is one, or for a wrong setting; then nothing is written.
    """
    path = folder / clinic.FILE
    if path.exists():
        raise RequestError(
            f"{path} is there already and was not changed; edit it, or name another folder."
        )
    library = load.load(None)
    _check_languages(library, stated.languages)
    settings = _asked(library, stated) if ask else stated
    text = "\n".join(_lines(library, settings)) + "\n"
    clinic.stated(toml.document(text, path), path)
    files.prepare(folder)
    files.write(folder, clinic.FILE, text.encode())
    typer.echo(
        f"{path} is ready. Fill in what you know, then run: leaflets build --clinic {folder}"
    )


def _check_languages(library: load.Library, tags: Sequence[str]) -> None:
    for tag in tags:
        if tag not in library.languages:
            raise RequestError(
                f"There is no language “{tag}”; there are {', '.join(library.languages)}."
            )


def _asked(library: load.Library, stated: Settings) -> Settings:
    """Ask for what was not stated, with the choices there are; Enter takes what is in brackets."""
    typer.echo("Four questions; you can change each answer later. Ctrl-C ends without a trace.")
    name, region, phone = stated.name, stated.region, stated.phone
    if name is None:
        name = typer.prompt("Name of the clinic", default="", show_default=False)
    if region is None:
        typer.echo(_choices({code: one.name for code, one in library.regions.items()}))
        region = _answer("Country", REGION, lambda said: _region(library, said))
    if phone is None:
        phone = _answer("Telephone number for patients", "", clinic.checked_phone)
    languages = stated.languages
    if not languages:
        typer.echo(_choices({tag: one.name for tag, one in library.printed_languages.items()}))
        said = _answer("Languages to print", SOURCE, lambda text: _tags(library, text))
        languages = tuple(said.split())
    return Settings(name, region, phone, languages)


def _answer(question: str, default: str, checked: Callable[[str], str]) -> str:
    """Ask until the answer can be used."""
    while True:
        said = typer.prompt(question, default=default, show_default=bool(default))
        try:
            return checked(said.strip())
        except ValueError as error:
            typer.echo(str(error))


def _choices(named: Mapping[str, str]) -> str:
    return "".join(f"\n  {key:<8} {name}" for key, name in named.items())


def _region(library: load.Library, said: str) -> str:
    found = {key.casefold(): key for key in library.regions}
    found |= {one.name.casefold(): key for key, one in library.regions.items()}
    if said.casefold() not in found:
        raise ValueError(f"“{said}” is not one of them; write {' or '.join(library.regions)}.")
    return found[said.casefold()]


def _tags(library: load.Library, said: str) -> str:
    """Return tags with spaces between; taken by tag, or by a name of one word."""
    found: dict[str, str] = {}
    for tag, one in library.languages.items():
        found |= {name.casefold(): tag for name in (tag, one.name, one.autonym)}
    words = said.replace(",", " ").split()
    for word in words:
        if word.casefold() not in found:
            raise ValueError(f"“{word}” is not one of them; write their tags, such as en es.")
    return " ".join(dict.fromkeys(found[word.casefold()] for word in words)) or SOURCE


def _lines(library: load.Library, settings: Settings) -> Iterator[str]:
    known = library.regions
    name, region = settings.name or "", settings.region or REGION
    phone, languages = settings.phone or "", settings.languages
    yield "# Your clinic. What you leave out prints as a line to write on; it is never guessed."
    yield "# A line that starts with # is not read: remove the # to use it."
    yield ""
    yield f"name = {_quoted(name)}"
    yield '# department = "Interventional radiology"'
    yield "# Country. It decides the emergency number, the paper and the names of medicines:"
    yield f"# {', '.join(f'{code} ({one.name})' for code, one in known.items())}."
    yield f"region = {_quoted(region)}"
    yield ""
    yield "# Numbers that patients ring: in working hours, and when you are closed."
    yield f"phone = {_quoted(phone)}"
    yield '# out_of_hours = ""'
    yield ""
    yield "# Languages to print, and leaflets; all of them if left out."
    yield f"languages = [{', '.join(_quoted(tag) for tag in languages or ['en'])}]"
    yield f"# leaflets = [{', '.join(_quoted(slug) for slug in library.leaflets)}]"
    yield ""
    yield "# Paper; the country's own if left out."
    yield f"# formats = [{', '.join(_quoted(key) for key in library.formats)}]"
    yield ""
    yield "# A picture in this folder: SVG, PNG or JPEG."
    yield '# logo = "logo.svg"'
    yield ""
    yield "# A web address that leads to your leaflets, printed on each sheet with a QR code. The"
    yield "# code of the edition is put after it: https://clinic.example/leaflets/AQ6-R2YK"
    yield '# address = "https://clinic.example/leaflets/"'
    yield ""
    yield "# Digits: latin (1, 2, 3), or native to the language, such as Arabic ١, ٢, ٣."
    yield '# digits = "latin"'
    yield ""
    yield "# When somebody answers your telephone."
    yield "# [[hours]]"
    yield '# days = "mon-fri"'
    yield '# opens = "08:00"'
    yield '# closes = "17:00"'
    yield ""
    yield "# What your team has decided. Each is a number, or a range such as [4, 6]."
    yield "[local]"
    for fact in library.facts.local.values():
        yield f"# {fact.label}"
        yield f"# {_example(fact)}"


def _example(fact: LocalFact) -> str:
    if fact.units:
        units = " or ".join(f'"{unit}"' for unit in fact.units)
        return f"{fact.id} = {{value = 0, unit = {units}}}"
    unit = "" if fact.unit == "count" else f"  # {fact.unit}s"
    return f"{fact.id} = 0{unit}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
