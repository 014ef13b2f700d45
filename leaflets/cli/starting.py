"""Start a clinic folder: a clinic.toml with every setting, commented, and nothing overwritten."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from leaflets import shelf
from leaflets.errors import RequestError
from leaflets.library import clinic, load, toml
from leaflets.library.facts import LocalFact


def run(folder: Path, *, name: str, region: str, phone: str, languages: Sequence[str]) -> None:
    """Write clinic.toml into `folder`; raise `RequestError` if there is one, or a wrong setting."""
    path = folder / clinic.FILE
    if path.exists():
        raise RequestError(
            f"{path} is there already and was not changed; edit it, or name another folder."
        )
    library = load.load(None)
    for tag in languages:
        if tag not in library.languages:
            raise RequestError(
                f"There is no language “{tag}”; there are {', '.join(library.languages)}."
            )
    text = "\n".join(_lines(library, name, region, phone, languages)) + "\n"
    clinic.stated(toml.document(text, path), path)
    shelf.prepare(folder)
    shelf.shelve(folder, clinic.FILE, text.encode())
    typer.echo(
        f"{path} is ready. Fill in what you know, then run: leaflets build --clinic {folder}"
    )


def _lines(
    library: load.Library, name: str, region: str, phone: str, languages: Sequence[str]
) -> Iterator[str]:
    known = library.regions
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
