"""Waiting for an event, within a limit that only a hang reaches."""

import time
from collections.abc import Callable
from subprocess import Popen
from typing import Any, TypeVar

T = TypeVar("T")

#: Seconds that nothing in these tests takes on however busy a machine, unless it hangs.
HANG = 600


def until(reached: Callable[[], T | None], running: Popen[Any] | None = None) -> T:
    """Wait until something is reached, and return it; a process must go on running until then."""
    end = time.monotonic() + HANG
    while not (found := reached()):
        assert running is None or running.poll() is None, "it ended before that"
        assert time.monotonic() < end, "it hangs"
        time.sleep(0.005)
    return found
