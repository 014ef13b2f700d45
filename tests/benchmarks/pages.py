"""Compose the pages that the peers are given: the same HTML that ours is set from."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import msgspec

from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.library import fonts, load
from leaflets.library.load import Library

#: The name of a page that the peers set beforehand.
WARM = "warm"

_LEVELS = {"h1": 1, "h2": 2, "h3": 3}
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset({"p", "li", "caption", *_LEVELS, *_CELLS})


def editions(library: Library, slugs: Sequence[str], languages: Sequence[str]) -> list[Edition]:
    """Plan what is compared, on A4."""
    asked = Request(leaflets=tuple(slugs), languages=tuple(languages), formats=("a4",))
    return list(plan(library, asked))


def write(folder: Path, slugs: Sequence[str], languages: Sequence[str]) -> list[str]:
    """Write each edition as NAME.html and NAME.typ; return the names."""
    (folder / f"{WARM}.html").write_text("<!DOCTYPE html><title>Warm</title><p>Warm", "utf-8")
    (folder / f"{WARM}.typ").write_text("Warm\n", "utf-8")
    library = load.load(None)
    inputs = Inputs(library)
    found = editions(library, slugs, languages)
    for edition in found:
        html = compose(inputs, edition).html
        (folder / f"{edition.name}.html").write_text(html, "utf-8")
        (folder / f"{edition.name}.typ").write_text(typst(html, edition), "utf-8")
    return [edition.name for edition in found]


def font_files(languages: Sequence[str]) -> dict[str, Path]:
    """Find the files of the fonts that some languages are set in."""
    library = load.load(None)
    names = dict.fromkeys(name for tag in languages for name in library.languages[tag].fonts)
    return dict(fonts.locate([library.fonts[name] for name in names]))


def typst(html: str, edition: Edition) -> str:
    """Write the text, headings, lists and tables of a page as Typst."""
    page, language = edition.format, edition.language
    families = ", ".join(f'"{name}"' for name in language.fonts)
    tag = re.split("[-_]", language.tag)[0]
    head = (
        f"#set page(width: {page.width}mm, height: {page.height}mm,"
        f" margin: (top: {page.margin_top}mm, bottom: {page.margin_bottom}mm,"
        f" x: {page.margin_side}mm))\n"
        f'#set text(font: ({families},), size: {page.body}pt, lang: "{tag}",'
        f" dir: {language.direction})\n"
        f"#set document(title: {_quoted(edition.leaflet.title)})\n"
    )
    reader = _Reader()
    reader.feed(html)
    return head + "\n".join(reader.lines) + "\n"


class _Run(msgspec.Struct):
    """A part of a paragraph, bold or not."""

    text: str
    bold: bool


class _Reader(HTMLParser):
    """Turns a page into lines of Typst; pictures and places on the page are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._within: list[str] = []
        self._bold = 0
        self._runs: list[_Run] = []
        self._cells: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - of the base class
        """Begin a paragraph, a row or bold type."""
        if tag in _BLOCKS:
            self._flush()
            self._within.append(tag)
        elif tag == "tr":
            self._cells.append([])
        elif tag == "strong":
            self._bold += 1

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph, bold type or a table."""
        if tag in _BLOCKS:
            self._flush()
            if tag in self._within:
                self._within.remove(tag)
        elif tag == "table":
            self._table()
        elif tag == "strong":
            self._bold -= 1

    def handle_data(self, data: str) -> None:
        """Take text, as far as it stands in a paragraph."""
        if self._within and (text := re.sub(r"\s+", " ", data)):
            self._runs.append(_Run(text, self._bold > 0))

    def _flush(self) -> None:
        runs, self._runs = self._runs, []
        body = "".join(
            f"#strong({_quoted(run.text)})" if run.bold else f"#{_quoted(run.text)}" for run in runs
        )
        tag = self._within[-1] if self._within else ""
        if tag in _CELLS and self._cells:
            self._cells[-1].append(body)
        elif not "".join(run.text for run in runs).strip():
            return
        elif level := _LEVELS.get(tag):
            self.lines.append(f"#heading(level: {level})[{body}]")
        elif "li" in self._within:
            self.lines.append(f"- {body}")
        else:
            self.lines.append(f"{body}\n")

    def _table(self) -> None:
        rows, self._cells = [row for row in self._cells if row], []
        if not rows:
            return
        width = max(map(len, rows))
        cells = (cell for row in rows for cell in (*row, *[""] * (width - len(row))))
        body = ", ".join(f"[{cell}]" for cell in cells)
        self.lines.append(f"#table(columns: {width}, {body})")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
