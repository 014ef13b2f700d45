"""Trace a message to the place where it is printed: marks around its text, then an attribute."""

import re
from collections.abc import Callable, Iterator

#: What begins a mark, ends its id and ends its text: private-use characters, which no text holds.
_BEGIN, _ID_END, _END = "\ue000", "\ue001", "\ue002"

_OPENING = re.compile(f"{_BEGIN}([^{_ID_END}]*){_ID_END}")
_ANY = re.compile(f"{_OPENING.pattern}|{_END}")
_SILENT = re.compile(r"<title>.*?</title>|<[^<>]*>", re.DOTALL)


def marked(message_id: str, text: str) -> str:
    """Put marks around the text of a message, which survive whatever a template does with it."""
    return f"{_BEGIN}{message_id}{_ID_END}{text}{_END}"


def unmarked(text: str) -> str:
    """Take the marks out of a text."""
    return _ANY.sub("", text)


def texts(html: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each message of a marked page, as it stands in it.

    A message inside another, such as the name of a medicine, is part of its text. Those in
    attributes and in the title are left out: no element can stand there.
    """
    bare = _SILENT.sub(lambda found: unmarked(found[0]), html)
    for begin, end in _outermost(bare):
        opening = _OPENING.match(bare, begin)
        if opening:
            yield opening[1], unmarked(bare[opening.end() : end])


def followed(html: str, following: Callable[[str, str], str]) -> str:
    """Put something after the text of each outermost message, inside its marks.

    `following` is asked with the id and the text of each, in the order of the page.
    """
    bare = _SILENT.sub(lambda found: unmarked(found[0]), html)
    parts: list[str] = []
    reached = 0
    for begin, end in _outermost(bare):
        opening = _OPENING.match(bare, begin)
        if opening:
            text = unmarked(bare[opening.end() : end])
            parts += [bare[reached:end], following(opening[1], text)]
            reached = end
    return "".join((*parts, bare[reached:]))


def _outermost(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the marks of each message that is in no other begin, and where its text ends."""
    depth = start = 0
    for found in _ANY.finditer(html):
        if found[0] != _END:
            if depth == 0:
                start = found.start()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield start, found.start()


def traced(html: str) -> str:
    """Turn marks into elements, `<span data-message="id">`; in attributes and titles, drop them.

    Messages may be nested: the name of a medicine inside a sentence has an element of its own.
    """
    bare = _SILENT.sub(lambda found: unmarked(found[0]), html)
    return _OPENING.sub(r'<span data-message="\1">', bare).replace(_END, "</span>")
