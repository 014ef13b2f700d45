"""Phrases that a check looks for in a text, in every script: a star stands for any letters."""

import re
import unicodedata
from functools import cache, lru_cache

#: The last character that is asked whether it is a combining mark; scripts beyond are historical.
_LAST = 0xABFF

#: Vowel signs and other marks belong to the word that they stand in, though `\w` leaves them out:
#: without them, a Hindi word would end before each of its vowels.
_MARKS = "".join(
    char for char in map(chr, range(0x0300, _LAST)) if unicodedata.category(char) in {"Mn", "Mc"}
)

#: Characters beside each other belong to one script in blocks of so many bits.
_BLOCK = 7

#: Marks that may be written or not: Arabic vowel signs and the tatweel, Hebrew points.
_UNWRITTEN = dict.fromkeys(
    (*range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0653), 0x0670, *range(0x05B0, 0x05C3))
)


def plain(text: str) -> str:
    """Leave out the vowel marks that Arabic, Urdu and Hebrew may write or not."""
    return text if text.isascii() else text.translate(_UNWRITTEN)


@lru_cache(maxsize=16384)
def compiled(
    phrases: tuple[str, ...], *, spaceless: bool = False, prefixes: tuple[str, ...] = ()
) -> re.Pattern[str]:
    """Compile phrases into a pattern for a text that is `plain`, the longest first.

    In a script without spaces a phrase may begin and end within what others write as a word.
    `prefixes` are short words that are written together with the next, such as the Arabic article.
    """
    letter = _letter(frozenset(ord(char) >> _BLOCK for phrase in phrases for char in phrase))
    joined = "|".join(
        re.escape(plain(phrase)).replace(r"\*", f"{letter}*").replace(r"\ ", r"\s+")
        for phrase in sorted(phrases, key=len, reverse=True)
    )
    before, after = ("", "") if spaceless else (f"(?<!{letter})", f"(?!{letter})")
    if prefixes:
        before += f"(?:{'|'.join(map(re.escape, prefixes))}){{0,3}}"
    return re.compile(f"{before}(?:{joined}){after}", re.IGNORECASE)


@cache
def _letter(blocks: frozenset[int]) -> str:
    """Write a class of all characters of a word, with the marks and joiners of some blocks."""
    marks = (char for char in _MARKS if ord(char) >> _BLOCK in blocks)
    return rf"[\w{''.join(marks)}\u0300-\u036f\u200c\u200d]"
