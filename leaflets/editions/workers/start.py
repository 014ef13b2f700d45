"""Start: the one place that decides how a worker process begins.

Since 1.52, Pango prepares fonts in a thread of its own, and a process that was forked after Pango
was used waits for that thread for ever. So no worker is a copy of the process that asks for it:
each is forked from a server, a small process that was begun anew, has imported what takes long, and
never loads Pango. It has one thread, so that a copy of it is whole.

The server ends when the process that started it does, however that ends: the socket between them
closes then. A worker ends with the server (`worker.serve`), or when its own connection closes.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe

_SERVER = "leaflets.editions.workers.server"


class _Server:
    """The server of this process, and our end of the socket on which it hears of new workers."""

    def __init__(self) -> None:
        self._asking, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, and a module of ours
                # -P: what lies in the folder that we work in is not for it to import.
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "leaflets.editions.workers.server",
                    str(theirs.fileno()),
                ],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,  # Ctrl-C is for us alone: we let it finish what it is doing
            )

    def fork(self, theirs: Connection) -> None:
        """Ask for a worker at the other end of a connection; raise `OSError` if it ended."""
        socket.send_fds(self._asking, [b"w"], [theirs.fileno()])

    def end(self) -> None:
        """End the server and its workers."""
        self._asking.close()
        self._process.wait()


_lock = threading.Lock()
_servers: list[_Server] = []


def worker(setting: bytes) -> Connection:
    """Start a worker with a `Setting`, pickled; return the connection to it.

    Nothing is waited for: a worker that could not be started has closed its end.
    """
    ours, theirs = Pipe()
    with theirs:
        try:
            _server().fork(theirs)
        except OSError:  # somebody has ended it
            _end()
            _server().fork(theirs)
    with suppress(OSError):  # else it closed its end already
        ours.send_bytes(setting)
    return ours


def _server() -> _Server:
    """Return the server of this process; start it if this is the first worker."""
    with _lock:
        if not _servers:
            _servers.append(_Server())
        return _servers[0]


@atexit.register
def _end() -> None:
    """End the server."""
    with _lock:
        while _servers:
            _servers.pop().end()
