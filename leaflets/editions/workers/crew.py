"""Crew: workers that make editions, in this process, in several, or on a cluster.

Each is a `concurrent.futures.Executor`. An edition is sent by value, with what its worker must
agree on: the library, the fonts and the software. One that has others refuses, and says which.
"""

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import Any, ParamSpec, TypeVar

from leaflets.editions.proof import Proof, failed, fault_of_ours
from leaflets.editions.workers.limits import Limits
from leaflets.editions.workers.task import Task
from leaflets.editions.workers.worker import started, stopped, work
from leaflets.errors import LeafletsError, MissingPartError, WorkerError

P = ParamSpec("P")
T = TypeVar("T")


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
        return ProcessPoolExecutor(count, _context(), started, (os.getpid(), limits.memory))

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
        threads = client.nthreads()
    except (OSError, ValueError) as error:
        raise WorkerError(f"{scheduler}: no Dask scheduler answers there ({error}).") from None
    if not threads:
        client.close()
        raise WorkerError(f"{scheduler}: the scheduler has no workers; start some.")
    return Crew(
        lambda: client.get_executor(pure=False, retries=2),
        len(threads),
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


def made_by_crew(tasks: Sequence[Task], crew: Crew) -> Generator[tuple[Task, Proof], None, None]:
    """Yield proofs as they are finished; only a few more are under way than the crew can do.

    If a worker dies, the editions it may have died of are made again, each alone; one that ends
    another worker is named. Raises `WorkerError` if a worker refuses.
    """
    running: dict[Future[Proof], Task] = {}
    try:
        yield from _made(deque(tasks), running, crew)
    finally:
        if running:  # what they need, such as the fonts, may be gone hereafter
            for future in running:
                future.cancel()
            crew.close()


def _made(
    left: deque[Task], running: dict[Future[Proof], Task], crew: Crew
) -> Generator[tuple[Task, Proof], None, None]:
    while left or running:
        while left and len(running) < 2 * crew.size:
            task = left.popleft()
            running[crew.submit(task)] = task
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        suspects: list[Task] = []
        for future in done:
            task = running.pop(future)
            if (proof := _result(future, task)) is None:
                suspects.append(task)
            else:
                yield task, proof
        if suspects:
            suspects += running.values()
            running.clear()
            crew.close()
        for task in suspects:
            yield (
                task,
                crew.alone(task) or stopped(task, f"its worker died twice{_reasons(task)}."),
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
    except (MissingPartError, WorkerError):
        raise
    except CancelledError:
        raise WorkerError("The scheduler went away. Build again; nothing was lost.") from None
    except LeafletsError as error:
        raise WorkerError(str(error)) from None
    except Exception as error:  # noqa: BLE001 - Dask names a worker that died by errors of its own
        return failed(task.edition, fault_of_ours(task.edition, error))
