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

from leaflets.editions.workers import worker

#: What a worker needs and takes long to import, all but what loads Pango: `leaflets.render.weasy`
#: and WeasyPrint, for which here is what they import.
_NEEDED = (
    "leaflets.checks.composition", "leaflets.checks.page", "leaflets.checks.text",
    "leaflets.compose.compose", "leaflets.render.web_page", "leaflets.render.plain_text",
    "PIL.ImageCms", "PIL.ImageOps", "cffi.cparser", "cssselect2", "fontTools.subset",
    "fontTools.ttLib.woff2", "fontTools.varLib.instancer", "jinja2.ext", "pyphen",
    "tinycss2.color5", "tinyhtml5",
)  # fmt: skip


def serve(descriptor: int) -> None:
    """Fork a worker for each connection that comes, until whoever started us ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that no worker that ended is left over
    for name in _NEEDED:
        with suppress(Exception):  # the worker meets it again, and says it of the edition
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is never looked at is shared with the workers
    server = os.getpid()
    with socket.socket(fileno=descriptor) as asked:
        while True:
            message, descriptors, _, _ = socket.recv_fds(asked, 1, 1)
            if not message:
                os._exit(0)
            connection = Connection(descriptors[0])
            if os.fork() == 0:
                asked.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                worker.serve(connection, server)
            connection.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
