"""Composing: facts, local facts and regions reach the page as they should; templates fail well."""

import re

import pytest

from leaflets.compose.amounts import Numerals
from leaflets.compose.compose import compose
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import InputError
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder

FACTS = '[fact.rest]\nvalue = [3, 7]\nunit = "day"\nsource = "book"\n'
SOURCES = '[source.book]\nkind = "web"\ntitle = "The book"\nchecked = 2026-01-31\n'
RESTING = (
    "{% if stated('rest') %}<p>{% trans 'sample.rest' trimmed count=fact('rest').count,"
    " days=fact('rest').text %}Rest for {{ days }} day.{% pluralize count %}"
    "Rest for {{ days }} days.{% endtrans %}</p>{% endif %}"
)


def composed(clinic: ClinicFolder, language: str = "en") -> Composition:
    return compose(Inputs(load.load(clinic.path)), clinic.edition(language))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_sentence_prints_where_its_fact_is_stated_and_names_its_source(
    clinic: ClinicFolder,
) -> None:
    clinic.write("templates/facts.toml", FACTS)
    clinic.write("templates/sources.toml", SOURCES)
    clinic.body(RESTING)
    text = words(composed(clinic).html)
    assert "Rest for 3–7 days." in text
    assert "The book" in text


def test_a_sentence_without_its_fact_is_left_out_and_a_bare_fact_is_a_blank(
    clinic: ClinicFolder,
) -> None:
    elsewhere = '[fact.rest]\nunit = "day"\nby_region.US = {value = [3, 7], source = "book"}\n'
    clinic.write("templates/facts.toml", elsewhere)
    clinic.write("templates/sources.toml", SOURCES)
    clinic.body(RESTING + "<p>Rest for {{ fact('rest').text }} days.</p>")
    html = composed(clinic).html
    assert "3–7" not in html
    assert 'Rest for <span class="blank"></span> days.' in html


def test_a_local_fact_is_a_blank_until_the_clinic_states_it(clinic: ClinicFolder) -> None:
    clinic.body("<p>{{ local('driving-days').text }} / {{ local('lifting-weight').text }}</p>")
    assert composed(clinic).html.count('<span class="blank"></span>') == 2
    clinic.write(
        "clinic.toml",
        'name = "C"\nregion = "GB"\n[local]\ndriving-days = [2, 3]\n'
        'lifting-weight = {value = 4.5, unit = "kilogram"}\n',
    )
    text = words(composed(clinic).html)
    assert "2–3 / 4.5 kilograms" in text


def test_the_region_decides_number_and_medicine_and_the_language_does_not(
    clinic: ClinicFolder,
) -> None:
    clinic.body("<p>{{ emergency_number }} {{ part.painkiller() }}</p>")
    for code, number, medicine in (("US", "911", "acetaminophen"), ("GB", "999", "paracetamol")):
        clinic.write("clinic.toml", f'name = "C"\nregion = "{code}"\n')
        assert f"{number} {medicine}" in words(composed(clinic).html)
        assert number in composed(clinic, "ar").html


def test_every_country_has_a_name_for_every_medicine(clinic: ClinicFolder) -> None:
    regions = load.load(clinic.path).regions
    ids = {name for region in regions.values() for name in region.medicines}
    asked = " ".join(f"[{{{{ part.medicine('{name}') }}}}]" for name in sorted(ids))
    clinic.body(f"<p>{asked}</p>")
    for code in regions:
        clinic.write("clinic.toml", f'name = "C"\nregion = "{code}"\n')
        assert "[]" not in words(composed(clinic).html)
    clinic.body("<p>{{ part.medicine('snake-oil') }}</p>")
    with pytest.raises(InputError, match="there_is_no_medicine"):
        composed(clinic)


def test_the_clinic_reaches_the_page_escaped(clinic: ClinicFolder) -> None:
    clinic.write("clinic.toml", 'name = "<b>A & B</b>"\nregion = "GB"\nphone = "020 7946 0000"\n')
    html = composed(clinic).html
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
    assert '<span class="isolated whole" dir="ltr">020 7946 0000</span>' in html


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("{% if %}", "line 5"),
        ("<p>{{ nothing }}</p>", "nothing"),
        ("{{ fact('nothing').text }}", "there is no fact “nothing”"),
        ("{{ local('nothing').text }}", "there is no local fact “nothing”"),
        ("{{ picture('nothing') }}", "there is no figure “nothing”"),
        ("{% include 'nothing.html' %}", "nothing.html"),
        ("{% trans %}No id{% endtrans %}", "has no id"),
        ("{{ part.nothing() }}", "nothing"),
        ("{{ 1 / 0 }}", "division"),
    ],
)
def test_a_bad_template_is_one_sentence_with_its_line(
    clinic: ClinicFolder, body: str, part: str
) -> None:
    clinic.body(body)
    with pytest.raises(InputError) as caught:
        composed(clinic)
    message = str(caught.value)
    assert "leaflet.html" in message
    assert part in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{ ''.__class__ }}", "is unsafe"),
        ("{{ fact.__globals__ }}", "is unsafe"),
        ("{% for a in range(1000000000) %}{% endfor %}", "more than 1,000,000 steps"),
        ("{% set r = range(2000) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}",
         "more than 1,000,000 steps"),
        ("{{ 'a' * 1000000 }}", "larger than any"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
        ("{{ " + "(" * 300 + "1" + ")" * 300 + " }}", "recursion"),
        ("{{ day_numbers(1, 1000000000) }}", "more than 366 days"),
        ("{{ 1|nothing }}", "nothing"),
        ("{% include '../../clinic.toml' %}", "does not exist"),
        ("{{ picture('../../outside') }}", "there is no figure"),
    ],
)  # fmt: skip
def test_a_template_has_no_way_into_python_and_comes_to_an_end(
    clinic: ClinicFolder, body: str, said: str
) -> None:
    clinic.write("outside.svg", "<svg/>")
    clinic.body(body)
    with pytest.raises(InputError, match=said):
        composed(clinic)


def test_a_bad_template_stops_only_its_own_leaflet(clinic: ClinicFolder) -> None:
    clinic.body("{% if %}")
    (problem,) = clinic.problems()
    assert problem.code == "FILE-01"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en-US-u-nu-latn", ["3–7", "1,000", "0.5"]),
        ("es-ES-u-nu-latn", ["3-7", "1000", "0,5"]),
        ("ar-US-u-nu-latn", ["3–7", "1,000", "0.5"]),
        ("ar-EG-u-nu-arab", ["٣–٧", "١٬٠٠٠", "٠٫٥"]),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(tag: str, expected: list[str]) -> None:
    numerals = Numerals(tag)
    found = [
        numerals.of_local((3, 7), "day").text.striptags(),
        numerals.number(1000).striptags(),
        numerals.number(0.5).striptags(),
    ]
    marks = str.maketrans("", "", "\u200e\u200f\u061c")
    assert [text.translate(marks) for text in found] == expected


def test_the_plural_form_of_a_range_is_that_of_its_language() -> None:
    arabic = Numerals("ar-u-nu-latn")
    assert arabic.of_local((3, 7), "day").count in range(3, 11)
    assert arabic.of_local(11, "day").count in range(11, 100)
    assert arabic.of_local(2, "day").count == 2
    assert Numerals("en").of_local(1, "day").count == 1


@pytest.mark.parametrize("page", ["a4", "html"])
def test_two_messages_in_a_row_are_parted_by_a_space(library: Library, page: str) -> None:
    inputs = Inputs(library)
    for edition in plan(library, Request(languages=("en",), formats=(page,))):
        html = compose(inputs, edition).html
        joined = re.findall(r'[\w.,:;?!](?:</strong>)?</span><span data-message="([^"]+)"', html)
        assert joined == [], edition.name
