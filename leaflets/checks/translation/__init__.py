"""Checks of one translation against its source; each is a plain function that yields faults."""

from collections.abc import Callable, Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import (
    characters,
    language,
    negation,
    placeholders,
    punctuation,
    safety_words,
    terms,
)
from leaflets.checks.translation.pair import Pair

#: In this order the faults of a message are shown, after those of `integrity`.
CHECKS: tuple[Callable[[Pair], Iterator[Fault]], ...] = (
    negation.changed,
    safety_words.changed,
    placeholders.moved,
    placeholders.turned,
    placeholders.units,
    placeholders.plural_forms,
    language.same_as_source,
    language.left_in_source,
    language.of_another_message,
    language.mixed_scripts,
    language.unknown_letters,
    characters.without_use,
    terms.broken,
    punctuation.brackets,
    punctuation.quotes,
    punctuation.end,
    punctuation.opening_marks,
    punctuation.spaces_at_marks,
    punctuation.half_width,
    punctuation.spaces,
    punctuation.doubled_words,
)


def faults(pair: Pair) -> Iterator[Fault]:
    """Yield the faults of a translation that need knowledge of its language."""
    for check in CHECKS:
        yield from check(pair)
