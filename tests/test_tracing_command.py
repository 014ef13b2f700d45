"""The commands trace, recall and due, as a clinic would use them with a sheet in hand."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leaflets.compose.plan import Request, plan
from leaflets.errors import ExitCode
from leaflets.library import home, load
from leaflets.records import ledger
from leaflets.records.ledger import LedgerEntry
from tests.conftest import CLINIC_TOML, ClinicFolder, composed
from tests.running import in_this_process

DAY = "1795564800"  # 2026-11-25
LATER = "1798761600"  # 2027-01-01

WHY = ("--reason", "Wrong telephone number", "--name", "Dr Lee")


def run(
    *arguments: str, clinic: Path | None = None, day: str = DAY
) -> subprocess.CompletedProcess[str]:
    folder = ["--clinic", str(clinic)] if clinic else []
    if arguments[0] != "build":
        return in_this_process(*arguments, *folder, SOURCE_DATE_EPOCH=day)
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", *arguments, *folder],
        capture_output=True, text=True, check=False, env={**os.environ, "SOURCE_DATE_EPOCH": day},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done


def build(clinic: ClinicFolder, *more: str, day: str = DAY) -> subprocess.CompletedProcess[str]:
    out = str(clinic.path / "print")
    return run("build", "sample", "-l", "en", "-o", out, *more, clinic=clinic.path, day=day)


def codes(clinic: ClinicFolder) -> list[str]:
    """List the codes that were printed, in the order of printing."""
    entries = ledger.read(clinic.path).entries
    return [one.code for one in sorted(entries, key=lambda one: one.last)]


def say(clinic: ClinicFolder, text: str) -> None:
    path = clinic.path / "templates/leaflets/sample/leaflet.html"
    path.write_text(path.read_text().replace("Drink water.", text))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print the leaflet of a clinic once, for all tests."""
    clinic = ClinicFolder(tmp_path_factory.mktemp("clinic"))
    clinic.without_our_claims()
    assert build(clinic).returncode == ExitCode.OK
    return clinic.path


@pytest.fixture
def printed(once: Path, tmp_path: Path) -> ClinicFolder:
    """Return a clinic folder of one's own, in which the leaflet was printed."""
    folder = tmp_path / "clinic"
    shutil.copytree(once, folder)
    return ClinicFolder(folder)  # writes what is there already


def test_a_code_leads_to_leaflet_language_format_day_and_status(printed: ClinicFolder) -> None:
    (code,) = codes(printed)
    for typed in (code, code.lower().replace("-", " ")):
        done = run("trace", typed, clinic=printed.path)
        assert done.returncode == ExitCode.OK
        assert f"{code}  A sample (sample), English, a4" in done.stdout
        assert "Printed first on 2026-11-25 as a draft: 2 pages, region GB" in done.stdout
        assert "Signed by nobody" in done.stdout
        assert "Current" in done.stdout


def test_a_release_is_traced_to_those_who_signed_it(printed: ClinicFolder) -> None:
    who = ["--role", "clinician", "--name", "Dr Sol", "--until", "2028-11-25"]
    assert run("sign", "sample", "en", "--yes", *who, clinic=printed.path).returncode == ExitCode.OK
    assert build(printed, "--release").returncode == ExitCode.OK
    draft, release = codes(printed)
    done = run("trace", release, clinic=printed.path)
    assert "as a release" in done.stdout
    assert "Signed by Dr Sol as clinician on 2026-11-25, until 2028-11-25" in done.stdout
    assert f"now there is {release}" in run("trace", draft, clinic=printed.path).stdout
    assert "does not hold" not in done.stdout
    (printed.path / "locales/en/signoff.toml").unlink()
    assert (
        "Its sign-off does not hold any more" in run("trace", release, clinic=printed.path).stdout
    )
    (record,) = json.loads(run("trace", release, "--json", clinic=printed.path).stdout)
    assert record["edition"]["ended"] is True


def test_a_superseded_sheet_names_its_successor_and_shows_what_changed(
    printed: ClinicFolder,
) -> None:
    say(printed, "Drink no water.")
    assert build(printed, day=LATER).returncode == ExitCode.OK
    old, new = codes(printed)
    done = run("trace", old, clinic=printed.path)
    assert f"Superseded since 2027-01-01; now there is {new}" in done.stdout
    assert "sample.main: source: Drink{+ no+} water." in done.stdout
    (record,) = json.loads(run("trace", old, "--json", clinic=printed.path).stdout)
    assert (record["state"], record["superseded"]["by"]) == ("superseded", new)
    assert [one["after"]["id"] for one in record["superseded"]["changes"]] == ["sample.main"]
    assert "Current" in run("trace", new, clinic=printed.path).stdout


def test_a_changed_telephone_number_is_shown_too(printed: ClinicFolder) -> None:
    printed.write("clinic.toml", f'{CLINIC_TOML}phone = "020 7946 0000"\n')
    assert build(printed).returncode == ExitCode.OK
    shown = run("trace", codes(printed)[0], clinic=printed.path).stdout
    assert "clinic.phone: source: {+020 7946 0000+}" in shown


def test_a_change_of_looks_alone_is_said_to_be_one(printed: ClinicFolder) -> None:
    ours = (home.home() / "templates/style/page.css").read_text("utf-8")
    printed.write("templates/style/page.css", f"{ours}\nh1 {{ margin-top: 0.1mm; }}\n")
    assert build(printed).returncode == ExitCode.OK
    assert "No text differs" in run("trace", codes(printed)[0], clinic=printed.path).stdout


def test_a_code_of_no_edition_is_said_to_be_unknown(printed: ClinicFolder) -> None:
    done = run("trace", "111-1111", clinic=printed.path)
    assert done.returncode == ExitCode.PROBLEMS
    assert "no record of 111-1111" in done.stdout
    assert json.loads(run("trace", "1111111", "--json", clinic=printed.path).stdout) == []


def test_a_mistyped_code_is_told_from_an_unknown_one(printed: ClinicFolder) -> None:
    done = run("trace", "111-1112", clinic=printed.path)
    assert done.returncode == ExitCode.USAGE
    assert "one sign is wrong or two are swapped" in done.stderr


def test_without_a_ledger_the_plan_of_today_is_searched(tmp_path: Path) -> None:
    stated = 'name = "Test"\nregion = "GB"\nlanguages = ["es"]\n'
    (tmp_path / "clinic.toml").write_text(stated, "utf-8")
    library = load.load(tmp_path)
    (edition,) = plan(library, Request(leaflets=("recovery",), languages=("es",), formats=("a4",)))
    done = run("trace", composed(library, edition).code, clinic=tmp_path)
    assert done.returncode == ExitCode.OK
    assert "(recovery), Spanish, a4" in done.stdout
    assert "neither `leaflets build` nor the desk has printed it" in done.stdout


def test_a_recalled_edition_is_named_taken_out_and_not_printed_again(
    printed: ClinicFolder,
) -> None:
    (code,) = codes(printed)
    done = run("recall", code.lower(), *WHY, clinic=printed.path)
    assert done.returncode == ExitCode.OK
    shown = run("trace", code, clinic=printed.path).stdout
    assert "RECALLED on 2026-11-25 by Dr Lee, not proved: Wrong telephone number" in shown
    assert "Current" not in shown
    again = build(printed)
    assert again.returncode == ExitCode.PROBLEMS
    assert "GOV-06" in again.stdout
    assert not list((printed.path / "print").glob("*/*.pdf"))
    manifest = json.loads((printed.path / "print/manifest.json").read_text())
    assert manifest["editions"] == []


def test_a_recalled_edition_is_printed_once_something_of_it_changes(printed: ClinicFolder) -> None:
    (code,) = codes(printed)
    run("recall", code, *WHY, clinic=printed.path)
    say(printed, "Drink tea.")
    assert build(printed).returncode == ExitCode.OK
    shown = run("trace", code, clinic=printed.path).stdout
    assert "RECALLED" in shown
    assert "Superseded since 2026-11-25" in shown


def test_a_recall_holds_what_says_the_same_under_another_code(printed: ClinicFolder) -> None:
    (code,) = codes(printed)
    run("recall", code, *WHY, clinic=printed.path)
    say(printed, "Drink\u2060   water.")
    again = build(printed)
    assert again.returncode == ExitCode.PROBLEMS
    assert f"{code} was recalled by Dr Lee" in again.stdout
    assert not list((printed.path / "print").glob("*/*.pdf"))


def test_a_recall_from_a_copy_without_the_ledger_holds_the_words_as_well(
    printed: ClinicFolder,
) -> None:
    (code,) = codes(printed)
    shutil.rmtree(printed.path / "ledger")
    assert run("recall", code, *WHY, clinic=printed.path).returncode == ExitCode.OK
    stated = (printed.path / "clinic.toml").read_text("utf-8")
    printed.write("clinic.toml", stated.replace("Test clinic", "Test  clinic"))
    again = build(printed)
    assert again.returncode == ExitCode.PROBLEMS
    assert f"{code} was recalled by Dr Lee" in again.stdout


def test_a_recalled_draft_is_not_released_and_leaves_the_folder_without_a_manifest(
    printed: ClinicFolder,
) -> None:
    (code,) = codes(printed)
    who = ["--role", "clinician", "--name", "Dr Sol", "--until", "2028-11-25"]
    assert run("sign", "sample", "en", "--yes", *who, clinic=printed.path).returncode == ExitCode.OK
    run("recall", code, *WHY, clinic=printed.path)
    (printed.path / "print/manifest.json").unlink()
    done = build(printed, "--release")
    assert done.returncode == ExitCode.PROBLEMS
    assert f"{code} was recalled by Dr Lee" in done.stdout
    assert not [*(printed.path / "print").rglob("*.pdf")]


def test_recalls_are_listed_and_kept_as_text_to_review(printed: ClinicFolder) -> None:
    assert "Nothing is recalled" in run("recall", "--list", clinic=printed.path).stdout
    (code,) = codes(printed)
    run("recall", code, *WHY, clinic=printed.path)
    listed = run("recall", "--list", clinic=printed.path).stdout
    assert listed == (
        f"{code}  sample, en, a4: RECALLED on 2026-11-25 by Dr Lee, not proved:"
        " Wrong telephone number\n"
    )
    text = (printed.path / "recalls.toml").read_text()
    assert 'reason = "Wrong telephone number"' in text
    again = run("recall", code, "--reason", "Other", "--name", "Ana", clinic=printed.path)
    assert "Recalled already" in again.stdout
    assert (printed.path / "recalls.toml").read_text() == text


def test_the_same_words_in_another_format_are_pointed_out(printed: ClinicFolder) -> None:
    (a4,) = codes(printed)
    build(printed, "-f", "letter")
    (letter,) = set(codes(printed)) - {a4}
    done = run("recall", a4, *WHY, clinic=printed.path)
    assert f"{letter}  sample, en, letter: has the same words and is not recalled" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("111-1111", *WHY), "Nothing was recalled"),
        (("CODE", "111-1111", *WHY), "Nothing was recalled"),
        (("CODE", "--name", "Dr Lee"), "--reason: write it in one line"),
        (("CODE", "--reason", "Wrong"), "--name: write it in one line"),
        (("CODE", "--reason", "a\nb", "--name", "Dr Lee"), "--reason: write it in one line"),
        ((), "Name the code of what you recall, or --list"),
    ],
)
def test_a_recall_that_is_not_complete_changes_nothing(
    printed: ClinicFolder, arguments: tuple[str, ...], reason: str
) -> None:
    (code,) = codes(printed)
    filled = [code if one == "CODE" else one for one in arguments]
    done = run("recall", *filled, clinic=printed.path)
    assert done.returncode == ExitCode.USAGE
    assert reason in done.stderr
    assert not (printed.path / "recalls.toml").exists()


def test_a_recall_needs_a_clinic_folder() -> None:
    done = run("recall", "111-1111", *WHY)
    assert done.returncode == ExitCode.USAGE
    assert "--clinic FOLDER" in done.stderr


@pytest.mark.parametrize(("old", "new"), [('code = "', 'code = "1'), ("reason", "raeson")])
def test_a_damaged_recall_stops_the_build(printed: ClinicFolder, old: str, new: str) -> None:
    run("recall", codes(printed)[0], *WHY, clinic=printed.path)
    path = printed.path / "recalls.toml"
    path.write_text(path.read_text().replace(old, new))
    done = build(printed)
    assert done.returncode == ExitCode.INPUT
    assert "recalls.toml" in done.stderr


def test_a_recall_is_told_even_if_the_ledger_is_lost(printed: ClinicFolder) -> None:
    (code,) = codes(printed)
    run("recall", code, *WHY, clinic=printed.path)
    say(printed, "Drink tea.")
    for path in (printed.path / "ledger").iterdir():
        path.unlink()
    done = run("trace", code, clinic=printed.path)
    assert done.returncode == ExitCode.OK
    assert "RECALLED" in done.stdout


def test_lost_texts_are_counted_and_the_rest_is_told(printed: ClinicFolder) -> None:
    say(printed, "Drink tea.")
    build(printed)
    (printed.path / "ledger/texts.jsonl").unlink()
    entries: tuple[LedgerEntry, ...] = ledger.read(printed.path).entries
    done = run("trace", codes(printed)[0], clinic=printed.path)
    assert done.returncode == ExitCode.OK
    lost = sum(len(one.items) for one in entries)
    assert f"The words of {lost} texts are not in the ledger" in done.stdout


def test_due_lists_what_status_due_lists(printed: ClinicFolder) -> None:
    printed.write("clinic.toml", 'region = "GB"\nlanguages = ["en"]\nleaflets = ["sample"]\n')
    who = ["--role", "clinician", "--name", "Dr Sol", "--until", "2027-01-15"]
    run("sign", "sample", "en", "--yes", *who, clinic=printed.path)
    listed = run("due", "90d", clinic=printed.path)
    assert listed.stdout == run("status", "--due", "90d", clinic=printed.path).stdout
    assert listed.stdout.startswith("2027-01-15  sample, en, clinician: Dr Sol must check it")
