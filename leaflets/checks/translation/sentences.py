"""Sentences: a translation is compared sentence by sentence where it has as many as the English.

Another English wording is compared by the sentences that have words in common.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

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


_WORD = re.compile(r"[^\W\d_]+")
#: Two sentences are about one thing if they share so much of their words.
_COMMON = 0.6


def matched(english: str, wording: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence of the English with that of another English wording which is about it.

    What has no partner is paired whole; what was added to the English is left out.
    """
    ours, theirs = of(english), of(wording)
    if len(ours) == len(theirs) == 1:
        yield english, wording
        return
    partners = _partners(ours, theirs)
    for index, partner in partners.items():
        yield ours[index], theirs[partner]
    left = " ".join(text for index, text in enumerate(ours) if index not in partners)
    new = " ".join(text for index, text in enumerate(theirs) if index not in partners.values())
    if left:
        yield left, new


def _partners(ours: Sequence[str], theirs: Sequence[str]) -> Mapping[int, int]:
    """Map the sentences that are each other's nearest, and near enough."""
    near = [[_nearness(one, other) for other in theirs] for one in ours]
    found = {}
    for index, row in enumerate(near):
        best = max(range(len(row)), key=row.__getitem__)
        column = [other[best] for other in near]
        if row[best] >= _COMMON and max(column) == row[best] and column.count(row[best]) == 1:
            found[index] = best
    return found


def _nearness(one: str, other: str) -> float:
    """Return how much of two sentences both have, from 0 to 1."""
    words, others = (set(_WORD.findall(text.casefold())) for text in (one, other))
    return len(words & others) / max(1, len(words | others))
