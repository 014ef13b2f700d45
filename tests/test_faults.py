"""Faults of the machine, each a real one, met by the real command: one sentence, nothing torn.

Elsewhere: builds that are killed and interrupted (`tests/fuzz/test_kill.py`); a commit that is cut
short at each of its steps, a folder taken away, two that open one folder (`tests/test_shelf.py`);
workers that are killed, refuse, or take too long (`tests/test_workers.py`).
"""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from leaflets import machine
from leaflets.cli import main
from leaflets.compose.inputs import Inputs, program
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import Means, inspected
from leaflets.editions.cache import Cache, Dependencies
from leaflets.editions.workers import serial
from leaflets.errors import ExitCode, MissingPartError
from leaflets.library import load
from leaflets.output import shelf
from leaflets.records import ledger
from tests import running
from tests.conftest import LEAFLET_HTML, LEAFLET_TOML, ClinicFolder
from tests.running import Office
from tests.waiting import until

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2

#: Runs a command with a small disk in the place of a folder, and puts what is on it there at last.
SMALL_DISK = """
size=$1 folder=$2 disk=$3; shift 3
mount -t tmpfs -o size="$size" tmpfs "$disk" && cp -a "$folder/." "$disk" || exit 99
mount --bind "$disk" "$folder" || exit 99
"$@"; code=$?
umount "$folder" && find "$folder" -mindepth 1 -delete && cp -a "$disk/." "$folder" || exit 99
exit $code
"""
_APART = ("unshare", "--user", "--map-root-user", "--mount")

#: A disk that is full where one may be mounted, else a limit of the length of files.
DISKS = (
    ("tmpfs",)
    if subprocess.run(
        [*_APART, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    ).returncode == 0
    else ("limit",)
)  # fmt: skip

#: Runs in the process of a build: its clock is a year behind.
LATE = """
import datetime, time
year, seconds, real = datetime.timedelta(365), time.time, datetime.datetime

class Late(real):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) - year

time.time = lambda: seconds() - year.total_seconds()
datetime.datetime = Late
"""


class Undisturbed(msgspec.Struct, frozen=True):
    """An office with an old build, and what an old and a new build make, undisturbed."""

    office: Office
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]

    def is_old(self) -> bool:
        """Tell whether nothing of the output folder has changed, and nothing is left in it."""
        return running.held(self.office.output) == self.old and not self.is_unfinished()

    def is_unfinished(self) -> bool:
        """Tell whether the output folder holds what was not put into its place."""
        return (self.office.output / ".staging").exists()

    def is_whole(self) -> None:
        """Hold that each file is old or new, and that the ledger has entered just these."""
        running.agree(self.office.output)
        for name, data in running.pdfs(running.held(self.office.output)).items():
            assert data in {self.old[name], self.new[name]}, name
        assert not self.is_unfinished()
        self.is_entered()

    def is_entered(self) -> None:
        """Hold that what the output folder holds now is what the ledger says is current."""
        stated = {one.sha256 for one in shelf.read_manifest(self.office.output).values()}
        known = ledger.read(self.office.clinic.path)
        assert {one.sha256 for one in known.entries if not known.later(one)} == stated

    def finishes(self) -> None:
        """Hold that the next build makes of it what an undisturbed one would have made."""
        assert self.office.printed() == self.new
        assert not self.is_unfinished()
        self.is_entered()


@pytest.fixture(scope="module")
def _undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    office = Office(tmp_path_factory.mktemp("office"))
    office.says(running.NEW)
    new = office.printed()
    shutil.rmtree(office.output)
    office.says(running.OLD)
    old = office.printed()
    office.keep()
    office.says(running.NEW)
    return Undisturbed(office, old, new)


@pytest.fixture
def undisturbed(_undisturbed: Undisturbed) -> Undisturbed:
    """Return an office that has just been printed and has then got another telephone number.

    Its cache knows the pages with that number too: where time does not matter, it saves some.
    """
    _undisturbed.office.put_back()
    return _undisturbed


def no_file_beyond(length: int) -> Callable[[], object]:
    """Let a process write no file beyond a length."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (length, length))


def small_disk(folder: Path, free: int) -> Sequence[str]:
    """Let a command find a disk in the place of a folder, with so many bytes free."""
    disk = folder.with_name("disk")
    disk.mkdir(exist_ok=True)
    used = sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*"))
    return (*_APART, "sh", "-c", SMALL_DISK, "sh", str(used + free), str(folder), str(disk))


def ours(said: str) -> str:
    """Leave out what fontconfig says of its own temporary cache, for a limit of length holds there.

    A disk that is full does not.
    """
    lines = said.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("write cache: "))


# --- the disk is full -----------------------------------------------------------------------------


@pytest.mark.parametrize("disk", DISKS)
def test_a_full_disk_is_named_and_what_is_there_stays_whole(
    undisturbed: Undisturbed, disk: str
) -> None:
    office = undisturbed.office
    lengths = sorted(len(data) for data in running.pdfs(undisturbed.new).values())
    code, _, err = (
        office.build(prepare=no_file_beyond(lengths[2]))
        if disk == "limit"
        else office.build(before=small_disk(office.output, sum(lengths[:3])))
    )
    assert code == ExitCode.OUTPUT, err
    reason = "File too large" if disk == "limit" else "No space left on device"
    running.in_one_sentence(ours(err), f"{office.output}/", f"cannot be written ({reason})")
    undisturbed.is_whole()
    undisturbed.finishes()


@pytest.mark.parametrize("disk", DISKS)
def test_a_cache_on_a_full_disk_is_said_and_all_is_printed(
    undisturbed: Undisturbed, disk: str
) -> None:
    office = undisturbed.office
    shutil.rmtree(office.cache)
    office.cache.mkdir()
    most = max(map(len, undisturbed.new.values()))
    code, out, err = (
        office.build(prepare=no_file_beyond(most + 100))
        if disk == "limit"
        else office.build(before=small_disk(office.cache, most))
    )
    assert (code, ours(err)) == (ExitCode.OK, ""), out + err
    assert f"The cache is not used: {office.cache}: cannot be written (" in out
    assert running.held(office.output) == undisturbed.new
    undisturbed.finishes()


# --- the output folder ----------------------------------------------------------------------------


def obeying_modes() -> None:
    """Let a process obey the modes of files, which root else need not."""
    libc = ctypes.CDLL(None)
    for one in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        libc.prctl(_PR_CAPBSET_DROP, one, 0, 0, 0)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody who obeys modes write in a folder."""
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("part", [".", "ar"])
def test_an_output_folder_that_may_not_be_written_is_named_and_stays_as_it_was(
    undisturbed: Undisturbed, part: str
) -> None:
    office = undisturbed.office
    with read_only(office.output / part):
        code, _, err = office.build(prepare=obeying_modes)
    assert code == ExitCode.OUTPUT, err
    running.in_one_sentence(err, f"{office.output / part}: cannot be written (Permission denied)")
    assert undisturbed.is_old()
    undisturbed.is_entered()
    undisturbed.finishes()


def test_an_output_folder_inside_a_file_is_named(undisturbed: Undisturbed) -> None:
    place = undisturbed.office.clinic.path / "clinic.toml" / "out"
    code, _, err = undisturbed.office.build("-o", str(place))
    assert code == ExitCode.OUTPUT, err
    running.in_one_sentence(err, f"{place}: cannot be written (Not a directory)")


def until_something_is_made(office: Office, build: subprocess.Popen[str]) -> None:
    """Wait until a build has put its first file on the shelf."""
    until(lambda: any(office.output.glob(".staging/*/*.pdf")), build)


def test_an_output_folder_that_is_taken_away_is_named_and_the_next_build_makes_it_anew(
    undisturbed: Undisturbed,
) -> None:
    office = undisturbed.office
    before = running.entered(office.clinic.path)
    with office.start("--no-cache") as build:
        until_something_is_made(office, build)
        gone = office.output.rename(office.folder / "gone")
        shutil.rmtree(gone, ignore_errors=True)
        code, _, err = running.said(build)
    assert code == ExitCode.OUTPUT, err
    running.in_one_sentence(err, str(office.output))
    assert not office.output.exists()
    assert running.entered(office.clinic.path) == before
    undisturbed.finishes()


def test_a_second_build_into_the_same_folder_ends_at_once_and_does_not_disturb_the_first(
    undisturbed: Undisturbed,
) -> None:
    office = undisturbed.office
    with office.start("--no-cache") as first:
        until_something_is_made(office, first)
        code, _, err = office.build()
        assert first.poll() is None
        assert running.said(first)[0] == ExitCode.OK
    assert code == ExitCode.OUTPUT, err
    running.in_one_sentence(err, f"{office.output}: another build is writing here")
    undisturbed.finishes()


# --- the clock ------------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_changes_no_file_and_the_newest_edition_stays_the_current_one(
    undisturbed: Undisturbed,
) -> None:
    office = undisturbed.office
    module = office.folder / "late" / "sitecustomize.py"
    module.parent.mkdir()
    module.write_text(LATE)
    path = os.pathsep.join((str(module.parent), os.environ.get("PYTHONPATH", "")))
    code, out, err = office.build("--explain", environment={"PYTHONPATH": path})
    assert (code, err) == (ExitCode.OK, "")
    assert out.count("because of phone in clinic.toml") == 4
    assert running.held(office.output) == undisturbed.new
    undisturbed.is_entered()
    before = running.entered(office.clinic.path)
    code, out, err = office.build("--explain", environment={"PYTHONPATH": path})
    assert (code, err, out.count(": unchanged")) == (ExitCode.OK, "", 4)
    assert running.entered(office.clinic.path) == before
    undisturbed.finishes()
    assert running.entered(office.clinic.path) == before


# --- the cache ------------------------------------------------------------------------------------


def damages(data: bytes, head: int) -> Iterator[bytes]:
    """Damage an entry: each byte of its head, some of the rest, its length."""
    rest = max((len(data) - head) // 200, 1)
    places = (*range(min(head, len(data))), *range(head, len(data), rest), len(data) - 1)
    for place in places:
        yield data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
        yield data[:place]
        yield data[:place] + data[place + 1 :]
        yield data[:place] + b"\0" + data[place:]
    yield data + b"\0"


def test_whichever_byte_of_an_edition_in_the_cache_is_changed_it_is_noticed(
    undisturbed: Undisturbed,
) -> None:
    cache = Cache(undisturbed.office.cache, program())
    (stated, *_) = shelf.read_manifest(undisturbed.office.output).values()
    kept = cache.find(stated.fingerprint)
    assert kept
    assert kept.file() == undisturbed.old[stated.file]
    for damaged in damages(kept.path.read_bytes(), kept.offset):
        kept.path.unlink()
        kept.path.write_bytes(damaged)
        found = cache.find(stated.fingerprint)
        assert found is None or found.file() is None
    assert not cache.fault


def test_whichever_byte_of_a_trace_in_the_cache_is_changed_it_is_noticed(
    undisturbed: Undisturbed,
) -> None:
    cache = Cache(undisturbed.office.cache, program())
    (path, *_) = undisturbed.office.cache.rglob("dependencies/*/*")
    assert isinstance(cache.dependencies(path.name), Dependencies)
    for damaged in damages(path.read_bytes(), 512):
        path.unlink()
        path.write_bytes(damaged)
        assert cache.dependencies(path.name) is None


def test_with_every_file_of_the_cache_damaged_the_same_is_printed(undisturbed: Undisturbed) -> None:
    office = undisturbed.office
    for path in (path for path in office.cache.rglob("*") if path.is_file()):
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 4
        path.write_bytes(bytes(data))
    code, out, err = office.build("--explain")
    assert (code, err) == (ExitCode.OK, "")
    assert out.count("printed, because of no earlier build that the cache knows of") == 4
    undisturbed.finishes()


# --- what the machine lacks -----------------------------------------------------------------------


def test_without_the_fonts_of_a_language_it_is_said_what_to_install_and_other_languages_print(
    undisturbed: Undisturbed,
) -> None:
    """An English page names Arabic in its own letters, so it needs them too; a card does not."""
    office = undisturbed.office
    fonts = office.folder / "share" / "fonts"
    fonts.mkdir(parents=True)
    for name, path in machine.font_files().items():
        if "Arabic" not in name:
            (fonts / name).symlink_to(path)
    share = {"XDG_DATA_DIRS": str(fonts.parent), "XDG_DATA_HOME": "/", "HOME": "/"}
    code, _, err = office.build("--no-cache", environment=share)
    assert code == ExitCode.SYSTEM, err
    assert len(err.splitlines()) == 1
    assert "Fonts are missing: NotoSansArabic-Regular.ttf, NotoSansArabic-Bold.ttf." in err
    assert "apt-get install --no-install-recommends fonts-noto-core" in err
    undisturbed.is_whole()
    undisturbed.finishes()
    without_it = ("warning-card", "-l", "en", "-l", "es", "-f", "a4-card")
    code, out, err = office.build(asked=without_it, environment=share)
    assert (code, err) == (ExitCode.OK, ""), out + err


#: Commands that set pages, in English.
OF_PAGES: Sequence[Sequence[str]] = (
    ("build", "-l", "en", "-f", "a4"),
    ("build", "-l", "en", "-f", "a4", "--json"),
    ("check", "-l", "en"),
    ("desk", "--no-browser"),
    ("personal", "recovery", "-o", "-"),
    ("preview", "recovery", "--no-browser"),
    ("translate", "export", "en-GB", "-f", "html"),
)

#: Commands that set none.
OF_NO_PAGES: Sequence[Sequence[str]] = (
    ("list",), ("status", "-c", "."), ("explain", "FILE-01"), ("translate", "status"),
    ("due", "90d", "-c", "."), ("check", "-l", "en", "--quick"), ("trace", "AQ6-R2YY", "-c", "."),
    ("translate", "export", "es"),
    ("pack", "--verify", "no.zip"), ("build", "--help"),
)  # fmt: skip


@pytest.fixture
def bare(tmp_path: Path) -> Mapping[str, str]:
    """Return the environment of a machine that lacks Pango, fonts, gettext, and our WeasyPrint."""
    metadata = tmp_path / "packages" / "weasyprint-69.0.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: weasyprint\nVersion: 69.0\n")
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    (libraries / "libpango-1.0.so.0").write_bytes(b"")  # found first, and cannot be opened
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    path = os.pathsep.join((str(tmp_path / "packages"), os.environ.get("PYTHONPATH", "")))
    return {
        **dict.fromkeys(("XDG_DATA_HOME", "XDG_DATA_DIRS", "HOME", "PATH"), str(nowhere)),
        "LD_LIBRARY_PATH": str(libraries),
        "PYTHONPATH": path,
    }


def run(folder: Path, asked: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", *asked], cwd=folder, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    ) as command:  # fmt: skip
        return running.said(command)


@pytest.mark.parametrize("asked", OF_PAGES, ids=" ".join)
def test_what_a_machine_lacks_for_pages_is_said_at_once_before_anything_is_planned(
    bare: Mapping[str, str], asked: Sequence[str], tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    code, out, err = run(work, asked, bare)
    assert (code, out) == (ExitCode.SYSTEM, ""), out + err
    assert len(err.splitlines()) == 1, err
    for words in (
        "Libraries are missing: libpango-1.0.so.0",
        "On Debian or Ubuntu: ",
        "libpango-1.0-0",
        "Leaflets is tested with weasyprint 70.0, and 69.0 is installed.",
        " && pip install weasyprint==70.0",
    ):
        assert words in err
    if asked[0] in {"build", "check"}:  # the others open libraries before they read the library
        assert "Fonts are missing: NotoSans-Regular.ttf" in err
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("asked", OF_NO_PAGES, ids=" ".join)
def test_a_command_that_sets_no_pages_does_not_ask_for_what_sets_them(
    bare: Mapping[str, str], asked: Sequence[str], tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "clinic.toml").write_text('name = "Test"\nregion = "GB"\nlanguages = ["es"]\n')
    code, out, err = run(work, asked, bare)
    assert code != ExitCode.SYSTEM, out + err


def test_without_gettext_catalogs_are_not_touched_and_it_is_said_what_to_install(
    bare: Mapping[str, str], tmp_path: Path
) -> None:
    clinic = ClinicFolder(tmp_path / "clinic")
    before = sorted(clinic.path.rglob("*"))
    for asked in (("update", "es"), ("add", "fr")):
        code, out, err = run(tmp_path, ("translate", *asked, "-c", str(clinic.path)), bare)
        assert (code, out) == (ExitCode.SYSTEM, ""), out + err
        assert err.startswith("msgmerge is not installed. On Debian or Ubuntu: apt-get update")
        assert err.endswith("apt-get install --no-install-recommends gettext\n")
    assert sorted(clinic.path.rglob("*")) == before


def test_doctor_tells_each_fault_of_a_machine_and_what_mends_it(
    bare: Mapping[str, str], tmp_path: Path
) -> None:
    code, out, err = run(tmp_path, ("doctor",), bare)
    assert (code, err) == (ExitCode.SYSTEM, "")
    for words in (
        "Pango and the libraries WeasyPrint opens: missing: libpango-1.0.so.0",
        "fonts for English: missing: NotoSans-Regular.ttf",
        "gettext tools, to update catalogs: missing: msgmerge, msgfmt",
        "weasyprint 70.0: 69.0 is installed",
        "pydyf 0.13.0: ok",
        "apt-get install --no-install-recommends",
        "pip install weasyprint==70.0",
    ):
        assert words in out
    code, out, _ = run(tmp_path, ("doctor", "--json"), bare)
    told = json.loads(out)
    assert told["packages"] == [{"name": "weasyprint", "needed": "70.0", "installed": "69.0"}]
    assert told["pip"] == "pip install weasyprint==70.0"
    assert "gettext" in told["install"].split()


def test_a_fault_of_the_machine_that_a_worker_meets_is_not_told_as_a_fault_of_its_edition() -> None:
    def missing(*_: object) -> None:
        raise MissingPartError("Nothing is here.")

    inputs = Inputs(load.load(None))
    (edition,) = plan(
        inputs.library, Request(leaflets=("diary",), languages=("en",), formats=("a4",))
    )
    with pytest.MonkeyPatch.context() as patched, serial() as crew:
        patched.setattr("leaflets.editions.make.compose", missing)
        with pytest.raises(MissingPartError, match="Nothing is here"):
            list(inspected(inputs, [edition], Means(crew)))


@pytest.mark.parametrize("library", machine.LIBRARIES)
def test_without_a_library_of_weasyprint_it_is_said_what_to_install(
    undisturbed: Undisturbed, library: str, tmp_path: Path
) -> None:
    (tmp_path / library).write_bytes(b"")  # found first, and cannot be opened
    office = undisturbed.office
    code, out, err = office.build("--json", environment={"LD_LIBRARY_PATH": str(tmp_path)})
    assert (code, out) == (ExitCode.SYSTEM, ""), out + err
    assert len(err.splitlines()) == 1, err
    assert "Libraries are missing: " in err
    assert library in err
    _, _, install = err.partition("apt-get install --no-install-recommends ")
    assert machine.LIBRARIES[library] in install.split()
    assert undisturbed.is_old()


def test_ctrl_c_before_a_command_has_begun_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(**_: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "app", interrupted)
    with pytest.raises(SystemExit) as stopped:
        main.main()
    assert stopped.value.code == ExitCode.INTERRUPTED
    running.in_one_sentence(capsys.readouterr().err, "Interrupted. Nothing was written")


# --- memory ---------------------------------------------------------------------------------------


def test_editions_that_need_too_much_memory_are_named_and_the_others_are_printed(
    undisturbed: Undisturbed,
) -> None:
    """The page of one leaflet is too large to be set, the text of the other to be put together."""
    office = undisturbed.office
    for slug, words in (("sample", 500), ("endless", 5000)):
        body = f"{{% for i in range(50000) %}}<p>{'x' * words}</p>{{% endfor %}}"
        office.clinic.write(f"templates/leaflets/{slug}/leaflet.toml", LEAFLET_TOML)
        office.clinic.write(
            f"templates/leaflets/{slug}/leaflet.html",
            LEAFLET_HTML.replace("sample.", f"{slug}.").replace("BODY", body),
        )
    asked = ("sample", "endless", "warning-card", "diary", "-l", "en", "-f", "a4", "-j", "2")
    code, out, err = office.build("--no-cache", "--json", "--memory-limit", "320", asked=asked)
    shutil.rmtree(office.clinic.path / "templates" / "leaflets" / "endless")
    assert code == ExitCode.PROBLEMS, err
    found = {one["edition"]: one for one in json.loads(out)}
    (stopped,), (refused,) = (found[f"{one}-en-a4"]["problems"] for one in ("sample", "endless"))
    assert (stopped["code"], refused["code"]) == ("SOFT-02", "FILE-01")
    assert "320 MB of memory" in stopped["text"]
    assert "endless/leaflet.html: it needs more memory than there is" in refused["message"]
    assert [name for name, one in sorted(found.items()) if one["printed"]] == [
        "diary-en-a4",
        "warning-card-en-a4",
    ]
    undisturbed.is_whole()
    undisturbed.finishes()
