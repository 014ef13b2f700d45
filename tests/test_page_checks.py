"""Checks of the laid-out page: each fault is found on a real page, and a sound page has none."""

from leaflets.editions.codes import CODES
from leaflets.library import home
from leaflets.problem import Severity
from tests.conftest import ClinicFolder


def codes(clinic: ClinicFolder, language: str = "en") -> set[str]:
    return {problem.code for problem in clinic.problems(language)}


def test_a_sound_page_has_no_problem(clinic: ClinicFolder) -> None:
    clinic.body("<p>Walk a little.</p>")
    assert clinic.problems() == ()


def test_a_character_without_a_glyph_is_named(clinic: ClinicFolder) -> None:
    clinic.body("<p>Drink ሀ today.</p>")
    (problem,) = [one for one in clinic.problems() if one.code == "PAGE-01"]
    assert "U+1200" in problem.message
    assert "ሀ" in problem.text
    assert (problem.leaflet, problem.language, problem.page) == ("sample", "en", 1)


def test_a_font_that_the_language_does_not_list_is_named(clinic: ClinicFolder) -> None:
    clinic.body("<p>سلام</p>")
    assert "PAGE-02" in codes(clinic)


def test_a_sentence_too_long_for_its_place_is_named_by_its_message(clinic: ClinicFolder) -> None:
    long = "pneumono" * 20
    clinic.body(f"<p>{{% trans 'sample.long' trimmed %}}{long}{{% endtrans %}}</p>")
    assert {one.where for one in clinic.problems() if one.code == "PAGE-03"} == {"sample.long"}


def test_a_word_too_long_for_its_column_is_named(clinic: ClinicFolder) -> None:
    clinic.body(f"<p>{'pneumono' * 20}</p>")
    (problem,) = [one for one in clinic.problems() if one.code == "PAGE-03"]
    assert problem.text.startswith("pneumono")


def test_a_word_that_fits_the_page_but_not_its_cell_is_named(clinic: ClinicFolder) -> None:
    clinic.body(
        '<table style="table-layout: fixed"><tr><td style="width: 40mm">'
        f"{'immunosuppression' * 2}</td><td></td></tr></table>"
    )
    assert "PAGE-03" in codes(clinic)


def test_text_printed_over_text_is_named(clinic: ClinicFolder) -> None:
    clinic.body('<p style="margin-bottom:-6mm">Walk a little.</p><p>Drink a little.</p>')
    assert "PAGE-09" in codes(clinic)


def test_too_many_pages_are_named_with_the_text_that_goes_over(clinic: ClinicFolder) -> None:
    clinic.body("<p>Walk a little.</p>" * 60)
    (problem,) = [one for one in clinic.problems() if one.code == "PAGE-04"]
    assert problem.page == clinic.edition().leaflet.pages["a4"] + 1
    assert problem.text.startswith("Walk")


def test_what_weasyprint_only_warns_of_is_a_problem(clinic: ClinicFolder) -> None:
    clinic.body('<p style="text-shadow: 1px 1px red">Walk.</p>')
    (problem,) = [one for one in clinic.problems() if one.code == "PAGE-05"]
    assert "text-shadow" in problem.text


def test_a_missing_picture_is_a_problem(clinic: ClinicFolder) -> None:
    clinic.body('<img src="figures/nothing.svg" alt="Nothing">')
    assert "PAGE-05" in codes(clinic)


def test_small_print_is_named(clinic: ClinicFolder) -> None:
    clinic.body('<p style="font-size: 8pt">Small print.</p>')
    (problem,) = [one for one in clinic.problems() if one.code == "PAGE-06"]
    assert "8.0 pt" in problem.message


def test_an_emergency_box_on_the_wrong_page_is_named(clinic: ClinicFolder) -> None:
    clinic.body('<div style="break-before: page" id="warning-signs">x</div>')
    assert "PAGE-07" in codes(clinic)


def test_a_missing_draft_mark_is_named_on_each_page(clinic: ClinicFolder) -> None:
    clinic.write(
        "templates/base.html",
        '<!DOCTYPE html><html lang="en"><head><title>A</title></head><body>'
        '<p style="break-after: page" id="warning-signs">One</p><p>Two</p></body></html>',
    )
    pages = [one.page for one in clinic.problems() if one.code == "PAGE-08"]
    assert pages == [1, 2]


def test_a_warning_sign_that_says_another_one_is_named(clinic: ClinicFolder) -> None:
    own = (home.home() / "templates/common/redflags.html").read_text("utf-8")
    assert own.count('"redflag.bowel"') == 1
    said = own.replace('"redflag.bowel"', '"redflag.fall"')
    clinic.write("templates/common/redflags.html", said)
    (problem,) = [problem for problem in clinic.problems() if problem.code == "SAFE-02"]
    assert "missing: bowel" in problem.message


def test_hidden_text_is_named(clinic: ClinicFolder) -> None:
    clinic.body('<p style="display: none">Never drive today.</p>')
    (problem,) = [one for one in clinic.problems() if one.code == "PDF-01"]
    assert problem.text == "Never drive today."


def test_every_code_that_is_yielded_is_explained(clinic: ClinicFolder) -> None:
    clinic.body(f'<p style="text-shadow: 1px 1px red; font-size: 8pt">{"long" * 60} 水</p>' * 80)
    found = clinic.problems()
    assert len({one.code for one in found}) >= 4
    for one in found:
        assert one.code in CODES
        assert one.hint
        assert one.severity is Severity.ERROR
