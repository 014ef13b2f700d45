"""`leaflets personal`: print a sheet for one patient; keep nothing."""

from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, LeafletArgument, SiteOption

app = command_app()


@app.command(
    epilog=examples(
        "leaflets personal recovery --locale es --output sheet.pdf",
        "leaflets personal preparation -l ar --clinic our-clinic -o - < details.json | lpr",
    )
)
def personal(
    leaflet: LeafletArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The PDF to write, or - .")
    ],
    locale: Annotated[
        str, typer.Option("--locale", "-l", metavar="TAG", help="Language, such as es.")
    ] = "en",
    sheet: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="Format; the region's paper.")
    ] = "",
    clinic: ClinicOption = None,
    site: SiteOption = "",
    release: Annotated[
        bool, typer.Option("--release", help="Print only if it is signed off.")
    ] = False,
) -> None:
    """Ask for the patient's days and medicines, or read them as JSON from standard input.

    The recovery sheet then shows real days beside each stage, the preparation sheet the appointment
    and the medicine table that the team decided. Details are never given as arguments, which shells
    remember, and are kept nowhere but on the sheet.
    """
    from leaflets.cli import personally

    code = personally.run(
        leaflet, locale, sheet, clinic=clinic, site=site, output=output, release=release
    )
    raise typer.Exit(code)
