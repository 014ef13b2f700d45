"""Workers: in this process, in several, or on a cluster, the same bytes come back."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Pipe
from pathlib import Path

import psutil
import pytest

import leaflets
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import Job, Means, build, inputs_of, inspected
from leaflets.editions.workers import Crew, Limits, processes, serial
from leaflets.editions.workers.crew import Processes
from leaflets.editions.workers.worker import Setting, received
from leaflets.errors import ExitCode
from leaflets.library import home, load
from leaflets.output import shelf
from tests.conftest import ClinicFolder
from tests.waiting import HANG, until

HERE = home.home()

ASKED = ("warning-card", "diary", "-l", "en", "-l", "ar", "-f", "a4", "-f", "letter")


class Cluster:
    """A Dask scheduler and its workers, as processes on loopback."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        """Start the scheduler."""
        self._stack = stack
        self._file = folder / "scheduler.json"
        self._said = folder / "said"
        scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--no-jupyter")  # fmt: skip
        until(lambda: self._file.exists() and self._file.stat().st_size, scheduler)
        self.address: str = json.loads(self._file.read_text())["address"]

    def _start(
        self, kind: str, *options: str, folder: Path = HERE, **more: str
    ) -> subprocess.Popen[bytes]:
        with self._said.open("a") as said:
            return self._stack.enter_context(
                _Ended(
                    [sys.executable, "-m", "dask", kind,
                     "--scheduler-file", str(self._file), *options],
                    env={**os.environ, **more},
                    cwd=folder,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                )
            )  # fmt: skip

    def worker(self, folder: Path = HERE, **more: str) -> subprocess.Popen[bytes]:
        """Start a worker, in a folder; go on when the scheduler knows it."""
        known = self._registered()
        started = self._start(
            "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--memory-limit", "0", folder=folder, **more,
        )  # fmt: skip
        until(lambda: self._registered() > known, started)
        return started

    def _registered(self) -> int:
        """Count the workers that the scheduler said it knows."""
        return self._said.read_text().count("Registered to:")

    def build(self, output: Path, *more: str) -> subprocess.Popen[str]:
        """Begin a build on the cluster, without a cache."""
        return subprocess.Popen(
            [sys.executable, "-m", "leaflets", "build", *ASKED, "--scheduler", self.address,
             "--no-cache", "-o", str(output), *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


class _Ended(subprocess.Popen[bytes]):
    """A process that is ended with the block."""

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Return a scheduler without workers."""
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path)


def files(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.pdf")}


def waited(build: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = build.communicate(timeout=HANG)
    assert "Traceback" not in out + err
    return build.returncode, out + err


def made_here(folder: Path, crew: Crew) -> Mapping[str, bytes]:
    library = load.load(None)
    asked = Request(
        leaflets=("warning-card", "diary"), languages=("en", "ar"),
        formats=("a4", "letter"),
    )  # fmt: skip
    (inputs,) = inputs_of([library]).values()
    with shelf.opened(folder) as output, crew:
        job = Job(inputs, tuple(plan(library, asked)), output)
        build([job], Means(crew), lambda *_: None)
        output.commit()
    return files(folder)


def test_a_cluster_of_which_one_worker_is_killed_prints_the_same_bytes_as_one_process(
    cluster: Cluster, tmp_path: Path
) -> None:
    workers = [cluster.worker(), cluster.worker()]
    build = cluster.build(tmp_path / "out")
    until(lambda: is_begun(tmp_path / "out"), build)
    workers[0].send_signal(signal.SIGKILL)
    code, said = waited(build)
    assert code == ExitCode.OK, said
    here = made_here(tmp_path / "one", serial())
    assert len(here) == 8
    assert files(tmp_path / "out") == here
    assert made_here(tmp_path / "two", processes(2, Limits())) == here


def test_a_worker_with_another_program_refuses_and_says_so(
    cluster: Cluster, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("templates", "locales"):
        (other / name).symlink_to(home.home() / name)
    source = Path(leaflets.__file__).parent
    for path in source.rglob("*.py"):
        copy = other / "leaflets" / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes() + b"# another version\n")
    cluster.worker(other, PYTHONPATH=str(other))
    code, said = waited(cluster.build(tmp_path / "out"))
    assert code == ExitCode.SYSTEM, said
    assert "another Leaflets" in said
    assert "Give it the same" in said
    assert files(tmp_path / "out") == {}


def test_without_a_scheduler_or_without_workers_it_is_said_what_is_missing(
    cluster: Cluster, tmp_path: Path
) -> None:
    code, said = waited(cluster.build(tmp_path / "out"))
    assert (code, "has no workers; start some" in said) == (ExitCode.SYSTEM, True), said
    cluster.address = "tcp://127.0.0.1:9"
    code, said = waited(cluster.build(tmp_path / "out"))
    assert (code, "no Dask scheduler answers" in said) == (ExitCode.SYSTEM, True), said


@contextmanager
def building(
    folder: Path, *asked: str
) -> Iterator[tuple[subprocess.Popen[str], psutil.Process, list[psutil.Process]]]:
    """Begin a build in two processes; go on when both are at work, with these and their server."""
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "build", *(asked or ASKED), "-j", "2", "--no-cache",
         "-o", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as build:  # fmt: skip
        server = until(lambda: at_work(build.pid), build)
        until(lambda: is_begun(folder), build)
        yield build, server, server.children()


def is_begun(folder: Path) -> bool:
    """Tell whether a build has put something on the shelf of a folder."""
    return any(folder.glob(".staging/*/*.pdf"))


def at_work(pid: int) -> psutil.Process | None:
    """Return the server of a process, None as long as it has not two workers."""
    servers = psutil.Process(pid).children()
    return servers[0] if servers and len(servers[0].children()) == 2 else None


def test_a_worker_process_that_is_killed_is_replaced_and_its_editions_are_printed(
    tmp_path: Path,
) -> None:
    with building(tmp_path / "out") as (build, _, workers):
        workers[0].kill()
        code, said = waited(build)
    assert code == ExitCode.OK, said
    assert len(files(tmp_path / "out")) == 8


def test_if_what_workers_are_started_from_is_killed_another_is_begun_and_all_is_printed(
    tmp_path: Path,
) -> None:
    with building(tmp_path / "out") as (build, server, workers):
        server.kill()
        gone, alive = psutil.wait_procs(workers, timeout=HANG)
        assert (len(gone), alive) == (2, [])
        code, said = waited(build)
    assert code == ExitCode.OK, said
    assert len(files(tmp_path / "out")) == 8


def test_workers_end_at_once_with_a_build_that_is_killed_whatever_they_are_doing(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    """One makes an edition that takes longer than the test waits, and one has nothing to do."""
    clinic.body("<p>{{ 'word ' * 2000000 }}</p>")
    asked = ("sample", "warning-card", "-l", "en", "-f", "a4", "--clinic", str(clinic.path),
             "--time-limit", "36000", "--memory-limit", "8000")  # fmt: skip
    with building(tmp_path / "out", *asked) as (build, server, workers):
        build.kill()
        gone, alive = psutil.wait_procs([server, *workers], timeout=HANG)
        assert (len(gone), alive) == (3, [])
        waited(build)


def test_no_worker_begins_as_a_copy_of_a_process_that_has_used_pango_or_has_threads(
    tmp_path: Path,
) -> None:
    made_here(tmp_path / "here", serial())
    assert loaded_by(os.getpid()) == {"libpango-1.0", "libpangoft2-1.0"}
    library = load.load(None)
    editions = plan(library, Request(leaflets=("diary",), languages=("en",), formats=("a4", "a5")))
    (inputs,) = inputs_of([library]).values()
    seen: set[tuple[int, frozenset[str]]] = set()
    with processes(2, Limits()) as crew:
        for _ in inspected(inputs, editions, Means(crew)):
            for process in psutil.Process().children(recursive=True):
                parent = process.ppid()
                if parent != os.getpid() and process.is_running():
                    seen.add((psutil.Process(parent).num_threads(), loaded_by(parent)))
    assert seen == {(1, frozenset())}


def test_nothing_but_the_server_makes_copies_of_a_process() -> None:
    """Import contracts in pyproject.toml hold that no other room uses multiprocessing."""
    source = Path(leaflets.__file__).parent
    forking = {path.name for path in source.rglob("*.py") if "os.fork" in path.read_text("utf-8")}
    assert forking == {"server.py"}


def loaded_by(pid: int) -> frozenset[str]:
    """Name the libraries of Pango that a process has loaded."""
    maps = Path(f"/proc/{pid}/maps").read_text("utf-8")
    return frozenset(re.findall(r"/(libpango[^/]*)\.so", maps))


def test_a_process_that_ends_in_the_midst_of_a_message_has_ended() -> None:
    """A library or a file is too long to be sent at once: whoever sends it may be killed."""
    ours, theirs = Pipe()
    with ours:
        os.write(theirs.fileno(), struct.pack("!i", 1000) + b"only the beginning")
        theirs.close()
        with pytest.raises(EOFError):
            received(ours)


def test_a_worker_begins_with_the_environment_and_the_folder_of_now_not_of_the_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        monkeypatch.setenv("FONTCONFIG_FILE", name)
        with Processes(1, Setting.now({}), Limits().memory) as executor:
            assert executor.submit(os.getenv, "FONTCONFIG_FILE").result() == name
            assert executor.submit(os.getcwd).result() == str(tmp_path / name)
            parent = executor.submit(os.getppid).result()
    assert parent != os.getpid()


def test_a_crew_is_started_anew_for_another_library_or_other_fonts(tmp_path: Path) -> None:
    library = load.load(None)
    with processes(1, Limits()) as crew:
        for number, language in enumerate(("en", "ar")):
            asked = Request(leaflets=("diary",), languages=(language,), formats=("a4",))
            (inputs,) = inputs_of([library]).values()
            with shelf.opened(tmp_path / str(number)) as output:
                job = Job(inputs, tuple(plan(library, asked)), output)
                ((outcome,),) = build([job], Means(crew), lambda *_: None)
            assert (outcome.problems, outcome.made) == ((), "typeset")


def test_an_edition_that_takes_too_long_is_stopped_and_named_and_the_others_printed(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    rows = "<tr><td>{{ i }}</td><td>{{ i }}</td></tr>"
    clinic.body(f"<table>{{% for i in range(200000) %}}{rows}{{% endfor %}}</table>")
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", "build", "sample", "warning-card", "-l", "en",
         "--clinic", str(clinic.path), "--time-limit", "10", "--json", "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, timeout=HANG,
    )  # fmt: skip
    assert done.returncode == ExitCode.PROBLEMS, done.stderr
    found = {one["edition"]: one for one in json.loads(done.stdout)}
    (problem,) = found["sample-en-a4"]["problems"]
    assert (problem["code"], problem["text"]) == ("SOFT-02", "it took longer than 10 s.")
    assert found["warning-card-en-a4"]["printed"]
