"""Marking: what is drawn says what it is: the text and language of a run, or nothing to be read.

PDF/UA-1 asks for it, and WeasyPrint leaves it out: it marks each box with a tag alone, also heads
and feet, which a screen reader must skip, and pictures that carry no meaning.
"""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import ffi

from leaflets.insides import Patch, Touch
from leaflets.render.layout import RIGHT_TO_LEFT


def is_ornament(box: Any) -> bool:  # noqa: ANN401 - WeasyPrint's boxes have no types
    """Tell whether a box is a picture that is hidden, or carries no meaning: an empty `alt`."""
    replaced = isinstance(box, boxes.ReplacedBox) and box.element is not None
    return replaced and (box.element.get("alt") == "" or box.element.get("aria-hidden") == "true")


@contextmanager
def _marked(self: Any, box: Any, tag: str) -> Iterator[None]:  # noqa: ANN401 - the same
    """Mark the content of a box, with the language and the text of a run."""
    if self._tags is None:
        yield
    elif getattr(self, "in_artifact", False):
        with _stated_in_place(self, box):
            yield
    elif is_ornament(box):
        with self.artifact():
            yield
    else:
        # On a sheet that holds several pages, the marks of all are counted through (press.py).
        number = getattr(self, "first_mark", 0) + len(self._tags)
        self._tags[box] = {"tag": tag, "mcid": number}
        properties = pydyf.Dictionary({"MCID": number})
        if isinstance(box, boxes.TextBox):
            if box.style["lang"]:
                properties["Lang"] = pydyf.String(box.style["lang"])
            if RIGHT_TO_LEFT.search(box.text):
                _map_marks(self, box)
                # In the stream, readers would reverse it once more; `complete` puts it in the tree.
                self.__dict__.setdefault("right_to_left_texts", {})[number] = box.text
            else:
                properties["ActualText"] = pydyf.String(box.text)
        pydyf.Stream.begin_marked_content(self, tag, properties)
        try:
            yield
        finally:
            pydyf.Stream.end_marked_content(self)


@contextmanager
def _stated_in_place(stream: Any, box: Any) -> Iterator[None]:  # noqa: ANN401 - the same
    """State the text of a run outside the tag tree, in head or foot, where it is drawn."""
    if not isinstance(box, boxes.TextBox) or RIGHT_TO_LEFT.search(box.text):
        yield
        return
    properties = pydyf.Dictionary({"ActualText": pydyf.String(box.text)})
    pydyf.Stream.begin_marked_content(stream, "Span", properties)
    try:
        yield
    finally:
        pydyf.Stream.end_marked_content(stream)


def _map_marks(stream: Any, box: Any) -> None:  # noqa: ANN401 - the same
    """Map the glyphs of letters with vowel marks one by one, before WeasyPrint maps them at once.

    WeasyPrint gives the text of a cluster to the glyph it meets first, which is the mark, and only
    if that glyph is new: of the next such letter nothing would be left in the file but the mark.
    """
    box.pango_layout.reactivate(box.style)
    line, _ = box.pango_layout.get_first_line()
    encoded = box.pango_layout.text.encode()
    run = line.runs[0]
    while run != ffi.NULL:
        item = run.data
        run = run.next
        if not item.item.analysis.level % 2:
            continue
        font, _ = stream.add_font(item.item.analysis.font)
        for glyphs, text in _clusters(item, encoded):
            marks = [char for char in text if unicodedata.combining(char)]
            if marks and len(glyphs) == len(marks) + 1:
                letters = "".join(char for char in text if not unicodedata.combining(char))
                # Glyphs stand as drawn, from the left: the marks of a letter come before it.
                for glyph, part in zip(glyphs, (*reversed(marks), letters), strict=True):
                    font.to_unicode.setdefault(glyph, part)


def _clusters(item: Any, encoded: bytes) -> Iterator[tuple[list[int], str]]:  # noqa: ANN401 - the same
    """Yield the glyphs that are drawn for one piece of right-to-left text, and that text."""
    glyphs: list[int] = []
    end = item.item.length
    for index in range(item.glyphs.num_glyphs):
        glyphs.append(item.glyphs.glyphs[index].glyph)
        start = item.glyphs.log_clusters[index]
        last = index + 1 == item.glyphs.num_glyphs
        if last or item.glyphs.log_clusters[index + 1] != start:
            offset = item.item.offset
            yield glyphs, encoded[offset + start : offset + end].decode()
            glyphs, end = [], start


def _drawing_artifacts(draw: Callable[..., None]) -> Callable[..., None]:
    """Draw head and foot as artifacts: a screen reader skips what every page repeats."""

    def draw_stacking_context(stream: Any, context: Any) -> None:  # noqa: ANN401 - the same
        box = getattr(context, "box", None)
        tags = stream._tags  # noqa: SLF001 - one of TOUCHES
        if tags is None or not isinstance(box, boxes.MarginBox):
            draw(stream, context)
            return
        kind = "/Header" if box.at_keyword.startswith("@top") else "/Footer"
        properties = pydyf.Dictionary({"Type": "/Pagination", "Subtype": kind})
        pydyf.Stream.begin_marked_content(stream, "Artifact", properties)
        stream.in_artifact = True
        try:
            draw(stream, context)
        finally:
            stream.in_artifact = False
            pydyf.Stream.end_marked_content(stream)

    return draw_stacking_context


_VALID = "tests/test_editions.py::test_every_edition_passes_pdf_ua_1"

PATCHES = (
    Patch(
        "weasyprint.pdf.stream.Stream.marked",
        lambda _: _marked,
        digest="3fa3acacbbf66422",
        why="States the language and the text of each run, which PDF/UA-1 asks for where glyphs do"
        " not say it, as in Hindi and Khmer; leaves ornaments out of what is read; counts the marks"
        " of a sheet through; maps Arabic vowel marks one by one.",
        needless_when="WeasyPrint states `ActualText` and `Lang` of each run, and takes pictures"
        " with an empty `alt` for artifacts. The count for sheets would remain.",
        test=_VALID,
    ),
    Patch(
        "weasyprint.draw.draw_stacking_context",
        _drawing_artifacts,
        digest="c5811b178bdff82e",
        why="Draws head and foot of a page as artifacts, so that a screen reader skips what every"
        " page repeats.",
        needless_when="WeasyPrint draws the margin boxes of a page as pagination artifacts.",
        test="tests/test_formats.py::test_pages_on_sheets_are_read_like_pages_one_by_one",
    ),
)

TOUCHES = (
    Touch(
        (
            "weasyprint.pdf.stream.Stream._tags",
            "weasyprint.pdf.stream.Stream.artifact(self)",
            "weasyprint.formatting_structure.boxes.MarginBox",
            "weasyprint.formatting_structure.boxes.ReplacedBox",
            "weasyprint.formatting_structure.boxes.TextBox",
            "pydyf.Stream.begin_marked_content(self, tag, property_list=None)",
            "pydyf.Stream.end_marked_content(self)",
        ),
        why="The marks of a page by their boxes, from which WeasyPrint builds the tag tree.",
        needless_when="The patches of `marked` and `draw_stacking_context` can go.",
        test=_VALID,
    ),
    Touch(
        (
            "weasyprint.pdf.stream.Stream.add_font(self, pango_font)",
            "weasyprint.pdf.fonts.Font.to_unicode",
            "weasyprint.text.line_break.Layout.reactivate(self, style)",
            "weasyprint.text.line_break.Layout.get_first_line(self)",
            "weasyprint.text.line_break.Layout.text",
            "weasyprint.text.ffi.ffi",
        ),
        why="The glyphs of a run as Pango shaped it, to map those of letters with vowel marks one"
        " by one: WeasyPrint maps them at once, and loses the letter.",
        needless_when="WeasyPrint maps each glyph of a cluster to its own characters.",
        test="tests/test_formats.py::test_every_format_is_printed_in_every_script_without_a_problem",
    ),
)
