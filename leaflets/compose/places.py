"""Find where each message stands on the page, for those who translate it, in composed HTML."""

from collections.abc import Iterable, Mapping
from html.parser import HTMLParser

import msgspec

from leaflets.compose.composition import Composition

_VOID = frozenset({"br", "hr", "img", "link", "meta"})


class Kind(msgspec.Struct, frozen=True):
    """A kind of place: its name, and how many characters fit if its room is fixed (0: it flows)."""

    name: str
    room: int = 0


#: By the class of an element or its name. The innermost decides; a plain one only if no other does.
_KINDS: Mapping[str, Kind] = {
    ".draft-mark": Kind("mark at the head of every page", 14),
    ".running-head": Kind("head of every page", 75),
    ".running-foot": Kind("foot of every page", 22),
    ".call": Kind("red strip at the top of page 1", 30),
    ".see": Kind("right end of the red strip on page 1", 34),
    ".letterhead": Kind("letterhead", 40),
    "h1": Kind("title of the leaflet", 65),
    ".audience": Kind("line under the title"),
    ".main-message": Kind("the one main message, in a box"),
    ".now": Kind("red emergency box"),
    ".same-day": Kind("box of what to call about the same day"),
    ".flags": Kind("warning sign", 80),
    ".when": Kind("narrow column beside the timeline", 16),
    ".figure-label": Kind("label in a picture", 20),
    ".frame": Kind("caption under a picture", 70),
    ".label": Kind("words before a line to write on", 34),
    ".checklist": Kind("line with a box to tick"),
    ".steps": Kind("numbered step"),
    ".questions": Kind("question to tick"),
    ".diary-grid": Kind("head of a narrow table column", 18),
    "th": Kind("head of a table", 24),
    "td": Kind("table cell", 60),
    "h2": Kind("section heading", 48),
    "h3": Kind("heading", 55),
    ".warning": Kind("heavy frame of a medicine warning"),
    ".closing": Kind("small print at the end"),
    "li": Kind("list item"),
    "p": Kind("paragraph"),
}
_PLAIN = frozenset({"p", "li", "td", "th"})
_SPOKEN = Kind("description of a picture, read aloud to people who cannot see it")


class Place(msgspec.Struct, frozen=True):
    """Where a message stands: kind of place, section heading above it, and how it is printed."""

    kind: Kind
    section: str
    printed: str


class _Reader(HTMLParser):
    """Reads a composed page and notes the first place of each message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, Place] = {}
        self._open: list[tuple[str, str, str]] = []
        self._texts: list[tuple[str, list[str]]] = []
        self._heading: list[str] | None = None
        self._section = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        if tag in _VOID:
            if tag == "br":
                self.handle_data(" ")
            return
        given = dict(attrs)
        message = given.get("data-message") or ""
        names = [*(f".{name}" for name in (given.get("class") or "").split()), tag]
        listed = next((name for name in names if name in _KINDS), "")
        self._open.append((tag, message, listed))
        if message:
            self._texts.append((message, []))
        if tag == "h2":
            self._heading = []

    def handle_endtag(self, tag: str) -> None:
        """Leave an element; note a message when its text is complete."""
        if tag in _VOID or not self._open:
            return
        name, message, _ = self._open.pop()
        if message:
            self._note(*self._texts.pop())
        if name == "h2" and self._heading is not None:
            self._section = "".join(self._heading).strip()
            self._heading = None

    def handle_data(self, data: str) -> None:
        """Collect the text of every open message, and of a heading."""
        for _, words in self._texts:
            words.append(data)
        if self._heading is not None:
            self._heading.append(data)

    def _note(self, message: str, words: list[str]) -> None:
        listed = [name for _, _, name in self._open if name]
        if message not in self.found and listed:
            name = next((one for one in reversed(listed) if one not in _PLAIN), listed[-1])
            section = "" if self._heading is not None else self._section
            text = " ".join("".join(words).split())
            self.found[message] = Place(_KINDS[name], section, text)


def places(pages: Iterable[Composition]) -> Mapping[str, Place]:
    """Map the id of each message to the place where it is printed first.

    A message that stands in no text is the description of a picture.
    """
    found: dict[str, Place] = {}
    for page in pages:
        reader = _Reader()
        reader.feed(page.html.partition("<body")[2])
        for message, place in reader.found.items():
            found.setdefault(message, place)
        for message, _ in page.requested:
            found.setdefault(message, Place(_SPOKEN, "", ""))
    return found
