"""The gate: an error in a text holds every edition back, whoever prints it, unless accepted."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from leaflets.catalogs import po
from leaflets.checks import wording as of_texts
from leaflets.compose.inputs import Inputs, program
from leaflets.compose.plan import Edition, Released, Request, over_errors, plan, released
from leaflets.editions import wording
from leaflets.editions.cache import Cache
from leaflets.editions.make import Making, make_edition
from leaflets.editions.packet import packet
from leaflets.editions.proof import Proof
from leaflets.errors import ExitCode
from leaflets.library import accepted, load, overlay
from leaflets.library.accepted import Acceptance
from leaflets.library.load import Library
from leaflets.library.seal import sealed
from leaflets.library.signoff import Role
from leaflets.problem import Severity, errors
from tests.conftest import ClinicFolder
from tests.running import in_this_process
from tests.test_command import run

DAY = dt.date(2026, 11, 29)
RELEASE = Released(reviewed=dt.date(2026, 8, 6), due=dt.date(2028, 8, 6))

#: A small leaflet that has warning signs.
LEAFLET = "warning-card"
TITLE = f"{LEAFLET}.title"

NO = re.compile(r"\bno ", re.IGNORECASE)


def say(clinic: ClinicFolder, domain: str, message: str, change: Callable[[str], str]) -> None:
    """Change one message of a Spanish catalog, in a copy of it in the clinic's folder."""
    name = po.file_name("es", domain)
    path = overlay.find(load.load(clinic.path).roots.locales, name)
    assert path
    file = polib.pofile(str(path), wrapwidth=0)
    entry = file.find(message, by="msgctxt")
    assert entry
    before = forms(entry)
    if entry.msgid_plural:
        entry.msgstr_plural = {number: change(text) for number, text in enumerate(before)}
    else:
        entry.msgstr = change(entry.msgstr)
    assert not set(forms(entry)) & set(before)
    file.save(str(clinic.write(f"locales/{name}", "")))


def forms(entry: polib.POEntry) -> list[str]:
    """List what stands for a message: one text, or one for each plural form."""
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


def the_opposite(text: str) -> str:
    """Say the opposite of a text that says “no” once."""
    return NO.sub("", text)


def planned(library: Library, language: str = "es") -> Edition:
    request = Request(leaflets=(LEAFLET,), languages=(language,), formats=("a4",))
    (edition,) = plan(library, request)
    return edition


def made(
    clinic: ClinicFolder, *, with_errors: bool = False, release: Released | None = None
) -> Proof:
    library = load.load(clinic.path)
    edition = planned(library)
    if with_errors:
        edition = over_errors(edition)
    if release:
        edition = released(edition, release)
    return make_edition(Inputs(library), edition)


@pytest.fixture
def clinic(clinic: ClinicFolder) -> ClinicFolder:
    """Return a clinic that has no more leaflets than these tests need."""
    clinic.write(
        "clinic.toml", f'name = "Clinic"\nregion = "GB"\nleaflets = ["{LEAFLET}", "diary"]'
    )
    return clinic


@pytest.fixture(scope="module")
def sign(library: Library) -> str:
    """Name a warning sign of the leaflet that says “no” once in Spanish."""
    path = overlay.find(library.roots.locales, po.file_name("es", "common"))
    file = polib.pofile(str(path))
    texts = {one.msgctxt: forms(one) for one in file.translated_entries()}
    signs = [f"redflag.{one.id}" for one in library.red_flags[library.leaflets[LEAFLET].red_flags]]
    said = (one for one in signs if one in texts)
    return next(one for one in said if all(len(NO.findall(text)) == 1 for text in texts[one]))


@pytest.fixture
def wrong_sign(clinic: ClinicFolder, sign: str) -> ClinicFolder:
    """Return a clinic whose Spanish says the opposite of a warning sign."""
    say(clinic, "common", sign, the_opposite)
    return clinic


@pytest.fixture
def wrong_sentence(clinic: ClinicFolder) -> ClinicFolder:
    """Return a clinic whose Spanish has a stray sign in a sentence that is no warning."""
    say(clinic, LEAFLET, TITLE, "{} %%".format)
    return clinic


@pytest.mark.parametrize("release", [None, RELEASE])
def test_a_warning_sign_that_says_the_opposite_is_not_printed(
    wrong_sign: ClinicFolder, sign: str, release: Released | None
) -> None:
    proof = made(wrong_sign, release=release)
    assert proof.file is None
    (problem,) = errors(proof.problems)
    assert (problem.code, problem.where, problem.language) == ("NEG-01", sign, "es")


def test_a_warning_sign_that_says_the_opposite_is_never_printed_over(
    wrong_sign: ClinicFolder,
) -> None:
    assert made(wrong_sign, with_errors=True).file is None


def test_a_packet_and_a_personal_sheet_stop_at_the_same_gate(wrong_sign: ClinicFolder) -> None:
    library = load.load(wrong_sign.path)
    bound = packet(library, [planned(library)], library.languages["en"])
    assert bound.file is None
    assert "NEG-01" in {problem.code for problem in bound.problems}


def test_the_look_at_a_page_that_is_held_back_says_why(wrong_sign: ClinicFolder) -> None:
    library = load.load(wrong_sign.path)
    proof = make_edition(Inputs(library), planned(library), Making(purpose="look"))
    assert proof.workings
    assert not proof.is_good
    assert "NEG-01" in {problem.code for problem in proof.problems}


def test_a_draft_is_printed_over_an_error_if_that_is_asked_for_and_says_so(
    wrong_sentence: ClinicFolder,
) -> None:
    assert made(wrong_sentence).file is None
    proof = made(wrong_sentence, with_errors=True)
    assert proof.is_good
    assert proof.edition.file.endswith(f"{LEAFLET}-es-a4-with-errors.pdf")
    assert [problem.code for problem in proof.problems if problem.where == TITLE]
    assert {problem.severity for problem in proof.problems} == {Severity.WARNING}
    library = load.load(wrong_sentence.path)
    looked = make_edition(Inputs(library), proof.edition, Making(purpose="look"))
    assert looked.workings
    assert looked.workings.layout
    for page in looked.workings.layout.pages:
        assert "Este borrador tiene errores conocidos." in page.text()


def test_only_drafts_that_have_errors_are_marked_as_such(
    wrong_sentence: ClinicFolder, tmp_path: Path
) -> None:
    output = tmp_path / "printed"
    asked = ("build", LEAFLET, "diary", "-l", "es", "-f", "a4", "-c", str(wrong_sentence.path))

    def names() -> set[str]:
        return {path.stem for path in output.glob("es/*.pdf")}

    assert run(*asked, "-o", str(output)).returncode == ExitCode.PROBLEMS
    assert names() == {"diary-es-a4"}
    assert run(*asked, "-o", str(output), "--with-errors").returncode == ExitCode.OK
    assert names() == {"diary-es-a4", f"{LEAFLET}-es-a4-with-errors"}
    say(wrong_sentence, LEAFLET, TITLE, lambda text: text.removesuffix(" %%"))
    assert run(*asked, "-o", str(output), "--with-errors").returncode == ExitCode.OK
    assert names() == {"diary-es-a4", f"{LEAFLET}-es-a4"}


def test_a_release_is_never_printed_over_an_error(wrong_sentence: ClinicFolder) -> None:
    assert made(wrong_sentence, with_errors=True, release=RELEASE).file is None
    assert run("build", "--release", "--with-errors").returncode == ExitCode.USAGE


def accept(clinic: ClinicFolder, role: Role, *, until: dt.date = dt.date(2999, 1, 1)) -> None:
    """Accept the finding in the warning sign, for the text as it is now."""
    (problem,) = errors(made(clinic).problems)
    entry = Acceptance(
        code=problem.code, message=problem.where, text=problem.digest, name="Dr Eva Sol",
        role=role, why="Read aloud to three patients.", on=DAY, until=until,
    )  # fmt: skip
    clinic.write("locales/es/accepted.toml", accepted.encoded([sealed(entry)]).decode())


def test_a_finding_that_was_accepted_holds_nothing_back(wrong_sign: ClinicFolder) -> None:
    accept(wrong_sign, "clinician")
    assert made(wrong_sign).is_good


@pytest.mark.parametrize(
    ("role", "until"),
    [("reviser", dt.date(2999, 1, 1)), ("clinician", dt.date(2020, 1, 1))],
    ids=["a warning sign needs the clinician", "the acceptance is over"],
)
def test_an_acceptance_that_does_not_hold_changes_nothing(
    wrong_sign: ClinicFolder, role: Role, until: dt.date
) -> None:
    accept(wrong_sign, role, until=until)
    assert made(wrong_sign).file is None


def test_an_acceptance_is_of_one_text(wrong_sign: ClinicFolder, sign: str) -> None:
    accept(wrong_sign, "clinician")
    say(wrong_sign, "common", sign, "{} Espere.".format)
    assert made(wrong_sign).file is None


def test_what_was_found_is_kept_until_something_changes(
    wrong_sign: ClinicFolder, sign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache", program())
    monkeypatch.setattr(wording, "_known", {})

    def codes() -> list[str]:
        found = load.load(wrong_sign.path)
        asked = [("message", "es", sign, "")]
        return [one.code for one in wording.faults(Inputs(found), planned(found), asked, cache)]

    assert codes() == ["NEG-01"]
    monkeypatch.setattr(wording, "_known", {})
    monkeypatch.setattr(of_texts, "check", None)  # whoever checks again now fails
    assert codes() == ["NEG-01"]
    monkeypatch.undo()
    monkeypatch.setattr(wording, "_known", {})
    (wrong_sign.path / "locales" / po.file_name("es", "common")).unlink()  # what it says is ours
    assert codes() == []


def test_accept_says_who_looked_and_why_and_status_shows_it(
    wrong_sign: ClinicFolder, sign: str
) -> None:
    words = ("accept", "NEG-01", "es", f"{sign[:-1]}*", "--name", "Dr Eva Sol", "--until",
             "2999-01-01", "--clinic", wrong_sign.path)  # fmt: skip
    refused = in_this_process(*words, "--why", "Read to patients.", "--role", "translator")
    assert refused.returncode == ExitCode.USAGE
    assert "a clinician alone" in refused.stderr
    assert in_this_process(*words, "--why", " ", "--role", "clinician").returncode == ExitCode.USAGE
    assert not (wrong_sign.path / "locales/es/accepted.toml").exists()
    done = in_this_process(*words, "--why", "Read to patients.", "--role", "clinician")
    assert done.returncode == ExitCode.OK
    assert made(wrong_sign).is_good
    shown = in_this_process("status", "-l", "es", "--clinic", wrong_sign.path).stdout
    assert f"NEG-01 in {sign} was accepted by Dr Eva Sol as clinician" in shown
    assert "Read to patients." in shown
    again = in_this_process(*words, "--why", "Read to patients.", "--role", "clinician")
    assert f"NEG-01 in {sign}" in again.stdout
    nothing = in_this_process("accept", "NEG-01", "es", TITLE, *words[4:], "--why", "x",
                  "--role", "clinician")  # fmt: skip
    assert nothing.returncode == ExitCode.USAGE
    assert "no finding NEG-01" in nothing.stderr


def test_a_language_whose_words_no_check_knows_is_told_so_and_its_signs_are_held(
    clinic: ClinicFolder,
) -> None:
    added = in_this_process("translate", "add", "so", "--clinic", clinic.path)
    assert added.returncode == ExitCode.OK, added.stderr
    assert "Somali lacks its words for no and not" in added.stdout
    assert "Somali lacks its safety words" in added.stdout
    assert "Somali lacks" in in_this_process("status", "-l", "so", "--clinic", clinic.path).stdout
    checked = in_this_process("check", "--quick", "-l", "so", "--clinic", clinic.path).stdout
    assert "DATA-01 so: Somali lacks its safety words" in checked
    for domain in ("common", LEAFLET):
        path = clinic.path / "locales" / po.file_name("so", domain)
        file = polib.pofile(str(path), wrapwidth=0)
        for entry in file:
            if entry.msgid_plural:
                entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, entry.msgid_plural)
            else:
                entry.msgstr = entry.msgid
        file.save(str(path))
    library = load.load(clinic.path)
    edition = planned(library, "so")
    proof = make_edition(Inputs(library), edition)
    assert proof.file is None
    held = {problem.where for problem in errors(proof.problems) if problem.code == "DATA-02"}
    assert held == {f"redflag.{flag.id}" for flag in library.red_flags[edition.leaflet.red_flags]}
