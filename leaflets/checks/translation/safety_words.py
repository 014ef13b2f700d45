"""Safety words: before for after, more for less, one medicine for another turn advice round."""

from collections.abc import Collection, Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import negation
from leaflets.checks.translation.pair import WHERE_HARMFUL, Pair
from leaflets.library.markup import bare
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
    error_where=WHERE_HARMFUL,
)

SAFETY_WORD_CHANGED = Code(
    "WORD-02",
    title="Another safety word stands in its place",
    why="The translation says after where the English says before, or names another medicine, "
    "another part of the body, another time of day.",
    remedy="Read both sentences again. If the translation is right, write the phrase that "
    "misleads the check under `idioms` of that word in locales/<language>/safety.toml.",
    severity=Severity.WARNING,
    error_where=WHERE_HARMFUL,
)


SAFETY_WORD_ADDED = Code(
    "WORD-03",
    title="Something is said that the English does not say",
    why="The translation says a word on which safety hangs, such as double, may, or the name of a "
    "drink, and the English says nothing of the kind. A condition that came in can keep somebody "
    "from calling.",
    remedy="Read both sentences again. If the translation is right, take the word out of `certain` "
    "in locales/<language>/safety.toml, or add the English that implies it to `implied_by` in "
    "locales/en/safety.toml.",
    severity=Severity.WARNING,
    error_where=WHERE_HARMFUL,
)


def changed(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a safety word that a form does not say, says otherwise, or adds.

    A language without safety words has no faults: see `library/safety.py`.
    """
    for form, text in pair.texts():
        for english, translated in pair.sentences(pair.english, text):
            yield from _compared(pair, english, translated, form)


def _compared(pair: Pair, english: str, translated: str, form: str) -> Iterator[Fault]:
    """Compare one sentence with its translation."""
    wanted = pair.english_safety.said_in(english)
    said = pair.safety.said_in(translated)
    lost = wanted.keys() - said.keys()
    if pair.layer:
        lost -= pair.english_safety.reworded_in(translated)
    if pair.reworded:
        lost = {each for each in lost if not _is_said_otherwise(pair, each, said.keys(), form)}
    for concept in lost:
        if pair.safety.has(concept) and not _may_be_contrary(pair, concept, english, translated):
            words = " or ".join(f"“{word}”" for word in sorted(wanted[concept]))
            yield Fault(
                SAFETY_WORD_LOST, f"the English says {words}, and no such word was found.", form
            )
    implied = pair.english_safety.implied_in(english)
    if pair.reworded:
        implied |= _stated(pair)
    explained = frozenset[str]().union(*(said.get(concept, frozenset()) for concept in wanted))
    changed = set()
    for concept in said.keys() - wanted.keys():
        rivals = {
            rival
            for rival in pair.english_safety.rivals(concept) & wanted.keys()
            if not _may_be_contrary(pair, rival, english, translated)
        }
        if rivals and concept not in implied and not said[concept] <= explained:
            word = next(iter(sorted(said[concept] - explained)))
            what = (
                f"“{word}” says {concept}, where the English says {' and '.join(sorted(rivals))}."
            )
            changed.add(concept)
            yield Fault(SAFETY_WORD_CHANGED, what, form)
    # What a language says for certain is among its words; English has more of it than it asks for.
    sayable = pair.safety.concepts if pair.layer else said
    for concept, phrases in pair.safety.certain_in(translated, sayable).items():
        if concept not in implied and concept not in changed:
            what = f"“{min(phrases)}” says {concept}, and the English does not."
            yield Fault(SAFETY_WORD_ADDED, what, form)


def _is_said_otherwise(pair: Pair, concept: str, said: Collection[str], form: str) -> bool:
    """Tell whether a clinic's own words say a concept elsewhere, or by grammar and no rival."""
    words = pair.english_safety
    relative = words.concepts[concept].relative and not words.rivals(concept).intersection(said)
    return relative or concept in words.said_in(bare(form))


def _stated(pair: Pair) -> frozenset[str]:
    """Return what our English says in any of its sentences, in whichever words."""
    words = pair.english_safety
    return frozenset(
        (*words.said_in(pair.english), *words.certain_in(pair.english, words.concepts))
    )


def _may_be_contrary(pair: Pair, concept: str, english: str, translated: str) -> bool:
    """Tell whether one sentence denies and the other says the contrary: not get up, or stay."""
    contrary = pair.english_safety.concepts[concept].contrary
    return contrary and negation.is_turned(pair, english, translated)
