"""Catalogs: English is never passed off as a translation, and damage never reaches a page."""

import subprocess
from pathlib import Path

import polib
import pytest

from leaflets.catalogs import extract, integrity, po
from leaflets.checks import catalog
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import InputError
from leaflets.library import load, overlay
from leaflets.library.load import Library
from leaflets.problem import Severity
from tests.conftest import RELEASE, ClinicFolder

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)


def translated(clinic: ClinicFolder, text: str, *, fuzzy: bool = False) -> None:
    flag = "#, fuzzy\n" if fuzzy else ""
    clinic.write(
        "locales/es/LC_MESSAGES/sample.po",
        f'{HEADER}msgctxt "sample.title"\nmsgid "A sample"\nmsgstr "Una muestra"\n\n'
        f'{flag}msgctxt "sample.main"\nmsgid "Drink water."\nmsgstr "{text}"\n',
    )


def test_a_translation_is_printed(clinic: ClinicFolder) -> None:
    translated(clinic, "Beba agua.")
    result = clinic.proof("es")
    assert result.problems == ()
    assert result.is_good


@pytest.mark.parametrize("fuzzy", [True, False])
def test_an_untranslated_sentence_is_a_warning_in_a_draft_and_an_error_in_a_release(
    clinic: ClinicFolder, *, fuzzy: bool
) -> None:
    translated(clinic, "Beba agua." if fuzzy else "", fuzzy=fuzzy)
    draft = [one for one in clinic.problems("es") if one.where == "sample.main"]
    release = [one for one in clinic.problems("es", RELEASE) if one.where == "sample.main"]
    assert [(one.code, one.severity) for one in draft] == [("TRAN-01", Severity.WARNING)]
    assert [(one.code, one.severity) for one in release] == [("TRAN-01", Severity.ERROR)]
    assert not clinic.proof("es", RELEASE).is_good


def test_an_untranslated_sentence_is_marked_as_english(clinic: ClinicFolder) -> None:
    translated(clinic, "")
    found = load.load(clinic.path)
    (edition,) = plan(found, Request(leaflets=("sample",), languages=("es",)))
    assert '<span lang="en" dir="ltr">Drink water.</span>' in compose(Inputs(found), edition).html


def test_a_warning_sign_never_falls_back_to_english(clinic: ClinicFolder, library: Library) -> None:
    translated(clinic, "Beba agua.")
    path = overlay.find(library.roots.locales, po.file_name("es", "common"))
    assert path
    common = polib.pofile(str(path), wrapwidth=0)
    (entry,) = [one for one in common if one.msgctxt == "redflag.breath"]
    entry.msgstr = ""
    common.save(str(clinic.write("locales/es/LC_MESSAGES/common.po", "")))
    (problem,) = clinic.problems("es")
    assert (problem.code, problem.severity) == ("SAFE-01", Severity.ERROR)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Beba %(agua)s.", "HOLD-02"),
        ("Beba cien % agua.", "HOLD-05"),
        ("Beba <b>agua</b>.", "MARK-03"),
        ("Beba <script>alert()</script>", "MARK-03"),
        ("Beba <strong>agua.", "MARK-02"),
        ("Beba agua & té.", "MARK-04"),
        ("Beba 2 vasos.", "NUM-03"),
        ("Beba ٢ vasos.", "NUM-03"),
        ("Beba \u202eagua.", "CHAR-02"),
        ("Beba te\u0301.", "CHAR-03"),
        ("{{ clinic }} {% if %}", "HOLD-05"),
    ],
)
def test_a_damaged_translation_is_named_and_not_printed(
    clinic: ClinicFolder, text: str, code: str
) -> None:
    translated(clinic, text)
    result = clinic.proof("es")
    assert code in {one.code for one in result.problems if one.where == "sample.main"}
    assert not result.is_good


def test_a_template_expression_in_a_translation_is_only_text(clinic: ClinicFolder) -> None:
    translated(clinic, "Beba {{ clinic.name }}.")
    found = load.load(clinic.path)
    (edition,) = plan(found, Request(leaflets=("sample",), languages=("es",)))
    assert "{{ clinic.name }}" in compose(Inputs(found), edition).html


@pytest.mark.parametrize(
    ("source", "forms"),
    [
        (("Wait %(days)s day.", "Wait %(days)s days."), ("Espere %(days)s día.", "Espere.")),
        (("Call %(phone)s.",), ("Llame a %(phone)s o %(phone)s.",)),
        (("<strong>Stop.</strong> Call.",), ("Pare. Llame.",)),
    ],
)
def test_placeholders_and_markup_must_be_kept_in_every_form(
    source: tuple[str, ...], forms: tuple[str, ...]
) -> None:
    assert list(integrity.faults(source, forms))


def test_a_correct_translation_has_no_fault() -> None:
    source = ("<strong>Wait %(days)s day.</strong>", "<strong>Wait %(days)s days.</strong>")
    forms = ("<strong>Espere %(days)s día.</strong>", "<strong>Espere %(days)s días.</strong>")
    assert list(integrity.faults(source, forms)) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (HEADER + 'msgid "a\nmsgstr "b"\n', "line 6"),
        (HEADER + 'msgid "a"\nmsgstr "b" c"\n', "line 7"),
        (HEADER + 'msgid "a"\nmsgstr b\n', "line 7"),
        (HEADER + "garbage\n", "line 6"),
        (HEADER + 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "already exists"),
    ],
)
def test_a_broken_catalog_is_refused_with_its_place(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "sample.po"
    path.write_text(text)
    with pytest.raises(InputError, match=part) as caught:
        po.read(path)
    assert "sample.po" in str(caught.value)


def test_flags_are_read_with_or_without_a_space_before_them(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text('#,fuzzy\nmsgctxt "a"\nmsgid "b"\nmsgstr "c"\n')
    assert po.read(path).entries["a", "b"].fuzzy


def test_a_broken_catalog_stops_only_its_own_editions(clinic: ClinicFolder) -> None:
    clinic.write("locales/es/LC_MESSAGES/sample.po", HEADER + 'msgid "a\n')
    (problem,) = clinic.problems("es")
    assert problem.code == "FILE-01"
    assert "sample.po" in problem.message
    assert clinic.problems("en") == ()


def test_a_wrong_plural_header_is_named(clinic: ClinicFolder) -> None:
    translated(clinic, "Beba agua.")
    path = clinic.path / "locales/es/LC_MESSAGES/sample.po"
    path.write_text(path.read_text().replace("nplurals=2; plural=(n != 1)", "nplurals=1; plural=0"))
    found = load.load(clinic.path)
    assert "FORM-02" in {one.code for one in catalog.check(found, found.languages["es"])}


@pytest.mark.parametrize("tag", ["es", "ar"])
def test_the_catalogs_are_complete_and_whole(library: Library, tag: str) -> None:
    problems = catalog.check(library, library.languages[tag])
    assert [problem.sentence() for problem in problems] == []


def test_every_language_of_ours_translates_each_warning_sign(library: Library) -> None:
    signs = [one for one in extract.domain(library, "common") if one.id.startswith("redflag.")]
    own = [one for one in library.languages.values() if not (one.pseudo or one.parent or one.begun)]
    for language in (one for one in own if one.tag != "en"):
        entries = po.load(library, language.tag, "common").entries
        lacking = [sign.id for sign in signs if not entries[sign.key].usable]
        assert lacking == [], language.tag
    assert len(own) == 8


@pytest.mark.parametrize("tag", ["es", "ar"])
def test_gettext_accepts_every_catalog(library: Library, tag: str) -> None:
    files = sorted((library.roots.locales[-1] / tag / "LC_MESSAGES").glob("*.po"))
    assert {path.stem for path in files} == {"common", "desk", *library.leaflets}
    for path in files:
        subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(path)], check=True)


@pytest.mark.parametrize("tag", ["es", "ar"])
def test_every_catalog_says_that_it_is_a_draft_without_a_qualified_translator(
    library: Library, tag: str
) -> None:
    for path in (library.roots.locales[-1] / tag / "LC_MESSAGES").glob("*.po"):
        text = path.read_text("utf-8")
        assert "DRAFT: made without a qualified translator" in text.partition("msgid")[0]


def test_no_catalog_holds_a_message_that_the_templates_do_not(library: Library) -> None:
    for domain in ("common", *library.leaflets):
        wanted = {message.key for message in extract.domain(library, domain)}
        for tag in ("es", "ar"):
            assert set(po.load(library, tag, domain).entries) == wanted


def test_every_message_that_a_page_asks_for_is_extracted(library: Library) -> None:
    for slug in library.leaflets:
        known = {
            message.key
            for domain in (slug, "common")
            for message in extract.domain(library, domain)
        }
        (edition,) = plan(library, Request(leaflets=(slug,), languages=("en",), formats=("a4",)))
        assert set(compose(Inputs(library), edition).requested) <= known
