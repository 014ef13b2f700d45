"""The real command, in this process or in its own, and an office whose folders can be put back."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import psutil

from leaflets.cli.main import main
from leaflets.errors import ExitCode
from leaflets.output import shelf
from leaflets.records import ledger
from tests.conftest import ClinicFolder
from tests.waiting import HANG

#: What is printed: small, in two languages, so that two workers have something to do.
ASKED = ("warning-card", "diary", "-l", "en", "-l", "ar", "-f", "a4", "-j", "2")

CLINIC = 'name = "Hill Street"\nregion = "GB"\nphone = "{}"\n'
OLD, NEW = CLINIC.format("020 7946 0000"), CLINIC.format("020 7946 0001")

#: What a build leaves beside what it has printed.
_NOT_PRINTED = (".lock", ".staging")


def in_this_process(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command that starts no worker.

    All but the start of a process is real: what it says, on which of the two outputs, its code.
    """
    arguments = ["leaflets", *map(str, words)]
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", arguments),
        patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    shown, complained = out.getvalue(), err.getvalue()
    assert "Traceback" not in shown + complained
    return subprocess.CompletedProcess(arguments, code, shown, complained)


class Office:
    """A clinic folder, the output folder it is printed into, and a cache, below one folder."""

    def __init__(self, folder: Path) -> None:
        """Write the clinic folder; nothing is printed yet."""
        self.folder = folder
        self.clinic = ClinicFolder(folder / "clinic")
        self.output = folder / "out"
        self.cache = folder / "cache"
        self._kept = folder / "kept"
        (folder / "tmp").mkdir()
        self.says(OLD)

    def says(self, text: str) -> None:
        """Let the clinic say of itself what stands on every page."""
        self.clinic.write("clinic.toml", text)

    def start(
        self,
        *more: str,
        asked: Sequence[str] = ASKED,
        before: Sequence[str] = (),
        prepare: Callable[[], object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[str]:
        """Begin a build, in a session of its own."""
        command = [
            *before, sys.executable, "-m", "leaflets", "build", *asked,
            "--clinic", str(self.clinic.path), "--cache", str(self.cache), "-o", str(self.output),
        ]  # fmt: skip
        return subprocess.Popen(
            [*command, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509 - it only sets limits of the process
            env={**_environment(), "TMPDIR": str(self.folder / "tmp"), **(environment or {})},
        )

    def build(
        self,
        *more: str,
        asked: Sequence[str] = ASKED,
        before: Sequence[str] = (),
        prepare: Callable[[], object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> tuple[int, str, str]:
        """Build; return the exit code, and what was said on standard output and error."""
        with self.start(
            *more, asked=asked, before=before, prepare=prepare, environment=environment
        ) as running:
            return said(running)

    def printed(self, *more: str) -> Mapping[str, bytes]:
        """Build without a fault; return what the output folder holds then."""
        code, out, err = self.build(*more)
        assert (code, err) == (ExitCode.OK, ""), out + err
        agree(self.output)
        return held(self.output)

    def keep(self) -> None:
        """Keep the folders that a build writes into, as they are now."""
        for folder in self._written:
            shutil.copytree(folder, self._kept / folder.name)

    def put_back(self) -> None:
        """Put the folders that a build writes into back as they were kept."""
        for folder in self._written:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self._kept / folder.name, folder)

    @property
    def _written(self) -> tuple[Path, ...]:
        return self.output, self.cache, self.clinic.path / ledger.FOLDER


def _environment() -> Mapping[str, str]:
    """Return our environment without the fonts that are shown to this process."""
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


def said(running: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command; return its exit code, and what it said; it never shows a traceback."""
    out, err = running.communicate(timeout=HANG)
    assert "Traceback" not in out + err, out + err
    return running.returncode, out, err


def in_one_sentence(err: str, *words: str) -> None:
    """Hold that a failure was told in one line, with some words."""
    assert len(err.splitlines()) == 1, err
    assert err.rstrip().endswith("."), err
    for word in words:
        assert word in err


def held(folder: Path) -> Mapping[str, bytes]:
    """Return all that an output folder holds for its readers, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in _NOT_PRINTED
    }


def pdfs(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the handouts among some files."""
    return {name: data for name, data in files.items() if name.endswith(".pdf")}


def agree(folder: Path) -> None:
    """Hold that manifest, catalogue and page of an output folder name its files as they are."""
    found = held(folder)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in pdfs(found).items()}
    stated = shelf.read_manifest(folder)
    assert {one.file: one.sha256 for one in stated.values()} == sums
    catalogue = json.loads(found["catalogue.json"])["editions"]
    assert {one["file"]: one["sha256"] for one in catalogue} == sums
    page = found["index.html"].decode()
    assert all(f'href="{name}"' in page for name in sums)


def entered(clinic: Path) -> set[tuple[str, tuple[int, ...]]]:
    """Return what the ledger of a clinic says: the hash of each file, and its turns."""
    return {
        (one.sha256, tuple(turn.turn for turn in one.printed))
        for one in ledger.read(clinic).entries
    }


def ended(build: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command that is killed; hold that no process of its session lives on."""
    build.wait(timeout=HANG)
    end = time.monotonic() + HANG
    while left := [one for one in psutil.process_iter() if _is_of(one, build.pid)]:
        if time.monotonic() > end:
            for one in left:
                one.kill()
            raise AssertionError(f"they live on: {left}")
        time.sleep(0.01)
    return said(build)


def _is_of(process: psutil.Process, session: int) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def cut_short(folder: Path) -> None:
    """Leave an output folder as a build does that is killed when it has decided to commit."""
    files = [*held(folder)]
    for file in files:
        place = folder / ".staging" / file
        place.parent.mkdir(parents=True, exist_ok=True)
        (folder / file).replace(place)
    (folder / ".staging" / "commit.json").write_text(json.dumps({"files": files, "removed": []}))
