"""HTML tree: a page of HTML as frozen elements, for all that read a composed page.

Python's own parser takes a seventh of the time of tinyhtml5, which the typesetter uses; a test
holds that both find the same elements and texts in our pages.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TypeAlias

import msgspec

#: Elements that hold nothing and are never closed (HTML, section 13.1.2), of those that we use.
_VOID = frozenset({"br", "hr", "img", "link", "meta"})

#: Elements whose text is no part of the page.
_UNSEEN = frozenset({"head", "title", "style", "script"})


class Element(msgspec.Struct, frozen=True):
    """An element: its tag, its names as style sheets write them, its message, and what it holds.

    `names` are its classes in order (`.box`), its id (`#top`) and its tag (`div`); `message` is the
    id of the message whose text it holds, empty if it holds none.
    """

    tag: str
    names: tuple[str, ...]
    message: str
    children: tuple["Node", ...]

    @property
    def is_seen(self) -> bool:
        """Tell whether its text is part of the page."""
        return self.tag not in _UNSEEN

    def text(self) -> str:
        """Join the words in it, with one space between them."""
        return " ".join("".join(_texts(self)).split())


Node: TypeAlias = Element | str


def parse(html: str) -> Element:
    """Read a page, or a part of one; the root has no tag."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root()


def elements(
    root: Element, above: tuple[Element, ...] = ()
) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """Yield each element that is seen below another, and those it stands in, outermost first."""
    inside = (*above, root)
    for child in root.children:
        if isinstance(child, Element) and child.is_seen:
            yield child, inside
            yield from elements(child, inside)


def texts(
    root: Element, above: tuple[Element, ...] = ()
) -> Iterator[tuple[str, tuple[Element, ...]]]:
    """Yield each text that is seen below an element, and the elements that it stands in."""
    inside = (*above, root)
    for child in root.children:
        if isinstance(child, str):
            yield child, inside
        elif child.is_seen:
            yield from texts(child, inside)


def _texts(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield " "
        else:
            yield from _texts(child)


class _Open(msgspec.Struct):
    """An element that is not closed yet."""

    tag: str
    names: tuple[str, ...]
    message: str
    children: list[Node]


class _Builder(HTMLParser):
    """Builds the tree of a page; what is not closed ends with what it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open = [_Open("", (), "", [])]

    def root(self) -> Element:
        """Close what is open and return the root."""
        while len(self._open) > 1:
            self._close()
        return _frozen(self._open[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        stated = dict(attrs)
        classes = (f".{name}" for name in (stated.get("class") or "").split())
        ids = (f"#{name}" for name in [stated.get("id")] if name)
        element = _Open(tag, (*classes, *ids, tag), stated.get("data-message") or "", [])
        self._open.append(element)
        if tag in _VOID:
            self._close()

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that were not closed; pass over a stray end."""
        if any(element.tag == tag for element in self._open):
            while self._close() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Take a text, or more of one."""
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)

    def _close(self) -> str:
        element = self._open.pop()
        self._open[-1].children.append(_frozen(element))
        return element.tag


def _frozen(element: _Open) -> Element:
    return Element(element.tag, element.names, element.message, tuple(element.children))
