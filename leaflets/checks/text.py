"""Check that the text composed, the text laid out, and the text in the file are the same."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

import msgspec

from leaflets.problem import Problem
from leaflets.typesetting.layout import Layout

#: White space, and marks that steer the direction or joining of letters without being letters.
_UNSEEN = re.compile("[\\s\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_SILENT_ELEMENTS = frozenset({"head", "style", "script", "title"})
_VOID_ELEMENTS = frozenset({"br", "hr", "img", "link", "meta"})
_REPEATED = frozenset({"running-head", "running-foot"})


def plain(text: str) -> str:
    """Reduce a text to what must be equal: compatible forms, no white space, no direction marks."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


class Text(msgspec.Struct, frozen=True):
    """A text node of a page of HTML; `repeated` if it stands in the head or foot of every page."""

    words: str
    repeated: bool


class _Texts(HTMLParser):
    """Collects the text nodes of a page of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Text] = []
        self._open: list[tuple[str, frozenset[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        if tag not in _VOID_ELEMENTS:
            self._open.append((tag, frozenset((dict(attrs).get("class") or "").split())))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those inside it that were not closed."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep a text node that would be seen."""
        if plain(data) and not any(tag in _SILENT_ELEMENTS for tag, _ in self._open):
            repeated = any(kinds & _REPEATED for _, kinds in self._open)
            self.found.append(Text(data.strip(), repeated))


def texts_of(html: str) -> Sequence[Text]:
    """List the text nodes of a page of HTML, in reading order."""
    parser = _Texts()
    parser.feed(html)
    parser.close()
    return parser.found


def check_laid_out(html: str, pages: Layout) -> Iterator[Problem]:
    """Yield a problem for each text that was composed and stands on no page, or out of order."""
    runs = [run for page in pages.pages for run in page.runs if not run.generated]
    flow = plain("".join(run.text for run in runs if not run.margin))
    repeated = plain("".join(run.text for run in runs if run.margin))
    position = 0
    for text in texts_of(html):
        wanted = plain(text.words)
        found = repeated.find(wanted) if text.repeated else flow.find(wanted, position)
        if found < 0:
            yield Problem(
                code="PDF-01",
                message="a text of the leaflet is not on its pages, or not in its place:",
                text=text.words,
                hint="Look for an element that the style sheet hides or moves.",
            )
        elif not text.repeated:
            position = found + len(wanted)
