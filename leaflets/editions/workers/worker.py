"""Worker: what runs in the process that makes an edition, here or on another machine."""

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from leaflets.compose import inputs as made_of
from leaflets.compose.inputs import Inputs
from leaflets.editions.cache import Cache
from leaflets.editions.proof import Proof, failed, located
from leaflets.editions.workers.limits import TimeUpError, alarm, collect_in_turn, collect_rarely
from leaflets.editions.workers.task import Task, Terms, agree
from leaflets.library import fonts, load
from leaflets.problem import Problem
from leaflets.render.fontconfig import isolated

if TYPE_CHECKING:
    from leaflets.render.weasy.standing import Standing

_PR_SET_PDEATHSIG = 1


def started(parent: int, memory: int) -> None:
    """Prepare a worker process: it ends with its parent, and takes no more than it may."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the workers
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before that
            os._exit(1)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, resource.RLIM_INFINITY))
    collect_rarely()


#: The libraries that this process has read, by terms and site; a fork has its parent's.
_held: dict[str, Inputs] = {}


def hold(known: Mapping[str, Inputs]) -> None:
    """Keep the libraries of some sites for this process and those forked from it; forget others."""
    _held.clear()
    _held.update({_key(None, site): inputs for site, inputs in known.items()})


def _key(agreed: Terms | None, site: str) -> str:
    return f"{agreed.library if agreed else ''} {site}"


def work(task: Task) -> Proof:
    """Make an edition in this worker; raise `WorkerError` if it does not agree on the terms."""
    with _ONE_AT_A_TIME:
        try:
            return _within(task, _inputs(task))
        except TimeUpError:
            return stopped(task, f"it took longer than {task.limits.seconds:g} s.")
        except MemoryError:
            return stopped(task, f"it needed more than {task.limits.megabytes} MB of memory.")
        finally:
            collect_in_turn()


#: WeasyPrint and fontconfig are not safe in threads; a worker of Dask may have several.
_ONE_AT_A_TIME = threading.Lock()


def _inputs(task: Task) -> Inputs:
    """Return the library of a task; read it if this is the first, and agree on the terms."""
    key = _key(task.terms, task.site)
    if key not in _held and task.terms:
        library = load.load_one(Path(task.clinic) if task.clinic else None, task.site)
        inputs = Inputs(library)
        agree(task.terms, task, inputs)
        shown = [
            family
            for family in library.fonts.values()
            if {*family.files} <= task.terms.fonts.keys()
        ]
        _FONTS.enter_context(isolated(fonts.locate(shown)))
        _held[key] = inputs
    return _held[key]


#: The fonts that are shown to a worker elsewhere, as long as it lives.
_FONTS = ExitStack()


def _within(task: Task, inputs: Inputs) -> Proof:
    """Make an edition within its limits."""
    from leaflets.editions.make import Making, make_edition  # noqa: PLC0415 - see `crew`; elsewhere the first task waits

    cache = Cache(Path(task.cache), made_of.program()) if task.cache else None
    with alarm(task.limits.seconds):
        return make_edition(inputs, task.edition, Making(cache=cache, standing=_standing()))


@cache
def _standing() -> "Standing":
    """Return what this worker has laid out last: the next edition is often the same, elsewhere."""
    from leaflets.render.weasy.standing import Standing  # noqa: PLC0415 - as above

    return Standing()


def stopped(task: Task, reason: str) -> Proof:
    """Say of an edition that it was stopped, and why."""
    problem = Problem(
        code="SOFT-02",
        message="It was stopped:",
        text=reason,
        hint="Look for what is huge in its template and pictures, or allow more.",
    )
    return failed(task.edition, located(task.edition, problem))
