"""Reuse: what is the same in many editions is worked out once in a process.

A style sheet is parsed once, a figure is read and drawn once. Each result is kept by all that it
depends on, first of all by the bytes it was made of, so that a page never depends on what was set
before it: `tests/test_speed.py` prints with and without.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

import msgspec
import pydyf
from defusedxml import ElementTree
from weasyprint import CSS
from weasyprint.css.tokens import Pending
from weasyprint.images import SVGImage
from weasyprint.pdf.stream import Stream
from weasyprint.urls import URLFetchingError, fetch

from leaflets.insides import Patch, Touch

_LOGGER = logging.getLogger("weasyprint")

#: How many are kept. A library has a style sheet or two, and one short block of style for each
#: format and language; of 80 figures each is set in two or three sizes.
_SHEETS = 64
_FIGURES = 256
_SIZES = 8

# --- style sheets ---------------------------------------------------------------------------------

#: Rules that do something else than to style a page: they are read anew for each.
_REACHING_OUT = re.compile(r"@(font-face|import|layer|color-profile|counter-style|namespace)", re.I)


class _Sheet(msgspec.Struct, frozen=True):
    """A parsed style sheet; `pending` are its values with variables in them."""

    matcher: Any
    page_rules: Sequence[Any]
    base_url: str | None
    pending: Sequence[Any]


def _style_sheet(**asked: Any) -> Any:  # noqa: ANN401 - WeasyPrint has no type information
    """Parse a style sheet of a page, or take the one parsed before from the same bytes."""
    parsed = _parsed_before(asked)
    if parsed is None:
        return CSS(**asked)
    for value in parsed.pending:
        # WeasyPrint complains once in each document.
        value._reported_error = False  # noqa: SLF001 - one of TOUCHES
    sheet = CSS.__new__(CSS)
    sheet.base_url = parsed.base_url
    sheet.matcher = parsed.matcher
    sheet.layers = asked["layers"]
    sheet.page_rules = asked["page_rules"]
    sheet.page_rules.extend(parsed.page_rules)
    return sheet


def _parsed_before(asked: dict[str, Any]) -> _Sheet | None:
    """Return what a style sheet says, or None if it must be read for this document."""
    if "string" in asked:
        return _parsed(asked["string"], asked["base_url"], asked["media_type"])
    try:
        with fetch(asked["url_fetcher"], asked["url"]) as response:
            if response.content_type != "text/css" or response.charset:
                return None
            return _parsed(response.read(), response.url, asked["media_type"])
    except URLFetchingError:
        return None


@lru_cache(_SHEETS)
def _parsed(content: str | bytes, base_url: str | None, media: str) -> _Sheet | None:
    """Parse a style sheet; None if it does more than to style, or if something is wrong with it."""
    text = content if isinstance(content, str) else content.decode(errors="replace")
    if _REACHING_OUT.search(text):
        return None
    faults: list[str] = []
    with _Heard(faults):
        source = {"string": text} if isinstance(content, str) else {"file_obj": BytesIO(content)}
        sheet = CSS(**source, base_url=base_url, media_type=media)
    if faults or sheet.layers:
        return None
    return _Sheet(sheet.matcher, sheet.page_rules, sheet.base_url, tuple(_pending(sheet)))


def _pending(sheet: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    matcher = sheet.matcher
    groups = (matcher.id_selectors, matcher.class_selectors, matcher.lower_local_name_selectors)
    entries = [entry for group in groups for selectors in group.values() for entry in selectors]
    entries += [*matcher.lang_attr_selectors, *matcher.other_selectors]
    declared = [entry[-1][0] for entry in entries]
    declared += [declarations for *_, declarations in sheet.page_rules]
    for declarations in declared:
        yield from (value for _, value, _ in declarations if isinstance(value, Pending))


class _Heard:
    """Collects what is logged, and lets nobody else hear it."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults

    def __enter__(self) -> None:
        self._before = (_LOGGER.handlers, _LOGGER.propagate)
        handler = logging.Handler(logging.WARNING)
        handler.emit = lambda record: self._faults.append(record.getMessage())  # type: ignore[method-assign]
        _LOGGER.handlers, _LOGGER.propagate = [handler], False

    def __exit__(self, *_: object) -> None:
        _LOGGER.handlers, _LOGGER.propagate = self._before


# --- figures --------------------------------------------------------------------------------------

#: A figure made of these alone is drawn from its bytes and its size, and nothing else.
_SHAPES = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
                     "title", "desc"})  # fmt: skip
_ATTRIBUTES = frozenset({
    "viewBox", "width", "height", "x", "y", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2",
    "d", "points", "fill", "fill-rule", "stroke", "stroke-width", "stroke-linecap",
    "stroke-linejoin", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "transform",
    "id", "role", "preserveAspectRatio", "aria-hidden", "fill-opacity", "stroke-opacity",
})  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"


class _Drawing(msgspec.Struct, frozen=True):
    """What drawing a figure has written, the opacities it named, and the state it left.

    One of which WeasyPrint complains is drawn anew each time, so that each page hears of it.
    """

    is_faulty: bool
    written: Sequence[Any]
    opacities: dict[str, dict[str, Any]]
    state: tuple[Any, ...]


_STATE = (
    "_current_color", "_current_color_stroke", "_current_alpha", "_current_alpha_stroke",
    "_current_font",
)  # fmt: skip


class _Figure(SVGImage):  # type: ignore[misc]  # WeasyPrint has no type information
    """A figure that is drawn once for each size and repeated from then on."""

    def __init__(self, tree: Element, url: str) -> None:
        super().__init__(tree, url, None, None)
        self._drawn = lru_cache(_SIZES)(self._drawing)

    def draw(self, stream: Any, concrete_width: Any, concrete_height: Any, _style: Any) -> None:  # noqa: ANN401 - the same
        state = tuple(getattr(stream, name) for name in _STATE)
        drawn = self._drawn(concrete_width, concrete_height, state)
        if drawn.is_faulty:
            super().draw(stream, concrete_width, concrete_height, None)
            return
        stream.stream.extend(drawn.written)
        named = stream._resources["ExtGState"]  # noqa: SLF001 - one of TOUCHES
        for name, value in drawn.opacities.items():
            if name not in named:
                named[name] = pydyf.Dictionary(value)
        for name, value in zip(_STATE, drawn.state, strict=True):
            setattr(stream, name, value)

    def _drawing(self, width: Any, height: Any, state: tuple[Any, ...]) -> _Drawing:  # noqa: ANN401 - the same
        named: dict[str, Any] = pydyf.Dictionary()
        stream = Stream(None, None, {"ExtGState": named}, None, None, {}, None)
        for name, value in zip(_STATE, state, strict=True):
            setattr(stream, name, value)
        faults: list[str] = []
        with _Heard(faults):
            super().draw(stream, width, height, None)
        return _Drawing(
            is_faulty=bool(faults),
            written=tuple(stream.stream),
            opacities={key: dict(opacity) for key, opacity in named.items()},
            state=tuple(getattr(stream, name) for name in _STATE),
        )


def _finding_figures(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Take a figure read before from the same bytes; what is no plain figure is read as before."""

    def get_image_from_uri(cache: Any, url_fetcher: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - the same
        url = named.get("url") or rest[1]
        if url not in cache and url.endswith(".svg") and "forced_mime_type" not in named:
            try:
                with fetch(url_fetcher, url) as response:
                    content, kind = response.read(), response.content_type
            except URLFetchingError:
                content, kind = b"", ""
            if kind == "image/svg+xml" and (figure := _figure(url, content)):
                cache[url] = figure
        return theirs(cache, url_fetcher, *rest, **named)

    return get_image_from_uri


@lru_cache(_FIGURES)
def _figure(url: str, content: bytes) -> _Figure | None:
    """Read a figure; None if it is made of more than shapes, or cannot be read or drawn."""
    try:
        tree = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError):
        return None
    return _Figure(tree, url) if all(map(_is_plain, tree.iter())) else None


def _is_plain(element: Element) -> bool:
    return (
        element.tag.removeprefix(_SVG) in _SHAPES
        and element.attrib.keys() <= _ATTRIBUTES
        and not any("url" in value or "var" in value for value in element.attrib.values())
    )


_SAME = "tests/test_speed.py::test_style_and_figures_that_are_reused_print_as_those_read_anew"

PATCHES = (
    Patch(
        "weasyprint.css.CSS",
        lambda _: _style_sheet,
        digest="c9b29e561ebe07ea",
        why="Parses a style sheet once in a process, not once for each edition.",
        needless_when="WeasyPrint takes parsed style sheets for those that a page names.",
        test=_SAME,
    ),
    Patch(
        "weasyprint.document.original_get_image_from_uri",
        _finding_figures,
        digest="07bdb0c0e3fd5b83",
        why="Reads a figure once in a process, and draws it once for each size.",
        needless_when="WeasyPrint's cache of images can be kept from one edition to the next, and"
        " holds what was drawn.",
        test=_SAME,
    ),
)

TOUCHES = (
    Touch(
        (
            "weasyprint.CSS.matcher",
            "weasyprint.CSS.layers",
            "weasyprint.CSS.page_rules",
            "weasyprint.CSS.base_url",
            "weasyprint.css.tokens.Pending",
            "weasyprint.css.tokens.Pending._reported_error",
            "cssselect2.Matcher.id_selectors",
            "cssselect2.Matcher.class_selectors",
            "cssselect2.Matcher.lower_local_name_selectors",
            "cssselect2.Matcher.lang_attr_selectors",
            "cssselect2.Matcher.other_selectors",
        ),
        why="What a parsed style sheet holds, to make another of it.",
        needless_when="The patch of `CSS` can go.",
        test=_SAME,
    ),
    Touch(
        (
            "weasyprint.urls.fetch(url_fetcher, url)",
            "weasyprint.urls.URLFetchingError",
            "weasyprint.images.SVGImage",
            "weasyprint.images.SVGImage.draw(self, stream, concrete_width, concrete_height,"
            " _style)",
            "weasyprint.pdf.stream.Stream(fonts, page_rectangle, resources, images, tags,"
            " color_profiles, output_intent, *args, **kwargs)",
            "weasyprint.pdf.stream.Stream._resources",
            "weasyprint.pdf.stream.Stream._current_color",
            "weasyprint.pdf.stream.Stream._current_color_stroke",
            "weasyprint.pdf.stream.Stream._current_alpha",
            "weasyprint.pdf.stream.Stream._current_alpha_stroke",
            "weasyprint.pdf.stream.Stream._current_font",
            "pydyf.Stream.stream",
        ),
        why="How a figure is drawn: on what state of the page it depends, and which it leaves.",
        needless_when="The patch of `original_get_image_from_uri` can go.",
        test=_SAME,
    ),
)
