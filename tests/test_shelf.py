"""The shelf: files are whole or absent, and the manifest agrees with the folder."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leaflets import shelf
from leaflets.build import Outcome
from leaflets.errors import ExitCode, OutputError

Printed = tuple[Path, tuple[Outcome, ...]]


def entry(file: str) -> shelf.Entry:
    return shelf.Entry(
        file=file, leaflet="a", language="en", format="a4", status="draft",
        code="AAA-AAA", fingerprint="0", pages=1, sha256="0",
    )  # fmt: skip


def test_the_manifest_states_the_hash_of_every_file(printed: Printed) -> None:
    folder, outcomes = printed
    entries = shelf.read_manifest(folder)
    assert len(entries) == len(outcomes)
    for file, stated in entries.items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == stated.sha256


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.shelve(tmp_path, "en/a.pdf", b"old")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        shelf.shelve(tmp_path, "en/a.pdf", b"new")
    assert (tmp_path / "en" / "a.pdf").read_bytes() == b"old"
    assert [path.name for path in (tmp_path / "en").iterdir()] == ["a.pdf"]


def test_the_manifest_keeps_other_files_and_drops_those_that_are_gone(tmp_path: Path) -> None:
    for file in ("en/a.pdf", "en/b.pdf"):
        shelf.shelve(tmp_path, file, b"x")
    shelf.write_manifest(tmp_path, [entry("en/a.pdf"), entry("en/b.pdf")])
    (tmp_path / "en" / "b.pdf").unlink()
    shelf.shelve(tmp_path, "en/c.pdf", b"x")
    shelf.write_manifest(tmp_path, [entry("en/c.pdf")])
    listed = json.loads((tmp_path / "manifest.json").read_text())["editions"]
    assert [one["file"] for one in listed] == ["en/a.pdf", "en/c.pdf"]


def test_a_damaged_manifest_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    shelf.shelve(tmp_path, "en/a.pdf", b"x")
    shelf.write_manifest(tmp_path, [entry("en/a.pdf")])
    assert list(shelf.read_manifest(tmp_path)) == ["en/a.pdf"]


def test_an_interrupted_build_leaves_whole_files_and_a_manifest_that_agrees(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "build", "--jobs", "2", "--output", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as build:
        while len(list(tmp_path.glob("*/*.pdf"))) < 3:
            assert build.poll() is None
            time.sleep(0.02)
        os.killpg(build.pid, signal.SIGINT)
        _, errors = build.communicate()
    assert build.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in errors
    assert "Interrupted" in errors
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")}
    entries = shelf.read_manifest(tmp_path)
    assert set(entries) == files
    for file, stated in entries.items():
        assert hashlib.sha256((tmp_path / file).read_bytes()).hexdigest() == stated.sha256
