"""Workers: make editions in this process, in several, or on a cluster, in the same way.

Each is a `concurrent.futures.Executor`. An edition is sent by value, with what its worker must
agree on: the library, the fonts and the software. One that has others refuses, and says which.
"""

import ctypes
import faulthandler
import gc
import hashlib
import itertools
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
import types
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import msgspec

from leaflets.compose import inputs as made_of
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition
from leaflets.editions.cache import Cache
from leaflets.editions.proof import Proof, failed, fault_of_ours, located
from leaflets.errors import LeafletsError, MissingPartError, WorkerError
from leaflets.library import fonts, load
from leaflets.library.load import Library
from leaflets.problem import Problem
from leaflets.render.fontconfig import isolated

if TYPE_CHECKING:
    from leaflets.render.weasy.standing import Standing

P = ParamSpec("P")
T = TypeVar("T")

_PR_SET_PDEATHSIG = 1

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


class Terms(msgspec.Struct, frozen=True):
    """What a worker must agree on: the hash of the library's files, software and fonts."""

    library: str
    program: str
    software: Mapping[str, str]
    fonts: Mapping[str, str]


class Task(msgspec.Struct, frozen=True):
    """An edition to make, for which clinic, and within which limits.

    `clinic` is the clinic folder, which a worker elsewhere must find in the same place; `terms` are
    for such a worker, and None for one that was forked from us.
    """

    edition: Edition
    clinic: str
    site: str
    terms: Terms | None
    limits: Limits
    cache: str


class Serial(Executor):
    """Does each task when it is submitted, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do a task; what it raises is raised by the result."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it
            done.set_exception(error)
        return done


class Crew:
    """Workers that make editions: an executor, started when it is first needed.

    `start` starts one, and another if it broke; `size` is how many editions it makes at a time.
    Those of a `remote` crew read the library themselves, and must agree on it; `leave` says goodbye
    to whoever has sent them.
    """

    def __init__(
        self,
        start: Callable[[], Executor],
        size: int,
        *,
        remote: bool = False,
        leave: Callable[[], object] = lambda: None,
    ) -> None:
        """Take how to start an executor; nothing is started yet."""
        self._start = start
        self._leave = leave
        self._executor: Executor | None = None
        self.size = size
        self.remote = remote

    def submit(self, task: Task) -> Future[Proof]:
        """Let a worker make an edition."""
        if self._executor is None:
            self._executor = self._start()
        try:
            return self._executor.submit(work, task)
        except BrokenProcessPool as error:  # a worker died since we looked
            failed: Future[Proof] = Future()
            failed.set_exception(error)
            return failed

    def alone(self, task: Task) -> Proof | None:
        """Make an edition with an executor of its own; None if the worker died of it."""
        with self._start() as executor:
            return _result(executor.submit(work, task), task)

    def __enter__(self) -> "Crew":
        """Use the workers until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers, and leave the scheduler if there is one."""
        self.close()
        self._leave()

    def close(self) -> None:
        """End the workers, after what each is doing."""
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._executor = None


def serial() -> Crew:
    """Make editions in this process, one after the other."""
    return Crew(Serial, 1)


def processes(count: int, limits: Limits) -> Crew:
    """Make editions in processes of this machine."""

    def start() -> Executor:
        _warm()
        return ProcessPoolExecutor(count, _context(), _started, (os.getpid(), limits.memory))

    return Crew(start, count)


def cluster(scheduler: str) -> Crew:
    """Make editions on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786.

    Raises `MissingPartError` without Dask, `WorkerError` if nobody answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra that most do not install
    except ImportError:
        raise MissingPartError(
            "--scheduler needs Dask. Install it with: pip install 'leaflets[dask]'"
        ) from None
    try:
        client: Any = Client(scheduler, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask has few types
        found = client.nthreads()
    except (OSError, ValueError) as error:
        raise WorkerError(f"{scheduler}: no Dask scheduler answers there ({error}).") from None
    if not found:
        client.close()
        raise WorkerError(f"{scheduler}: the scheduler has no workers; start some.")
    return Crew(
        lambda: client.get_executor(pure=False, retries=2),
        len(found),
        remote=True,
        leave=client.close,
    )


def _warm() -> None:
    """Import what makes editions, so that no worker that is forked need do it."""
    from leaflets.editions import make  # noqa: PLC0415 - the typesetter takes longer than to find all done

    del make


def _context() -> multiprocessing.context.BaseContext:
    """Fork where that is safe: a warm parent gives workers that need not import anything."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def collect_rarely() -> None:
    """Let Python look for garbage less often, and never in what was read before.

    A page is many objects that live until it is written; to look through them each time that 700
    were added took a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _started(parent: int, memory: int) -> None:
    """Prepare a worker process: it ends with its parent, and takes no more than it may."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the workers
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before that
            os._exit(1)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, resource.RLIM_INFINITY))
    collect_rarely()


#: After how many editions all garbage is looked for, and how many this process has made.
_BETWEEN = 10
_made = itertools.count(1)


def collect_in_turn() -> None:
    """Look for all garbage after each tenth edition, so that a worker's memory stays flat.

    A page refers to itself in many ways, and left to itself Python would keep hundreds of them.
    """
    if next(_made) % _BETWEEN == 0:
        gc.collect()


#: The libraries that this process has read, by terms and site; a fork has its parent's.
_held: dict[str, Inputs] = {}


def hold(known: Mapping[str, Inputs]) -> None:
    """Keep the libraries of some sites for this process and those forked from it; forget others."""
    _held.clear()
    _held.update({_key(None, site): one for site, one in known.items()})


def terms(inputs: Inputs, editions: Sequence[Edition]) -> Terms:
    """State what workers must agree on to make some editions."""
    library = inputs.library
    names = {name for one in editions for language in one.languages for name in language.fonts}
    files = sorted({file for name in names for file in library.fonts[name].files})
    return Terms(
        library=_files_of(library),
        program=made_of.program(),
        software=made_of.software(),
        fonts={file: fonts.digest(file) for file in files},
    )


def _files_of(library: Library) -> str:
    """Hash the files of a library: templates, locales and the clinic's own."""
    digest = hashlib.sha256()
    for root in (*library.roots.templates, *library.roots.locales):
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    stated = msgspec.structs.replace(library.clinic, folder="")
    for part in (stated, library.recalls):
        digest.update(msgspec.json.encode(part, order="sorted"))
    if stated.logo and library.clinic.folder:
        digest.update((Path(library.clinic.folder) / stated.logo).read_bytes())
    return digest.hexdigest()


def _key(agreed: Terms | None, site: str) -> str:
    return f"{agreed.library if agreed else ''} {site}"


def work(task: Task) -> Proof:
    """Make an edition in this worker; raise `WorkerError` if it does not agree on the terms."""
    with _ONE_AT_A_TIME:
        try:
            return _within(task, _inputs(task))
        except _TimeUpError:
            return _stopped(task, f"it took longer than {task.limits.seconds:g} s.")
        except MemoryError:
            return _stopped(task, f"it needed more than {task.limits.megabytes} MB of memory.")
        finally:
            collect_in_turn()


#: WeasyPrint and fontconfig are not safe in threads; a worker of Dask may have several.
_ONE_AT_A_TIME = threading.Lock()


def _inputs(task: Task) -> Inputs:
    """Return the library of a task; read it if this is the first, and agree on the terms."""
    key = _key(task.terms, task.site)
    if key not in _held and task.terms:
        library = load.load_one(Path(task.clinic) if task.clinic else None, task.site)
        found = Inputs(library)
        _agree(task.terms, task, found)
        shown = [one for one in library.fonts.values() if {*one.files} <= task.terms.fonts.keys()]
        _FONTS.enter_context(isolated(fonts.locate(shown)))
        _held[key] = found
    return _held[key]


#: The fonts that are shown to a worker elsewhere, as long as it lives.
_FONTS = ExitStack()


def _agree(asked: Terms, task: Task, inputs: Inputs) -> None:
    """Raise `WorkerError` naming what this worker has otherwise."""
    own = terms(inputs, [task.edition])
    found = [
        f"{name} {own.software.get(name) or 'missing'} instead of {wanted or 'none'}"
        for name, wanted in asked.software.items()
        if own.software.get(name) != wanted
    ]
    found += [
        f"another {file}" for file, wanted in asked.fonts.items() if fonts.digest(file) != wanted
    ]
    if own.program != asked.program:
        found.append("another Leaflets")
    if own.library != asked.library:
        found.append("another library, or clinic folder")
    if found:
        raise WorkerError(
            f"The worker on {socket.gethostname()} has {', '.join(found)}. Give it the same, then"
            " build again."
        )


class _TimeUpError(BaseException):
    """An edition took longer than it may; no handler of ours catches it."""


def _within(task: Task, inputs: Inputs) -> Proof:
    """Make an edition within its limits."""
    from leaflets.editions.make import proof  # noqa: PLC0415 - see `_warm`; elsewhere the first task waits

    cache = Cache(Path(task.cache), made_of.program()) if task.cache else None
    with _alarm(task.limits.seconds):
        return proof(inputs, task.edition, cache=cache, standing=_standing())


@cache
def _standing() -> "Standing":
    """Return what this worker has laid out last: the next edition is often the same, elsewhere."""
    from leaflets.render.weasy.standing import Standing  # noqa: PLC0415 - as above

    return Standing()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer; end the process if it does not hear, deep in a C library."""
    faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=_NOWHERE)
    if threading.current_thread() is not threading.main_thread():
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
        return

    def stop(_number: int, _frame: types.FrameType | None) -> None:
        raise _TimeUpError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()


_NOWHERE = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process


def _stopped(task: Task, reason: str) -> Proof:
    problem = Problem(
        code="SOFT-02",
        message="It was stopped:",
        text=reason,
        hint="Look for what is huge in its template and pictures, or allow more.",
    )
    return failed(task.edition, located(task.edition, problem))


def proofs(tasks: Sequence[Task], crew: Crew) -> Generator[tuple[Task, Proof], None, None]:
    """Yield proofs as they are finished; only a few more are under way than the crew can do.

    If a worker dies, the editions it may have died of are made again, each alone; one that ends
    another worker is named. Raises `WorkerError` if a worker refuses.
    """
    running: dict[Future[Proof], Task] = {}
    try:
        yield from _proofs(deque(tasks), running, crew)
    finally:
        if running:  # what they need, such as the fonts, may be gone hereafter
            for one in running:
                one.cancel()
            crew.close()


def _proofs(
    left: deque[Task], running: dict[Future[Proof], Task], crew: Crew
) -> Generator[tuple[Task, Proof], None, None]:
    while left or running:
        while left and len(running) < 2 * crew.size:
            task = left.popleft()
            running[crew.submit(task)] = task
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        suspects: list[Task] = []
        for one in done:
            task = running.pop(one)
            if (found := _result(one, task)) is None:
                suspects.append(task)
            else:
                yield task, found
        if suspects:
            suspects += running.values()
            running.clear()
            crew.close()
        for task in suspects:
            yield (
                task,
                crew.alone(task) or _stopped(task, f"its worker died twice{_reasons(task)}."),
            )


def _reasons(task: Task) -> str:
    limits = task.limits
    return f"; perhaps it took over {limits.seconds:g} s, or over {limits.megabytes} MB of memory"


def _result(done: Future[Proof], task: Task) -> Proof | None:
    """Return a proof; None if the worker died. Raises `WorkerError` if it refused."""
    try:
        return done.result()
    except (BrokenProcessPool, EOFError):
        return None
    except WorkerError:
        raise
    except CancelledError:
        raise WorkerError("The scheduler went away. Build again; nothing was lost.") from None
    except LeafletsError as error:
        raise WorkerError(str(error)) from None
    except Exception as error:  # noqa: BLE001 - Dask names a worker that died by errors of its own
        return failed(task.edition, fault_of_ours(task.edition, error))
