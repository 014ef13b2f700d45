"""Compare the editions of two output folders: which text or line stands elsewhere, or is another.

Usage: compare.py BEFORE AFTER

For a change after which every file differs. Heads and feet are left out, for they hold the code.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from leaflets.render.ink import NO_MARK, InkedPage, pages_of

#: What is drawn: its text, empty for a line or a picture, and its place in tenths of a millimetre.
Drawn = tuple[str, int, int]


def main(before: Path, after: Path) -> int:
    """Print what differs, file by file; return 1 if anything does."""
    differing = 0
    for path in sorted(after.rglob("*.pdf")):
        file = path.relative_to(after)
        known = before / file
        lines = [*differences(known.read_bytes(), path.read_bytes())] if known.exists() else ["new"]
        differing += bool(lines)
        for line in lines:
            print(f"{file}: {line}")  # noqa: T201 - what the program is for
    print(f"{differing} editions differ")  # noqa: T201 - the same
    return int(differing > 0)


def differences(before: bytes, after: bytes) -> Iterator[str]:
    """Tell how the pages of a file differ, a line for each page."""
    pages, other_pages = pages_of(before), pages_of(after)
    if len(pages) != len(other_pages):
        yield f"{len(other_pages)} pages, and {len(pages)} before"
    for number, (page, other) in enumerate(zip(pages, other_pages, strict=False), 1):
        was, now = Counter(_drawn(page)), Counter(_drawn(other))
        if changed := [*(now - was), *(was - now)]:
            texts = (text.strip() for text, *_ in changed)
            place = next(filter(None, texts), "a line or picture")
            yield f"page {number}: {len(changed)} differences, first of all at: {place}"


def _drawn(page: InkedPage) -> Iterator[Drawn]:
    for words in page.words:
        if words.mark != NO_MARK:
            yield words.text, round(words.left * 10), round(words.baseline * 10)
    for shape in page.shapes:
        yield "", round(shape.area.left * 10), round(shape.area.top * 10)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
