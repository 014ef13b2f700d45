"""Safety words: before for after, more for less, one medicine for another turn advice round."""

from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import sentences
from leaflets.checks.translation.pair import Pair


def lost(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a safety word of the English that a form does not say, or says otherwise.

    A language without safety words has no faults: see `library/safety.py`.
    """
    for form, text in pair.texts():
        for english, translated in sentences.paired(pair.english, text):
            yield from _compared(pair, english, translated, form)


def _compared(pair: Pair, english: str, translated: str, form: str) -> Iterator[Fault]:
    """Compare one sentence with its translation."""
    wanted = pair.english_safety.said_in(english)
    said = pair.safety.said_in(translated)
    for concept in wanted.keys() - said.keys():
        if pair.safety.has(concept):
            words = " or ".join(f"“{word}”" for word in sorted(wanted[concept]))
            yield Fault("WORD-01", f"the English says {words}, and no such word was found.", form)
    explained = frozenset[str]().union(*(said.get(concept, frozenset()) for concept in wanted))
    for concept in said.keys() - wanted.keys():
        rivals = pair.english_safety.rivals(concept) & wanted.keys()
        if rivals and not said[concept] <= explained:
            word = next(iter(sorted(said[concept] - explained)))
            what = (
                f"“{word}” says {concept}, where the English says {' and '.join(sorted(rivals))}."
            )
            yield Fault("WORD-02", what, form)
