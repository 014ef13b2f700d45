"""Serve the preview on this computer, and open it in the browser."""

import socket
import webbrowser
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import typer
import uvicorn

from leaflets.compose.plan import Request, plan
from leaflets.errors import OutputError
from leaflets.library import fonts
from leaflets.render import needs
from leaflets.render.fontconfig import isolated
from leaflets.web.common.connection import Server, configured
from leaflets.web.preview.server import app
from leaflets.web.preview.studio import Studio

_HOST = "127.0.0.1"


def run(
    leaflet: str,
    language: str,
    sheet: str,
    *,
    clinic: Path | None,
    site: str,
    port: int,
    browser: bool,
) -> None:
    """Serve until Ctrl-C."""
    studio = Studio(clinic, site)
    library = studio.library
    needs.look([library], [*library.languages])
    request = Request(
        leaflets=(leaflet or next(iter(library.leaflets)),),
        languages=(language or next(iter(library.printed_languages)),),
        formats=(sheet or library.region.paper,),
    )
    plan(library, request)  # says what does not exist
    listening = listening_on(_HOST, port)
    port = listening.getsockname()[1]
    chosen = urlencode(
        {
            "leaflet": request.leaflets[0],
            "language": request.languages[0],
            "format": request.formats[0],
        }
    )
    address = f"http://{_HOST}:{port}/?{chosen}"
    typer.echo(f"The preview is at {address}\nEnd it with Ctrl-C.")
    config = configured(app(studio, port))
    with isolated(fonts.locate(library.fonts.values())):
        if browser:
            webbrowser.open(address)
        # uvicorn raises the signal that ended it once more.
        with suppress(KeyboardInterrupt):
            _Server(config, studio).run(sockets=[listening])
    typer.echo("The preview has ended.")


class _Server(Server):
    """Lets those who wait for a change go before it shuts down."""

    def __init__(self, config: uvicorn.Config, studio: Studio) -> None:
        super().__init__(config)
        self._studio = studio

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down."""
        await self._studio.close()
        await super().shutdown(sockets)


def listening_on(host: str, port: int) -> socket.socket:
    """Listen on a port of this computer; 0 takes a free one."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Now, so that a browser that is quicker than the server waits for it.
        listening.listen()
    except OSError as error:
        listening.close()
        raise OutputError(
            f"Port {port} cannot be used ({error.strerror}); choose another with --port, or leave"
            " it out."
        ) from None
    return listening
