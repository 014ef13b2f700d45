"""Negation: a lost “not” turns a warning into its opposite, and so does one that came in."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import sentences
from leaflets.checks.translation.pair import WHERE_HARMFUL, Pair
from leaflets.library.markup import HELD
from leaflets.library.orthography import Orthography
from leaflets.problem import Code, Severity

NEGATION_LOST = Code(
    "NEG-01",
    title="A negation seems to be lost",
    why="The English says not, never, no or without, and neither such a word was found in the "
    "translation, nor one that denies by itself, such as impossible or avoid. A lost “not” turns a "
    "warning into its opposite. The check knows usual words only: finding one does not prove that "
    "the sentence is right.",
    remedy="Read both sentences again. If the translation is right, add its word to "
    "locales/orthography.toml, under `denying`.",
    severity=Severity.WARNING,
    error_where=WHERE_HARMFUL,
)

NEGATION_ADDED = Code(
    "NEG-02",
    title="A negation seems to have come in",
    why="The translation says not, never or without oftener than the English. “Call us” must not "
    "become “do not call us”.",
    remedy="Read both sentences again. If the translation is right, add the English that your "
    "language says with a negation to locales/orthography.toml, under `negated_for`, or the phrase "
    "that denies nothing under `affirming`.",
    severity=Severity.WARNING,
    error_where=WHERE_HARMFUL,
)

EXCEPTION_LOST = Code(
    "NEG-03",
    title="An exception seems to be lost",
    why="The English says unless. The translation may turn it round, and say only if, or if not; "
    "neither was found. Without it, what holds at times would hold always.",
    remedy="Read both sentences again. If the translation is right, add its words to "
    "locales/orthography.toml, under `unless` or `only_if`.",
    severity=Severity.WARNING,
    error_where=WHERE_HARMFUL,
)

#: What other languages say without a negation: “refuse”, “in doubt”, and a word that is quoted.
_IDIOMS = re.compile(r"\b(?:say no|not sure|not only)\b|“[^”]*”", re.IGNORECASE)

#: What is not to be done before something waits until then: “before” keeps nothing there.
_NOT_BEFORE = re.compile(r"\b(?:not|never)\b.*\bbefore\b", re.IGNORECASE)

#: A negation holds for all of a list, of which a translation may deny each part.
_PARTS = re.compile(r"[,،、，]")
_LIST = 3
_LISTED = re.compile(r",|\b(?:or|and|nor)\b")


class Said(msgspec.Struct, frozen=True):
    """How a sentence denies: its negations, and how many words of each other kind it has.

    `denied` are words that deny by themselves and are denied in turn, as in “do not stop”.
    """

    negations: tuple[str, ...]
    denied: int
    denying: int
    keeping: int
    exceptions: int
    negated_exceptions: int
    conditions: int


def read(sentence: str, orthography: Orthography) -> Said:
    """Read how a sentence denies."""
    negations = orthography.negations(sentence)
    alone = [word for word in negations if not orthography.stands_beside(word)]
    counts = (
        len(orthography.phrases_of(kind, sentence))
        for kind in ("denying", "keeping", "unless", "unless_not", "only_if")
    )
    first = sentence.casefold().partition(negations[0].casefold())[2] if negations else ""
    denied = len(orthography.phrases_of("denying", first))
    return Said(tuple(alone or negations[:1]), denied, *counts)


_read_english = lru_cache(maxsize=8192)(read)


def read_both(pair: Pair, english: str, translated: str) -> tuple[Said, Said]:
    """Read how an English sentence denies, and its translation."""
    ours = _read_english(english, pair.english_orthography)
    if pair.layer:
        # A variety of English has more words than the source needs: they are counted in both.
        own = _read_english(english, pair.orthography)
        keeping = own.keeping - len(_NOT_BEFORE.findall(english))
        ours = msgspec.structs.replace(
            ours, denied=own.denied, denying=own.denying, keeping=keeping
        )
    return ours, read(translated, pair.orthography)


def is_turned(pair: Pair, english: str, translated: str) -> bool:
    """Tell whether one of two sentences denies, and the other says the contrary instead."""
    ours, theirs = read_both(pair, english, translated)
    return (
        len(ours.negations) != len(theirs.negations)
        or theirs.keeping > ours.keeping
        or theirs.denying > ours.denying
    )


def pairs(pair: Pair) -> Iterator[tuple[str, str, str, Said, Said]]:
    """Yield each form, and its sentences in English and as translated, and how both deny."""
    for form, text in pair.texts():
        said = _IDIOMS.sub("", text) if pair.reworded else text
        for english, translated in pair.sentences(_IDIOMS.sub("", pair.english), said):
            yield (form, english, translated, *read_both(pair, english, translated))


def changed(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a sentence whose negations or exceptions are not those of the English."""
    if not pair.orthography.negation:
        return
    for form, english, translated, ours, theirs in pairs(pair):
        lacks = _lacks_exception(ours, theirs) or _ends_instead(pair, translated, theirs)
        if ours.exceptions and pair.orthography.unless and lacks:
            yield Fault(EXCEPTION_LOST, "the English says “unless”; no such word was found.", form)
        elif _is_lost(english, ours, theirs) or _is_lost_at_first(pair, english, translated):
            said = ours.negations[0].lower()
            yield Fault(
                NEGATION_LOST, f"the English says “{said}”, and no such word was found.", form
            )
        elif pair.orthography.negated_for and _is_added(pair, (english, translated), ours, theirs):
            word = theirs.negations[0]
            what = f"it says “{word}” or the like oftener than the English."
            yield Fault(NEGATION_ADDED, what, form)


def _lacks_exception(ours: Said, theirs: Said) -> bool:
    if_not = len(theirs.negations) > len(ours.negations)
    return not (theirs.exceptions or theirs.conditions or if_not)


def _ends_instead(pair: Pair, translated: str, theirs: Said) -> bool:
    """Tell whether another English says until for unless: the same only after a negation."""
    said = pair.orthography.phrases_of("unless", translated) if pair.reworded else ()
    return set(map(str.casefold, said)) == {"until"} and not theirs.negations


def _is_lost(english: str, ours: Said, theirs: Said) -> bool:
    if not ours.negations or (ours.exceptions and theirs.conditions):
        return False
    without = "without" in english
    turned = without and theirs.exceptions and not ours.exceptions
    turned = turned or theirs.conditions > ours.conditions
    if turned or theirs.denying > ours.denied or theirs.keeping > ours.keeping:
        return False
    said = len(theirs.negations)
    if ours.exceptions and theirs.negated_exceptions:
        said -= 1
    # Two denials make a duty: not without asking is ask first. One alone is the contrary.
    return said == 1 if without and len(ours.negations) > 1 else said <= 0


def _is_lost_at_first(pair: Pair, english: str, translated: str) -> bool:
    """Tell whether a list is denied in all of its parts but the first."""
    ours, theirs = _PARTS.split(english), _PARTS.split(translated)
    if pair.reworded or len(ours) < _LIST or len(ours) != len(theirs) or HELD in theirs[0]:
        return False
    first, *between, _ = (pair.orthography.negation_in(part) for part in theirs)
    denied = first or pair.orthography.phrases_of("denying", theirs[0])
    return bool(pair.english_orthography.negation_in(ours[0])) and not denied and all(between)


def _negated_for(pair: Pair, text: str) -> int:
    """Count what one English says without a negation, and another with one."""
    return len(pair.orthography.phrases_of("negated_for", text))


def _is_added(pair: Pair, texts: tuple[str, str], ours: Said, theirs: Said) -> bool:
    english, translated = texts
    allowed = len(ours.negations) + ours.conditions + max(0, ours.denying - theirs.denying)
    if not theirs.exceptions or theirs.negated_exceptions:
        allowed += ours.exceptions
    if ours.negations or ours.conditions:
        allowed += len(_LISTED.findall(english))
    if pair.reworded:
        # Who words a sentence anew may say a ban once more, or not stop for keep.
        allowed += bool(ours.negations) + min(theirs.denied, max(0, ours.keeping - theirs.keeping))
    # A sentence that was split may say twice what the English says once.
    allowed += len(sentences.of(english)) != len(sentences.of(translated))
    if not pair.reworded:
        allowed += len(_IDIOMS.findall(pair.english))
    if pair.layer:
        allowed += max(0, _negated_for(pair, english) - _negated_for(pair, translated))
    else:
        for orthography in (pair.english_orthography, pair.orthography):
            allowed += len(orthography.phrases_of("negated_for", english))
    return len(theirs.negations) > allowed
