"""`leaflets init`: start a clinic folder."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples

app = command_app()


class Region(StrEnum):
    """Regions that `init` offers; a test holds that they are those of regions.toml."""

    US = "US"
    GB = "GB"
    ES = "ES"
    AU = "AU"


@app.command(
    epilog=examples(
        "leaflets init our-clinic",
        'leaflets init our-clinic --name "Hill Street Clinic" --region GB -l en -l ar',
    )
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the clinic.")] = None,
    region: Annotated[Region | None, typer.Option("--region", help="Country.")] = None,
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
    from leaflets.cli import starting

    stated = starting.Settings(name, region and region.value, phone, tuple(language or ()))
    starting.run(folder, stated, ask=sys.stdin.isatty() and sys.stdout.isatty())
