"""`leaflets preview`: the printed page, while you translate."""

from typing import Annotated
from urllib.parse import urlencode

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, NoBrowserOption, PortOption, RegionOption, SiteOption

app = command_app()

_HOST = "127.0.0.1"


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
    region: RegionOption = "",
    port: PortOption = 0,
    no_browser: NoBrowserOption = False,
) -> None:
    """Open a page in the browser that shows the printed page, and prints it anew at each save.

    Click a sentence to see its English, its state and what is wrong with it, and to translate it.
    It works on this computer only: nothing is sent anywhere.
    """
    from leaflets.compose.plan import Request, paper, plan
    from leaflets.render import needs
    from leaflets.web.common.serving import listening_on, serve
    from leaflets.web.preview.server import PreviewServer
    from leaflets.web.preview.studio import Studio

    studio = Studio(clinic, site, region)
    library = studio.library
    needs.look([library], [*library.languages])
    language = locale or next(iter(library.printed_languages))
    begin = {
        "leaflet": leaflet or next(iter(library.leaflets)),
        "language": language,
        "format": sheet or paper(library, language),
    }
    # Says what does not exist, before a browser opens.
    plan(
        library,
        Request(
            leaflets=(begin["leaflet"],),
            languages=(begin["language"],),
            formats=(begin["format"],),
        ),
    )
    listening = listening_on(_HOST, port)
    port = listening.getsockname()[1]
    address = f"http://{_HOST}:{port}/?{urlencode(begin)}"
    typer.echo(f"The preview is at {address}\nEnd it with Ctrl-C.")
    serve(PreviewServer(studio, port), listening, library, address, browser=not no_browser)
    typer.echo("The preview has ended.")
