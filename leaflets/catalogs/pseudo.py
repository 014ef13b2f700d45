"""Pseudo-languages: the English changed by machine, to find what a real language would break.

A text that stands outside the brackets was typed into a template and can never be translated; one
that sticks out of its box has no room for longer languages, other directions or other scripts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import cycle, islice

from leaflets.catalogs.message import Message, Translation
from leaflets.catalogs.po import Catalog
from leaflets.library.languages import Language
from leaflets.library.markup import FIXED

#: Marks of where a text begins and ends: one that is cut off has lost its bracket.
OPENING, CLOSING = "[", "]"

_ACCENTED = str.maketrans(
    "ABCDEGHIJKLNOPRSTUWYZabcdeghijklnoprstuwyz",
    "ÅßÇÐÉĜĤÎĴĶĻÑÖÞŔŠŢÛŴÝŽåƀçðéĝĥîĵķļñöþŕšţûŵýž",
)
_MIRRORED = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابكدعفغحيجكلمنوپقرستهڤوخيز")
_SPACELESS = "中文没有空格所以要看句子在哪里换行"


def catalog(messages: Iterable[Message], language: Language) -> Catalog:
    """Make the catalog of a pseudo-language from the messages of a domain."""
    change = _CHANGES[language.pseudo]
    entries = {
        message.key: Translation(
            tuple(
                _changed(message.plural or message.text, change) for _ in _forms(message, language)
            ),
            fuzzy=False,
            line=0,
        )
        for message in messages
    }
    return Catalog(None, {"Plural-Forms": language.plural_forms}, entries)


def _forms(message: Message, language: Language) -> range:
    return range(language.plural_count if message.plural else 1)


def _changed(text: str, change: Callable[[str], str]) -> str:
    """Change the words of a text; placeholders and markup stay."""
    parts = FIXED.split(text)
    words = [part if index % 2 else change(part) for index, part in enumerate(parts)]
    return f"{OPENING}{''.join(words)}{CLOSING}"


def _accented(text: str) -> str:
    """Put accents on letters, and make the text 40 % longer with the vowels it has."""
    longer = re.sub(r"([AEIOUaeiou])", r"\1\1", text)
    return longer.translate(_ACCENTED)


def _mirrored(text: str) -> str:
    """Write Arabic letters for Latin ones: joined, and from right to left."""
    return text.lower().translate(_MIRRORED)


def _spaceless(text: str) -> str:
    """Write one Chinese character for about two letters, without spaces."""
    count = (len(text.strip()) + 1) // 2
    return "".join(islice(cycle(_SPACELESS), count))


def _long_words(text: str) -> str:
    """Join words in pairs, as German does, with a soft hyphen where its translators put one."""
    return re.sub(r"(\w{4,}) (\w{4,})", lambda found: f"{found[1]}\u00ad{found[2].lower()}", text)


_CHANGES: Mapping[str, Callable[[str], str]] = {
    "accented": _accented,
    "mirrored": _mirrored,
    "spaceless": _spaceless,
    "long-words": _long_words,
}
