"""Complete WeasyPrint's tag tree, so that every edition passes PDF/UA-1 and can be read aloud.

WeasyPrint 70 leaves out the language and the text of runs, treats running heads and ornaments as
content, and closes some lists wrongly. This module changes seven functions, and edits the finished
objects. It is the only one that touches how WeasyPrint draws; `install` refuses any other
version, for which the same must be shown again.
"""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import IO, Any

import pydyf
import weasyprint.draw
import weasyprint.pdf
import weasyprint.pdf.tags
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import ffi

from leaflets.render.layout import RIGHT_TO_LEFT

_SCOPES = {"row": "/Row", "col": "/Column", "rowgroup": "/Row", "colgroup": "/Column"}


@cache
def install() -> None:
    """Put our functions in place of WeasyPrint's, once in a process."""
    draw = weasyprint.draw.draw_stacking_context
    tree = weasyprint.pdf.tags._build_box_tree
    Stream.marked = _marked
    weasyprint.draw.draw_stacking_context = _drawing_artifacts(draw)
    weasyprint.pdf.tags._build_box_tree = _building_without_ornaments(tree)
    pydyf.Stream.data = property(_ending_plainly(pydyf.Stream.data.fget))
    pydyf.Stream.show_text = _without_empty_strings(pydyf.Stream.show_text)
    weasyprint.pdf.ColorProfile = _closing(weasyprint.pdf.ColorProfile)


def _closing(profile: Callable[..., Any]) -> Callable[..., Any]:
    """Close the file of a colour profile once it is read, which WeasyPrint leaves open."""

    def read(file: IO[bytes], *arguments: Any) -> Any:  # noqa: ANN401 - WeasyPrint's boxes have no types
        with file:
            return profile(BytesIO(file.read()), *arguments)

    return read


def _ending_plainly(data: Callable[[pydyf.Stream], bytes]) -> Callable[[pydyf.Stream], bytes]:
    """End a stream so that its length can be told without being stated.

    Where the last byte is a carriage return, a line feed alone after it would be taken for half of
    the end of the line (ISO 19005-2, 6.1.7.1).
    """

    def ended(stream: pydyf.Stream) -> bytes:
        written = data(stream)
        end = b"\nendstream"
        return written.removesuffix(end) + b"\r" + end if written.endswith(b"\r" + end) else written

    return ended


def _without_empty_strings(show: Callable[..., None]) -> Callable[..., None]:
    """Show text without empty strings, after which PDFium loses the number that ends the array.

    WeasyPrint writes them after each glyph that is raised, as in Nastaliq: `[<>814<>-995] TJ`.
    """

    def show_text(stream: pydyf.Stream, text: str) -> None:
        show(stream, text.replace("<>", " "))  # a space, for a number may stand on each side

    return show_text


def _is_ornament(box: Any) -> bool:  # noqa: ANN401 - WeasyPrint's boxes have no types
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
    elif _is_ornament(box):
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
        if stream._tags is None or not isinstance(box, boxes.MarginBox):
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


def _building_without_ornaments(tree: Callable[..., Any]) -> Callable[..., Any]:
    """Build the tag tree without artifacts, and say what a table head stands over."""

    def build_box_tree(box: Any, *arguments: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
        real = getattr(box, "_box", box)
        if isinstance(real, boxes.MarginBox) or _is_ornament(real):
            return
        for element in tree(box, *arguments):
            if element.get("S") == "/TH" and real.element is not None:
                scope = _SCOPES.get(real.element.get("scope", ""))
                if scope:
                    element["A"]["Scope"] = scope
            yield element

    return build_box_tree


def complete(pdf: pydyf.PDF, *, right_to_left: bool) -> None:
    """Edit the objects of a finished PDF: lists, texts of right-to-left runs, reading direction."""
    for item in list(pdf.objects):
        if isinstance(item, pydyf.Stream):
            _map_empty_glyphs(item)
        elif isinstance(item, dict) and item.get("Type") == "/StructElem":
            if item["S"] == "/Span":
                _state_text(pdf, item)
            elif item["S"] == "/LI":
                _wrap_list_body(pdf, item)
    if right_to_left:
        pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:  # noqa: ANN401 - any PDF object
    return pdf.objects[int(reference.split()[0])]


def _map_empty_glyphs(stream: pydyf.Stream) -> None:
    """Give a glyph that stands for no character of its own a zero-width space, not nothing."""
    if b"begincmap" in stream.stream:
        stream.stream = [
            part.replace(b"<>", b"<200b>") if isinstance(part, bytes) else part
            for part in stream.stream
        ]


def _state_text(pdf: pydyf.PDF, element: pydyf.Dictionary) -> None:
    kids = element["K"]
    if len(kids) == 1 and isinstance(kids[0], int):
        page = _object(pdf, element["Pg"])
        texts = getattr(_object(pdf, page["Contents"]), "right_to_left_texts", {})
        if text := texts.get(kids[0]):
            element["ActualText"] = pydyf.String(text)


def _wrap_list_body(pdf: pydyf.PDF, item: pydyf.Dictionary) -> None:
    """Put what stands loose in a list item into its body, as ISO 32000-1 table 336 asks."""
    kids = item["K"]
    loose = [
        kid
        for kid in kids
        if not isinstance(kid, int) and _object(pdf, kid)["S"] not in {"/Lbl", "/LBody"}
    ]
    if not loose:
        return
    body = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/LBody",
            "K": pydyf.Array(loose),
            "Pg": item["Pg"],
            "P": item.reference,
        }
    )
    pdf.add_object(body)
    for kid in loose:
        _object(pdf, kid)["P"] = body.reference
    item["K"] = pydyf.Array([kid for kid in kids if kid not in loose] + [body.reference])
