"""What stands before every page of ours: who may ask, how much, and what the answer allows."""

import hmac
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none';"
    " form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

#: The names of this computer for itself.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

#: The header in which a page sends the token of a server that other computers can reach.
KEY_HEADER = "x-leaflets-key"


class Guard:
    """Refuses a request that does not come from the page itself.

    The Host must be one of ours with our port (DNS rebinding), the Origin of what writes must be
    ours (cross-site requests), a body must be JSON and no longer than `largest` bytes. With a
    token, what asks for data or writes must send it.
    """

    def __init__(
        self, app: ASGIApp, port: int, largest: int, names: Iterable[str] = (), token: str = ""
    ) -> None:
        """Take the port that is listened on, and names of this computer besides the loopback's."""
        self._app = app
        self._hosts = {f"{name}:{port}" for name in (*LOOPBACK, *names)}
        self._largest = largest
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return error(421, "This page answers on this computer only.")
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
        if not length.isdecimal() or int(length) > self._largest:
            return error(413, "It is too long.")
        return None


class Headers:
    """Adds what keeps the page to itself to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def with_headers(message: Any) -> None:  # noqa: ANN401 - an ASGI message
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), text.encode()) for name, text in _HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        await self._app(scope, receive, with_headers)


def error(status: int, message: str) -> Response:
    """Answer with one sentence of what is wrong."""
    return JSONResponse({"error": message}, status)
