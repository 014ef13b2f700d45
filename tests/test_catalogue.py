"""The catalogue of an output folder, for people with a browser and for programs."""

import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import msgspec
import pytest
from playwright.sync_api import Browser, Page

from leaflets.compose.plan import Edition, Released, Request, plan, released
from leaflets.editions import signing
from leaflets.errors import InputError, RequestError
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.output.site import atom, catalogue, infobutton
from leaflets.output.site.catalogue import Catalogue
from leaflets.output.site.publish import publish
from leaflets.records.signing import Signer
from tests import browsing, running
from tests.conftest import print_into

ROOT = Path(__file__).resolve().parent.parent
ATOM = "{http://www.w3.org/2005/Atom}"
ICD = "2.16.840.1.113883.6.90"


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print four leaflets in four scripts, one of them as a release, and publish them."""
    made = tmp_path_factory.mktemp("site")
    slugs = ("recovery", "osteoporosis-care", "diary", "warning-card")
    request = Request(
        leaflets=slugs, languages=("en", "es", "ar", "zh-Hans"), formats=("a4", "html")
    )
    first, *others = plan(library, request)
    days = (dt.date(2026, 8, 6), dt.date(2028, 8, 6))
    signed = signed_by_a_clinician(library, first, tmp_path_factory.mktemp("signed"), *days)
    editions = (released(first, Released(*days)), *others)
    print_into(signed, editions, made, 2)
    with shelf.opened(made) as output:
        publish(library, output)
        output.commit()
    return made


def signed_by_a_clinician(
    library: Library, edition: Edition, folder: Path, on: dt.date, until: dt.date
) -> Library:
    """Sign the pages of an edition into a folder of its own; return the library with it."""
    request = Request(
        leaflets=(edition.leaflet.slug,),
        languages=(edition.language.tag,),
        formats=(edition.format.id,),
    )
    signer = Signer("Dr Eva Sol", "clinician", on, until)
    signing.sign(signing.propose([library], request, signer), folder)
    roots = msgspec.structs.replace(
        library.roots, locales=(folder / "locales", *library.roots.locales)
    )
    return msgspec.structs.replace(library, roots=roots)


@pytest.fixture(scope="module")
def found(folder: Path) -> Catalogue:
    return catalogue.read(folder)


def test_the_catalogue_is_what_its_schema_says(folder: Path) -> None:
    schema = json.loads((ROOT / "docs/catalogue.schema.json").read_text())
    written = json.loads((folder / "catalogue.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema, format_checker=jsonschema.FormatChecker())
    assert len(written["editions"]) == 32
    del written["editions"][0]["code"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, schema)


def test_every_record_names_a_file_that_is_there_and_unchanged(
    folder: Path, found: Catalogue
) -> None:
    for one in found.editions:
        data = (folder / one.file).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one.size, one.sha256)


def test_titles_are_in_their_language_and_a_release_has_its_days(found: Catalogue) -> None:
    titles = {one.language: one.title for one in found.editions if one.leaflet == "recovery"}
    assert titles["en"] == "Getting better after sacroplasty"
    assert "recuperación" in titles["es"]
    (release,) = [one for one in found.editions if one.status == "release"]
    assert (release.reviewed, release.due) == (dt.date(2026, 8, 6), dt.date(2028, 8, 6))


def test_each_edition_states_its_country_in_its_language(folder: Path, found: Catalogue) -> None:
    countries = {one.language: (one.region, one.country) for one in found.editions}
    assert countries == {
        "en": ("US", "United States"), "es": ("US", "Estados Unidos"),
        "ar": ("US", "الولايات المتحدة"), "zh-Hans": ("US", "美国"),
    }  # fmt: skip
    page = (folder / "index.html").read_text("utf-8")
    feed = (folder / "catalogue.atom").read_text("utf-8")
    asked = f"mainSearchCriteria.v.c=M81.0&mainSearchCriteria.v.cs={ICD}"
    answer = infobutton.answer(
        found, infobutton.query(f"{asked}&informationRecipient.languageCode.c=ar")
    )
    for language, (_, country) in countries.items():
        assert f'<bdi lang="{language}" dir=' in page
        assert f">{country}</bdi>" in page
    assert feed.count("Spanish, United States, A4.") == 4
    assert {record.country for record in answer.records} == {"الولايات المتحدة"}


def test_publishing_again_changes_no_byte(library: Library, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with shelf.opened(folder) as output:
        publish(library, output)
        output.commit()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_a_build_that_was_killed_had_decided_is_done_before_it_is_read(
    folder: Path, found: Catalogue, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    running.cut_short(copy)
    assert catalogue.read(copy) == found
    assert all((copy / one.file).is_file() for one in found.editions)


def test_a_file_that_was_taken_away_is_in_no_list(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    for path in copy.glob("ar/diary-*"):
        path.unlink()
    with shelf.opened(copy) as output:
        publish(library, output)
        output.commit()
    left = catalogue.read(copy)
    assert not [one for one in left.editions if (one.leaflet, one.language) == ("diary", "ar")]
    assert not list((copy / "pictures").glob("diary-ar-*"))
    assert "ar/diary" not in (copy / "index.html").read_text("utf-8")


def test_the_feed_is_atom_with_codes_and_languages(folder: Path, found: Catalogue) -> None:
    feed = ET.parse(folder / "catalogue.atom").getroot()  # noqa: S314 - our own file
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(found.editions)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    assert (folder / link.attrib["href"]).is_file()
    schemes = {one.attrib["scheme"] for one in entries[0].findall(f"{ATOM}category")}
    assert f"urn:oid:{ICD}" in schemes


def test_titles_and_codes_are_escaped_in_the_feed(found: Catalogue) -> None:
    odd = 'a & "b" <c>\x07'
    (record, *_) = found.editions
    changed = msgspec.structs.replace(record, title=odd, language=odd, icd10cm=(odd,), snomed=())
    feed = ET.fromstring(atom.feed(found, odd, [changed]))  # noqa: S314 - our own document
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    term, link = entry.find(f"{ATOM}category"), entry.find(f"{ATOM}link")
    assert term is not None
    assert link is not None
    read = {entry.findtext(f"{ATOM}title"), term.get("term"), link.get("hreflang")}
    assert read == {odd.replace("\x07", "\ufffd")}


# --- Infobutton -------------------------------------------------------------------------------


def ask(found: Catalogue, text: str) -> infobutton.Answer:
    return infobutton.answer(found, infobutton.query(text))


def code(value: str, language: str, system: str = ICD) -> str:
    return (
        f"mainSearchCriteria.v.c={value}&mainSearchCriteria.v.cs={system}"
        f"&informationRecipient.languageCode.c={language}&informationRecipient=PAT"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"mainSearchCriteria.v.cs=urn:oid:{ICD}&mainSearchCriteria.v.c=M81.0",
        "mainSearchCriteria.v.c=1202&mainSearchCriteria.v.cs=2.16.840.1.113883.6.88"
        f"&mainSearchCriteria.v.c1=M81.0&mainSearchCriteria.v.cs1={ICD}",
    ],
)
def test_a_system_may_be_a_urn_and_one_code_of_several_is_enough(
    found: Catalogue, text: str
) -> None:
    assert {record.leaflet for record in ask(found, text).records} == {
        record.leaflet for record in ask(found, code("M81.0", "en")).records
    }
    assert ask(found, text).records


@pytest.mark.parametrize("value", ["M81.0", "M810", "m81.0", "M81"])
def test_a_code_is_answered_with_and_without_dot_and_by_its_category(
    found: Catalogue, value: str
) -> None:
    answer = ask(found, code(value, "es"))
    assert {one.leaflet for one in answer.records} >= {"osteoporosis-care"}
    assert {one.language for one in answer.records} == {"es"}


def test_a_later_visit_of_the_same_diagnosis_is_answered(found: Catalogue) -> None:
    assert ask(found, code("M80.08XD", "en")).records
    assert not ask(found, code("M80.18XA", "en")).records


@pytest.mark.parametrize(
    ("asked", "given"),
    [("es-MX", "es"), ("ES", "es"), ("zh-CN", "zh-Hans"), ("zh", "zh-Hans"), ("ar_EG", "ar")],
)
def test_a_language_is_found_without_its_region(found: Catalogue, asked: str, given: str) -> None:
    answer = ask(found, code("M81.0", asked))
    assert (answer.language, answer.note) == (given, "")


@pytest.mark.parametrize("asked", ["fr", "zh-TW"])
def test_a_language_that_is_missing_is_answered_in_english_and_says_so(
    found: Catalogue, asked: str
) -> None:
    answer = ask(found, code("M81.0", asked))
    assert answer.language == "en"
    assert asked in answer.note


def test_snomed_and_words_are_answered_too(found: Catalogue) -> None:
    assert ask(found, code("64859006", "en", "2.16.840.1.113883.6.96")).records
    assert ask(found, "mainSearchCriteria.v.dn=weak+bones").records
    assert not ask(found, "mainSearchCriteria.v.dn=hip+replacement").records


def test_a_request_for_professionals_gets_no_leaflet_and_the_reason(found: Catalogue) -> None:
    answer = ask(found, code("M81.0", "en").replace("PAT", "PROV"))
    assert not answer.records
    assert "for patients" in answer.note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "mainSearchCriteria.v.c=M81.0",
        "mainSearchCriteria.v.c=M81.0&mainSearchCriteria.v.cs=1.2.3",
        "mainSearchCriteria.v.dn=bones&performer.languageCode.c=../../etc",
        "mainSearchCriteria.v.dn=" + "x" * 5000,
    ],
)
def test_a_query_that_asks_for_nothing_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(RequestError):
        infobutton.query(text)


def test_the_command_answers_with_a_feed_or_with_json(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "leaflets", "infobutton", code("M81.0", "es")]
    done = subprocess.run([*command, "-o", str(folder)], capture_output=True, text=True, check=True)
    entries = ET.fromstring(done.stdout).findall(f"{ATOM}entry")  # noqa: S314 - our own output
    assert len(entries) == 4
    as_json = subprocess.run(
        [*command, "-o", str(folder), "--json"], capture_output=True, text=True, check=True
    )
    assert msgspec.json.decode(as_json.stdout)["language"] == "es"
    none = subprocess.run(
        [*command, "-o", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert none.returncode == 3
    assert "there is no catalogue" in none.stderr


def test_a_damaged_catalogue_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_text('{"version": 1')
    with pytest.raises(InputError, match="build again"):
        catalogue.read(tmp_path)


# --- the page in a browser --------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.opened() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    opened = browsing.new_page(browser)
    asked = browsing.asked_by(opened)
    opened.goto((folder / "index.html").as_uri())
    yield opened
    assert all(url.startswith(("file:", "data:")) for url in asked)
    opened.close()


def shown(page: Page) -> list[str]:
    return page.locator(".leaflet:not([hidden]) h2").all_inner_texts()


@pytest.mark.parametrize(
    "words", ["recovery", "recuperacion", "Recuperación", "recuperashion", "getting beter"]
)
def test_the_search_forgives_accents_and_slips(page: Page, words: str) -> None:
    page.fill("#words", words)
    assert "Getting better after sacroplasty" in shown(page)
    assert len(shown(page)) <= 2


def test_a_search_in_vain_says_so(page: Page) -> None:
    page.fill("#words", "kidney stones")
    assert shown(page) == []
    assert page.locator("#none").is_visible()


def test_language_format_and_topic_are_filtered_by_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "language"
    for presses in (3, 2, 4):  # Arabic, web page, warning signs
        for _ in range(presses):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    assert shown(page) == ["My warning card"]
    rows = page.locator(".leaflet:not([hidden]) .row:not([hidden])")
    assert rows.count() == 1
    link = rows.locator(".file:not([hidden]) a").first
    assert link.get_attribute("href") == "ar/warning-card-ar-html.html"


def test_the_page_of_the_catalogue_has_no_fault_that_axe_finds(page: Page) -> None:
    browsing.is_accessible(page)


def test_without_javascript_everything_is_listed_and_leads_to_a_file(
    browser: Browser, folder: Path
) -> None:
    plain = browsing.new_page(browser, java_script_enabled=False)
    plain.goto((folder / "index.html").as_uri())
    links = plain.locator("main a:not(.download)")
    assert links.count() == 32
    for link in links.all():
        assert link.is_visible()
        assert (folder / (link.get_attribute("href") or "?")).is_file()
    assert not plain.locator("#filters").is_visible()
