"""`leaflets desk`: handouts printed from a page in the browser."""

from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, NoBrowserOption, PortOption, RegionOption, SiteOption

app = command_app()


@app.command(epilog=examples("leaflets desk --clinic our-clinic"))
def desk(
    clinic: ClinicOption = None,
    site: SiteOption = "",
    region: RegionOption = "",
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
    from leaflets.render import needs
    from leaflets.web.common.connection import Server, configured
    from leaflets.web.common.serving import listening_on, serve
    from leaflets.web.desk.access import access
    from leaflets.web.desk.desk import Desk
    from leaflets.web.desk.server import app as desk_app

    opened = Desk(clinic, site, region)
    library = opened.library
    needs.look([library], [*library.languages])
    listening = listening_on(host, port)
    port = listening.getsockname()[1]
    reached = access(host, port)
    typer.echo(f"The desk is at {reached.address}\nEnd it with Ctrl-C.")
    if not library.clinic.is_named:
        typer.echo("Without a clinic folder (--clinic), no ledger is kept of what is printed.")
    if reached.token:
        typer.echo("Other computers can reach it, and what they send is not encrypted.")
    served = desk_app(opened, output, port, names=reached.names, token=reached.token)
    server = Server(configured(served))
    serve(server, listening, library, reached.address, browser=not no_browser)
    typer.echo("The desk has ended.")
