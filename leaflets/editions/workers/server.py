"""Server: a process with one thread that has never loaded Pango, of which workers are copies.

See `start`, which begins it; nothing else may import this.
"""

import gc
import importlib
import os
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NoReturn

from leaflets.editions.workers import worker

#: What a worker needs and takes long to import, all but what loads Pango: `leaflets.render.weasy`
#: and WeasyPrint, for which here is what they import.
_NEEDED = (
    "leaflets.checks.composition", "leaflets.checks.ink", "leaflets.checks.page",
    "leaflets.checks.text",
    "leaflets.compose.compose", "leaflets.render.web_page", "leaflets.render.plain_text",
    "PIL.ImageCms", "PIL.ImageOps", "cffi.cparser", "cssselect2", "fontTools.subset",
    "fontTools.ttLib.woff2", "fontTools.varLib.instancer", "jinja2.ext", "pyphen",
    "tinycss2.color5", "tinyhtml5",
)  # fmt: skip


def serve(descriptor: int) -> None:
    """Fork a worker for each connection that comes, until whoever started us ends."""
    for name in _NEEDED:
        with suppress(Exception):  # the worker meets it again, and says it of the edition
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is never looked at is shared with the workers
    server = os.getpid()
    workers: set[int] = set()
    with socket.socket(fileno=descriptor) as asked:
        while True:
            message, descriptors, _, _ = socket.recv_fds(asked, 1, 1)
            if not message:
                _end(workers)
            _bury(workers)
            connection = Connection(descriptors[0])
            if (pid := os.fork()) == 0:
                asked.close()
                worker.serve(connection, server)
            workers.add(pid)
            connection.close()


def _bury(workers: set[int]) -> None:
    """Leave no worker over that has ended; until then its number is nobody else's."""
    workers -= {pid for pid in workers if os.waitpid(pid, os.WNOHANG)[0]}


def _end(workers: set[int]) -> NoReturn:
    """End, and before that every worker, whatever it is doing."""
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    for pid in workers:
        os.waitpid(pid, 0)
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
