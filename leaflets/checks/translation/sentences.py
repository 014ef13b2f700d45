"""Sentences: a translation is compared sentence by sentence where it has as many as the English."""

import re
from collections.abc import Iterator, Sequence

#: Marks that end a sentence, in the scripts that we print; a colon before a text in bold does not.
_END = re.compile(r"(?<=[.!?。！？។៕।۔؟])[\s”»\"')\]]*(?=\S)|(?<=[。！？។])")


def of(text: str) -> Sequence[str]:
    """Split a text, without placeholders and markup, into its sentences."""
    return [part for part in (part.strip() for part in _END.split(text)) if part]


def paired(english: str, translation: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence of the English with that of the translation.

    If they have not as many, what belongs together is not known, and the texts are paired whole.
    """
    ours, theirs = of(english), of(translation)
    if len(ours) == len(theirs):
        yield from zip(ours, theirs, strict=True)
    else:
        yield english, translation
