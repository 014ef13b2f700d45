"""Workers: in this process, in several, or on a cluster, the same bytes come back."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

import leaflets
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import Job, Means, build, inputs_of
from leaflets.editions.workers import Crew, Limits, processes, serial
from leaflets.errors import ExitCode
from leaflets.library import home, load
from leaflets.output import shelf
from tests.conftest import ClinicFolder

HERE = home.home()
ASKED = ("symptoms", "warning-card", "diary", "-l", "en", "-l", "ar", "-f", "a4", "-f", "letter")


class Cluster:
    """A Dask scheduler and its workers, as processes on loopback."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        """Start the scheduler."""
        self._stack = stack
        self._file = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--no-jupyter")  # fmt: skip
        self.address = ""
        for _ in range(600):
            if self._file.exists() and self._file.stat().st_size:
                self.address = json.loads(self._file.read_text())["address"]
                break
            time.sleep(0.1)
        assert self.address

    def _start(
        self, kind: str, *options: str, folder: Path = HERE, **more: str
    ) -> subprocess.Popen[bytes]:
        return self._stack.enter_context(
            _Ended(
                [sys.executable, "-m", "dask", kind, "--scheduler-file", str(self._file), *options],
                env={**os.environ, **more},
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def worker(self, folder: Path = HERE, **more: str) -> subprocess.Popen[bytes]:
        """Start a worker, in a folder."""
        return self._start(
            "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--memory-limit", "0", folder=folder, **more,
        )  # fmt: skip

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
    out, err = build.communicate(timeout=240)
    assert "Traceback" not in out + err
    return build.returncode, out + err


def made_here(folder: Path, crew: Crew) -> Mapping[str, bytes]:
    library = load.load(None)
    asked = Request(
        leaflets=("symptoms", "warning-card", "diary"), languages=("en", "ar"),
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
    time.sleep(4)
    build = cluster.build(tmp_path / "out")
    for _ in range(2400):
        if list((tmp_path / "out").glob(".staging/*/*.pdf")):
            break
        assert build.poll() is None
        time.sleep(0.05)
    workers[0].send_signal(signal.SIGKILL)
    code, said = waited(build)
    assert code == ExitCode.OK, said
    here = made_here(tmp_path / "one", serial())
    assert len(here) == 12
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
    time.sleep(4)
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


def test_a_worker_process_that_is_killed_is_replaced_and_its_editions_are_printed(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "build", *ASKED, "-j", "2", "--no-cache",
         "-o", str(tmp_path / "out")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as build:  # fmt: skip
        while not list((tmp_path / "out").glob(".staging/*/*.pdf")):
            assert build.poll() is None
            time.sleep(0.02)
        children = psutil.Process(build.pid).children()
        assert len(children) == 2
        children[0].kill()
        code, said = waited(build)
    assert code == ExitCode.OK, said
    assert len(files(tmp_path / "out")) == 12


def test_an_edition_that_takes_too_long_is_stopped_and_named_and_the_others_printed(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    rows = "<tr><td>{{ i }}</td><td>{{ i }}</td></tr>"
    clinic.body(f"<table>{{% for i in range(200000) %}}{rows}{{% endfor %}}</table>")
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", "build", "sample", "warning-card", "-l", "en",
         "--clinic", str(clinic.path), "--time-limit", "3", "--json", "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == ExitCode.PROBLEMS, done.stderr
    found = {one["edition"]: one for one in json.loads(done.stdout)}
    (problem,) = found["sample-en-a4"]["problems"]
    assert (problem["code"], problem["text"]) == ("SOFT-02", "it took longer than 3 s.")
    assert found["warning-card-en-a4"]["printed"]
