"""Reading: how hard a leaflet is as a whole, and words that are used before they are explained."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
import pyphen
from msgspec import Meta

from leaflets.catalogs.message import Message
from leaflets.library import overlay, toml
from leaflets.library.markup import HELD, bare
from leaflets.library.parts import Parts, Role
from leaflets.library.values import Words, described
from leaflets.problem import Code, Problem, Severity

GRADE_TOO_HIGH = Code(
    "READ-03",
    title="The leaflet as a whole is hard to read",
    why="Its Flesch-Kincaid grade is above 6, the reading age of 11 to 12 that health services "
    "aim at. The grade is indicative: it counts the length of words and sentences and knows "
    "nothing of meaning.",
    remedy="Use shorter words and sentences, first where a word of many syllables has a plain one.",
    severity=Severity.WARNING,
)

WORD_NOT_EXPLAINED = Code(
    "READ-04",
    title="A hard word before it is explained",
    why="templates/jargon.toml lists words that many patients do not know. In each leaflet they "
    "are explained where they come first, or in its part “Words explained”.",
    remedy="Explain the word at its first use, in brackets, or write a plain word.",
    severity=Severity.WARNING,
)

FILE = "jargon.toml"

#: The grade that health services aim at (AMA, NIH): children of 11 to 12 read it.
HIGHEST_GRADE = 6.0

_SENTENCE = re.compile(r"[^.!?]+[.!?]")
_WORD = re.compile(rf"[A-Za-z’'-]+|{HELD}")


class Jargon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word that many patients do not know, and phrases one of which explains it."""

    word: Annotated[Words, described("The word.", "sacrum")]
    plain: Annotated[
        tuple[Words, ...],
        Meta(min_length=1),
        described("Phrases that explain it.", ["base of the spine"]),
    ]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of jargon.toml."""

    jargon: tuple[Jargon, ...] = ()


def load_jargon(templates: Sequence[Path]) -> tuple[Jargon, ...]:
    """Read `jargon.toml` of every template root; the first root wins, word by word."""
    words = overlay.entries(templates, FILE, _read)
    return tuple(words.values())


def _read(path: Path) -> Mapping[str, Jargon]:
    return {jargon.word: jargon for jargon in toml.read(path, File).jargon}


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def syllables(word: str) -> int:
    """Count the syllables of an English word, as often as it may be hyphenated and once more."""
    return len(_dictionary().positions(word)) + 1


def grade(texts: Sequence[str]) -> float:
    """Compute the Flesch-Kincaid grade of texts; headings, which end with no mark, do not count.

    Each text is at least a sentence, and a placeholder is a short word. Kincaid and others, 1975.
    """
    sentences = [
        _WORD.findall(sentence) for text in texts for sentence in _SENTENCE.findall(bare(text))
    ]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    spoken = sum(1 if word == HELD else syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def check(
    slug: str, messages: Sequence[Message], jargon: Sequence[Jargon], parts: Parts
) -> Iterator[Problem]:
    """Yield what makes a leaflet hard to read as a whole."""
    found = grade([message.plural or message.text for message in messages])
    if found > HIGHEST_GRADE:
        yield GRADE_TOO_HIGH.problem(
            leaflet=slug,
            message=f"the Flesch-Kincaid grade is {found:.1f}, more than {HIGHEST_GRADE:g}.",
            hint="Use shorter words and sentences.",
        )
    for word, message in _unexplained(messages, jargon, parts).items():
        yield WORD_NOT_EXPLAINED.problem(
            leaflet=slug,
            where=message.id,
            message=f"“{word}” is not explained where it comes first:",
            text=message.text,
            hint="Explain it here in brackets, or write a plain word.",
        )


def _unexplained(
    messages: Sequence[Message], jargon: Sequence[Jargon], parts: Parts
) -> Mapping[str, Message]:
    """Map each word to the message that uses it first, if nothing up to there explains it.

    A word may be explained in the part “Words explained” of the leaflet, too.
    """
    found = {}
    explained = " ".join(
        bare(message.text) for message in messages if parts.is_message(Role.EXPLANATION, message.id)
    ).casefold()
    for entry in jargon:
        word = re.compile(rf"\b{re.escape(entry.word)}\b", re.IGNORECASE)
        uses = [message for message in messages if word.search(bare(message.text))]
        prose = [message for message in uses if not parts.is_message(Role.TITLE, message.id)]
        if not prose or word.search(explained):
            continue
        until = messages[: messages.index(prose[0]) + 1]
        read = " ".join(bare(message.text) for message in until).casefold()
        if not any(phrase.casefold() in read for phrase in entry.plain):
            found[entry.word] = prose[0]
    return found
