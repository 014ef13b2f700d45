"""What stands around each input: it is counted, stopped if it hangs, and watched for effects.

`make test` tries a few inputs of each kind, always the same ones; `make fuzz` tries new ones, as
many as are stated. The parts that read foreign bytes are C libraries (Expat, Pillow, msgspec), in
which a fuzzer that follows Python's lines sees nothing: inputs are changed copies of real files.
"""

import importlib.util
import os
import signal
import sys
import types
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase

from leaflets.errors import LeafletsError
from leaflets.library import home

P = ParamSpec("P")
T = TypeVar("T")

LONG = "long"

#: Seconds of work, and of waiting, after which an input counts as one that hangs.
_MOST_WORK, _LONGEST_WAIT = 5.0, 60.0

#: An error quotes what it is about, not all of it.
_LONGEST_MESSAGE = 2_000

#: Controls, ends of lines, halves of characters.
_OBEYED = {"Cc", "Zl", "Zp", "Cs"}

#: Where code may read while an input is handled: its own data, and modules that load late.
_OWN = tuple(
    {
        *(home.home() / name for name in ("templates", "locales")),
        *(Path(entry).resolve() for entry in sys.path if Path(entry).is_absolute()),
        *(Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix + "/lib")),
        Path(str(importlib.util.find_spec("leaflets").submodule_search_locations[0])),  # type: ignore[union-attr,index]  # it is a package
        Path("/usr/share/zoneinfo"),
        Path("/usr/share/fonts"),
    }
    - {home.home()}
)

_FORBIDDEN = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.",
    "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
    "shutil.", "webbrowser.", "ftplib.", "http.client.",
)  # fmt: skip

#: How a tool is started: Python 3.13 tells of both. What is started is named first.
_STARTS = {"subprocess.Popen", "os.posix_spawn"}

#: What changes files: the event, and how many paths it begins with.
_CHANGES = {"os.remove": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "shutil.rmtree": 1}

counted: Counter[str] = Counter()


class HangError(BaseException):
    """An input took longer than any may; no handler of ours catches it."""


class EffectError(BaseException):
    """An input led to something outside its folders; no handler of ours catches it."""


class _Watch:
    """Holds what may be read and run now; None while no input is handled."""

    roots: tuple[Path, ...] | None = None
    tools: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    roots = _Watch.roots
    if roots is None or _is_harmless(event, arguments, roots):
        return
    _Watch.seen += (f"{event} {arguments!r}"[:300],)
    raise EffectError(_Watch.seen[-1])


def _is_harmless(event: str, arguments: tuple[Any, ...], roots: Sequence[Path]) -> bool:
    if event == "open":
        path, _, flags = arguments
        # A number is a file that is open already.
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        return isinstance(path, int) or _is_allowed(path, roots if writes else (*roots, *_OWN))
    if event in _CHANGES:
        count = _CHANGES[event]
        # After the names come the open folders that they are relative to, or -1.
        folders = [one for one in arguments[count:] if isinstance(one, int)]
        places = zip_longest(arguments[:count], folders[:count], fillvalue=-1)
        return all(_is_allowed(_within(*place), roots) for place in places)
    if event in _STARTS and _Watch.tools:
        return Path(arguments[0]).name in _Watch.tools
    if event == "urllib.Request":
        # What is opened for it is an event of its own.
        return str(arguments[0]).startswith("file:///")
    return not event.startswith(_FORBIDDEN)


def _within(path: object, folder: int) -> object:
    """Name a path that is relative to an open folder."""
    return path if folder < 0 else f"/proc/self/fd/{folder}/{os.fsdecode(path)}"  # type: ignore[arg-type]  # audit hooks have no types


def _is_allowed(path: object, roots: Sequence[Path]) -> bool:
    text = path.decode(errors="replace") if isinstance(path, bytes) else str(path)
    watching, _Watch.roots = _Watch.roots, None
    try:
        resolved = Path(text).resolve()
    except (OSError, ValueError):
        return True  # no such file can be opened
    finally:
        _Watch.roots = watching
    return any(resolved.is_relative_to(root) for root in roots)


# A hook cannot be taken out again: it looks at nothing unless an input is being handled.
sys.addaudithook(_audit)


def _stop(number: int, frame: types.FrameType | None) -> None:
    raise HangError(f"stopped by signal {number} in {frame.f_code if frame else '?'}")


@contextmanager
def watched(target: str, *roots: Path, tools: Sequence[str] = ()) -> Iterator[None]:
    """Handle one input of a target, which may read and write below `roots`, and run `tools`.

    Raises `HangError` for one that takes too long, `EffectError` for one that does anything else.
    """
    counted[target] += 1
    timers = {signal.SIGPROF: signal.ITIMER_PROF, signal.SIGALRM: signal.ITIMER_REAL}
    before = {number: signal.signal(number, _stop) for number in timers}
    _Watch.tools, _Watch.seen = tuple(tools), ()
    _Watch.roots = tuple(root.resolve() for root in roots)
    signal.setitimer(signal.ITIMER_PROF, _MOST_WORK)
    signal.setitimer(signal.ITIMER_REAL, _LONGEST_WAIT)
    try:
        yield
    finally:
        for timer in timers.values():
            signal.setitimer(timer, 0)
        _Watch.roots = None
        for number, handler in before.items():
            signal.signal(number, handler)
    if _Watch.seen:
        raise EffectError(f"seen, and hidden by a handler: {_Watch.seen}")


def outcome(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T | LeafletsError:
    """Return what a call returns, or the error of ours that it raises, which is one sentence."""
    try:
        return call(*arguments, **options)
    except LeafletsError as error:
        message = str(error)
        kinds = {unicodedata.category(char) for char in message}
        assert not kinds & _OBEYED, "an error is one line, without what a terminal obeys"
        assert len(message) <= _LONGEST_MESSAGE
        message.encode()
        return error


def examples(number: int, *, quick: int = 20) -> hypothesis.settings:
    """State how many inputs a test tries in `make fuzz`, and how few in `make test`."""
    long = hypothesis.settings.get_current_profile_name() == LONG
    return hypothesis.settings(
        max_examples=number if long else quick,
        derandomize=not long,
        database=None,
        # An input that fails is shown as it was found: to shrink it can take minutes.
        phases=(Phase.generate,),
        # A hang is found by the watch; one slow input on a busy machine is no fault.
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def names(error: object, path: Path | str) -> bool:
    """Tell whether an error names a file, or the outcome is no error."""
    return not isinstance(error, LeafletsError) or str(path) in str(error)
