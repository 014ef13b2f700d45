"""The commands sign, verify and status, and build --release, as a clinic would use them."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder
from tests.running import in_this_process

DAY = dt.date(2026, 11, 25)


def run(clinic: Path, *arguments: str, day: dt.date = DAY) -> subprocess.CompletedProcess[str]:
    clock = str(int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()))
    if arguments[0] != "build":
        return in_this_process(*arguments, "--clinic", clinic, SOURCE_DATE_EPOCH=clock)
    return subprocess.run(
        [sys.executable, "-m", "leaflets", *arguments, "--clinic", str(clinic)],
        capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": clock},
    )  # fmt: skip


def looked_up(library: Library) -> dt.date:
    """Return the day on which the last source of ours was looked up: none is verified before."""
    return max(source.checked for source in library.sources.values())


def sign(clinic: Path, until: str = "2028-11-25") -> subprocess.CompletedProcess[str]:
    who = ["--role", "clinician", "--name", "Dr Sol"]
    return run(clinic, "sign", "sample", "en", "--yes", *who, "--until", until)


@pytest.fixture
def folder(clinic: ClinicFolder) -> Path:
    """Return the folder of a clinic that prints two leaflets, of which nobody signed one."""
    clinic.write("clinic.toml", 'name = "A"\nregion = "GB"\nleaflets = ["sample", "diary"]\n')
    clinic.without_our_claims()
    return clinic.path


def test_a_signed_leaflet_is_released_and_the_others_are_held_back(
    folder: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "out")
    assert sign(folder).returncode == ExitCode.OK
    assert (folder / "locales/en/signoff.toml").is_file()
    both = ["sample", "diary", "-l", "en"]
    done = run(folder, "build", *both, "--release", "--output", out)
    assert done.returncode == ExitCode.HELD_BACK
    assert "diary, en: held back" in done.stdout
    assert "sample-en-a4: 2 pages" in done.stdout
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert [(one["leaflet"], one["status"]) for one in manifest["editions"]] == [
        ("sample", "release")
    ]
    alone = run(folder, "build", "sample", "-l", "en", "--release", "--output", out)
    assert alone.returncode == ExitCode.OK


def test_a_review_past_its_date_turns_a_release_back_into_a_draft(
    folder: Path, tmp_path: Path
) -> None:
    sign(folder)
    build = ["build", "sample", "-l", "en", "--release", "--output", str(tmp_path / "out")]
    done = run(folder, *build, day=dt.date(2029, 1, 1))
    assert done.returncode == ExitCode.HELD_BACK
    assert "GOV-03" in done.stdout
    assert not (tmp_path / "out").exists()


def test_status_shows_word_by_word_what_changed_since_somebody_signed(
    folder: Path,
) -> None:
    sign(folder)
    path = folder / "templates/leaflets/sample/leaflet.html"
    path.write_text(path.read_text().replace("Drink water.", "Drink no water."))
    done = run(folder, "status", "sample", "-l", "en")
    assert "changed since Dr Sol signed as clinician on 2026-11-25" in done.stdout
    assert "Drink{+ no+} water." in done.stdout
    record = json.loads(run(folder, "status", "sample", "-l", "en", "--json").stdout)[0]
    assert record["roles"]["clinician"]["state"] == "changed"
    assert record["release"] is None


def test_status_lists_what_is_due(folder: Path) -> None:
    sign(folder, until="2027-01-15")
    done = run(folder, "status", "--due", "90d")
    assert "2027-01-15  sample, en, clinician: Dr Sol must check it again" in done.stdout
    assert "Nothing is due" in run(folder, "status", "--due", "7d").stdout


SIGN = ("sign", "sample", "en", "--yes", "--until", "2028-01-01")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ((*SIGN, "--role", "reviser", "--name", "A"), "Sign as clinician"),
        ((*SIGN, "--role", "boss", "--name", "A"), "There is no role “boss”"),
        ((*SIGN, "--role", "clinician", "--name", " "), "Say who signs"),
        ((*SIGN, "--role", "clinician", "--name", "A", "--until", "soon"), "is not a day"),
        ((*SIGN, "--role", "clinician", "--name", "A", "--until", "2020-01-01"), "is not after"),
        (("sign", "hips", *SIGN[2:], "--role", "clinician", "--name", "A"), "There is no leaflet"),
        (("verify", "recovery-week", "--name", "A", "--until", "2028-01-01"), "recovery-weeks?"),
        (("status", "--due", "long"), "is not a period"),
    ],
)
def test_a_wrong_command_is_one_sentence_and_writes_nothing(
    folder: Path, arguments: tuple[str, ...], part: str
) -> None:
    done = run(folder, *arguments)
    assert done.returncode == ExitCode.USAGE
    assert part in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(folder.rglob("signoff.toml"))


def test_a_fact_is_verified_with_its_source_and_kept_in_the_clinic(folder: Path) -> None:
    library = load.load(folder)
    name = next(one for one in library.facts.entries if library.facts.sources_of(one))
    who = ("--yes", "--name", "Dr Sol", "--until", "2028-01-01")
    done = run(folder, "verify", name, *who, day=looked_up(library))
    assert done.returncode == ExitCode.OK, done.stderr
    text = (folder / "templates/signoff.toml").read_text("utf-8")
    assert all(value in text for value in library.facts.statement(name))
    assert all(f"{source}: " in text for source in library.facts.sources_of(name))
