"""Language: text that was not translated, and letters of another script."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation.pair import Pair
from leaflets.library.cldr import script_of
from leaflets.problem import Code, Severity

SAME_AS_ENGLISH = Code(
    "LANG-01",
    title="The translation is the English",
    why="The English was copied, so it would be printed as if it were translated.",
    remedy="Translate it. A name that stays as it is belongs into the glossary, with "
    "do_not_translate = true.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)

ENGLISH_LEFT = Code(
    "LANG-02",
    title="Part of the text is still English",
    why="Some words of the English were left in the translation.",
    remedy="Translate them. A name that stays as it is belongs into the glossary, with "
    "do_not_translate = true.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)

SCRIPTS_MIXED = Code(
    "LANG-03",
    title="Letters of two scripts in one word",
    why="Some letters of different scripts look alike, such as Latin a and Cyrillic а. A mixed "
    "word is not found by a search, and is read aloud wrongly.",
    remedy="Type the word again with one keyboard.",
    severity=Severity.WARNING,
)

OF_ANOTHER_MESSAGE = Code(
    "LANG-04",
    title="The translation of another sentence",
    why="The same words translate another English sentence. They were probably pasted in the wrong "
    "place.",
    remedy="Translate this sentence.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)

LETTER_UNKNOWN = Code(
    "LANG-05",
    title="A letter that the language does not have",
    why="Letters of a sister language look alike, such as the Arabic and the Persian kaf. A word "
    "with another letter is not found by a search, and is read aloud wrongly.",
    remedy="Type the word again with the keyboard of the language.",
    severity=Severity.WARNING,
)

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_BRACKETED = re.compile(r"[(（][^)）]*[)）]")
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")

#: English words that stand in a text that was left, and in hardly any other language together.
_ENGLISH = frozenset({
    "the", "and", "you", "your", "with", "for", "not", "that", "this", "have", "from", "are", "is",
    "of", "to", "if", "we", "our", "us", "it", "when", "before", "after",
})  # fmt: skip
_RUN = 3

#: Scripts of letters that may stand in a text of any language: names, and signs of units.
_ANYWHERE = frozenset({"Latin", "Common", "Inherited", "Greek"})

#: Scripts whose letters look like those of another one; Chinese or Thai beside Latin is usual.
_ALIKE = frozenset({
    "Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Devanagari", "Bengali",
    "Gujarati", "Gurmukhi", "Tamil",
})  # fmt: skip


def same_as_source(pair: Pair) -> Iterator[Fault]:
    """Yield a fault if the translation is the English, and the English has two words or more."""
    if pair.layer:
        return
    for form, text in pair.texts():
        if form not in pair.source:
            continue
        words = [word for word in _WORD.findall(text) if not _is_kept(pair, word)]
        if len(words) > 1:
            yield Fault(SAME_AS_ENGLISH, "the translation is the English.", form)


def left_in_source(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for English words that were left in a translation.

    In another script, a name may follow its translation in brackets, for whoever reads a packet.
    """
    if pair.layer:
        return
    english = [word.casefold() for word in _WORD.findall(pair.english)]
    for form, text in pair.texts():
        if form in pair.source:
            continue
        left = (
            _in_latin(english, text) or _alone(pair, english, text)
            if _is_latin(pair)
            else _in_other(pair, english, text)
        )
        if left:
            yield Fault(ENGLISH_LEFT, f"“{left}” is English.", form)


def _is_latin(pair: Pair) -> bool:
    return pair.orthography.script == "Latn"


def _in_other(pair: Pair, english: list[str], text: str) -> str:
    """Return the first Latin word of a text in another script that the English has."""
    return next(
        (
            word
            for word in _LATIN_WORD.findall(_BRACKETED.sub("", text))
            if word.casefold() in english and not word.isupper() and not _is_kept(pair, word)
        ),
        "",
    )


def _in_latin(english: list[str], text: str) -> str:
    """Return the first run of English words that stands so in the source, one of them small."""
    words = _WORD.findall(text)
    joined = f" {' '.join(english)} "
    for start in range(len(words) - _RUN + 1):
        run = words[start : start + _RUN]
        folded = [word.casefold() for word in run]
        if f" {' '.join(folded)} " in joined and set(folded) & _ENGLISH:
            return " ".join(run)
    return ""


def _alone(pair: Pair, english: list[str], text: str) -> str:
    """Return the first word of the English that the language has nowhere else."""
    if not pair.own_words:
        return ""
    kept = {
        word
        for term in pair.glossary.term
        if term.do_not_translate
        for word in _WORD.findall(term.source.casefold())
    }
    return next(
        (
            word
            for word in _LATIN_WORD.findall(text)
            if word.islower()
            and word in english
            and word not in pair.own_words
            and word not in kept
        ),
        "",
    )


def _is_kept(pair: Pair, word: str) -> bool:
    """Tell whether the glossary has a word, as a name or in brackets after its translation."""
    return any(
        word.casefold() in text.casefold()
        for term in pair.glossary.term
        for text in ((term.source,) if term.do_not_translate else (term.preferred, *term.allowed))
    )


def of_another_message(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a text of a few words that translates another English sentence as well."""
    for form, _ in pair.texts():
        others = [text for text in pair.elsewhere.get(form, ()) if not _alike(text, pair.source[0])]
        if others:
            yield Fault(OF_ANOTHER_MESSAGE, f"it translates “{min(others)}” as well.", form)


def _alike(one: str, other: str) -> bool:
    """Tell whether two English sentences have most of their words in common."""
    ours, theirs = (set(_WORD.findall(text.casefold())) for text in (one, other))
    return len(ours & theirs) * 2 > len(ours | theirs)


def unknown_letters(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a letter of another script than the language's, or one that it has not.

    Latin letters may stand in any language, and what the English has in any text.
    """
    if not pair.scripts:
        return
    for form, text in pair.texts():
        if text.isascii():
            continue
        for char in text:
            if char.isascii() or char in pair.source[-1] or not _is_letter(char):
                continue
            script = script_of(char)
            alien = script not in pair.scripts and script not in _ANYWHERE
            unknown = script in pair.scripts and pair.letters and char not in pair.letters
            if alien or unknown:
                name = unicodedata.name(char, "a letter without a name").lower()
                yield Fault(LETTER_UNKNOWN, f"it has U+{ord(char):04X}, {name}.", form)
                break


@lru_cache(maxsize=4096)
def _is_letter(char: str) -> bool:
    return unicodedata.category(char) in {"Lo", "Lu", "Ll"}


def mixed_scripts(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a word with letters of two scripts, or of a sister language."""
    for form, text in pair.texts():
        for word in _WORD.findall(text):
            scripts = {script_of(char) for char in word} & _ALIKE
            if len(scripts) > 1:
                named = " and ".join(sorted(scripts))
                yield Fault(SCRIPTS_MIXED, f"“{word}” has {named} letters.", form)
                break
            if foreign := next((char for char in word if char in pair.orthography.foreign), ""):
                name = unicodedata.name(foreign).lower()
                yield Fault(SCRIPTS_MIXED, f"“{word}” has U+{ord(foreign):04X}, {name}.", form)
                break
