"""`leaflets preview`: show the printed page while you translate."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, NoBrowserOption, PortOption, SiteOption

app = command_app()


@app.command(epilog=examples("leaflets preview", "leaflets preview recovery --locale es"))
def preview(
    leaflet: Annotated[
        str, typer.Argument(metavar="[LEAFLET]", help="The leaflet to begin with.")
    ] = "",
    locale: Annotated[
        str, typer.Option("--locale", "-l", metavar="TAG", help="The language to begin with.")
    ] = "",
    sheet: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="The format to begin with.")
    ] = "",
    clinic: ClinicOption = None,
    site: SiteOption = "",
    port: PortOption = 0,
    no_browser: NoBrowserOption = False,
) -> None:
    """Open a page in the browser that shows the printed page, and prints it anew at each save.

    Click a sentence to see its English, its state and what is wrong with it, and to translate it.
    It works on this computer only: nothing is sent anywhere.
    """
    from leaflets.cli import previewing

    previewing.run(
        leaflet, locale, sheet, clinic=clinic, site=site, port=port, browser=not no_browser
    )
