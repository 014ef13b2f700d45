"""What a client may do to a server of ours before there is a request, and after its answer."""

import asyncio
import socket
from collections.abc import Collection
from operator import itemgetter

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from leaflets.insides import Touch
from leaflets.web.common.guard import LONGEST_HEAD, busy, error, wire

#: How long a client may keep us waiting, in seconds: for the rest of its request, or until it has
#: taken its answer.
_PATIENCE = 15

#: How long answers that are being made are waited for when we end, in seconds; then whoever waits
#: for one is told, and connections that are still open are closed.
_GRACE, _LEAVE = 1, 1

#: Below the 1,024 files that a process may commonly have open.
_MOST_CONNECTIONS = 512


#: So many connections may stand in line, and so many are taken at a time: each that is taken holds
#: an open file before it can be counted. Whoever finds no place in line comes a second too late.
_LINE, _AT_A_TIME = 2048, 128


def configured(app: ASGIApp) -> uvicorn.Config:
    """Say how an application of ours is served."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_AT_A_TIME,
        timeout_graceful_shutdown=_GRACE + _LEAVE,
        timeout_keep_alive=5,
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )


class Server(uvicorn.Server):
    """A server before which many can stand in line, and which says so to them when it ends."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and make the line longer."""
        await super().startup(sockets)
        for listening in sockets or []:
            listening.listen(_LINE)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down; what is not answered by then is broken off."""
        asyncio.get_running_loop().call_later(_GRACE, self._break_off)
        await super().shutdown(sockets)

    def _break_off(self) -> None:
        for answering in self.server_state.tasks:
            answering.cancel()


class Connection(H11Protocol):
    """A connection that is dropped when its client keeps us waiting.

    When there are too many, whoever has kept us waiting longest makes room: a client that asks at
    once is served, however many slow ones there are.
    """

    _since = 0.0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._reckon()
        _make_room(self.connections)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        super().data_received(data)
        self._reckon()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, and until the answer is taken."""
        super().on_response_complete()
        self._stop()
        self._reckon()

    def pause_writing(self) -> None:
        """Begin to wait until the answer is taken."""
        super().pause_writing()
        self._reckon()

    def resume_writing(self) -> None:
        """Go on with the answer."""
        super().resume_writing()
        self._reckon()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - of the library, without a cure
        """Refuse what is not a request."""
        self.drop(error(400, "This is not a request, or its head is longer than 16 kB."))

    @property
    def waits(self) -> float | None:
        """Since when we wait for the client; None while it waits for us."""
        cycle = self.cycle
        ours = cycle and not (cycle.more_body or cycle.response_complete or self.flow.write_paused)
        return None if ours else self._since

    def drop(self, reason: Response) -> None:
        """End the connection; say why, unless an answer has been given or begun."""
        self._stop()
        self.connections.discard(self)
        if not (self.cycle and self.cycle.response_started):
            self.transport.write(wire(reason))
        self.transport.abort()

    def _reckon(self) -> None:
        if self.waits is None:
            self._stop()
        elif self._timer is None:
            self._since = self.loop.time()
            slow = error(408, "It took too long to arrive.")
            self._timer = self.loop.call_later(_PATIENCE, self.drop, slow)

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _make_room(connections: Collection[object]) -> None:
    """Drop the client that has kept us waiting longest if there are too many."""
    if len(connections) > _MOST_CONNECTIONS:
        ours = (client for client in connections if isinstance(client, Connection))
        slow = [(client.waits, client) for client in ours if client.waits is not None]
        min(slow, key=itemgetter(0))[1].drop(busy())


TOUCHES = (
    Touch(
        (
            "uvicorn.protocols.http.h11_impl.H11Protocol.connection_made(self, transport)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.connection_lost(self, exc)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.data_received(self, data)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.on_response_complete(self)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.pause_writing(self)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.resume_writing(self)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.send_400_response(self, msg)",
            "uvicorn.protocols.http.h11_impl.H11Protocol.connections",
            "uvicorn.protocols.http.h11_impl.H11Protocol.cycle",
            "uvicorn.protocols.http.h11_impl.H11Protocol.flow",
            "uvicorn.protocols.http.h11_impl.H11Protocol.loop",
            "uvicorn.protocols.http.h11_impl.H11Protocol.transport",
            "uvicorn.protocols.http.h11_impl.RequestResponseCycle.more_body",
            "uvicorn.protocols.http.h11_impl.RequestResponseCycle.response_complete",
            "uvicorn.protocols.http.h11_impl.RequestResponseCycle.response_started",
            "uvicorn.protocols.http.flow_control.FlowControl.write_paused",
        ),
        why="Drops a client that sends its request or takes its answer too slowly. No setting of"
        " uvicorn does: `timeout_keep_alive` counts between requests alone, `limit_concurrency`"
        " refuses the next client instead of the slow one, and an application is called only when"
        " the head of a request has arrived.",
        needless_when="uvicorn has a limit of time for a request to arrive and for an answer to be"
        " taken, and of connections.",
        test="tests/test_web_robustness.py::test_a_slow_client_is_dropped",
    ),
    Touch(
        ("uvicorn.Server.startup(self, sockets=None)",),
        why="Lets more clients stand in line than are taken at a time: uvicorn has one number"
        " for both, `backlog`.",
        needless_when="uvicorn has a setting for each.",
        test="tests/test_web_robustness.py"
        "::test_a_thousand_requests_at_once_get_the_page_or_are_asked_to_come_again",
    ),
    Touch(
        (
            "uvicorn.Server.shutdown(self, sockets=None)",
            "uvicorn.Server.server_state",
            "uvicorn.server.ServerState.tasks",
        ),
        why="Breaks off what is being answered when Ctrl-C ends the server, so that whoever waits"
        " is told: uvicorn says nothing to them, and shows a traceback on the screen.",
        needless_when="uvicorn breaks requests off without a traceback.",
        test="tests/test_desk.py::test_whoever_waits_when_the_desk_is_ended_is_told",
    ),
)
