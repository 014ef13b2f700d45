"""The country of an edition: its language's, the clinic's or the one asked for, never a guess."""

from pathlib import Path

import msgspec
import pytest

from leaflets.compose import views
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.gate import COUNTRY_OPEN, open_countries
from leaflets.editions.make import Making, make_edition
from leaflets.errors import ExitCode, InputError, RequestError
from leaflets.library import cldr, load
from leaflets.library.load import Library
from leaflets.render.layout import Layout
from tests.conftest import ClinicFolder
from tests.test_command import asked, run


def text_of(library: Library, leaflet: str, language: str, beside: str = "") -> str:
    """Print a leaflet as plain text."""
    (edition,) = plan(
        library,
        Request(leaflets=(leaflet,), languages=(language,), formats=("text",), beside=beside),
    )
    file = make_edition(Inputs(library), edition).file
    assert file is not None
    return file.decode()


def in_clinic(clinic: ClinicFolder, region: str, more: str = "") -> Library:
    clinic.write("clinic.toml", f'name = "Hill Street"\nregion = "{region}"\n{more}')
    return load.load(clinic.path)


def edition_of(library: Library, language: str, beside: str = "") -> Edition:
    request = Request(leaflets=("recovery",), languages=(language,), formats=("a4",), beside=beside)
    return plan(library, request)[0]


@pytest.mark.parametrize("region", ["", "US", "AU"])
def test_british_english_is_for_britain_whatever_the_region(region: str) -> None:
    text = text_of(load.load(None, region=region), "recovery", "en-GB")
    assert "Call 999 now" in text
    assert "911" not in text
    assert "paracetamol" in text
    assert "acetaminophen" not in text
    assert "kilograms" in text
    assert "pounds" not in text


@pytest.mark.parametrize(
    ("region", "number", "medicine"),
    [("", "911", "acetaminofén"), ("US", "911", "acetaminofén"), ("GB", "999", "paracetamol")],
)
def test_a_language_without_a_country_has_the_region_asked_for(
    region: str, number: str, medicine: str
) -> None:
    text = text_of(load.load(None, region=region), "recovery", "es")
    assert f"Llame ya al {number}" in text
    assert medicine in text


def test_a_language_without_a_country_has_that_of_the_clinic(clinic: ClinicFolder) -> None:
    text = text_of(in_clinic(clinic, "GB"), "recovery", "es")
    assert "Llame ya al 999" in text
    assert "911" not in text


def test_a_sheet_in_two_languages_is_for_the_country_that_one_of_them_has(
    library: Library, clinic: ClinicFolder
) -> None:
    assert edition_of(library, "es", "en-GB").region.code == "GB"
    assert edition_of(library, "en-GB", "es").region.code == "GB"
    assert edition_of(library, "es", "en").region.code == "US"
    clinic.write(
        "locales/languages.toml",
        '[language.en-AU]\nname = "English (Australia)"\nautonym = "English"\nparent = "en"\n'
        'region = "AU"\ndirection = "ltr"\nfonts = ["Noto Sans"]\n',
    )
    with pytest.raises(RequestError, match="two countries: en-GB for GB and en-AU for AU"):
        edition_of(load.load(clinic.path), "en-GB", "en-AU")


def test_the_paper_is_that_of_the_country(clinic: ClinicFolder) -> None:
    answered = '[language.en-GB]\nregion = "GB"\n'
    editions = plan(
        in_clinic(clinic, "US", answered),
        Request(leaflets=("recovery",), languages=("en-GB", "es")),
    )
    assert {one.language.tag: one.format.id for one in editions} == {"en-GB": "a4", "es": "letter"}


def test_a_country_that_the_clinic_is_not_in_is_asked_about_and_nothing_is_printed(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    in_clinic(clinic, "US", 'languages = ["en", "en-GB"]\n')
    build = ("build", "warning-card", "--clinic", clinic.path, "-f", "text", "-o", tmp_path / "out")
    done = run(*build)
    assert done.returncode == ExitCode.PROBLEMS
    assert "GOV-07 warning-card, en-GB" in done.stdout
    assert 'region = "GB" or region = "US"' in done.stdout
    assert [path.parent.name for path in (tmp_path / "out").rglob("*.txt")] == ["en"]
    checked = run("check", "--quick", "-l", "en-GB", "--clinic", clinic.path)
    assert checked.returncode == ExitCode.PROBLEMS
    assert checked.stdout.count("GOV-07") == 1


@pytest.mark.parametrize(("answer", "number"), [("US", "911"), ("GB", "999")])
def test_what_the_clinic_answers_is_printed(clinic: ClinicFolder, answer: str, number: str) -> None:
    library = in_clinic(clinic, "US", f'[language.en-GB]\nregion = "{answer}"\n')
    assert f"Call {number} now" in text_of(library, "recovery", "en-GB")
    assert not list(open_countries(library, library.languages.values()))


def test_an_answer_that_is_taken_back_holds_back_what_did_not_change(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    build = ("build", "warning-card", "-l", "en-GB", "-f", "text", "--clinic", clinic.path,
             "-o", tmp_path / "out", "--cache", tmp_path / "cache")  # fmt: skip
    in_clinic(clinic, "US", '[language.en-GB]\nregion = "GB"\n')
    assert run(*build).returncode == ExitCode.OK
    in_clinic(clinic, "US")
    done = run(*build)
    assert done.returncode == ExitCode.PROBLEMS
    assert "GOV-07" in done.stdout


def test_a_language_of_another_country_is_printed_only_if_it_is_named(
    clinic: ClinicFolder,
) -> None:
    assert "en-GB" in in_clinic(clinic, "GB").printed_languages
    assert "en-GB" not in in_clinic(clinic, "US").printed_languages
    named = in_clinic(clinic, "US", 'languages = ["en-GB"]\n')
    assert [one.code for one in open_countries(named, named.printed_languages.values())] == [
        COUNTRY_OPEN.id
    ]


def test_a_region_that_there_is_not_is_said_with_those_there_are(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    done = run("build", "--region", "FR", "-o", tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert "There is no region “FR”; there are US, GB, ES, AU." in done.stderr
    with pytest.raises(InputError, match=r"language\.en-GB\.region"):
        in_clinic(clinic, "US", '[language.en-GB]\nregion = "FR"\n')
    with pytest.raises(InputError, match="“xx” is not one of"):
        in_clinic(clinic, "US", '[language.xx]\nregion = "GB"\n')


def test_a_clinic_states_its_region_itself(clinic: ClinicFolder) -> None:
    with pytest.raises(RequestError, match=r"state the region in .*clinic\.toml"):
        load.load(clinic.path, region="GB")


def test_init_asks_for_the_country_of_a_language_that_has_another(tmp_path: Path) -> None:
    answers = ("Hill Clinic", "US", "", "en en-GB")
    code, shown = asked(tmp_path / "stated", "".join(f"{one}\n" for one in (*answers, "GB")))
    assert code == ExitCode.OK, shown
    assert "For which country are sheets in English (UK), GB or US" in shown
    assert load.load(tmp_path / "stated").clinic.language["en-GB"].region == "GB"
    code, shown = asked(tmp_path / "open", "".join(f"{one}\n" for one in (*answers, "")))
    assert code == ExitCode.OK, shown
    assert "[language.en-GB]: until then they are not printed" in shown
    found = load.load(tmp_path / "open")
    assert not found.is_country_settled(found.languages["en-GB"])


def test_the_fingerprint_depends_on_the_country() -> None:
    prints = {
        region: compose(Inputs(found), edition_of(found, "es")).fingerprint
        for region in ("US", "GB", "ES", "AU")
        for found in [load.load(None, region=region)]
    }
    assert len(set(prints.values())) == len(prints)


#: The country of a sheet for Britain, in scripts of which each is drawn and read in its own way.
BRITAIN = {
    "en-GB": "United Kingdom", "es": "Reino Unido", "ar": "المملكة المتحدة", "hi": "यूनाइटेड किंगडम",
    "zh-Hans": "英国", "ur": "سلطنت متحدہ",
}  # fmt: skip


def layout_of(library: Library, language: str, sheet: str) -> Layout:
    """Lay a leaflet out."""
    leaflet = "warning-card" if sheet in {"a4-card", "a3-notice", "a4-trifold"} else "symptoms"
    request = Request(leaflets=(leaflet,), languages=(language,), formats=(sheet,))
    (edition,) = plan(library, request)
    proof = make_edition(Inputs(library), edition, Making(purpose="look"))
    assert proof.is_good
    assert proof.workings
    assert proof.workings.layout
    return proof.workings.layout


@pytest.mark.parametrize("tag", BRITAIN)
def test_the_foot_of_every_page_states_the_country_in_its_language(tag: str) -> None:
    library = load.load(None, region="GB")
    layout = layout_of(library, tag, "a4")
    for page in layout.pages:
        foot = " ".join(run.text for run in page.runs if ".running-foot" in run.kinds)
        assert BRITAIN[tag] in " ".join(foot.split())


@pytest.mark.parametrize("sheet", ["a4", "a5", "a4-large", "a4-trifold", "a4-card", "a3-notice"])
def test_each_format_states_the_country(sheet: str) -> None:
    layout = layout_of(load.load(None, region="GB"), "ar", sheet)
    for page in layout.pages:
        assert BRITAIN["ar"] in " ".join(run.text for run in page.runs if run.margin)


@pytest.mark.parametrize("sheet", ["html", "text"])
def test_what_has_no_pages_states_the_country_at_its_end(sheet: str) -> None:
    library = load.load(None, region="GB")
    request = Request(leaflets=("recovery",), languages=("hi",), formats=(sheet,))
    file = make_edition(Inputs(library), plan(library, request)[0]).file
    assert file is not None
    assert BRITAIN["hi"] in file.decode()[-200:]


def test_a_language_that_cldr_has_no_words_of_has_the_country_in_english(library: Library) -> None:
    haitian = msgspec.structs.replace(library.languages["es"], tag="ht")
    country = views.of_country(library.regions["GB"], haitian, library.formats["a4"])
    assert country == '<span lang="en" dir="ltr">United Kingdom</span>'
    assert cldr.country_name("km", "GB") == "ចក្រភពអង់គ្លេស"
    assert cldr.country_name("en", "GB", short=True) == "UK"
    assert cldr.country_name("en", "US", short=True) == "US"
    assert cldr.country_name("en", "XY") == ""
