"""Trace a message to the place where it is printed: marks around its text, then an attribute."""

import re

#: Private-use characters, which no text of ours holds: begin of a mark, end of its id, end of text.
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


def traced(html: str) -> str:
    """Turn marks into elements, `<span data-message="id">`; in attributes and titles, drop them.

    Messages may be nested: the name of a medicine inside a sentence has an element of its own.
    """
    bare = _SILENT.sub(lambda found: unmarked(found[0]), html)
    return _OPENING.sub(r'<span data-message="\1">', bare).replace(_END, "</span>")
