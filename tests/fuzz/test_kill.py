"""Builds that are killed or interrupted, at moments spread over all that they do.

`make test` tries a few moments, `make fuzz` many. `tests/test_shelf.py` shows that a commit is
finished whichever of its renames was the last; other faults are in `tests/test_faults.py`.
"""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from leaflets.errors import ExitCode
from leaflets.output import shelf
from leaflets.records import ledger
from tests import running
from tests.fuzz.harness import counted, examples
from tests.running import Office
from tests.waiting import until

#: How many builds are killed by the clock, before a change to a file, and interrupted.
BY_CLOCK, BY_STEP, INTERRUPTED = (
    examples(number, quick=quick) for number, quick in ((110, 3), (70, 2), (20, 1))
)

#: Runs in the process of a build: kills it before the n-th change to a file, and counts them.
STEPS = """
import atexit, os, signal, sys
from pathlib import Path

me, last, count = os.getpid(), int(os.environ["LAST_STEP"]), 0
folders = tuple(os.environ["STEPS_IN"].split(os.pathsep))

def is_change(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, int) or not flags & (os.O_WRONLY | os.O_RDWR):
            return False
    elif event not in ("os.rename", "os.remove", "os.mkdir", "os.rmdir"):
        return False
    path = os.fsdecode(arguments[0])
    return path.startswith(folders) or not path.startswith("/")

def step(event, arguments):
    global count
    if is_change(event, arguments) and os.getpid() == me:
        count += 1
        if count == last:
            os.kill(me, signal.SIGKILL)

def tell():
    if os.getpid() == me:
        Path(os.environ["STEPS_TOLD"]).write_text(str(count))

sys.addaudithook(step)
atexit.register(tell)
"""


class Undisturbed(msgspec.Struct, frozen=True):
    """An old build that is finished, and what a new one makes of it, undisturbed."""

    office: Office
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    clinic: frozenset[Path]
    ledger: set[tuple[str, tuple[int, ...]]]
    seconds: float
    steps: int


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    office = Office(tmp_path_factory.mktemp("office"))
    old = office.printed()
    office.keep()
    office.says(running.NEW)
    began = time.monotonic()
    with _counted(office, 0) as build:
        assert running.said(build)[0] == ExitCode.OK
    seconds, new = time.monotonic() - began, running.held(office.output)
    running.agree(office.output)
    assert running.pdfs(old).keys() == running.pdfs(new).keys()
    assert not {*running.pdfs(old).values()} & {*running.pdfs(new).values()}
    entered, files = running.entered(office.clinic.path), _files(office.clinic.path)
    steps = int((office.folder / "steps" / "told").read_text())
    return Undisturbed(office, old, new, files, entered, seconds, steps)


def _files(folder: Path) -> frozenset[Path]:
    return frozenset(path for path in folder.rglob("*") if path.is_file())


def _counted(office: Office, last: int) -> subprocess.Popen[str]:
    """Begin a build that is killed before a change to a file; 0 lets it come to its end."""
    folder = office.folder / "steps"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(STEPS)
    written = (office.output, office.cache, office.clinic.path)
    return office.start(
        environment={
            "PYTHONPATH": os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", ""))),
            "LAST_STEP": str(last),
            "STEPS_IN": os.pathsep.join(map(str, written)),
            "STEPS_TOLD": str(folder / "told"),
        }
    )


def _within(number: int, most: int) -> float:
    """Draw a moment from one of as many parts of a whole; in `make test`, take its middle."""
    drawn = 0.5 if BY_CLOCK.derandomize else secrets.SystemRandom().random()
    return (number + drawn) / most


@pytest.mark.parametrize("number", range(BY_CLOCK.max_examples))
def test_a_build_that_is_killed_leaves_whole_files_and_the_next_one_finishes_its_work(
    undisturbed: Undisturbed, number: int
) -> None:
    undisturbed.office.put_back()
    counted["builds killed by the clock"] += 1
    moment = _within(number, BY_CLOCK.max_examples) * 1.05 * undisturbed.seconds
    with undisturbed.office.start() as build:
        time.sleep(moment)
        build.kill()
        running.ended(build)
    _is_whole(undisturbed, f"killed after {moment:.3f} s")


@pytest.mark.parametrize("number", range(BY_STEP.max_examples))
def test_a_build_that_is_killed_before_it_changes_a_file_is_finished_by_the_next_one(
    undisturbed: Undisturbed, number: int
) -> None:
    """The changes are those of cache, output folder and ledger, each a moment that is short."""
    undisturbed.office.put_back()
    counted["builds killed before a change"] += 1
    step = 1 + int(_within(number, BY_STEP.max_examples) * undisturbed.steps)
    with _counted(undisturbed.office, step) as build:
        code, _, _ = running.ended(build)
    assert code == -signal.SIGKILL
    _is_whole(undisturbed, f"killed before change {step} of {undisturbed.steps}")


def _is_whole(undisturbed: Undisturbed, how: str) -> None:
    """Hold that a folder is wholly old or new, and that the next build leaves nothing behind."""
    office, old, new = undisturbed.office, undisturbed.old, undisturbed.new
    _each_is_whole(undisturbed, how)
    shelf.settle(office.output)
    running.agree(office.output)
    assert running.held(office.output) in (old, new), how
    ledger.read(office.clinic.path)
    _is_finished(undisturbed, how)


def _each_is_whole(undisturbed: Undisturbed, how: str) -> None:
    old, new = undisturbed.old, undisturbed.new
    found = running.pdfs(running.held(undisturbed.office.output))
    assert found.keys() == running.pdfs(new).keys(), how
    for name, data in found.items():
        assert data in {old[name], new[name]}, (name, how)


def _is_finished(undisturbed: Undisturbed, how: str) -> None:
    """Hold that the next build leaves all as if nothing had disturbed the one before."""
    office = undisturbed.office
    assert office.printed() == undisturbed.new, how
    assert not (office.output / ".staging").exists(), how
    assert running.entered(office.clinic.path) == undisturbed.ledger, how
    assert _files(office.clinic.path) == undisturbed.clinic, how


@pytest.mark.parametrize("number", range(INTERRUPTED.max_examples))
def test_a_build_that_is_interrupted_says_so_and_leaves_files_that_agree(
    undisturbed: Undisturbed, number: int, tmp_path: Path
) -> None:
    """Before it has begun, it is Python that answers Ctrl-C: it begins with showing fonts."""
    undisturbed.office.put_back()
    counted["builds interrupted"] += 1
    moment = 0.75 * _within(number, INTERRUPTED.max_examples) * undisturbed.seconds
    how = f"interrupted {moment:.3f} s after it began"
    with undisturbed.office.start(environment={"TMPDIR": str(tmp_path)}) as build:
        until(lambda: any(tmp_path.glob("leaflets-fonts-*")), build)
        time.sleep(moment)
        os.killpg(build.pid, signal.SIGINT)
        code, _, err = running.ended(build)
    if code == ExitCode.INTERRUPTED:
        running.in_one_sentence(err, "Interrupted")
    else:  # it was done, and Python at its own end
        assert (code in {ExitCode.OK, -signal.SIGINT}, err) == (True, ""), (how, code)
        assert running.held(undisturbed.office.output) == undisturbed.new
    _each_is_whole(undisturbed, how)
    running.agree(undisturbed.office.output)
    assert not (undisturbed.office.output / ".staging").exists(), how
    _is_finished(undisturbed, how)
