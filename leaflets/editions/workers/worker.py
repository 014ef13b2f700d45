"""Worker: what runs in the process that makes an edition, here or on another machine."""

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from leaflets.compose import inputs as made_of
from leaflets.compose.inputs import Inputs
from leaflets.editions.cache import Cache
from leaflets.editions.proof import EDITION_STOPPED, Proof, failed, located
from leaflets.editions.workers.limits import TimeUpError, alarm, collect_in_turn, collect_rarely
from leaflets.editions.workers.task import Task, Terms, agree
from leaflets.errors import LeafletsError
from leaflets.library import fonts, load
from leaflets.render.fontconfig import isolated

if TYPE_CHECKING:
    from leaflets.render.weasy.standing import Standing

_PR_SET_PDEATHSIG = 1


class Setting(msgspec.Struct, frozen=True):
    """What a worker process begins with: what it would know if it were a copy of us.

    The environment names the fonts that are shown (`FONTCONFIG_FILE`). `sites` are the libraries by
    site, with what of their files was read already, so that all agree.
    """

    sites: Mapping[str, Inputs]
    environment: Mapping[str, str]
    folder: str

    @classmethod
    def now(cls, sites: Mapping[str, Inputs]) -> "Setting":
        """Return the setting of a worker that begins now."""
        return cls(sites, dict(os.environ), str(Path.cwd()))

    def is_like(self, other: "Setting | None") -> bool:
        """Tell whether a worker that began with another setting would make the same."""
        return (
            other is not None
            and self.folder == other.folder
            and self.environment == other.environment
            and self.sites.keys() == other.sites.keys()
            and all(inputs is other.sites[site] for site, inputs in self.sites.items())
        )


def serve(connection: Connection, server: int) -> NoReturn:
    """Be a worker process: do what comes through a connection until the other end closes.

    First come a `Setting` and how much memory it may take, then calls, each a function and its
    arguments; the answer is whether it returned, and what it returned or raised.
    """
    _end_with(server)
    code = 1
    try:
        _begin(*received(connection))
        while True:
            connection.send(_answer(*received(connection)))
    except (EOFError, ConnectionError):
        code = 0
    except BaseException:  # noqa: BLE001 - nobody else could say it
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)  # what the server has registered to be done at its end is not ours to do


def received(connection: Connection) -> Any:  # noqa: ANN401 - whatever was sent
    """Receive a message; raise `EOFError` if the other end is closed, in the midst of it too."""
    try:
        return connection.recv()
    except OSError as error:
        raise EOFError from error


def _answer(
    function: Callable[..., object], arguments: Sequence[Any], options: Mapping[str, Any]
) -> tuple[bool, object]:
    try:
        return True, function(*arguments, **options)
    except Exception as error:  # noqa: BLE001 - whoever asked gets it
        return False, error


def _end_with(server: int) -> None:
    """Let this process end, whatever it is doing, when the server does."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it ended before that
        os._exit(1)


def _begin(setting: Setting, memory: int) -> None:
    """Prepare this process: it works where whoever asked does, and takes no more than it may."""
    os.environ.clear()
    os.environ.update(setting.environment)
    os.chdir(setting.folder)
    hold(setting.sites)
    _import_all()
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, resource.RLIM_INFINITY))
    # A destructor that finds no memory is told of, with a traceback, by what needs memory itself.
    # Whoever asked hears of it by the answer. A builtin, for it needs none.
    sys.unraisablehook = callable
    collect_rarely()


def _import_all() -> None:
    """Import the typesetter, of which a copy of the server has all but Pango."""
    with suppress(LeafletsError, OSError):  # the first edition says it
        from leaflets.editions import make  # noqa: F401, PLC0415 - it loads Pango


#: The libraries that this process has read, by terms and site.
_held: dict[str, Inputs] = {}


def hold(sites: Mapping[str, Inputs]) -> None:
    """Keep the libraries of some sites for this process; forget others."""
    _held.clear()
    _held.update({_key(None, site): inputs for site, inputs in sites.items()})


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
        library = load.load_one(
            Path(task.clinic) if task.clinic else None, task.site, region=task.region
        )
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
    from leaflets.editions.make import Making, make_edition  # noqa: PLC0415 - it loads Pango, and takes longer than to find all done

    cache = Cache(Path(task.cache), made_of.program()) if task.cache else None
    with alarm(task.limits.seconds):
        making = Making(purpose=task.purpose, cache=cache, standing=_standing())
        return make_edition(inputs, task.edition, making)


@cache
def _standing() -> "Standing":
    """Return what this worker has laid out last: the next edition is often the same, elsewhere."""
    from leaflets.render.weasy.standing import Standing  # noqa: PLC0415 - as above

    return Standing()


def stopped(task: Task, reason: str) -> Proof:
    """Say of an edition that it was stopped, and why."""
    problem = EDITION_STOPPED.problem(
        message="It was stopped:",
        text=reason,
        hint="Look for what is huge in its template and pictures, or allow more.",
    )
    return failed(task.edition, located(task.edition, problem))
