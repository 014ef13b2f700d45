"""`leaflets init`: a new clinic folder."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from leaflets.cli.group import command_app, examples

if TYPE_CHECKING:
    from leaflets.library.languages import Language
    from leaflets.library.load import Library
    from leaflets.library.new_clinic import Settings

T = TypeVar("T")

app = command_app()


@app.command(
    epilog=examples(
        "leaflets init our-clinic",
        'leaflets init our-clinic --name "Hill Street Clinic" --region GB -l en -l ar',
    )
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the clinic.")] = None,
    region: Annotated[
        str | None,
        typer.Option("--region", metavar="REGION", help="Country; `leaflets list` names them."),
    ] = None,
    phone: Annotated[
        str | None, typer.Option("--phone", help="Telephone number for patients.")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", metavar="TAG", help="Language to print; repeat for more."),
    ] = None,
) -> None:
    """Start a clinic folder with a commented clinic.toml; an existing one is never changed.

    On a terminal it asks for what you do not state; in a script it leaves that out.
    """
    from leaflets.library import load, new_clinic

    new_clinic.file_in(folder)  # says that there is one, before anything is asked
    library = load.load(None)
    settings = new_clinic.Settings(name, region, phone, tuple(language or ()))
    new_clinic.check(library, settings)
    if sys.stdin.isatty() and sys.stdout.isatty():
        settings = _asked(library, settings)
    path = new_clinic.write(library, folder, settings)
    for asking in new_clinic.unsettled(library, settings):
        typer.echo(
            f"State in it for which country sheets in {asking.name} are, [language.{asking.tag}]:"
            " until then they are not printed."
        )
    typer.echo(
        f"{path} is ready. Fill in what you know, then run: leaflets build --clinic {folder}"
    )


def _asked(library: "Library", stated: "Settings") -> "Settings":
    """Ask for what was not stated, with the choices there are; Enter takes what is in brackets."""
    import msgspec

    from leaflets.library import clinic, new_clinic
    from leaflets.library.languages import SOURCE

    typer.echo("Four questions; you can change each answer later. Ctrl-C ends without a trace.")
    name, region, phone = stated.name, stated.region, stated.phone
    if name is None:
        name = typer.prompt("Name of the clinic", default="", show_default=False)
    if region is None:
        typer.echo(_choices({code: known.name for code, known in library.regions.items()}))
        region = _answer(
            "Country", new_clinic.REGION, lambda text: new_clinic.region_called(library, text)
        )
    if phone is None:
        phone = _answer("Telephone number for patients", "", clinic.checked_phone)
    languages = stated.languages
    if not languages:
        printed = library.printed_languages
        typer.echo(_choices({tag: language.name for tag, language in printed.items()}))
        languages = _answer(
            "Languages to print", SOURCE, lambda text: new_clinic.languages_called(library, text)
        )
    settings = new_clinic.Settings(name, region, phone, languages)
    countries = {
        asking.tag: code
        for asking in new_clinic.unsettled(library, settings)
        if (code := _asked_country(library, asking, region))
    }
    return msgspec.structs.replace(settings, countries=countries)


def _asked_country(library: "Library", language: "Language", region: str) -> str:
    """Ask for which country sheets in a language are; empty if that is left open."""
    from leaflets.library import new_clinic

    return _answer(
        f"For which country are sheets in {language.name}, {language.region} or {region}",
        "",
        lambda text: new_clinic.region_called(library, text) if text else "",
    )


def _answer(question: str, default: str, read: Callable[[str], T]) -> T:
    """Ask until the answer can be used."""
    while True:
        text = typer.prompt(question, default=default, show_default=bool(default))
        try:
            return read(text.strip())
        except ValueError as error:
            typer.echo(str(error))


def _choices(named: Mapping[str, str]) -> str:
    return "".join(f"\n  {key:<8} {name}" for key, name in named.items())
