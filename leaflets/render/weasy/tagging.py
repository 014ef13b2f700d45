"""Tagging: the tag tree, and what is amended in it, so that every edition passes PDF/UA-1.

WeasyPrint 70 gives tags to running heads and ornaments, closes some lists wrongly, and does not say
what a table head stands over. What is drawn with each tag: `marking.py`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes

from leaflets.insides import Patch, Touch
from leaflets.render.weasy.marking import is_ornament

_SCOPES = {"row": "/Row", "col": "/Column", "rowgroup": "/Row", "colgroup": "/Column"}


def _building_without_ornaments(tree: Callable[..., Any]) -> Callable[..., Any]:
    """Build the tag tree without artifacts, and say what a table head stands over."""

    def build_box_tree(box: Any, *arguments: Any) -> Iterator[Any]:  # noqa: ANN401 - WeasyPrint's boxes have no types
        real = getattr(box, "_box", box)
        if isinstance(real, boxes.MarginBox) or is_ornament(real):
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


_VALID = "tests/test_editions.py::test_every_edition_passes_pdf_ua_1"

PATCHES = (
    Patch(
        "weasyprint.pdf.tags._build_box_tree",
        _building_without_ornaments,
        digest="f716251a83e7096e",
        why="Leaves heads, feet and ornaments out of the tag tree, as they are artifacts; says"
        " which cells the head of a row or a column stands over.",
        needless_when="WeasyPrint leaves artifacts out of the tree, and writes `Scope` from the"
        " attribute `scope` of a `th`.",
        test=_VALID,
    ),
)

TOUCHES = (
    Touch(
        (
            "weasyprint.formatting_structure.boxes.MarginBox",
            "weasyprint.layout.absolute.AbsolutePlaceholder._box",
        ),
        why="Which boxes are artifacts.",
        needless_when="The patch of `_build_box_tree` can go.",
        test=_VALID,
    ),
    Touch(
        (
            "weasyprint.pdf.tags.add_tags(pdf, document, pdf_version, page_streams)",
            "pydyf.PDF.objects",
            "pydyf.PDF.catalog",
            "pydyf.PDF.add_object(self, object_)",
            "pydyf.Object.reference",
            "pydyf.Stream.stream",
        ),
        why="The finished objects: a list item gets a body, a right-to-left run its text, a glyph"
        " without a character of its own a zero-width space, the file its direction.",
        needless_when="WeasyPrint writes `LBody`, the text of runs, no empty entry of `ToUnicode`,"
        " and `Direction` for a page that is read from the right.",
        test=_VALID,
    ),
)
