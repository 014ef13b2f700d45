"""Checks of the English source, and what the facts and warning signs of the library promise."""

import pytest

from leaflets.catalogs import extract
from leaflets.checks import reading, source
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder

LONG = " ".join(["word"] * 21)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{LONG}.", "READ-01"),
        ("One. Two. Three. Four.", "READ-02"),
        ("Wait 3 days.", "NUM-01"),
        ("Most, about 90%, are women.", "NUM-01"),
        ("Infection is rare.", "RISK-01"),
        ("There is a small chance of a leak.", "RISK-01"),
    ],
)
def test_a_fault_of_the_english_is_found(clinic: ClinicFolder, text: str, code: str) -> None:
    clinic.body(f'<p>{{% trans "sample.a" trimmed %}}{text}{{% endtrans %}}</p>')
    found = [one for one in source.check(load.load(clinic.path)) if one.where == "sample.a"]
    assert [one.code for one in found] == [code]
    assert found[0].leaflet == "sample"


@pytest.mark.parametrize(
    "text",
    [
        f"{' '.join(['word'] * 20)}.",
        "One. Two. <strong>Three.</strong>",
        "Pain: rest. Stop now! Is it better?",
        "How likely is it to help me?",
        "In common with others, you may feel sore for a day, is that so?",
    ],
)
def test_correct_english_is_not_complained_of(clinic: ClinicFolder, text: str) -> None:
    clinic.body(f'<p>{{% trans "sample.a" trimmed %}}{text}{{% endtrans %}}</p>')
    assert not [one for one in source.check(load.load(clinic.path)) if one.where == "sample.a"]


def test_a_fact_without_a_source_is_found(clinic: ClinicFolder) -> None:
    clinic.write("templates/facts.toml", '[fact.rest]\nvalue = 3\nunit = "day"\n')
    (problem,) = source.check(load.load(clinic.path))
    assert problem.code == "NUM-02"
    assert "fact.rest" in problem.where


def test_a_placeholder_without_a_comment_is_found(clinic: ClinicFolder) -> None:
    message = (
        '{% trans "sample.a" trimmed days=local("dressing-days").text %}'
        "Wait {{ days }}.{% endtrans %}"
    )
    clinic.body(message)
    codes = [one.code for one in source.check(load.load(clinic.path)) if one.where == "sample.a"]
    assert codes == ["NUM-09"]
    clinic.body("{# L10N: days = a number of days. #}\n" + message)
    assert not [one for one in source.check(load.load(clinic.path)) if one.where == "sample.a"]


def test_risks_in_different_numbers_of_people_are_found(clinic: ClinicFolder) -> None:
    facts = (
        '[fact.a]\nvalue = 1\nunit = "people"\nper = {}\nsource = "book"\n'
        '[fact.b]\nvalue = 1\nunit = "people"\nper = 1000\nsource = "book"\n'
    )
    clinic.write(
        "templates/sources.toml", '[source.book]\nkind = "web"\ntitle = "B"\nchecked = 2026-01-31\n'
    )
    clinic.body('{{ fact("a").text }} {{ fact("b").text }}')
    for per, expected in ((100, ["RISK-02"]), (1000, [])):
        clinic.write("templates/facts.toml", facts.format(per))
        assert [one.code for one in source.check(load.load(clinic.path))] == expected


def test_a_hard_word_is_found_where_it_comes_first_and_not_if_it_is_explained(
    clinic: ClinicFolder,
) -> None:
    for text, expected in (
        ("You have osteoporosis.", ["READ-04"]),
        ("You have osteoporosis (weak bones).", []),
        ("Your weak bones have a name: osteoporosis.", []),
    ):
        clinic.body(f'<p>{{% trans "sample.a" trimmed %}}{text}{{% endtrans %}}</p>')
        found = [one.code for one in source.check(load.load(clinic.path))]
        assert [code for code in found if code == "READ-04"] == expected


def test_a_leaflet_that_is_hard_to_read_is_found(clinic: ClinicFolder) -> None:
    hard = "Interventional radiologists administer polymethylmethacrylate percutaneously."
    clinic.body(f'<p>{{% trans "sample.a" trimmed %}}{hard}{{% endtrans %}}</p>')
    assert [one.code for one in source.check(load.load(clinic.path))] == ["READ-03"]


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    # 6 words of 6 syllables; 16 words of 23: worked out by hand from the formula.
    assert reading.grade(["The cat sat on the mat."]) == pytest.approx(-1.45, abs=0.01)
    proof = "This sentence, taken as a reading passage unto itself, is being used to prove a point."
    assert reading.grade([proof]) == pytest.approx(7.61, abs=0.01)
    assert reading.grade(["A heading"]) == 0


def test_the_english_of_the_library_has_no_fault(library: Library) -> None:
    assert [one.sentence() for one in source.check(library)] == []


def test_every_warning_sign_has_words_an_icon_and_a_use(library: Library) -> None:
    words = {
        message.id.removeprefix("redflag.")
        for message in extract.domain(library, "common")
        if message.id.startswith("redflag.")
    }
    used = {flag.id for chosen in library.red_flags.values() for flag in chosen}
    assert used == words
    for chosen in library.red_flags.values():
        tiers = [flag.tier for flag in chosen]
        assert tiers == sorted(tiers)
        assert 1 <= tiers.count("emergency") <= 15
        assert 1 <= tiers.count("same-day") <= 8
        for flag in chosen:
            assert (library.roots.templates[-1] / "figures" / f"icon-{flag.icon}.svg").is_file()


def test_the_spinal_nerves_are_in_every_set_of_warning_signs(library: Library) -> None:
    for name, chosen in library.red_flags.items():
        emergency = {flag.id for flag in chosen if flag.tier == "emergency"}
        assert emergency >= {"numb-saddle", "bladder", "bowel", "legs-weak", "hard-to-wake"}, name


def test_every_source_says_when_and_how_it_was_checked(library: Library) -> None:
    for one in library.sources.values():
        assert one.checked
        assert one.verified_how


def test_every_message_with_a_placeholder_tells_translators_what_it_holds(
    library: Library,
) -> None:
    for domain in ("common", *library.leaflets):
        for message in extract.domain(library, domain):
            if "%(" in message.text + message.plural:
                assert message.comments, message.id
