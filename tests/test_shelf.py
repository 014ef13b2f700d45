"""The shelf: files are whole or absent, and the manifest agrees with the folder."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leaflets import files
from leaflets.editions.build import Outcome
from leaflets.errors import ExitCode, OutputError
from leaflets.output import shelf
from tests.waiting import until

Printed = tuple[Path, tuple[Outcome, ...]]


def entry(file: str) -> shelf.ManifestEntry:
    return shelf.ManifestEntry(
        file=file, leaflet="a", language="en", format="a4", status="draft",
        code="AAA-AAA", fingerprint="0", pages=1, sha256="0",
    )  # fmt: skip


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write(tmp_path, "en/a.pdf", b"old")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        files.write(tmp_path, "en/a.pdf", b"new")
    assert (tmp_path / "en" / "a.pdf").read_bytes() == b"old"
    assert [path.name for path in (tmp_path / "en").iterdir()] == ["a.pdf"]


def fill(folder: Path, *files: str) -> None:
    with shelf.opened(folder) as output:
        for file in files:
            output.put(file, b"x")
            output.enter(entry(file))
        output.commit()


def named(folder: Path) -> list[str]:
    return [one["file"] for one in json.loads((folder / "manifest.json").read_text())["editions"]]


def held(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_manifest_keeps_other_files_and_drops_those_that_are_gone(tmp_path: Path) -> None:
    fill(tmp_path, "en/a.pdf", "en/b.pdf")
    (tmp_path / "en" / "b.pdf").unlink()
    fill(tmp_path, "en/c.pdf")
    assert named(tmp_path) == ["en/a.pdf", "en/c.pdf"]


def test_a_damaged_manifest_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    fill(tmp_path, "en/a.pdf")
    assert list(shelf.read_manifest(tmp_path)) == ["en/a.pdf"]


def test_nothing_is_seen_before_the_commit_and_nothing_is_left_without_one(tmp_path: Path) -> None:
    fill(tmp_path, "en/a.pdf")
    before = {file: (tmp_path / file).read_bytes() for file in held(tmp_path)}
    with shelf.opened(tmp_path) as output:
        output.put("en/a.pdf", b"new")
        output.put("en/b.pdf", b"new")
        output.remove("en/a.pdf")
        assert {file: (tmp_path / file).read_bytes() for file in before} == before
    with shelf.opened(tmp_path):
        pass
    assert {file: (tmp_path / file).read_bytes() for file in held(tmp_path)} == before


@pytest.mark.parametrize("moment", range(8))
def test_a_commit_that_is_cut_short_is_finished_by_whoever_opens_the_folder(
    tmp_path: Path, moment: int
) -> None:
    """The process is killed before its n-th rename or removal; with 8, it gets through."""
    fill(tmp_path, "en/a.pdf", "en/gone.pdf")
    code = f"""
import os, signal, sys
from pathlib import Path
from leaflets.output import shelf
from tests.test_shelf import entry
left = [{moment}]
def counted(change):
    def once(*arguments, **options):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return change(*arguments, **options)
    return once
with shelf.opened(Path({str(tmp_path)!r})) as output:
    for file in ("en/a.pdf", "es/b.pdf"):
        output.put(file, b"new")
        output.enter(entry(file))
    output.remove("en/gone.pdf")
    Path.replace, Path.unlink = counted(Path.replace), counted(Path.unlink)
    output.commit()
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == (-signal.SIGKILL if moment < 6 else 0)
    shelf.settle(tmp_path)
    with shelf.opened(tmp_path):
        pass
    found = {file: (tmp_path / file).read_bytes() for file in named(tmp_path)}
    old = {"en/a.pdf": b"x", "en/gone.pdf": b"x"}
    assert found in ({"en/a.pdf": b"new", "es/b.pdf": b"new"}, old)
    assert held(tmp_path) - {".lock", "manifest.json"} == found.keys()
    assert (found == old) == (moment < 2)


def test_what_a_commit_of_another_names_outside_the_folder_is_not_touched(tmp_path: Path) -> None:
    outside = tmp_path / "outside.pdf"
    outside.write_bytes(b"x")
    staging = tmp_path / "out" / ".staging"
    staging.mkdir(parents=True)
    wrong = {"files": ["../outside.pdf", "/etc/x"], "removed": ["../outside.pdf"]}
    (staging / "commit.json").write_text(json.dumps(wrong))
    with shelf.opened(tmp_path / "out"):
        pass
    assert outside.read_bytes() == b"x"
    assert not staging.exists()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return a folder of somebody else, with a file of each name that the tests print."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("a.pdf", "b.pdf"):
        (folder / name).write_bytes(b"theirs")
    return folder


def unchanged(outside: Path) -> bool:
    return {path.name: path.read_bytes() for path in outside.iterdir()} == {
        "a.pdf": b"theirs", "b.pdf": b"theirs",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["en", ".staging", ".lock"])
def test_a_link_in_the_place_of_a_folder_of_ours_is_refused(
    tmp_path: Path, outside: Path, name: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).symlink_to(outside / "new" if name == ".lock" else outside)
    with pytest.raises(OutputError, match=rf"out/{name}: this is a link.* Take the link away"):
        fill(folder, "en/a.pdf")
    assert unchanged(outside)
    assert (folder / name).is_symlink()


def test_nothing_is_written_or_taken_out_where_a_folder_became_a_link(
    tmp_path: Path, outside: Path
) -> None:
    folder = tmp_path / "out"
    fill(folder, "en/a.pdf", "en/b.pdf")
    with shelf.opened(folder) as output:
        output.put("en/a.pdf", b"new")
        output.remove("en/b.pdf")
        shutil.rmtree(folder / "en")
        (folder / "en").symlink_to(outside)
        with pytest.raises(OutputError, match="out/en: this is a link"):
            output.commit()
    with pytest.raises(OutputError, match="out/en: this is a link"):
        fill(folder, "es/a.pdf")
    assert unchanged(outside)


@pytest.mark.parametrize("linked", ["out/en", "out/.staging/en"])
def test_a_commit_that_was_cut_short_does_not_go_on_through_a_link(
    tmp_path: Path, outside: Path, linked: str
) -> None:
    staging = tmp_path / "out" / ".staging"
    staging.mkdir(parents=True)
    commit = {"files": ["en/a.pdf"], "removed": ["en/b.pdf"]}
    (staging / "commit.json").write_text(json.dumps(commit))
    (tmp_path / linked).symlink_to(outside)
    with pytest.raises(OutputError, match=f"{linked}: this is a link"):
        fill(tmp_path / "out", "es/a.pdf")
    assert unchanged(outside)


def test_the_link_of_a_file_is_replaced_even_if_it_leads_to_the_same_bytes(
    tmp_path: Path, outside: Path
) -> None:
    folder = tmp_path / "out"
    fill(folder, "en/a.pdf", "en/b.pdf")
    for name in ("a.pdf", "b.pdf"):
        (folder / "en" / name).unlink()
        (outside / name).write_bytes(b"x")
        (folder / "en" / name).symlink_to(outside / name)
    with shelf.opened(folder) as output:
        output.put("en/a.pdf", b"x")
        output.withdraw(["0"])
        output.put("en/a.pdf", b"x")
        output.commit()
    assert not (folder / "en" / "a.pdf").is_symlink()
    assert not (folder / "en" / "b.pdf").is_symlink()
    assert [(outside / name).read_bytes() for name in ("a.pdf", "b.pdf")] == [b"x", b"x"]
    assert named(folder) == ["en/a.pdf"]


def test_a_folder_in_which_another_build_writes_is_refused(tmp_path: Path) -> None:
    with shelf.opened(tmp_path) as output:
        output.put("en/a.pdf", b"x")
        with pytest.raises(OutputError, match="another build is writing here"):
            shelf.opened(tmp_path).__enter__()
        output.commit()
    assert held(tmp_path) == {"en/a.pdf", "manifest.json", ".lock"}


def test_a_folder_that_was_taken_away_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with shelf.opened(folder) as output:
        output.put("en/a.pdf", b"x")
        shutil.rmtree(folder)
        with pytest.raises(OutputError, match="out: cannot be written"):
            output.put("en/b.pdf", b"x")
        folder.mkdir()
        with pytest.raises(OutputError, match="the folder was taken away"):
            output.commit()
    assert held(folder) == set()


def test_an_interrupted_build_leaves_whole_files_and_a_manifest_that_agrees(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "build", "-j", "2", "--no-cache", "-o", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as build:
        until(lambda: len(list(tmp_path.glob(".staging/*/*.pdf"))) >= 3, build)
        os.killpg(build.pid, signal.SIGINT)
        _, errors = build.communicate()
    assert build.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in errors
    assert "Interrupted" in errors
    entries = shelf.read_manifest(tmp_path)
    assert set(entries) == {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*.pdf")}
    assert len(entries) >= 3
    for file, stated in entries.items():
        assert hashlib.sha256((tmp_path / file).read_bytes()).hexdigest() == stated.sha256
    assert not (tmp_path / ".staging").exists()
