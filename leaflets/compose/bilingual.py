"""Bilingual pages: each text in two languages, one below the other, for two people to read."""

from collections import defaultdict, deque

from leaflets.catalogs import marks
from leaflets.library.languages import Language
from leaflets.library.markup import untagged
from leaflets.library.parts import Parts


def interleaved(first: str, second: str, language: Language, parts: Parts) -> str:
    """Put each text of a marked page below the same text of the page in the first language.

    Both pages are composed from the same template and so hold the same messages; where a message
    stands several times, they are paired in order. A text that is the same in both stands once.
    """
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for message, text in marks.texts(second):
        waiting[message].append(text)

    def following(message: str, text: str) -> str:
        other = waiting[message].popleft() if waiting[message] else ""
        if not other or parts.is_once(message) or _words(other) == _words(text):
            return ""
        attributes = f'class="second" lang="{language.tag}" dir="{language.direction}"'
        return f" <span {attributes}>{other}</span>"

    return marks.followed(first, following)


def _words(text: str) -> str:
    return " ".join(untagged(text).split())
