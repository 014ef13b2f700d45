"""Serve the desk, and open it in the browser."""

import secrets
import socket
import webbrowser
from contextlib import suppress
from pathlib import Path

import typer

from leaflets.cli.previewing import listening_on
from leaflets.library import fonts
from leaflets.render import needs
from leaflets.render.fontconfig import isolated
from leaflets.web.common.connection import Server, configured
from leaflets.web.desk.desk import Desk
from leaflets.web.desk.server import app

_LOOPBACK = "127.0.0.1"


def run(
    *, clinic: Path | None, site: str, output: Path, host: str, port: int, browser: bool
) -> None:
    """Serve until Ctrl-C; to other computers only with a token, which the address holds."""
    desk = Desk(clinic, site)
    needs.look([desk.library], [*desk.library.languages])
    listening = listening_on(host, port)
    port = listening.getsockname()[1]
    alone = host in {_LOOPBACK, "localhost"}
    token = "" if alone else secrets.token_urlsafe(24)
    names = [] if alone else [host, socket.gethostname()]
    shown = host if host != "0.0.0.0" else socket.gethostname()  # noqa: S104 - what was asked for
    address = f"http://{shown}:{port}/" + (f"#{token}" if token else "")
    typer.echo(f"The desk is at {address}\nEnd it with Ctrl-C.")
    if not desk.library.clinic.is_named:
        typer.echo("Without a clinic folder (--clinic), no ledger is kept of what is printed.")
    if token:
        typer.echo("Other computers can reach it, and what they send is not encrypted.")
    made = app(desk, output, port, names=names, token=token)
    with isolated(fonts.locate(desk.library.fonts.values())):
        if browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            Server(configured(made)).run(sockets=[listening])
    typer.echo("The desk has ended.")
