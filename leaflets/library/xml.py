"""Write XML by the standard library, which escapes what must be; each element on a line."""

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, tostring

#: What XML 1.0 cannot hold (section 2.2).
UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(
    name: str, attributes: Mapping[str, str] | None = None, text: str = "", *, end: str = "\n"
) -> Element:
    """Make an element that holds text; what XML cannot hold becomes U+FFFD.

    `end` follows it. Names may have a prefix that the root declares, such as `xml:lang`.
    """
    made = Element(name, {key: held(value) for key, value in (attributes or {}).items()})
    made.text, made.tail = held(text), end
    return made


def around(
    name: str, attributes: Mapping[str, str], children: Iterable[Element], *, end: str = "\n"
) -> Element:
    """Make an element that holds others, each on a line of its own."""
    made = element(name, attributes, "\n", end=end)
    made.extend(children)
    return made


def held(text: str) -> str:
    """Put U+FFFD in the place of what XML cannot hold."""
    return UNHOLDABLE.sub("\ufffd", text)


def document(root: Element) -> bytes:
    """Write a whole document, in UTF-8."""
    # A carriage return would be read back as the end of a line.
    text = tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text.rstrip()}\n'.encode()
