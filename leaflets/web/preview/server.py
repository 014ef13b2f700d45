"""The server of the preview: on this computer only, and for its own page only."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from watchfiles import awatch

from leaflets.errors import LeafletsError, RequestError
from leaflets.web.common.connection import Server, configured
from leaflets.web.common.guard import Places, error, framed, protect, refused
from leaflets.web.preview.studio import ConflictError, Edit, Studio

#: No translation is longer; a body beyond this is refused before it is read.
_LARGEST_BODY = 64 * 1024

_LONGEST_WAIT = 25.0

#: Pages that wait for changes; each is one tab of a browser.
_MOST_WAITING = 16

#: A page of a leaflet has three digits at most.
_LONGEST_NUMBER = 3

_STATIC = {
    "": ("index.html", "text/html; charset=utf-8"),
    "preview.css": ("preview.css", "text/css; charset=utf-8"),
    "preview.js": ("preview.js", "text/javascript; charset=utf-8"),
}


class PreviewServer(Server):
    """Lets those who wait for a change go before it shuts down."""

    def __init__(self, studio: Studio, port: int) -> None:
        """Take the studio, and the port that is listened on."""
        super().__init__(configured(app(studio, port)))
        self._studio = studio

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down."""
        await self._studio.close()
        await super().shutdown(sockets)


def app(studio: Studio, port: int) -> Starlette:
    """Make the application that shows what the studio draws, for a server on `port`."""
    routes = [
        Route("/api/choices", _choices),
        Route("/api/view", _view),
        Route("/api/changes", _changes),
        Route("/api/sentence", _sentence, methods=["POST"]),
        Route("/favicon.ico", _no_icon),
        Route("/page/{token:str}/{number:str}.png", _picture),
        Route("/file/{token:str}", _file),
        *(Route(f"/{name}", _static) for name in _STATIC),
    ]
    made = Starlette(
        routes=routes,
        lifespan=_watching,
        exception_handlers={LeafletsError: _fault, HTTPException: refused},
    )
    made.state.studio = studio
    made.state.places = Places(_MOST_WAITING)
    protect(made, port=port, largest=_LARGEST_BODY)
    return made


def _studio(request: Request) -> Studio:
    studio: Studio = request.app.state.studio
    return studio


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


async def _fault(_: Request, fault: Exception) -> Response:
    return error(409 if isinstance(fault, ConflictError) else 422, str(fault))


async def _no_icon(_: Request) -> Response:
    return Response(status_code=204)


async def _choices(request: Request) -> Response:
    return _json(_studio(request).choices())


async def _view(request: Request) -> Response:
    asked = [request.query_params.get(name, "") for name in ("leaflet", "language", "format")]
    return _json(await _studio(request).show(*asked))


async def _changes(request: Request) -> Response:
    seen = request.query_params.get("since", "")
    if not seen.isdecimal():
        return error(400, "Say since when.")
    with request.app.state.places.one():
        return _json({"epoch": await _waited(request, int(seen[:12]))})


async def _waited(request: Request, seen: int) -> int:
    """Wait for a change, but no longer than the page that asks is open."""
    studio = _studio(request)
    waiting = asyncio.create_task(studio.wait(seen, _LONGEST_WAIT))
    leaving = asyncio.create_task(_left(request))
    await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, leaving):
        task.cancel()
    return studio.epoch


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _picture(request: Request) -> Response:
    token, number = request.path_params["token"], request.path_params["number"]
    known = number.isdecimal() and len(number) <= _LONGEST_NUMBER
    data = await _studio(request).picture(token, int(number)) if known else None
    if data is None:
        return error(404, "This page is not kept any more.")
    return Response(data, media_type="image/png")


async def _file(request: Request) -> Response:
    unpaged = _studio(request).unpaged(request.path_params["token"])
    if unpaged is None:
        return error(404, "This page is not kept any more.")
    medium, data = unpaged
    return framed(data) if medium == "screen" else Response(data, media_type="text/plain")


async def _sentence(request: Request) -> Response:
    try:
        edit = msgspec.json.decode(await request.body(), type=Edit)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise RequestError(f"This is not a sentence: {fault}.") from None
    return _json({"digest": await _studio(request).save(edit)})


async def _static(request: Request) -> Response:
    name, kind = _STATIC[request.url.path.removeprefix("/")]
    data = files("leaflets.web").joinpath("static", name).read_bytes()
    return Response(data, headers={"Content-Type": kind})


@asynccontextmanager
async def _watching(made: Starlette) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(watch(made.state.studio, stop))
    try:
        yield
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await task


async def watch(studio: Studio, stop: asyncio.Event) -> None:
    """Tell the studio of each change of a template or catalog until told to stop."""
    folders = studio.folders()
    locales = studio.library.roots.locales
    # 50 ms: long enough for an editor to write a file, short enough not to be felt.
    async for changes in awatch(*folders, stop_event=stop, debounce=50, step=20):
        paths = [Path(path) for _, path in changes]
        if shown := [path for path in paths if not path.name.startswith(".")]:
            await studio.note_change(templates=not _all_below(shown, locales))


def _all_below(paths: Sequence[Path], folders: Sequence[Path]) -> bool:
    return all(any(path.is_relative_to(folder) for folder in folders) for path in paths)
