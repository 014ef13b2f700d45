"""Negation: a lost “not” turns a warning into its opposite."""

import re
from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import sentences
from leaflets.checks.translation.pair import Pair
from leaflets.problem import Code, Severity

NEGATION_LOST = Code(
    "NEG-01",
    title="A negation seems to be lost",
    why="The English says not, never, no or without, and no such word was found in the "
    "translation. A lost “not” turns a warning into its opposite. The check knows usual words "
    "only: finding one does not prove that the sentence is right.",
    remedy="Read both sentences again. Say it with a negation where the English does.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)

#: What other languages say without a negation: “refuse”, “in doubt”, and a word that is quoted.
_IDIOMS = re.compile(r"\b(?:say no|not sure)\b|“[^”]*”", re.IGNORECASE)


def lost(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a sentence that negates in English, and not in the translation."""
    if not pair.orthography.negation:
        return
    for form, text in pair.texts():
        for english, translated in sentences.paired(_IDIOMS.sub("", pair.english), text):
            said = pair.english_orthography.negation_in(english)
            if said and not pair.orthography.negation_in(translated):
                what = f"the English says “{said.lower()}”, and no such word was found."
                yield Fault(NEGATION_LOST, what, form)
