"""What cannot be seen in its place on a real page is found, and a sound page has no such fault."""

import pydyf
import pytest

from leaflets.problem import Problem
from tests.conftest import ClinicFolder

TEXT = "Call us if the pain gets worse."


def unseen(clinic: ClinicFolder, body: str) -> list[Problem]:
    """Return what is said of the ink of a page with this body."""
    clinic.body(body)
    return [problem for problem in clinic.problems() if problem.code == "PAGE-10"]


def test_text_that_is_seen_has_no_problem(clinic: ClinicFolder) -> None:
    assert unseen(clinic, f"<p>{TEXT}</p><p>نص Walk a little, 3 times a day.</p>") == []


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("opacity: 0", "does not stand out"),
        ("opacity: .2", "does not stand out"),
        ("color: white", "does not stand out"),
        ("color: #eee", "does not stand out"),
        ("color: transparent", "does not stand out"),
        ("background: black; color: #222", "does not stand out"),
        ("transform: translateX(30mm)", "from its place"),
        ("transform: rotate(180deg)", "not drawn in its place"),
        ("transform: scaleX(-1)", "not drawn in its place"),
        ("transform: scaleY(.5)", "turned, mirrored or stretched"),
        ("transform: scale(.1)", "not drawn in its place"),
        ("height: 0; overflow: hidden; margin-bottom: 30mm", "does not stand out"),
        ("width: 25mm; white-space: nowrap; overflow: hidden", "does not stand out"),
    ],
)
def test_text_that_cannot_be_seen_is_named(clinic: ClinicFolder, style: str, said: str) -> None:
    problems = unseen(clinic, f'<p style="{style}">{TEXT}</p>')
    assert problems
    assert any(said in problem.message for problem in problems), problems
    assert all(problem.page == 1 for problem in problems)


def test_a_number_turned_upside_down_in_its_place_is_named(clinic: ClinicFolder) -> None:
    number = '<span style="display: inline-block; transform: rotate(180deg)">999</span>'
    (problem,) = unseen(clinic, f"<p>Ring {number} now, and wait for the ambulance.</p>")
    assert problem.message == "a text is turned, mirrored or stretched:"


@pytest.mark.parametrize("colour", ["white", "#1a1a1a"])
def test_text_under_a_box_is_named(clinic: ClinicFolder, colour: str) -> None:
    box = f"position: relative; top: -8mm; height: 10mm; width: 60mm; background: {colour}"
    (problem, *_) = unseen(clinic, f'<p>{TEXT}</p><div style="{box}"></div>')
    assert problem.text == TEXT
    assert "drawn over" in problem.message


def test_a_right_to_left_text_is_looked_at_as_well(clinic: ClinicFolder) -> None:
    clinic.write("locales/ar/LC_MESSAGES/sample.po", "")
    clinic.body(f'<p lang="ar" dir="rtl" style="opacity: 0">{"توقف"}</p><p>{TEXT}</p>')
    assert [one.text for one in clinic.problems("ar") if one.code == "PAGE-10"] == ["توقف"]


#: The words for weeks and for moving; PDFium drew them millimetres away, over the number.
NASTALIQ = (
    "<p>22 ہفتے لگے</p>"
    "<p>یہ جم کر سخت ہو جاتا ہے اور ہڈی کو ہلنے سے روکنے میں مدد دیتا ہے۔ اس سے درد کم ہو</p>"
)


#: A vowel mark before a space: two numbers follow one another in the array, and are two.
ARABIC = "<p>انهض ببطء، وامشِ قليلًا في البيت.</p>"


@pytest.mark.parametrize(("language", "body"), [("ur", NASTALIQ), ("ar", ARABIC)])
def test_raised_glyphs_stand_where_they_were_laid_out(
    clinic: ClinicFolder, language: str, body: str
) -> None:
    clinic.body(body)
    problems = [one.sentence() for one in clinic.problems(language) if one.code == "PAGE-10"]
    assert problems == []


def test_a_text_that_a_reader_would_draw_elsewhere_is_named(
    clinic: ClinicFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_weasyprint_writes(stream: pydyf.Stream, text: str) -> None:
        stream.stream.append(b"[" + text.encode() + b"] TJ")

    clinic.problems("ur")  # our patches are in place from here on
    monkeypatch.setattr(pydyf.Stream, "show_text", as_weasyprint_writes)
    clinic.body(NASTALIQ)
    assert any(
        "from its place" in one.message for one in clinic.problems("ur") if one.code == "PAGE-10"
    )
