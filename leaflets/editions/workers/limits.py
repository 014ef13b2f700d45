"""Limits: what one edition may take of time and memory, and how a worker keeps its memory flat."""

import faulthandler
import gc
import itertools
import os
import signal
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

#: Past its time, an edition that does not even hear of it has this long until its worker is ended.
_GRACE = 5.0


class Limits(msgspec.Struct, frozen=True):
    """What one edition may take: seconds, and bytes of memory beyond what a worker starts with."""

    seconds: float = 120.0
    memory: int = 2 * 1024**3

    @property
    def megabytes(self) -> int:
        """Return the limit of memory in MB."""
        return self.memory // 1024**2


class TimeUpError(BaseException):
    """An edition took longer than it may; no handler of ours catches it."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer; end the process if it does not hear, deep in a C library."""
    faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=_NOWHERE)
    if threading.current_thread() is not threading.main_thread():
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
        return

    def stop(_number: int, _frame: types.FrameType | None) -> None:
        raise TimeUpError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()


_NOWHERE = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process


def collect_rarely() -> None:
    """Let Python look for garbage less often, and never in what was read before.

    A page is many objects that live until it is written; to look through them each time that 700
    were added took a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


#: After how many editions all garbage is looked for, and how many this process has made.
_BETWEEN = 10
_made = itertools.count(1)


def collect_in_turn() -> None:
    """Look for all garbage after each tenth edition, so that a worker's memory stays flat.

    A page refers to itself in many ways, and left to itself Python would keep hundreds of them.
    """
    if next(_made) % _BETWEEN == 0:
        gc.collect()
