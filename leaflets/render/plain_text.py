"""Plain text: a composed page as words alone, for portals and messages that know no markup."""

from collections.abc import Sequence

from leaflets.library.parts import Parts
from leaflets.render import html_tree
from leaflets.render.html_tree import Element

#: Elements that begin on a line of their own, and those after which a line is left free.
_BLOCKS = frozenset({
    "p", "div", "li", "h1", "h2", "h3", "h4", "tr", "table", "ul", "ol", "header", "footer", "main",
})  # fmt: skip
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SPACED = frozenset({"h1", "h2", "p", "ul", "ol", "table"})

_LONGEST_UNDERLINE = 60


def written(html: str, parts: Parts) -> bytes:
    """Write the words of a composed page, in reading order, as UTF-8."""
    writer = _Writer(parts)
    writer.write(html_tree.parse(html))
    return ("\n".join(writer.lines).strip() + "\n").encode()


class _Writer:
    """Writes each block of a page on lines of its own."""

    def __init__(self, parts: Parts) -> None:
        self.lines: list[str] = []
        self._parts = parts
        self._words: list[str] = []

    def write(self, element: Element) -> None:
        """Write what an element holds; its items have marks if it is a list."""
        number = 0
        for child in element.children:
            if isinstance(child, str):
                self._words.append(child if child.strip() else " ")
            elif child.tag == "br":
                self._words.append("\n")
            elif child.is_seen:
                number += child.tag == "li"
                self._write_child(child, self._item_mark(element, number))

    def _write_child(self, element: Element, item_mark: str) -> None:
        if element.tag in _BLOCKS:
            self._begin_block()
        part = self._parts.in_words(element.names)
        if element.tag == "li":
            self._words.append(item_mark)
        elif element.tag in _CELLS and self._words:
            self._words.append(" | ")
        if part.before:
            self._words.append(part.before)
        self.write(element)
        if part.after:
            self._words.append(part.after)
        if element.tag in _BLOCKS:
            self._end_block(element.tag, part.underline)

    def _item_mark(self, holder: Element, number: int) -> str:
        if holder.tag == "ol":
            return f"{number}. "
        return self._parts.in_words(holder.names).items or "- "

    def _begin_block(self) -> None:
        """Write what stands before a block on one line."""
        self._write_lines(["".join(self._words)])

    def _end_block(self, tag: str, underline: str) -> None:
        """Write a block, on several lines where it has breaks, and leave a line free after it."""
        is_heading = tag in _HEADINGS
        text = self._write_lines("".join(self._words).split("\n"), apart=is_heading)
        if text and underline:
            self.lines.append(underline * min(len(text), _LONGEST_UNDERLINE))
        if tag in _SPACED:
            self._leave_free()

    def _write_lines(self, lines: Sequence[str], *, apart: bool = False) -> str:
        """Write lines that say something and return them, the words taken so far being used."""
        self._words.clear()
        packed = (" ".join(line.split()) for line in lines)
        text = "\n".join(line for line in packed if line and line != "-")
        if text and apart:
            self._leave_free()
        if text:
            self.lines.append(text)
        return text

    def _leave_free(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
