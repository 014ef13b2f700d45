"""Serving: listen on a port, open the browser, and answer until Ctrl-C."""

import socket
import webbrowser
from contextlib import suppress

from leaflets.errors import OutputError
from leaflets.library import fonts
from leaflets.library.load import Library
from leaflets.render.fontconfig import isolated
from leaflets.web.common.connection import Server


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


def serve(
    server: Server, listening: socket.socket, library: Library, address: str, *, browser: bool
) -> None:
    """Serve until Ctrl-C, with the fonts of a library; with `browser`, open the address in it."""
    with isolated(fonts.locate(library.fonts.values())):
        if browser:
            webbrowser.open(address)
        # uvicorn raises the signal that ended it once more.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
