"""Find the places where a line may end in a script without spaces, as ICU's dictionaries know them.

Pango finds no words in Khmer, Lao and Burmese, so that their lines run off the page; ICU does.
Translators write no invisible characters: the places are marked here, in the composed page.
"""

import re
from collections.abc import Iterator

import icu

#: Where a line may end (UAX 14, class ZW).
ZERO_WIDTH_SPACE = "\u200b"

#: Letters and signs of Lao, Burmese and Khmer.
_SPACELESS = re.compile("[\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f]")
_TEXT_NODE = re.compile(r"(?<=>)[^<>]+(?=<)")
_SILENT = re.compile(r"(<(?:style|title|script)\b.*?</(?:style|title|script)>)", re.DOTALL)


def with_breaks(html: str, tag: str) -> str:
    """Mark the line breaks in the text of a page, in the language of a BCP 47 tag."""
    breaks = icu.BreakIterator.createLineInstance(icu.Locale.forLanguageTag(tag))
    parts = _SILENT.split(html)
    return "".join(
        part if index % 2 else _TEXT_NODE.sub(lambda text: _broken(text[0], breaks), part)
        for index, part in enumerate(parts)
    )


def _broken(text: str, breaks: icu.BreakIterator) -> str:
    if not _SPACELESS.search(text):
        return text
    return "".join(_pieces(text, breaks))


def _pieces(text: str, breaks: icu.BreakIterator) -> Iterator[str]:
    """Yield the pieces between breaks, with a mark where two letters of the script would meet."""
    measured = icu.UnicodeString(text)
    breaks.setText(measured)
    start = 0
    for end in breaks:
        piece = str(measured[start:end])
        yield piece
        start = end
        following = str(measured[end : end + 1])
        if following and _SPACELESS.match(piece[-1]) and _SPACELESS.match(following):
            yield ZERO_WIDTH_SPACE
