"""The server of the desk: packets are made in memory, one at a time, and sent to its page alone."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from leaflets import clock
from leaflets.errors import InputError, LeafletsError
from leaflets.output.site import atom, catalogue, infobutton
from leaflets.web.common.guard import Places, error, later, protect, refused
from leaflets.web.desk.desk import Desk, DraftError, Order

#: Dates and medicines of one patient are far shorter.
_LARGEST_BODY = 64 * 1024

#: No desk prints more; a program that goes wrong is stopped.
_MOST_IN_A_MINUTE = 30

#: The header that tells the page whether the clinic's ledger has what was printed.
_ENTERED = "X-Leaflets-Entered"

#: One packet is being made, and the others wait: several people at several desks.
_MOST_ORDERS = 8

_STATIC = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
}


class Pace:
    """Counts what was asked for in the last minute."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Take how often something may be asked for in a minute."""
        self._most = most
        self._clock = clock
        self._times: deque[float] = deque()

    def allows(self) -> bool:
        """Tell whether one more is allowed now, and count it."""
        now = self._clock()
        while self._times and self._times[0] <= now - 60:
            self._times.popleft()
        if len(self._times) >= self._most:
            return False
        self._times.append(now)
        return True


def app(
    desk: Desk, output: Path, port: int, *, names: Iterable[str] = (), token: str = ""
) -> Starlette:
    """Make the application of the desk; Infobutton requests are answered from `output`."""
    made = Starlette(
        routes=[
            Route("/", _page),
            Route("/api/drafts", _drafts),
            Route("/api/packet", _packet, methods=["POST"]),
            Route("/infobutton", _infobutton),
            Route("/favicon.ico", _no_icon),
            *(Route(f"/{name}", _static) for name in _STATIC),
        ],
        exception_handlers={LeafletsError: _fault, HTTPException: refused},
    )
    made.state.desk = desk
    made.state.output = output
    made.state.pace = Pace(_MOST_IN_A_MINUTE)
    made.state.busy = asyncio.Lock()
    made.state.places = Places(_MOST_ORDERS)
    protect(made, port=port, largest=_LARGEST_BODY, names=names, token=token)
    return made


async def _page(request: Request) -> Response:
    own = request.query_params.get("own", "")
    accepted = request.headers.get("accept-language", "")
    page = request.app.state.desk.page
    html = await asyncio.to_thread(page, own, clock.today(), accepted)
    return Response(html, media_type="text/html; charset=utf-8")


async def _drafts(request: Request) -> Response:
    language = request.query_params.get("language", "")
    found = await asyncio.to_thread(request.app.state.desk.drafts, language, clock.today())
    return Response(msgspec.json.encode({"drafts": found}), media_type="application/json")


async def _packet(request: Request) -> Response:
    state = request.app.state
    try:
        order = msgspec.json.decode(await request.body(), type=Order)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # What was sent may hold a patient's details: it is not repeated.
        return error(422, "Something that you typed is not a day, or is missing. Look again.")
    with state.places.one():
        async with state.busy:
            # Whoever has closed the page meanwhile needs no packet.
            if await request.is_disconnected():
                raise ClientDisconnect
            if not state.pace.allows():
                return later(429, "Too many at once. Wait a minute, then try again.", 60)
            try:
                given = await asyncio.to_thread(state.desk.packet, order, clock.today())
            except LeafletsError:
                raise
            except Exception:  # noqa: BLE001 - its words may hold the patient's, and would be logged
                return error(500, "Leaflets failed. Please report what you chose, but no details.")
    entered = {_ENTERED: "yes" if given.entered else "no"}
    return Response(given.file, media_type="application/pdf", headers=entered)


async def _infobutton(request: Request) -> Response:
    asked = infobutton.query(request.url.query)
    try:
        found = catalogue.read(request.app.state.output)
    except InputError:
        # It names a folder of this computer, and whoever asks needs no key.
        return error(404, "There is no catalogue here; `leaflets build` makes one.")
    answer = infobutton.answer(found, asked)
    title = answer.note or "Patient handouts"
    if asked.response_type == "application/json":
        return Response(msgspec.json.encode(answer), media_type="application/json")
    return Response(atom.feed(found, title, answer.records), media_type="application/atom+xml")


async def _fault(_: Request, fault: Exception) -> Response:
    return error(409 if isinstance(fault, DraftError) else 422, str(fault))


async def _no_icon(_: Request) -> Response:
    return Response(status_code=204)


async def _static(request: Request) -> Response:
    name = request.url.path.removeprefix("/")
    data = files("leaflets.web").joinpath("static", name).read_bytes()
    return Response(data, headers={"Content-Type": _STATIC[name]})
