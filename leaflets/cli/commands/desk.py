"""`leaflets desk`: print handouts from a page in the browser."""

from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, NoBrowserOption, PortOption, SiteOption

app = command_app()


@app.command(epilog=examples("leaflets desk --clinic our-clinic"))
def desk(
    clinic: ClinicOption = None,
    site: SiteOption = "",
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder that answers Infobutton."),
    ] = Path("build"),
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Another address to listen on.")
    ] = "127.0.0.1",
    port: PortOption = 0,
    no_browser: NoBrowserOption = False,
) -> None:
    """Open a page to print with: choose the language and the handouts, and get one PDF.

    It works without a network, keeps nothing of the patient, and answers on this computer only;
    with --host, other computers need the whole address that is printed. The clinic's ledger gets
    the edition codes.
    """
    from leaflets.cli import desking

    desking.run(
        clinic=clinic, site=site, output=output, host=host, port=port, browser=not no_browser
    )
