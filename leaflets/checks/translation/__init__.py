"""Checks of one translation against its source; each is a plain function that yields faults."""

from collections.abc import Callable, Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import (
    characters,
    clauses,
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

#: What is looked at where a clinic says a sentence of ours with words of its own.
OF_OWN_WORDS: tuple[Callable[[Pair], Iterator[Fault]], ...] = (
    negation.changed,
    safety_words.changed,
    placeholders.moved,
    placeholders.turned,
    placeholders.units,
    clauses.left_out,
)


def faults(pair: Pair) -> Iterator[Fault]:
    """Yield the faults of a translation that need knowledge of its language."""
    for check in CHECKS:
        yield from check(pair)


def faults_of_own_words(pair: Pair) -> Iterator[Fault]:
    """Yield what a clinic's own words for a sentence of ours lose, turn round or add."""
    for check in OF_OWN_WORDS:
        yield from check(pair)
