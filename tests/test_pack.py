"""Packs: the same bytes each time, what changed since the last, and what a receiver can trust."""

import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leaflets.errors import ExitCode, InputError
from leaflets.output import pack, shelf
from tests import browsing, running
from tests.conftest import ClinicFolder
from tests.running import in_this_process

DAY = "1795564800"  # 2026-11-25


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    if arguments[0] != "build":
        return in_this_process(*arguments, SOURCE_DATE_EPOCH=DAY)
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", *map(str, arguments)],
        capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": DAY},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done


def entry(file: str, data: bytes) -> shelf.ManifestEntry:
    return shelf.ManifestEntry(
        file=file, leaflet="recovery", language="en", format="a4", status="draft",
        code="111-1111", fingerprint="0", pages=1, sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


class Office:
    """A clinic and what was printed for it."""

    def __init__(self, path: Path) -> None:
        """Take the folder that holds both."""
        self.clinic = ClinicFolder(path / "clinic")
        self.out = path / "print"

    def say(self, text: str) -> None:
        """Change the main message of the leaflet."""
        path = self.clinic.path / "templates/leaflets/sample/leaflet.html"
        path.write_text(path.read_text().replace("Drink water.", text))

    def build(self, *more: str) -> None:
        """Print the leaflet."""
        done = run("build", "sample", "-l", "en", *more, "-c", self.clinic.path, "-o", self.out)
        assert done.returncode == ExitCode.OK

    def pack(self, file: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
        """Pack what was printed."""
        where = ("-c", self.clinic.path, "--output-folder", self.out)
        return run("pack", "-o", file, *where, *more)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Path]:
    """Print and pack once; tests change copies only."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder)
    office.build()
    done = office.pack(folder / "first.zip")
    assert done.returncode == ExitCode.OK, done.stderr
    return office, folder / "first.zip"


@pytest.fixture
def office(packed: tuple[Office, Path], tmp_path: Path) -> Office:
    shutil.copytree(packed[0].clinic.path.parent, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path)


def page_of(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read(pack.CHANGES).decode()


def test_a_pack_holds_the_editions_their_manifest_sums_and_changes(
    packed: tuple[Office, Path],
) -> None:
    office, file = packed
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [
            "SHA256SUMS", "en/sample-en-a4.pdf", "manifest.json", "what-changed.html",
        ]  # fmt: skip
        assert archive.testzip() is None
        for name in ("en/sample-en-a4.pdf", "manifest.json"):
            assert archive.read(name) == (office.out / name).read_bytes()


def test_the_same_editions_give_the_same_bytes(packed: tuple[Office, Path], tmp_path: Path) -> None:
    office, file = packed
    (office.out / "en/sample-en-a4.pdf").touch()
    office.pack(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == file.read_bytes()


def test_sha256sum_verifies_an_unpacked_pack(packed: tuple[Office, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(packed[1]) as archive:
        archive.extractall(tmp_path)
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 3


def test_a_good_pack_is_verified_in_one_line(packed: tuple[Office, Path]) -> None:
    done = run("pack", "--verify", packed[1])
    assert done.returncode == ExitCode.OK
    (line,) = done.stdout.splitlines()
    digest = hashlib.sha256(packed[1].read_bytes()).hexdigest()
    assert line == f"{packed[1]}: 1 edition, each as the manifest says; SHA-256 {digest}"


def test_what_changed_is_shown_word_by_word(office: Office, tmp_path: Path) -> None:
    office.say("Drink no water.")
    office.build("-f", "a4", "-f", "letter")
    done = office.pack(tmp_path / "second.zip", "--since", tmp_path / "first.zip")
    assert "1 new, 1 changed, 0 withdrawn" in done.stdout
    page = page_of(tmp_path / "second.zip")
    assert "Drink<ins> no</ins> water." in page
    assert "1 new, 1 changed, 0 withdrawn" in page
    assert page.index("A sample, English, A4") < page.index("A sample, English, US Letter")


def test_what_was_withdrawn_is_named(office: Office, tmp_path: Path) -> None:
    office.build("-f", "letter")
    (office.out / "en/sample-en-a4.pdf").unlink()
    office.build("-f", "letter")
    office.pack(tmp_path / "second.zip", "--since", tmp_path / "first.zip")
    page = page_of(tmp_path / "second.zip")
    assert "0 changed, 1 withdrawn" in page
    assert "<h2>Withdrawn</h2>" in page


def test_without_the_ledger_a_change_is_named_and_not_shown(office: Office, tmp_path: Path) -> None:
    office.say("Drink no water.")
    office.build()
    shutil.rmtree(office.clinic.path / "ledger")
    office.pack(tmp_path / "second.zip", "--since", tmp_path / "first.zip")
    assert "What its words were is not in the ledger" in page_of(tmp_path / "second.zip")


def test_markup_in_a_text_is_shown_and_not_obeyed(office: Office, tmp_path: Path) -> None:
    office.clinic.write("clinic.toml", 'name = "<script>alert(1)</script>"\nregion = "GB"\n')
    office.build()
    office.pack(tmp_path / "second.zip", "--since", tmp_path / "first.zip")
    page = page_of(tmp_path / "second.zip")
    assert "<script" not in page
    assert "alert" in page


def test_the_page_is_accessible_and_asks_for_nothing(office: Office, tmp_path: Path) -> None:
    office.say("Drink no water.")
    office.build("-f", "a4", "-f", "letter")
    office.pack(tmp_path / "second.zip", "--since", tmp_path / "first.zip")
    (tmp_path / "page.html").write_text(page_of(tmp_path / "second.zip"))
    with browsing.opened() as browser:
        page = browsing.new_page(browser)
        asked = browsing.asked_by(page)
        page.goto((tmp_path / "page.html").as_uri())
        browsing.is_accessible(page)
    assert asked == [(tmp_path / "page.html").as_uri()]


def test_a_recalled_edition_is_not_packed(office: Office, tmp_path: Path) -> None:
    manifest = json.loads((office.out / "manifest.json").read_text())
    (code,) = (one["code"] for one in manifest["editions"])
    run("recall", code, "--reason", "Wrong", "--name", "Dr Lee", "-c", office.clinic.path)
    done = office.pack(tmp_path / "second.zip")
    assert done.returncode == ExitCode.INPUT
    assert "it was recalled by Dr Lee on 2026-11-25 (Wrong); build again" in done.stderr
    assert not (tmp_path / "second.zip").exists()


def test_a_file_changed_after_printing_is_not_packed(office: Office, tmp_path: Path) -> None:
    path = office.out / "en/sample-en-a4.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    done = office.pack(tmp_path / "second.zip")
    assert done.returncode == ExitCode.INPUT
    assert "it was changed after it was printed" in done.stderr


def test_a_file_whose_manifest_was_changed_with_it_is_not_packed(
    office: Office, tmp_path: Path
) -> None:
    (file,) = office.out.rglob("*.pdf")
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes() + b"\n%")
    manifest = office.out / shelf.MANIFEST
    after = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(before, after))
    done = office.pack(tmp_path / "p.zip")
    assert done.returncode != ExitCode.OK
    assert "the ledger knows of no such file" in done.stderr
    manifest.write_text(manifest.read_text().replace('"draft"', '"release"'))
    shutil.rmtree(office.clinic.path / "ledger")
    assert "the ledger knows of no such file" in office.pack(tmp_path / "p.zip").stderr


def test_what_a_build_that_was_killed_had_decided_is_done_before_it_is_packed(
    packed: tuple[Office, Path], office: Office, tmp_path: Path
) -> None:
    running.cut_short(office.out)
    assert office.pack(tmp_path / "again.zip").returncode == ExitCode.OK
    assert (tmp_path / "again.zip").read_bytes() == packed[1].read_bytes()


def test_nothing_printed_is_nothing_to_pack(tmp_path: Path) -> None:
    done = run("pack", "-o", tmp_path / "a.zip", "--output-folder", tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert "nothing in" in done.stderr


Change = Callable[[dict[str, bytes]], None]


def rewritten(packed: Path, path: Path, change: Change) -> Path:
    with zipfile.ZipFile(packed) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


PDF = "en/sample-en-a4.pdf"


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda files: files.pop(PDF), [f"missing: {PDF}"]),
        (lambda files: files.update({PDF: b"%PDF-"}), [f"altered: {PDF}"]),
        (lambda files: files.update({"en/more.pdf": b""}), ["extra: en/more.pdf"]),
        (lambda files: files.update({"en/": b""}), ["refused: en/ (the name is not one of ours,"]),
        (lambda files: files.pop("manifest.json"), ["missing: manifest.json"]),
        (lambda files: files.update({"manifest.json": b"{"}), ["altered: manifest.json"]),
        (
            lambda files: files.update({"manifest.json": files["manifest.json"] + b"\n"}),
            ["altered: manifest.json"],
        ),
        (lambda files: files.pop("SHA256SUMS"), ["missing: SHA256SUMS"]),
        (
            lambda files: files.update({"what-changed.html": b"<p>Nothing."}),
            ["altered: what-changed.html"],
        ),
        (
            lambda files: files.update(
                {"SHA256SUMS": files["SHA256SUMS"].splitlines(keepends=True)[0]}
            ),
            ["altered: manifest.json", "altered: what-changed.html", "altered: SHA256SUMS"],
        ),
    ],
)
def test_each_fault_of_a_pack_is_one_line(
    packed: tuple[Office, Path], tmp_path: Path, change: Change, lines: list[str]
) -> None:
    file = rewritten(packed[1], tmp_path / "bad.zip", change)
    done = run("pack", "--verify", file)
    assert done.returncode == ExitCode.PROBLEMS
    shown = done.stdout.splitlines()
    assert len(shown) == len(lines)
    assert all(line.startswith(start) for line, start in zip(shown, lines, strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.pdf", "en/../../evil.pdf", "/etc/evil.pdf", "C:/evil.pdf", "en\\..\\evil.pdf",
        "en/./evil.pdf", "en//evil.pdf", ".hidden", "en/evil\n.pdf", "en/\u202egpj.pdf",
        "~/evil.pdf", "a" * 300 + "/../b",
    ],
)  # fmt: skip
def test_a_name_that_could_lead_out_of_the_folder_is_refused(
    packed: tuple[Office, Path], tmp_path: Path, name: str
) -> None:
    file = rewritten(packed[1], tmp_path / "bad.zip", lambda files: files.update({name: b"x"}))
    _, faults = pack.verify(file)
    assert [(one.kind, one.file) for one in faults] == [("refused", name)]


def one_file(path: Path, info: zipfile.ZipInfo, data: bytes) -> tuple[pack.Fault, ...]:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, data)
    return pack.verify(path)[1]


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("en/a.pdf")
    info.compress_type = zipfile.ZIP_DEFLATED
    (fault,) = one_file(tmp_path / "bomb.zip", info, bytes(90 * 2**20))
    assert fault.reason == "it would unpack to far more than it is"


def test_a_pack_that_says_it_is_huge_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("en/a.pdf", b"x" * 1000)
    size = (1000).to_bytes(4, "little")
    lying = data.getvalue().replace(size + size, size + (2**31 + 1).to_bytes(4, "little"))
    (tmp_path / "huge.zip").write_bytes(lying)
    ((fault),) = pack.verify(tmp_path / "huge.zip")[1]
    assert (fault.kind, fault.file) == ("refused", "")


def test_a_link_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("en/a.pdf")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    (fault,) = one_file(tmp_path / "link.zip", info, b"/etc/passwd")
    assert fault.reason == "it is not a plain file"


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("en/a.pdf", b"good")
        archive.writestr("EN/a.pdf", b"bad")
    (fault,) = pack.verify(tmp_path / "twice.zip")[1]
    assert fault.reason == "the name stands twice"


def test_damaged_bytes_inside_a_pack_are_found(packed: tuple[Office, Path], tmp_path: Path) -> None:
    data = bytearray(packed[1].read_bytes())
    place = data.index(b"%PDF-") + 500
    data[place] ^= 1
    (tmp_path / "bad.zip").write_bytes(data)
    assert pack.verify(tmp_path / "bad.zip")[1] == (pack.Fault("altered", PDF, ""),)


@pytest.mark.parametrize("size", [0, 10, 2000])
def test_what_is_no_zip_file_is_refused(
    packed: tuple[Office, Path], tmp_path: Path, size: int
) -> None:
    (tmp_path / "cut.zip").write_bytes(packed[1].read_bytes()[:size])
    done = run("pack", "--verify", tmp_path / "cut.zip")
    assert done.returncode == ExitCode.INPUT
    assert "it is not a zip file, or it was damaged on the way" in done.stderr


def test_only_a_pack_can_be_compared_with(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", b"x")
    with pytest.raises(InputError, match="no manifest"):
        pack.editions_of(tmp_path / "other.zip")


def test_a_manifest_that_names_a_file_elsewhere_is_not_packed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    (tmp_path / "out").mkdir()
    named = shelf.encoded([entry("../secret", b"x")])
    (tmp_path / "out/manifest.json").write_bytes(named)
    done = run("pack", "-o", tmp_path / "a.zip", "--output-folder", tmp_path / "out")
    assert done.returncode == ExitCode.INPUT
    assert "is not a file of ours" in done.stderr
