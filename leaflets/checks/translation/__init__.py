"""Checks of one translation against its source; each is a plain function that yields faults."""

from collections.abc import Callable, Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import (
    characters,
    language,
    negation,
    punctuation,
    safety_words,
    terms,
    units,
)
from leaflets.checks.translation.pair import Pair

#: In this order the faults of a message are shown, after those of `integrity`.
CHECKS: tuple[Callable[[Pair], Iterator[Fault]], ...] = (
    negation.changed,
    safety_words.changed,
    units.changed,
    language.same_as_source,
    language.left_in_source,
    language.mixed_scripts,
    characters.without_use,
    terms.broken,
    punctuation.brackets,
    punctuation.quotes,
    punctuation.end,
    punctuation.opening_marks,
    punctuation.spaces_at_marks,
    punctuation.spaces,
    punctuation.doubled_words,
)


def faults(pair: Pair) -> Iterator[Fault]:
    """Yield the faults of a translation that need knowledge of its language."""
    for check in CHECKS:
        yield from check(pair)
