"""Standing type: a leaflet stays laid out, and only what differs for the next clinic is set again.

Printers keep the type of a sheet standing that is printed again with another name on it. The sheets
of clinics differ in a few lines, so in a process that prints them one after the other the rest need
not be laid out again. A part is put into a standing page only if it takes exactly the room of the
part before it, so that nothing round it could have moved; otherwise the page is set whole.
`tests/test_standing.py` shows that the bytes are those of a page set whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from math import inf
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import msgspec
import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.formatting_structure import boxes, build
from weasyprint.html import get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.layout.block import block_level_layout
from weasyprint.layout.page import make_margin_boxes
from weasyprint.pdf import VARIANTS

from leaflets.insides import Touch

#: How many pages a process keeps standing; each takes the memory of a leaflet laid out.
_KEPT = 3

_SVG = "{http://www.w3.org/2000/svg}svg"

#: Lengths that differ by less, in CSS pixels, are the same.
_ROUNDING = 1e-9

#: Where a part stands and how large it is: if these are the same, nothing round it can differ.
_ROOM = (
    "position_x", "position_y", "width", "height",
    "margin_top", "margin_right", "margin_bottom", "margin_left",
    "padding_top", "padding_right", "padding_bottom", "padding_left",
    "border_top_width", "border_right_width", "border_bottom_width", "border_left_width",
)  # fmt: skip


class Standing:
    """The pages that a process keeps standing, the last used first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._formes: list[_Forme] = []

    def __len__(self) -> int:
        """Return how many pages stand."""
        return len(self._formes)

    def laid_out(
        self, html: weasyprint.HTML, options: Mapping[str, Any], assets: Mapping[Path, str]
    ) -> Any:  # noqa: ANN401 - WeasyPrint has no type information
        """Lay a page out: what differs from a standing one, or the whole. Return the document.

        `options` are those of `weasyprint.HTML.render`. A page stands in for others with the same
        `assets`: the files that it names, and their hashes.
        """
        formes, self._formes = self._formes, []  # none is kept if this is interrupted
        for forme in formes:
            if forme.assets == assets and (document := forme.set_again(html)):
                self._formes = [forme, *(other for other in formes if other is not forme)]
                return document
        forme = _Forme(html, options, assets)
        self._formes = [forme, *formes[: _KEPT - 1]]
        return forme.document()

    def distribute(self) -> None:
        """Keep the page that was set last no longer: of type, printers say it is distributed."""
        del self._formes[:1]


class _Part(msgspec.Struct):
    """A block that can be set by itself: as built, as laid out, in what, and on which page."""

    built: Any
    laid_out: Any
    holder: Any
    page: Any
    number: int


class _Edit(msgspec.Struct, frozen=True):
    """An element whose words differ: what stands, what shall stand, and which element shows it."""

    old: Element
    new: Element
    shown_in: Element


class _Forme:
    """A page of HTML as built and as laid out, to be set again with other words."""

    def __init__(
        self, html: weasyprint.HTML, options: Mapping[str, Any], assets: Mapping[Path, str]
    ) -> None:
        """Lay a page out whole."""
        self.assets = assets
        self._html = html
        self._options = _completed(options)
        self._counters = CounterStyle()
        self._context = Document._build_layout_context(  # noqa: SLF001 - one of TOUCHES
            html, self._options["font_config"], self._counters, {}, self._options
        )
        root = build.build_formatting_structure(
            html.etree_element,
            self._context.style_for,
            self._context.get_image_from_uri,
            html.base_url,
            self._context.target_collector,
            self._counters,
            self._context.footnotes,
        )
        self._pages = list(layout_document(html, root, self._context))
        self._paths = dict(_paths((root,)))
        self._above = {child: holder for holder in html.etree_element.iter() for child in holder}
        #: Blocks that were built anew and may not be in the standing pages yet.
        self._loose: dict[Element, None] = {}
        self._parts: dict[Element, _Part | None] = {}

    def document(self) -> Any:  # noqa: ANN401 - the same
        """Return the pages as a document that can be written."""
        document = Document(
            [Page(page) for page in self._pages],
            DocumentMetadata(**get_html_metadata(self._html)),
            self._html.url_fetcher,
            self._options["font_config"],
            {},
            self._options["output_intent"],
        )
        document._html = self._html  # noqa: SLF001 - one of TOUCHES
        return document

    def set_again(self, html: weasyprint.HTML) -> Any:  # noqa: ANN401 - the same
        """Set what differs in another page, which stands here from then on; return the document.

        None if more differs than some words, or if something would have to move.
        """
        if html.base_url != self._html.base_url:
            return None
        edits = _edits(self._html.etree_element, html.etree_element)
        if edits is None:
            return None
        drawings = dict.fromkeys(edit.shown_in for edit in edits if edit.shown_in.tag == _SVG)
        words = dict.fromkeys(edit.shown_in for edit in edits if self._is_seen(edit.shown_in))
        showing = [self._block(element) for element in words if element not in drawings]
        blocks = dict.fromkeys(block for block in showing if block is not None)
        if len(blocks) < len(dict.fromkeys(showing)):
            return None
        parts = [self._part(block) for block in blocks if not self._is_running(block)]
        if None in parts:
            return None
        for edit in edits:
            _take(edit)
        for drawing in drawings:
            self._redraw(drawing)
        self._loose |= blocks
        if not all(self._rebuilt(block) for block in self._loose) or not self._put_in():
            return None
        if any(self._is_running(block) for block in self._loose):
            self._set_margins()
        self._loose.clear()
        return self.document()

    def _is_seen(self, element: Element) -> bool:
        while (above := self._above.get(element)) is not None:
            if element.tag == "head":
                return False
            element = above
        return True

    def _block(self, element: Element) -> Element | None:
        """Find the block of lines that shows an element; None if it is laid out otherwise."""
        at: Element | None = element
        while at is not None:
            path = self._paths.get(at)
            if path and isinstance(path[-1], (boxes.BlockBox, boxes.TableCellBox)):
                is_lines = all(isinstance(child, boxes.LineBox) for child in path[-1].children)
                return at if is_lines or self._is_running(at) else None
            at = self._above.get(at)
        return None

    def _is_running(self, block: Element) -> bool:
        """Tell whether a block stands in the head or foot of the pages."""
        return any(box.is_running() for box in self._paths[block])

    def _part(self, block: Element) -> _Part | None:
        """Find what can be set by itself round a block; None if it does not come out the same.

        That is the block itself, or the outermost row, table or other arrangement that it is in.
        """
        path = self._paths[block]
        plain = list(takewhile(_is_plain, path))
        built = next(
            box
            for box in (*path[len(plain) : len(plain) + 1], *reversed(plain))
            if self._paths[box.element][-1] is box  # and no nameless box round it
        )
        if built.element not in self._parts:
            self._parts[built.element] = self._part_of(built)
        return self._parts[built.element]

    def _part_of(self, built: Any) -> _Part | None:  # noqa: ANN401 - the same
        if not built.is_in_normal_flow():
            return None
        parts = [
            _Part(built, laid_out, holder, page, number)
            for number, page in enumerate(self._pages, 1)
            for laid_out, holder in _copies(page, built)
        ]
        if len(parts) != 1:
            return None
        (part,) = parts
        again = self._alone(part)
        return part if again is not None and _is_same(again, part.laid_out) else None

    def _alone(self, part: _Part) -> Any:  # noqa: ANN401 - the same
        """Lay a part out by itself, where it stands."""
        built, standing = part.built, part.laid_out
        built.position_x, built.position_y = standing.position_x, standing.position_y
        self._context.current_page = part.number
        self._context.tables.clear()  # the widths of tables, by the words that were in them
        self._context.create_block_formatting_context()
        positioned: list[Any] = []
        set_, resume_at, *_ = block_level_layout(
            self._context,
            built,
            bottom_space=-inf,
            skip_stack=None,
            containing_block=part.holder,
            page_is_empty=False,
            absolute_boxes=positioned,
            fixed_boxes=positioned,
        )
        self._context.finish_block_formatting_context()
        return None if resume_at or positioned else set_

    def _built(self, element: Element) -> Any:  # noqa: ANN401 - the same
        context = self._context
        return build.element_to_box(
            element,
            context.style_for,
            context.get_image_from_uri,
            self._html.base_url,
            context.target_collector,
            self._counters,
            context.footnotes,
        )

    def _rebuilt(self, block: Element) -> bool:
        """Build the lines of a block anew from its words; False if it is more than words."""
        (new,) = self._built(block)
        if not all(map(_is_words, new.descendants())):
            return False
        new.process_whitespace()
        new.process_text_transform()
        if not self._is_running(block):
            new = build.create_anonymous_boxes(new)
            if not all(isinstance(child, boxes.LineBox) for child in new.children):
                return False
        standing = self._paths[block][-1]
        standing.children = new.children
        standing.bookmark_label = new.bookmark_label
        return True

    def _redraw(self, drawing: Element) -> None:
        """Put a drawing of the same size into its places."""
        built = self._paths[drawing][-1]
        (new,) = self._built(drawing)
        for box in (built, *(copy for page in self._pages for copy, _ in _copies(page, built))):
            box.replacement = new.replacement

    def _put_in(self) -> bool:
        """Set the parts with loose blocks, and put them in their places if all fit."""
        parts: dict[Element, _Part] = {}
        for block in self._loose:
            if not self._is_running(block) and (part := self._part(block)):
                parts[part.built.element] = part
        again = [(part, self._alone(part)) for part in parts.values()]
        if not all(set_ is not None and _takes(set_, part.laid_out) for part, set_ in again):
            return False
        for part, set_ in again:
            _align(set_, part.laid_out)
            part.holder.children = [
                set_ if child is part.laid_out else child for child in part.holder.children
            ]
            part.laid_out = set_
            layout_box_backgrounds(part.page, set_, self._context.get_image_from_uri)
        return True

    def _set_margins(self) -> None:
        """Set the heads and feet of the pages."""
        for number, page in enumerate(self._pages, 1):
            self._context.current_page = number
            state = self._context.page_maker[number][3]
            margins = list(make_margin_boxes(self._context, page, state))
            for margin in margins:
                layout_box_backgrounds(page, margin, self._context.get_image_from_uri)
            rest = [child for child in page.children if not isinstance(child, boxes.MarginBox)]
            page.children = (*rest, *margins)


def _completed(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add what WeasyPrint adds to the options of a page, which are those of its kind of PDF."""
    asked = {**weasyprint.DEFAULT_OPTIONS, **options}
    _, usual = VARIANTS[asked["pdf_variant"]]
    return asked | {name: value for name, value in usual.items() if asked.get(name) is None}


def _paths(path: tuple[Any, ...]) -> Iterator[tuple[Element, tuple[Any, ...]]]:
    """Yield each element with its box and those round it, from outside; its own box comes last."""
    for child in reversed(_inside(path[-1])):
        yield from _paths((*path, child))
    if path[-1].element is not None and "::" not in path[-1].element_tag:
        yield path[-1].element, path  # of several boxes of an element, the outermost is kept


def _copies(box: Any, built: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - the same
    """Yield what was laid out of a box below another, each with what holds it."""
    for child in _inside(box):
        if (
            child.element is built.element
            and type(child) is type(built)
            and child.element_tag == built.element_tag
        ):
            yield child, box
        else:
            yield from _copies(child, built)


def _is_plain(box: Any) -> bool:  # noqa: ANN401 - the same
    """Tell whether a block has the width that it is given, whatever stands in it."""
    return (
        type(box) is boxes.BlockBox
        and box.is_in_normal_flow()
        and not box.is_table_wrapper
        and box.style["column_width"] == "auto"
        and box.style["column_count"] == "auto"
    )


def _is_words(box: Any) -> bool:  # noqa: ANN401 - the same
    """Tell whether a box shows what stands in its element, and nothing else depends on it."""
    return (
        "::" not in box.element_tag
        and box.is_in_normal_flow()
        and box.style["anchor"] is None
        and box.style["string_set"] == "none"
        and box.missing_link is None
    )


def _takes(new: Any, old: Any) -> bool:  # noqa: ANN401 - the same
    """Tell whether a box takes the same room as another."""
    return all(_is_close(getattr(new, name, 0), getattr(old, name, 0)) for name in _ROOM)


def _is_close(new: float, old: float) -> bool:
    """Compare lengths: what was laid out elsewhere first and moved differs in the last digits."""
    return new == old or abs(new - old) < _ROUNDING


def _align(new: Any, old: Any) -> None:  # noqa: ANN401 - the same
    """Move what was set by itself to where it stood, to the last digit."""
    for name in _ROOM:
        before = getattr(old, name, None)
        if before is not None and _is_close(getattr(new, name), before):
            setattr(new, name, before)
    for child, standing in zip(_inside(new), _inside(old), strict=False):
        if type(child) is type(standing) and child.element is standing.element:
            _align(child, standing)


def _inside(box: Any) -> Sequence[Any]:  # noqa: ANN401 - the same
    return getattr(box, "children", ())


def _is_same(new: Any, old: Any) -> bool:  # noqa: ANN401 - the same
    """Tell whether a box and all in it stand and read like another."""
    if type(new) is not type(old) or not _takes(new, old):
        return False
    if getattr(new, "text", None) != getattr(old, "text", None):
        return False
    inside, before = _inside(new), _inside(old)
    return len(inside) == len(before) and all(map(_is_same, inside, before))


def _edits(old: Element, new: Element) -> Sequence[_Edit] | None:
    """List the words that differ between two pages; None if anything else does."""
    edits: list[_Edit] = []
    return edits if _compare(old, new, old, edits) else None


def _compare(old: Element, new: Element, shown_in: Element, edits: list[_Edit]) -> bool:
    """Compare two elements and those in them; `shown_in` is the element round the old one."""
    if old.tag != new.tag or len(old) != len(new):
        return False
    if _has_words(old.tail) != _has_words(new.tail) or _has_words(old.text) != _has_words(new.text):
        return False
    is_drawn = shown_in.tag == _SVG
    if old.attrib != new.attrib and not is_drawn and old.tag != "meta":
        return False
    if old.text != new.text or old.attrib != new.attrib:
        if old.tag in {"style", "script"}:
            return False
        edits.append(_Edit(old, new, shown_in if is_drawn else old))
    if old.tail != new.tail:
        edits.append(_Edit(old, new, shown_in))
    inside = shown_in if is_drawn else old
    return all(_compare(*pair, inside, edits) for pair in zip(old, new, strict=True))


def _has_words(text: str | None) -> bool:
    return bool(text and text.strip())


def _take(edit: _Edit) -> None:
    """Put the words of another element into one that stands."""
    edit.old.text, edit.old.tail = edit.new.text, edit.new.tail
    edit.old.attrib.clear()
    edit.old.attrib.update(edit.new.attrib)


_SAME = (
    "tests/test_standing.py"
    "::test_an_edition_set_again_for_the_next_clinic_has_the_bytes_of_one_set_whole"
)

TOUCHES = (
    Touch(
        (
            "weasyprint.DEFAULT_OPTIONS",
            "weasyprint.pdf.VARIANTS",
            "weasyprint.document.Document._build_layout_context(html, font_config, counter_style,"
            " color_profiles, options)",
            "weasyprint.document.Document(pages, metadata, url_fetcher, font_config,"
            " color_profiles, output_intent)",
            "weasyprint.document.Document._html",
            "weasyprint.document.Page(page_box)",
            "weasyprint.html.get_html_metadata(html)",
            "weasyprint.HTML.etree_element",
            "weasyprint.HTML.base_url",
            "weasyprint.HTML.url_fetcher",
        ),
        why="What `HTML.render` does, taken apart, so that what is laid out can be kept.",
        needless_when="WeasyPrint lays a document out again of which some words have changed.",
        test=_SAME,
    ),
    Touch(
        (
            "weasyprint.formatting_structure.build.build_formatting_structure(element_tree,"
            " style_for, get_image_from_uri, base_url, target_collector, counter_style, footnotes)",
            "weasyprint.formatting_structure.build.element_to_box(element, style_for,"
            " get_image_from_uri, base_url, target_collector, counter_style, footnotes,"
            " state=None)",
            "weasyprint.formatting_structure.build.create_anonymous_boxes(box)",
            "weasyprint.formatting_structure.boxes.Box.process_whitespace(self,"
            " following_collapsible_space=False)",
            "weasyprint.formatting_structure.boxes.Box.process_text_transform(self)",
            "weasyprint.formatting_structure.boxes.Box.is_in_normal_flow(self)",
            "weasyprint.formatting_structure.boxes.Box.is_running(self)",
            "weasyprint.formatting_structure.boxes.Box.is_table_wrapper",
            "weasyprint.formatting_structure.boxes.Box.bookmark_label",
            "weasyprint.formatting_structure.boxes.Box.missing_link",
            "weasyprint.formatting_structure.boxes.BlockBox",
            "weasyprint.formatting_structure.boxes.LineBox",
            "weasyprint.formatting_structure.boxes.MarginBox",
            "weasyprint.formatting_structure.boxes.TableCellBox",
            "weasyprint.formatting_structure.boxes.ReplacedBox.replacement",
        ),
        why="Builds the boxes of a block anew from its words.",
        needless_when="WeasyPrint lays a document out again of which some words have changed.",
        test=_SAME,
    ),
    Touch(
        (
            "weasyprint.layout.layout_document(html, root_box, context, max_loops=8)",
            "weasyprint.layout.LayoutContext.create_block_formatting_context(self, root_box=None,"
            " new_list=None)",
            "weasyprint.layout.LayoutContext.finish_block_formatting_context(self, root_box=None)",
            "weasyprint.layout.LayoutContext.current_page",
            "weasyprint.layout.LayoutContext.footnotes",
            "weasyprint.layout.LayoutContext.page_maker",
            "weasyprint.layout.LayoutContext.tables",
            "weasyprint.layout.LayoutContext.target_collector",
            "weasyprint.layout.background.layout_box_backgrounds(page, box, get_image_from_uri,"
            " layout_children=True, style=None)",
            "weasyprint.layout.block.block_level_layout(context, box, bottom_space, skip_stack,"
            " containing_block, page_is_empty=True, absolute_boxes=None, fixed_boxes=None,"
            " adjoining_margins=None, first_letter_style=None, first_line_style=None,"
            " discard=False, max_lines=None)",
            "weasyprint.layout.page.make_margin_boxes(context, page, state)",
        ),
        why="Lays a part out by itself, where it stands, and the heads and feet of pages.",
        needless_when="WeasyPrint lays a document out again of which some words have changed.",
        test=_SAME,
    ),
)
