"""Inline elements of XLIFF: placeholders and markup of a text, as elements and back.

A placeholder, a line break and a character reference are each a `<ph>`; `<strong>` is a `<pc>`.
A tag that is never opened or closed, as in a damaged translation, is a `<ph>`, too.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.etree.ElementTree import Element

import msgspec

from leaflets.library import xml
from leaflets.library.markup import CODE, PLACEHOLDER

#: The namespace of XLIFF 2.0 and 2.1, in the notation of ElementTree.
XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"

_OPENING = re.compile(r"<(\w+)>")

#: How many elements may stand within each other. In ours there is one.
_DEEPEST = 20


class Code(msgspec.Struct, frozen=True):
    """A code: its text, or for a pair the text before and after; `number` counts equal codes."""

    start: str
    end: str
    number: int


class Span(msgspec.Struct, frozen=True):
    """A code and what stands inside it: something only in a pair."""

    code: Code
    inside: tuple["str | Span", ...]


Node: TypeAlias = str | Span


class InlineError(ValueError):
    """Say which inline element cannot be turned into text, and what to do."""


def nodes(text: str) -> tuple[Node, ...]:
    """Divide a text into plain text and codes, pairs within each other."""
    pieces = [piece for piece in CODE.split(text) if piece]
    closes = dict(_pairs(pieces))
    counted: dict[tuple[str, str], int] = {}

    def between(start: int, stop: int) -> Iterator[Node]:
        index = start
        while index < stop:
            piece, close = pieces[index], closes.get(index, index)
            end = pieces[close] if close > index else ""
            if CODE.fullmatch(piece):
                number = counted[piece, end] = counted.get((piece, end), 0) + 1
                yield Span(Code(piece, end, number), tuple(between(index + 1, close)))
            else:
                yield piece
            index = close + 1

    return tuple(between(0, len(pieces)))


def _pairs(pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of each opening tag that is closed, and of the tag that closes it."""
    opened: list[int] = []
    for index, piece in enumerate(pieces):
        if _OPENING.fullmatch(piece):
            if len(opened) < _DEEPEST:
                opened.append(index)
        elif matching := [
            place for place in opened if pieces[place] == f"<{piece.removeprefix('</')}"
        ]:
            # What was opened since, and not closed, is no pair.
            del opened[opened.index(matching[-1]) :]
            yield matching[-1], index


def codes(*texts: Sequence[Node]) -> Mapping[str, Code]:
    """Give each code of a source and its target an id, the same to the same code in both."""
    distinct = dict.fromkeys(code for text in texts for code in _codes(text))
    return {str(number): code for number, code in enumerate(distinct, 1)}


def _codes(text: Sequence[Node]) -> Iterator[Code]:
    for node in text:
        if isinstance(node, Span):
            yield node.code
            yield from _codes(node.inside)


def element(name: str, text: Sequence[Node], known: Mapping[str, Code]) -> Element:
    """Make a `<source>` or `<target>` of a text."""
    ids = {code: code_id for code_id, code in known.items()}
    made = xml.element(name)
    _fill(made, text, ids)
    return made


def _fill(parent: Element, text: Sequence[Node], ids: Mapping[Code, str]) -> None:
    """Put text and codes into an element."""
    for node in text:
        if isinstance(node, Span):
            parent.append(_of_span(node, ids))
            continue
        plain, *held_by_code = xml.UNHOLDABLE.split(node)
        _append_text(parent, plain)
        for char, after in zip(xml.UNHOLDABLE.findall(node), held_by_code, strict=True):
            parent.append(xml.element("cp", {"hex": f"{ord(char):04X}"}, end=after))


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _of_span(span: Span, ids: Mapping[Code, str]) -> Element:
    code, code_id = span.code, ids[span.code]
    if not code.end:
        attributes = {
            "id": code_id,
            **_kind(code.start),
            "equiv": _equivalent(code.start),
            "disp": code.start,
            "dataRef": f"d{code_id}",
        }
        return xml.element("ph", attributes, end="")
    attributes = {
        "id": code_id,
        "type": "fmt",
        "subType": "xlf:b",
        "canCopy": "no",
        "canDelete": "no",
        "dispStart": code.start,
        "dispEnd": code.end,
        "dataRefStart": f"d{code_id}",
        "dataRefEnd": f"d{code_id}-end",
    }
    pair = xml.element("pc", attributes, end="")
    _fill(pair, span.inside, ids)
    return pair


def _kind(start: str) -> Mapping[str, str]:
    if PLACEHOLDER.fullmatch(start):
        return {"type": "ui", "subType": "xlf:var", "canCopy": "no", "canDelete": "no"}
    return {"type": "fmt", "subType": "xlf:lb"} if start == "<br>" else {}


def _equivalent(start: str) -> str:
    """Return the plain text that stands for a code: the name of what a placeholder holds."""
    if placeholder := PLACEHOLDER.fullmatch(start):
        return placeholder[1]
    return html.unescape(start) if start.startswith("&") else " "


def original_data(known: Mapping[str, Code]) -> Iterator[tuple[str, str]]:
    """Yield the id and text of each piece of original data that the codes refer to."""
    for code_id, code in known.items():
        yield f"d{code_id}", code.start
        if code.end:
            yield f"d{code_id}-end", code.end


def text(element: Element, known: Mapping[str, Code], depth: int = 0) -> str:
    """Turn the content of a `<source>` or `<target>` back into text, by the ids of its codes.

    What the file says of a code is not looked at. A pair may have become `<sc>` and `<ec>`, and
    annotations are passed over. Raises `InlineError` for a code or an element that is not ours, and
    for elements too deep within each other.
    """
    if depth > _DEEPEST:
        raise InlineError(f"more than {_DEEPEST} elements stand within each other; take them out.")
    return _plain(element.text) + "".join(
        _of_element(child, known, depth + 1) + _plain(child.tail) for child in element
    )


def _plain(part: str | None) -> str:
    return (part or "").replace("&", "&amp;").replace("<", "&lt;")


def _of_element(element: Element, known: Mapping[str, Code], depth: int) -> str:
    name = element.tag.removeprefix(XLIFF)
    match name:
        case "ph" | "sc":
            return _known(element.get("id"), known).start
        case "pc":
            code = _known(element.get("id"), known)
            return code.start + text(element, known, depth) + code.end
        case "ec":
            return _known(element.get("startRef") or element.get("id"), known).end
        case "cp":
            return _character(element.get("hex", ""))
        case "mrk":
            return text(element, known, depth)
        case "sm" | "em":
            return ""
        case _:
            raise InlineError(f"the element <{name}> cannot stand in a text; take it out.")


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        raise InlineError(f"“{code}” is not the code of a character; take it out.") from None


def _known(code_id: str | None, known: Mapping[str, Code]) -> Code:
    code = known.get(code_id or "")
    if code is None:
        raise InlineError(f"there is no inline code “{code_id}” in the English; take it out.")
    return code
