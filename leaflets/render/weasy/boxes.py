"""Boxes: what WeasyPrint has laid out becomes plain values, so that no check ever sees a box."""

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from leaflets.insides import Touch
from leaflets.render.layout import Area, Page, Run

_MM = 25.4 / 96
_PT = 72 / 96


def page_of(weasyprint_page: Any) -> Page:  # noqa: ANN401 - WeasyPrint has no type information
    """Read one laid-out page of WeasyPrint."""
    root = weasyprint_page._page_box  # noqa: SLF001 - one of TOUCHES
    runs = tuple(_runs(root, root, frozenset(), "", margin=False))
    left, top = root.content_box_x() * _MM, root.content_box_y() * _MM
    return Page(
        sheet=Area(0, 0, root.margin_width() * _MM, root.margin_height() * _MM),
        content=Area(left, top, left + root.width * _MM, top + root.height * _MM),
        runs=runs,
        kinds=frozenset(_all_kinds(root)),
    )


def _runs(
    box: Any,  # noqa: ANN401 - the same
    holder: Any,  # noqa: ANN401 - the same
    kinds: frozenset[str],
    message: str,
    *,
    margin: bool,
) -> Iterator[Run]:
    """Walk the boxes in reading order and yield each visible piece of text."""
    box = getattr(box, "_box", box)
    margin = margin or isinstance(box, boxes.MarginBox)
    kinds |= _kinds(box)
    message = _message(box) or message
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield Run(
                text=box.text,
                area=_area(box.position_x, box.position_y, box.width, box.height),
                box=_padding_area(holder),
                size=box.style["font_size"] * _PT,
                baseline=(box.position_y + box.baseline) * _MM,
                kinds=kinds,
                message=message,
                margin=margin,
                generated="::" in (box.element_tag or ""),
            )
        return
    if isinstance(box, boxes.BlockContainerBox):
        holder = box
    for child in getattr(box, "children", ()):
        yield from _runs(child, holder, kinds, message, margin=margin)


def _message(box: Any) -> str:  # noqa: ANN401 - the same
    return "" if box.element is None else str(box.element.get("data-message") or "")


def _all_kinds(box: Any) -> Iterator[str]:  # noqa: ANN401 - the same
    box = getattr(box, "_box", box)
    yield from _kinds(box)
    for child in getattr(box, "children", ()):
        yield from _all_kinds(child)


def _kinds(box: Any) -> frozenset[str]:  # noqa: ANN401 - the same
    element = box.element
    if element is None:
        return frozenset()
    names = (element.get("class") or "").split()
    return frozenset(
        (*(f".{name}" for name in names), *(f"#{name}" for name in [element.get("id")] if name))
    )


def _area(x: float, y: float, width: float, height: float) -> Area:
    return Area(x * _MM, y * _MM, (x + width) * _MM, (y + height) * _MM)


def _padding_area(box: Any) -> Area:  # noqa: ANN401 - the same
    return _area(
        box.padding_box_x(), box.padding_box_y(), box.padding_width(), box.padding_height()
    )


TOUCHES = (
    Touch(
        (
            "weasyprint.document.Page._page_box",
            "weasyprint.layout.absolute.AbsolutePlaceholder._box",
            "weasyprint.formatting_structure.boxes.Box.element",
            "weasyprint.formatting_structure.boxes.Box.element_tag",
            "weasyprint.formatting_structure.boxes.Box.style",
            "weasyprint.formatting_structure.boxes.Box.position_x",
            "weasyprint.formatting_structure.boxes.Box.position_y",
            "weasyprint.formatting_structure.boxes.Box.width",
            "weasyprint.formatting_structure.boxes.Box.height",
            "weasyprint.formatting_structure.boxes.Box.content_box_x(self)",
            "weasyprint.formatting_structure.boxes.Box.content_box_y(self)",
            "weasyprint.formatting_structure.boxes.Box.margin_width(self)",
            "weasyprint.formatting_structure.boxes.Box.margin_height(self)",
            "weasyprint.formatting_structure.boxes.Box.padding_box_x(self)",
            "weasyprint.formatting_structure.boxes.Box.padding_box_y(self)",
            "weasyprint.formatting_structure.boxes.Box.padding_width(self)",
            "weasyprint.formatting_structure.boxes.Box.padding_height(self)",
            "weasyprint.formatting_structure.boxes.BlockContainerBox",
            "weasyprint.formatting_structure.boxes.MarginBox",
            "weasyprint.formatting_structure.boxes.ParentBox.children",
            "weasyprint.formatting_structure.boxes.TextBox.baseline",
            "weasyprint.formatting_structure.boxes.TextBox.text",
        ),
        why="What stands where on a laid-out page, for the checks.",
        needless_when="WeasyPrint says what it has laid out where.",
        test="tests/test_ink.py::test_text_that_is_seen_has_no_problem",
    ),
)
