"""For whoever cannot read a sheet: how to ask for another one, and the names of other languages."""

import re
from io import BytesIO

import pikepdf
import pytest

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.make import Making, make_edition
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render.aloud import spoken
from tests.conftest import ClinicFolder, composed
from tests.test_formats import properties

ASK = "Ask us for an interpreter, large print, or this sheet in another language."


def edition_of(
    library: Library, language: str, beside: str = "", sheet: str = "", leaflet: str = ""
) -> Edition:
    request = Request(
        leaflets=(leaflet or "recovery",), languages=(language,), beside=beside,
        formats=(sheet or "a4",),
    )  # fmt: skip
    (edition,) = plan(library, request)
    return edition


def others(library: Library, *how: str) -> list[str]:
    return [other.tag for other in edition_of(library, *how).others]


@pytest.mark.parametrize("tag", ["en", "en-GB"])
def test_a_sheet_in_the_main_language_of_its_country_names_all_that_are_printed(
    library: Library, tag: str
) -> None:
    assert others(library, tag) == ["es", "ar", "pl", "hi", "zh-Hans", "km", "ur"]


def test_a_sheet_in_another_language_asks_and_names_none(library: Library) -> None:
    html = composed(library, edition_of(library, "es")).html
    assert others(library, "es") == []
    assert "Pídanos un intérprete" in html
    assert 'class="other-languages"' not in html


def test_the_main_language_follows_from_the_country(clinic: ClinicFolder) -> None:
    clinic.write("clinic.toml", 'region = "ES"\n')
    in_spain = load.load(clinic.path)
    assert others(in_spain, "en") == []
    assert others(in_spain, "es")[:2] == ["en", "ar"]


def test_a_clinic_names_the_languages_that_it_prints_in_its_own_order(clinic: ClinicFolder) -> None:
    clinic.write("clinic.toml", 'region = "GB"\nlanguages = ["en-GB", "ur", "pl"]\n')
    assert others(load.load(clinic.path), "en-GB") == ["ur", "pl"]


def test_a_sheet_in_two_languages_names_neither_of_them(library: Library) -> None:
    assert "es" not in others(library, "en", "es")
    assert "pl" in others(library, "en", "es")


def test_a_card_has_no_room_to_ask_on(library: Library) -> None:
    edition = edition_of(library, "en", "", "a4-card", "warning-card")
    assert edition.others == ()
    assert ASK not in composed(library, edition).html


@pytest.mark.parametrize("sheet", ["a4", "a4-large", "html"])
def test_each_name_stands_in_its_own_script_language_and_direction(
    library: Library, sheet: str
) -> None:
    edition = edition_of(library, "en", "", sheet)
    html = composed(library, edition).html
    named = re.findall(r'<span lang="([\w-]+)" dir="(\w+)">([^<]+)</span>', html)
    for other in edition.others:
        assert (other.tag, other.direction, other.autonym) in named


def test_the_names_are_read_aloud_each_in_its_language(library: Library) -> None:
    edition = edition_of(library, "en")
    proof = make_edition(Inputs(library), edition, Making(purpose="look"))
    assert proof.problems == ()
    assert proof.file is not None
    names = " · ".join(other.autonym for other in edition.others)
    said = [one.text for one in spoken(proof.file) if one.page == 1]
    assert said.index(ASK) + 1 == said.index(names)
    with pikepdf.open(BytesIO(proof.file)) as pdf:
        languages = {str(marked.get("/Lang", "")) for marked in properties(pdf.pages[0])}
    assert {other.tag for other in edition.others} <= languages


def test_plain_text_has_the_names_on_a_line_of_their_own(library: Library) -> None:
    file = make_edition(Inputs(library), edition_of(library, "en", "", "text")).file
    assert file is not None
    lines = file.decode().splitlines()
    assert ASK in lines
    assert "Español · العربية · Polski · हिन्दी · 简体中文 · ខ្មែរ · اردو" in lines


def test_a_language_that_a_clinic_adds_prints_its_main_sheets_anew(clinic: ClinicFolder) -> None:
    def inputs() -> dict[tuple[str, ...], str]:
        edition = edition_of(load.load(clinic.path), "en-GB")
        made = Inputs(load.load(clinic.path))
        return {asked: made.digest(edition, asked) for asked in made.always(edition)}

    clinic.write("clinic.toml", 'region = "GB"\nlanguages = ["en-GB", "pl"]\n')
    before = inputs()
    clinic.write("clinic.toml", 'region = "GB"\nlanguages = ["en-GB", "pl", "ar"]\n')
    edition = edition_of(load.load(clinic.path), "en-GB")
    assert ("other languages",) in Inputs(load.load(clinic.path)).changed(edition, before)
