"""What stands before every page of ours: who may ask, how much, and what the answer allows."""

import asyncio
import hmac
import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none';"
    " form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: What a web page that stands alone may do in a frame of ours: show its own style and pictures. It
#: runs no script, loads nothing, sends no form, and leads nowhere outside its frame.
_FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'; sandbox"
)
_POLICY = b"content-security-policy"
_RAW_HEADERS = [(name.lower().encode(), text.encode()) for name, text in _HEADERS.items()]

#: The names of this computer for itself.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

#: The header in which a page sends the token of a server that other computers can reach.
KEY_HEADER = "x-leaflets-key"

#: How long a body is, in bytes: Python reads no number that is much longer.
_LENGTH = re.compile("[0-9]{1,9}")

#: A browser sends about 1 kB.
LONGEST_HEAD = 16 * 1024

#: Requests that have arrived whole, and are being answered at the same time.
_MOST_AT_ONCE = 32

_WORDS = {
    404: "There is no such page.",
    405: "This page cannot be asked for in this way.",
}

_log = logging.getLogger(__name__)


def protect(
    app: Starlette, *, port: int, largest: int, names: Iterable[str] = (), token: str = ""
) -> None:
    """Put the guard before an application, and the headers before both."""
    app.add_middleware(Guard, port=port, largest=largest, names=tuple(names), token=token)
    # What is added last stands first: a refusal is an answer too.
    app.add_middleware(Headers)


class Guard:
    """Refuses a request that does not come from the page itself.

    The Host must be one of ours with our port (DNS rebinding), the Origin of what writes must be
    ours (cross-site requests), a body must be JSON and no longer than `largest` bytes. With a
    token, what asks for data or writes must send it. A body is read here, so that only what has
    arrived whole counts among the requests that are answered at once: a slow client holds up none.
    """

    def __init__(
        self, app: ASGIApp, port: int, largest: int, names: Iterable[str] = (), token: str = ""
    ) -> None:
        """Take the port that is listened on, and names of this computer besides the loopback's."""
        self._app = app
        self._hosts = {f"{name}:{port}" for name in (*LOOPBACK, *names)}
        self._largest = largest
        self._token = token
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is None and request.method == "POST":
            body = await _whole(request, self._largest)
            receive = _again(body, receive)
            refusal = error(413, "It is too long.") if len(body) > self._largest else None
        if refusal is None and self._at_once >= _MOST_AT_ONCE:
            refusal = busy()
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._at_once += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._at_once -= 1

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return error(421, "This page answers on this computer only.")
        head = [
            request.url.path,
            request.url.query,
            *request.headers.keys(),
            *request.headers.values(),
        ]
        if sum(map(len, head)) > LONGEST_HEAD:
            return error(431, "Its head is longer than 16 kB.")
        # In chunks a body has no length, or two: a proxy may see another end of it than we do.
        if "transfer-encoding" in request.headers:
            return error(411, "Say how long it is.", {"Connection": "close"})
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        own = {f"http://{name}" for name in self._hosts}
        if (origin is not None and origin not in own) or site not in {"same-origin", "none"}:
            return error(403, "Another page asked for this; it is refused.")
        if self._token and request.url.path.startswith("/api/"):
            given = request.headers.get(KEY_HEADER, "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                return error(401, "Open the page with the whole address that was printed.")
        return self._refusal_to_write(request) if request.method == "POST" else None

    def _refusal_to_write(self, request: Request) -> Response | None:
        if request.headers.get("origin") is None:
            return error(403, "It does not say which page it comes from; it is refused.")
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return error(415, "Send JSON.")
        length = request.headers.get("content-length", "")
        if not _LENGTH.fullmatch(length) or int(length) > self._largest:
            return error(413, "It is too long.")
        return None


async def _whole(request: Request, largest: int) -> bytes:
    """Read the body of a request, but not much more of it than `largest` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            break
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read to whoever asks next, and then what else is received."""
    read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return read.pop() if read else await receive()

    return received


class Headers:
    """Adds what keeps the page to itself to every answer; a fault of ours is one as well."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        started = False

        async def with_headers(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_ours(message["headers"])
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except ClientDisconnect:
            return
        except asyncio.CancelledError:  # the server ends
            if not started:
                await error(503, "It has ended. Start it again.")(scope, receive, with_headers)
        except Exception as fault:  # noqa: BLE001 - whatever it is, nobody shall see its words
            # They may quote what was sent, and with it a patient; the lines of code do not.
            where = "".join(traceback.format_tb(fault.__traceback__))
            _log.error("%s, its message left out, in\n%s", type(fault).__name__, where)
            if scope["type"] == "http" and not started:
                await error(500, "It went wrong here. Try again.")(scope, receive, with_headers)


def _with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add our headers to those of an answer, which may bring a policy of its own: see `framed`."""
    own = list(headers)
    has_policy = any(name == _POLICY for name, _ in own)
    return own + [one for one in _RAW_HEADERS if not (has_policy and one[0] == _POLICY)]


def framed(html: bytes) -> Response:
    """Answer with a web page that stands alone, to be shown in a frame of a page of ours."""
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": _FRAMED})


class Places:
    """Limits how many wait at once for something that takes long; further ones are refused."""

    def __init__(self, most: int) -> None:
        """Take how many there are."""
        self._free = most

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place while something is done."""
        if not self._free:
            raise HTTPException(503)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


def error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with one sentence of what is wrong."""
    return JSONResponse({"error": message}, status, headers)


def later(status: int, message: str, seconds: int) -> Response:
    """Answer that it is too much now, and when to ask again."""
    return error(status, message, {"Retry-After": str(seconds)})


def busy() -> Response:
    """Answer that too many ask at once."""
    return later(503, "Too many ask at once. Try again in a moment.", 5)


async def refused(_: Request, fault: Exception) -> Response:
    """Say in a sentence why there is no page, or no place."""
    assert isinstance(fault, HTTPException)  # noqa: S101 - what it is registered for
    if fault.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return busy()
    return error(fault.status_code, _WORDS.get(fault.status_code, fault.detail), fault.headers)


def wire(answer: Response) -> bytes:
    """Write an answer for whoever is refused before there is a request."""
    status = f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}".encode()
    headers = [*answer.raw_headers, *_RAW_HEADERS, (b"connection", b"close")]
    lines = [status, *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + bytes(answer.body)
