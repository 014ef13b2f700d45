"""A clinic says a paragraph in its own words, and nothing that a page needs gets lost by it."""

import shutil
from pathlib import Path

import polib
import pytest

from leaflets.catalogs import extract
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.editions.make import make_edition
from leaflets.errors import ExitCode, InputError
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.problem import Severity
from tests.conftest import ClinicFolder, composed
from tests.test_command import run

#: A sentence of ours, and what the clinic says in its place.
LEAFLET = "warning-card"
MAIN = f"{LEAFLET}.main-message"
THEIRS = "Walk to your own front door and back every day."

OVERRIDE = f"""
[message."{MAIN}"]
text = "{THEIRS} This card tells doctors about your bone cement."
"""


#: The catalogs of the clinic, in the order in which they are shown, and what they say.
CATALOGS = {
    "es/LC_MESSAGES/overrides.po": {MAIN: "Camine hasta su puerta."},
    "es/LC_MESSAGES/sample.po": {"sample.title": "Un ejemplo", "sample.main": "Beba agua."},
}


def fingerprints(library: Library) -> dict[str, str]:
    request = Request(leaflets=(LEAFLET,), languages=("en", "es"), formats=("a4",))
    editions = plan(library, request)
    return {edition.name: composed(library, edition).fingerprint for edition in editions}


def html(library: Library, tag: str, leaflet: str = LEAFLET) -> str:
    request = Request(leaflets=(leaflet,), languages=(tag,), formats=("a4",))
    return compose(Inputs(library), plan(library, request)[0]).html


@pytest.fixture(scope="module")
def ours(library: Library) -> str:
    """Return what we say where the clinic says something else."""
    return next(one.text for one in extract.domain(library, LEAFLET) if one.id == MAIN)


def test_an_override_is_printed_in_place_of_ours(clinic: ClinicFolder, ours: str) -> None:
    assert ours in html(load.load(clinic.path), "en")
    clinic.write("templates/overrides.toml", OVERRIDE)
    printed = html(load.load(clinic.path), "en")
    assert THEIRS in printed
    assert ours not in printed


def test_an_override_makes_another_edition(clinic: ClinicFolder) -> None:
    before = fingerprints(load.load(clinic.path))
    clinic.write("templates/overrides.toml", OVERRIDE)
    after = fingerprints(load.load(clinic.path))
    assert before.keys() == after.keys() == {f"{LEAFLET}-en-a4", f"{LEAFLET}-es-a4"}
    assert not {*before.values()} & {*after.values()}


def test_an_override_keeps_both_forms_and_their_placeholders(clinic: ClinicFolder) -> None:
    clinic.write(
        "templates/overrides.toml",
        '[message."recovery.day.adult"]\n'
        'text = "Stay with an adult for %(hours)s hour."\n'
        'plural = "Stay with an adult for %(hours)s hours."\n',
    )
    assert "Stay with an adult for " in html(load.load(clinic.path), "en", "recovery")


def test_an_override_without_a_translation_is_english_and_a_warning(clinic: ClinicFolder) -> None:
    clinic.write("templates/overrides.toml", OVERRIDE)
    found = load.load(clinic.path)
    assert THEIRS in html(found, "es")
    (edition,) = plan(found, Request(leaflets=(LEAFLET,), languages=("es",), formats=("a4",)))
    problems = make_edition(Inputs(found), edition).problems
    (problem,) = [one for one in problems if one.where == MAIN]
    assert (problem.code, problem.severity) == ("TRAN-01", Severity.WARNING)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Begin the Spanish catalogs of a clinic; return its folder, and what the command shows."""
    clinic = ClinicFolder(tmp_path_factory.mktemp("begun") / "clinic")
    clinic.write("templates/overrides.toml", OVERRIDE)
    done = run("translate", "update", "es", "--clinic", clinic.path)
    return clinic.path, done.stdout.splitlines()


@pytest.fixture
def translated(begun: tuple[Path, list[str]], tmp_path: Path) -> ClinicFolder:
    """Return a copy of that clinic, with all that it says translated."""
    folder = tmp_path / "translated"
    shutil.copytree(begun[0], folder)
    for name, forms in CATALOGS.items():
        catalog = polib.pofile(str(folder / "locales" / name))
        for entry in catalog:
            entry.msgstr = forms[entry.msgctxt]
        catalog.save()
    return ClinicFolder.there(folder)


def test_the_catalogs_of_a_clinic_hold_what_it_says_beside_what_we_say(
    begun: tuple[Path, list[str]], ours: str
) -> None:
    folder, shown = begun
    assert shown == [*CATALOGS]
    text = (folder / "locales/es/LC_MESSAGES/overrides.po").read_text("utf-8")
    assert f"#. In place of: {ours}" in text
    assert THEIRS in text


def test_an_override_is_translated_in_a_catalog_of_the_clinic(translated: ClinicFolder) -> None:
    printed = html(load.load(translated.path), "es")
    assert "Camine hasta su puerta." in printed
    assert THEIRS not in printed


def test_a_changed_override_leaves_its_translation_fuzzy(translated: ClinicFolder) -> None:
    translated.write("templates/overrides.toml", OVERRIDE.replace("front door", "garden gate"))
    run("translate", "update", "es", "--clinic", translated.path)
    changed = (translated.path / "locales/es/LC_MESSAGES/overrides.po").read_text("utf-8")
    assert "#, fuzzy" in changed
    assert "Camine hasta su puerta." not in html(load.load(translated.path), "es")


def test_a_leaflet_of_the_clinic_is_printed_and_translated(translated: ClinicFolder) -> None:
    found = load.load(translated.path)
    edition = plan(found, Request(leaflets=("sample",), languages=("es",), formats=("a4",)))[0]
    assert "Beba agua." in compose(Inputs(found), edition).html


def test_what_a_clinic_says_is_checked_like_what_we_say(clinic: ClinicFolder) -> None:
    clinic.write("templates/overrides.toml", OVERRIDE.replace("Walk to", "It is rare to reach"))
    done = run("check", "--clinic", clinic.path, "--format", "json", "--quick", "-l", "en")
    assert "RISK-01" in done.stdout
    assert "templates/overrides.toml" in done.stdout


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('[message."recovery.nothing"]\ntext = "Walk."', "there is no message of this id"),
        ('[message."redflag.fever"]\ntext = "You are hot."', "every leaflet shares this sentence"),
        ('[message."common.draft.text"]\ntext = "Checked."', "every leaflet shares this sentence"),
        ('[message."recovery.title"]\ntext = "Walk."', "a title names the leaflet"),
        ('[message."recovery.move.fall"]\ntext = "<strong>A fall:</strong> call."', "HOLD-01"),
        ('[message."recovery.main-message"]\ntext = "Walk %(steps)s steps."', "HOLD-02"),
        ('[message."recovery.main-message"]\ntext = "<b>Walk.</b>"', "MARK-03"),
        ('[message."recovery.main-message"]\ntext = "Walk 20 steps."', "NUM-"),
        ('[message."recovery.main-message"]\ntext = " "', "write text, not empty"),
        (
            '[message."recovery.main-message"]\ntext = "Walk."\nplural = "Walk."',
            "take `plural` out",
        ),
        ('[message."recovery.day.adult"]\ntext = "For %(hours)s hour."', "write `plural` too"),
        ('[message."recovery.main-message"]\nwords = "Walk."', "message.recovery"),
    ],
)
def test_an_override_that_would_harm_is_refused_in_one_sentence(
    clinic: ClinicFolder, entry: str, reason: str
) -> None:
    clinic.write("templates/overrides.toml", entry)
    with pytest.raises(InputError) as caught:
        plan(load.load(clinic.path), Request(leaflets=("diary",)))
    message = str(caught.value)
    assert "\n" not in message
    assert "overrides.toml" in message
    assert reason in message


def test_an_override_is_held_against_ours_wherever_leaflets_are_planned(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    clinic.write("templates/overrides.toml", '[message."recovery.nothing"]\ntext = "Walk."')
    for command in ("build", "personal"):
        done = run(command, "diary", "--clinic", clinic.path, "-o", tmp_path / "out")
        assert done.returncode == ExitCode.INPUT
        assert done.stderr.count("\n") == 1
        assert "there is no message of this id" in done.stderr
        assert not (tmp_path / "out").exists()
