"""Crew: workers that make editions, in this process, in several, or on a cluster.

Each is a `concurrent.futures.Executor`. An edition is sent by value, with what its worker must
agree on: the library, the fonts and the software. One that has others refuses, and says which.
"""

import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from leaflets.compose.inputs import Inputs
from leaflets.editions.proof import Proof, failed, fault_of_ours
from leaflets.editions.workers import start, worker
from leaflets.editions.workers.limits import Limits
from leaflets.editions.workers.task import Task
from leaflets.editions.workers.worker import Setting, received, stopped, work
from leaflets.errors import LeafletsError, MissingPartError, WorkerError

P = ParamSpec("P")
T = TypeVar("T")


class WorkerDiedError(Exception):
    """A worker process ended while it did something."""


class Serial(Executor):
    """Does each task when it is submitted, in this process."""

    def __init__(self, setting: Setting) -> None:
        """Take what a worker begins with."""
        worker.hold(setting.sites)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do a task; what it raises is raised by the result."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it
            done.set_exception(error)
        return done


class Processes(Executor):
    """Does tasks in worker processes; one that ends is replaced.

    A thread waits for each: it knows what its worker was doing when it ended.
    """

    def __init__(self, count: int, setting: Setting, memory: int) -> None:
        """Take what the workers begin with; each is started when it is first needed."""
        self._setting = pickle.dumps((setting, memory))
        self._threads = ThreadPoolExecutor(count)
        self._idle: list[Connection] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let a worker call a function; `WorkerDiedError` is raised if it ended of that."""
        return self._threads.submit(self._called, fn, args, kwargs)

    def _called(self, fn: Callable[..., T], args: object, kwargs: object) -> T:
        connection = self._idle.pop() if self._idle else start.worker(self._setting)
        try:
            connection.send((fn, args, kwargs))
            returned, answer = received(connection)
        except (EOFError, ConnectionError) as error:
            connection.close()
            raise WorkerDiedError from error
        self._idle.append(connection)
        if not returned:
            raise answer
        made: T = answer
        return made

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as all executors
        """Let the workers end after what each is doing."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        while self._idle:
            self._idle.pop().close()


class Crew:
    """Workers that make editions: an executor, started when it is first needed.

    `start` starts one; `size` is how many editions it makes at a time. Those of a `remote` crew
    read the library themselves, and must agree on it; `leave` says goodbye to whoever has sent
    them.
    """

    def __init__(
        self,
        start: Callable[[Setting], Executor],
        size: int,
        *,
        remote: bool = False,
        leave: Callable[[], object] = lambda: None,
    ) -> None:
        """Take how to start an executor; nothing is started yet."""
        self._start = start
        self._leave = leave
        self._executor: Executor | None = None
        self._setting: Setting | None = None
        self.size = size
        self.remote = remote

    def submit(self, task: Task, sites: Mapping[str, Inputs]) -> Future[Proof]:
        """Let a worker make an edition for one of some sites, with the fonts that are shown now."""
        setting = Setting.now(sites)
        if self._executor and not (self.remote or setting.is_like(self._setting)):
            self.close()
        if self._executor is None:
            self._setting = setting
            self._executor = self._start(setting)
        return self._executor.submit(work, task)

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
    return Crew(lambda setting: Processes(count, setting, limits.memory), count)


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
        threads = client.nthreads()
    except (OSError, ValueError) as error:
        raise WorkerError(f"{scheduler}: no Dask scheduler answers there ({error}).") from None
    if not threads:
        client.close()
        raise WorkerError(f"{scheduler}: the scheduler has no workers; start some.")
    return Crew(
        lambda _: client.get_executor(pure=False, retries=2),
        len(threads),
        remote=True,
        leave=client.close,
    )


def made_by_crew(
    tasks: Sequence[Task], sites: Mapping[str, Inputs], crew: Crew
) -> Generator[tuple[Task, Proof], None, None]:
    """Yield proofs as they are finished; only a few more are under way than the crew can do.

    `sites` are the libraries of the tasks, by site. An edition that its worker died of is made
    again at the end, when it has the machine for itself; one that ends another worker is named.
    Raises `WorkerError` if a worker refuses, `MissingPartError` if the machine lacks a part.
    """
    running: dict[Future[Proof], Task] = {}
    again: list[Task] = []

    def submit(task: Task) -> Future[Proof]:
        return crew.submit(task, sites)

    try:
        for task, proof in _tried(tasks, running, 2 * crew.size, submit):
            if proof is None:
                again.append(task)
            else:
                yield task, proof
        for task, proof in _tried(again, running, 1, submit):
            yield task, proof or stopped(task, f"its worker died twice{_reasons(task)}.")
    finally:
        if running:  # what they need, such as the fonts, may be gone hereafter
            for future in running:
                future.cancel()
            crew.close()


def _tried(
    tasks: Iterable[Task],
    running: dict[Future[Proof], Task],
    most: int,
    submit: Callable[[Task], Future[Proof]],
) -> Generator[tuple[Task, Proof | None], None, None]:
    """Yield proofs as they are finished, None for one that its worker died of."""
    left = deque(tasks)
    while left or running:
        while left and len(running) < most:
            task = left.popleft()
            running[submit(task)] = task
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            task = running.pop(future)
            yield task, _result(future, task)


def _reasons(task: Task) -> str:
    limits = task.limits
    return f"; perhaps it took over {limits.seconds:g} s, or over {limits.megabytes} MB of memory"


def _result(done: Future[Proof], task: Task) -> Proof | None:
    """Return a proof; None if the worker died. Raises `WorkerError` if it refused."""
    try:
        return done.result()
    except WorkerDiedError:
        return None
    except (MissingPartError, WorkerError):
        raise
    except CancelledError:
        raise WorkerError("The scheduler went away. Build again; nothing was lost.") from None
    except LeafletsError as error:
        raise WorkerError(str(error)) from None
    except Exception as error:  # noqa: BLE001 - Dask names a worker that died by errors of its own
        return failed(task.edition, fault_of_ours(task.edition, error))
