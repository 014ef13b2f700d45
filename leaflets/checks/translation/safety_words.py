"""Safety words: before for after, more for less, one medicine for another turn advice round."""

from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import sentences
from leaflets.checks.translation.pair import Pair
from leaflets.problem import Code, Severity

SAFETY_WORD_LOST = Code(
    "WORD-01",
    title="A safety word seems to be lost",
    why="The English says a word on which safety hangs, such as before, less, a part of the body "
    "or the name of a medicine, and no word that the language has for it was found. A language "
    "without a file of safety words is not looked at.",
    remedy="Read both sentences again. If the translation is right, add its word to "
    "locales/<language>/safety.toml.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)

SAFETY_WORD_CHANGED = Code(
    "WORD-02",
    title="Another safety word stands in its place",
    why="The translation says after where the English says before, or names another medicine, "
    "another part of the body, another time of day.",
    remedy="Read both sentences again. If the translation is right, write the phrase that "
    "misleads the check under `idioms` of that word in locales/<language>/safety.toml.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)


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
            yield Fault(
                SAFETY_WORD_LOST, f"the English says {words}, and no such word was found.", form
            )
    explained = frozenset[str]().union(*(said.get(concept, frozenset()) for concept in wanted))
    for concept in said.keys() - wanted.keys():
        rivals = pair.english_safety.rivals(concept) & wanted.keys()
        if rivals and not said[concept] <= explained:
            word = next(iter(sorted(said[concept] - explained)))
            what = (
                f"“{word}” says {concept}, where the English says {' and '.join(sorted(rivals))}."
            )
            yield Fault(SAFETY_WORD_CHANGED, what, form)
