"""Phrases that a check looks for in a text, in every script: a star stands for any letters."""

import re
import unicodedata
from collections.abc import Sequence

#: The last character that is asked whether it is a combining mark; scripts beyond are historical.
_LAST = 0xABFF

#: Vowel signs and other marks belong to the word that they stand in, though `\w` leaves them out:
#: without them, a Hindi word would end before each of its vowels.
_MARKS = "".join(
    char for char in map(chr, range(0x0300, _LAST)) if unicodedata.category(char) in {"Mn", "Mc"}
)

#: A character of a word, joiners among them, as a class of a pattern.
LETTER = rf"[\w{_MARKS}\u200c\u200d]"

#: Marks that may be written or not: Arabic vowel signs and the tatweel, Hebrew points.
_UNWRITTEN = dict.fromkeys(
    (*range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0653), 0x0670, *range(0x05B0, 0x05C3))
)


def plain(text: str) -> str:
    """Leave out the vowel marks that Arabic, Urdu and Hebrew may write or not."""
    return text if text.isascii() else text.translate(_UNWRITTEN)


def compiled(
    phrases: Sequence[str], *, spaceless: bool = False, prefixes: Sequence[str] = ()
) -> re.Pattern[str]:
    """Compile phrases into a pattern for a text that is `plain`, the longest first.

    In a script without spaces a phrase may begin and end within what others write as a word.
    `prefixes` are short words that are written together with the next, such as the Arabic article.
    """
    joined = "|".join(
        re.escape(plain(phrase)).replace(r"\*", f"{LETTER}*").replace(r"\ ", r"\s+")
        for phrase in sorted(phrases, key=len, reverse=True)
    )
    before, after = ("", "") if spaceless else (f"(?<!{LETTER})", f"(?!{LETTER})")
    if prefixes:
        before += f"(?:{'|'.join(map(re.escape, prefixes))}){{0,3}}"
    return re.compile(f"{before}(?:{joined}){after}", re.IGNORECASE)
