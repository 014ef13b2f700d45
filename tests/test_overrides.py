"""A clinic says a paragraph in its own words, and nothing that a page needs gets lost by it."""

from pathlib import Path

import pytest

from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import ExitCode, InputError
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder, composed
from tests.test_command import run

OURS = "Keep moving a little every day."
THEIRS = "Walk to your own front door and back every day."

OVERRIDE = f"""
[message."recovery.main-message"]
text = "{THEIRS} Learn the warning signs at the end of this sheet."
"""


def fingerprints(library: Library) -> dict[str, str]:
    editions = plan(library, Request(languages=("en", "es"), formats=("a4",)))
    return {edition.name: composed(library, edition).fingerprint for edition in editions}


def html(library: Library, tag: str) -> str:
    request = Request(leaflets=("recovery",), languages=(tag,), formats=("a4",))
    return compose(Inputs(library), plan(library, request)[0]).html


def test_an_override_is_printed_in_place_of_ours(clinic: ClinicFolder) -> None:
    assert OURS in html(load.load(clinic.path), "en")
    clinic.write("templates/overrides.toml", OVERRIDE)
    printed = html(load.load(clinic.path), "en")
    assert THEIRS in printed
    assert OURS not in printed


def test_an_override_makes_another_edition(clinic: ClinicFolder) -> None:
    before = fingerprints(load.load(clinic.path))
    clinic.write("templates/overrides.toml", OVERRIDE)
    after = fingerprints(load.load(clinic.path))
    assert before["recovery-en-a4"] != after["recovery-en-a4"]
    assert before["recovery-es-a4"] != after["recovery-es-a4"]


def test_an_override_keeps_both_forms_and_their_placeholders(clinic: ClinicFolder) -> None:
    clinic.write(
        "templates/overrides.toml",
        '[message."recovery.day.adult"]\n'
        'text = "Stay with an adult for %(hours)s hour."\n'
        'plural = "Stay with an adult for %(hours)s hours."\n',
    )
    assert "Stay with an adult for " in html(load.load(clinic.path), "en")


def test_an_override_without_a_translation_is_english_and_a_warning(clinic: ClinicFolder) -> None:
    clinic.write("templates/overrides.toml", OVERRIDE)
    done = run(
        "build", "recovery", "--clinic", clinic.path, "-l", "es", "-f", "a4", "-o",
        clinic.path / "out",
    )  # fmt: skip
    assert done.returncode == ExitCode.OK
    assert "recovery.main-message" in done.stdout
    assert THEIRS in html(load.load(clinic.path), "es")


def test_an_override_is_translated_in_a_catalog_of_the_clinic(clinic: ClinicFolder) -> None:
    clinic.write("templates/overrides.toml", OVERRIDE)
    done = run("translate", "update", "es", "--clinic", clinic.path)
    assert done.stdout.splitlines() == [
        "es/LC_MESSAGES/overrides.po",
        "es/LC_MESSAGES/sample.po",
    ]
    path = clinic.path / "locales/es/LC_MESSAGES/overrides.po"
    text = path.read_text("utf-8")
    assert f"#. In place of: {OURS}" in text
    assert THEIRS in text
    path.write_text(text.replace('msgstr ""', 'msgstr "Camine hasta su puerta."').replace(
        'msgstr "Camine hasta su puerta."', 'msgstr ""', 1
    ), "utf-8")  # fmt: skip
    printed = html(load.load(clinic.path), "es")
    assert "Camine hasta su puerta." in printed
    assert THEIRS not in printed


def test_a_changed_override_leaves_its_translation_fuzzy(clinic: ClinicFolder) -> None:
    test_an_override_is_translated_in_a_catalog_of_the_clinic(clinic)
    clinic.write("templates/overrides.toml", OVERRIDE.replace("front door", "garden gate"))
    run("translate", "update", "es", "--clinic", clinic.path)
    assert "#, fuzzy" in (clinic.path / "locales/es/LC_MESSAGES/overrides.po").read_text("utf-8")
    assert "Camine hasta su puerta." not in html(load.load(clinic.path), "es")


def test_a_leaflet_of_the_clinic_is_printed_and_translated(clinic: ClinicFolder) -> None:
    run("translate", "update", "es", "--clinic", clinic.path)
    path = clinic.path / "locales/es/LC_MESSAGES/sample.po"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace(
            'msgid "Drink water."\nmsgstr ""', 'msgid "Drink water."\nmsgstr "Beba agua."'
        ),
        "utf-8",
    )
    found = load.load(clinic.path)
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
        (
            '[message."recovery.check.bones"]\ntext = "Cement makes your bones strong."',
            "ours says “not”",
        ),
        ('[message."recovery.main-message"]\nwords = "Walk."', "message.recovery"),
    ],
)
def test_an_override_that_would_harm_is_refused_in_one_sentence(
    clinic: ClinicFolder, entry: str, reason: str
) -> None:
    clinic.write("templates/overrides.toml", entry)
    done = run("build", "diary", "--clinic", clinic.path, "-l", "en", "-o", clinic.path / "out")
    assert done.returncode == ExitCode.INPUT
    assert done.stderr.count("\n") == 1
    assert "overrides.toml" in done.stderr
    assert reason in done.stderr


def test_an_override_is_held_against_ours_wherever_leaflets_are_planned(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    clinic.write("templates/overrides.toml", '[message."recovery.nothing"]\ntext = "Walk."')
    with pytest.raises(InputError, match="there is no message of this id"):
        plan(load.load(clinic.path), Request())
    done = run("personal", "recovery", "--clinic", clinic.path, "-o", tmp_path / "s.pdf")
    assert "there is no message of this id" in done.stderr
    assert not (tmp_path / "s.pdf").exists()
