"""Tracing: every message is found on the page, and neither marks nor elements change the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.catalogs import marks
from leaflets.catalogs.difference import difference
from leaflets.compose.breaking import ZERO_WIDTH_SPACE, with_breaks
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.library.load import Library
from leaflets.render.pictures import of_messages
from leaflets.render.weasy.typeset import typeset


def test_a_message_becomes_an_element_in_text_and_nothing_in_an_attribute_or_title() -> None:
    one = marks.marked("a.b", "Drink <strong>water</strong>.")
    html = f'<title>{one}</title><p title="{marks.marked("a.c", "x")}">{one}</p>'
    assert marks.traced(html) == (
        "<title>Drink <strong>water</strong>.</title>"
        '<p title="x"><span data-message="a.b">Drink <strong>water</strong>.</span></p>'
    )


def test_messages_may_be_nested() -> None:
    inner = marks.marked("b", "aspirin")
    found = marks.traced(f"<p>{marks.marked('a', f'Take {inner}.')}</p>")
    assert found == (
        '<p><span data-message="a">Take <span data-message="b">aspirin</span>.</span></p>'
    )


@pytest.mark.parametrize("tag", ["en", "ar", "zh-Hans"])
def test_every_text_of_a_page_that_is_a_message_names_it(library: Library, tag: str) -> None:
    request = Request(leaflets=("recovery",), languages=(tag,), formats=("a4",))
    (edition,) = plan(library, request)
    composed = compose(Inputs(library), edition)
    rtl = edition.language.direction == "rtl"
    done = typeset(composed.html, library.roots.templates, right_to_left=rtl)
    named = {run.message for page in done.layout.pages for run in page.runs if run.message}
    spoken = {"recovery.move.roll-alt", "recovery.move.stand-alt", "recovery.move.walk-alt"}
    assert named | spoken == {message for message, _ in composed.requested}
    assert done.pdf is not None
    pictures = of_messages(done.pdf, done.layout, 40)
    assert set(pictures) == named
    assert all(one.startswith(b"\x89PNG") for one in pictures.values())


KHMER = "ឈឺខ្នងខ្លាំងសូមទូរស័ព្ទមកយើង"


def test_khmer_may_break_between_words_and_nowhere_else() -> None:
    found = with_breaks(f'<p title="{KHMER}">{KHMER} 7</p>', "km")
    assert found.startswith(f'<p title="{KHMER}">')
    broken = found.partition(">")[2].partition("<")[0]
    assert broken.replace(ZERO_WIDTH_SPACE, "") == f"{KHMER} 7"
    assert broken.count(ZERO_WIDTH_SPACE) >= 3
    assert {"ខ្លាំង", "ទូរស័ព្ទ"} <= set(broken.split(ZERO_WIDTH_SPACE))


@given(st.text(alphabet="កខគឃងាិីុូ្ៗ។ abc<>&", max_size=40))
def test_marking_line_breaks_adds_nothing_else(text: str) -> None:
    html = f"<p>{text.replace('<', '').replace('>', '')}</p>"
    assert with_breaks(html, "km").replace(ZERO_WIDTH_SPACE, "") == html


@given(st.text(), st.text())
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after


def test_a_difference_is_by_words_also_without_spaces() -> None:
    removed = [one.text for one in difference("不要开车", "可以开车") if one.kind == "removed"]
    assert removed == ["不要"]
