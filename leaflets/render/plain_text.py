"""Plain text: a composed page as words alone, for portals and messages that know no markup."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "link", "meta"})
_SILENT = frozenset({"head", "style", "script"})
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "tr",
        "table",
        "ul",
        "ol",
        "header",
        "footer",
        "main",
    }
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
#: Words that stand apart on a page, before what they belong to.
_LEADING = frozenset({"when", "draft-mark"})
_UNDERLINES: Mapping[str, str] = {"h1": "=", "h2": "-"}
#: What is written in the place of a line to write on, and of a box to tick.
_BLANK, _BOX = "________", "[ ] "
_LONG_BLANK = _BLANK * 3
_UNDERLINE_LENGTH = 60


class _Writer(HTMLParser):
    """Writes each block of a page on lines of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._words: list[str] = []
        self._open: list[tuple[str, frozenset[str]]] = []
        self._numbers: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, an item, a blank or a line."""
        kinds = frozenset((dict(attrs).get("class") or "").split())
        if tag == "br":
            self._words.append("\n")
        if tag in _VOID:
            return
        if tag in _BLOCKS:
            self._end_block()
        self._open.append((tag, kinds))
        if tag in {"ul", "ol"}:
            self._numbers.append(0)
        if tag == "li":
            self._words.append(self._item_mark())
        elif "tick" in kinds:
            self._words.append(_BOX)
        elif "blank" in kinds:
            self._words.append(_LONG_BLANK if "long" in kinds else _BLANK)
        elif "line" in kinds:
            self._words.append(_LONG_BLANK)
        elif tag in {"td", "th"} and self._words:
            self._words.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        """End a block; underline a heading, and leave a line free after it."""
        while self._open:
            opened, kinds = self._open.pop()
            if kinds & _LEADING:
                self._words.append(":")
            if opened == tag:
                break
        if tag in {"ul", "ol"} and self._numbers:
            self._numbers.pop()
        if tag in _BLOCKS:
            self._end_block(tag)

    def handle_data(self, data: str) -> None:
        """Take words, but not those of the head of the file."""
        if not any(tag in _SILENT for tag, _ in self._open):
            self._words.append(data)

    def _item_mark(self) -> str:
        lists = [(tag, kinds) for tag, kinds in self._open if tag in {"ul", "ol"}]
        if not lists:
            return "- "
        tag, kinds = lists[-1]
        if tag == "ol":
            self._numbers[-1] += 1
            return f"{self._numbers[-1]}. "
        return _BOX if "checklist" in kinds else "- "

    def _end_block(self, tag: str = "") -> None:
        parts = "".join(self._words).split("\n") if tag else ["".join(self._words)]
        self._words.clear()
        text = "\n".join(
            line for line in (" ".join(part.split()) for part in parts) if line and line != "-"
        )
        if text:
            if tag in _HEADINGS and self.lines and self.lines[-1]:
                self.lines.append("")
            self.lines.append(text)
            if mark := _UNDERLINES.get(tag):
                self.lines.append(mark * min(len(text), _UNDERLINE_LENGTH))
        if tag in {"h1", "p", "ul", "ol", "table", "h2"} and self.lines and self.lines[-1]:
            self.lines.append("")


def written(html: str) -> bytes:
    """Write the words of a composed page, in reading order, as UTF-8."""
    writer = _Writer()
    writer.feed(re.sub(r">\s*\n\s*<", "> <", html))
    writer.close()
    return ("\n".join(writer.lines).strip() + "\n").encode()
