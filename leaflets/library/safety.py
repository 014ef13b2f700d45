"""Safety words: how a language says before and after, more and less, and names each medicine.

`locales/en/safety.toml` lists the concepts and how the English says each;
`locales/<lang>/safety.toml` says how that language does. What the English says, a translation must
say as well (issue 14).
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from leaflets.library import overlay, toml
from leaflets.library.languages import SOURCE
from leaflets.library.values import Id, Line, Phrase, Prose, described

FILE = "safety.toml"

#: The harakat, from fathatan to the small alef.
_ARABIC_MARKS = frozenset(map(chr, (*range(0x064B, 0x0653), 0x0670)))


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a language says one thing on which safety hangs.

    A phrase that stands under two concepts of one group shows neither.
    """

    words: Annotated[
        tuple[Phrase, ...],
        described("Phrases that say it; a star stands for any letters.", ["antes", "previo*"]),
    ]
    idioms: Annotated[
        tuple[Phrase, ...],
        described("Phrases in which these words mean something else.", ["más o menos"]),
    ] = ()
    group: Annotated[
        Line,
        described("In English alone: concepts of one group are rivals, such as before and after."),
    ] = ""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of safety.toml; the key of a concept is the same in every language."""

    concept: dict[Id, Concept] = {}
    unit: Annotated[
        dict[Id, tuple[Phrase, ...]],
        described("Names of units that CLDR does not have, by the CLDR name of the unit."),
    ] = {}
    reviewed: Annotated[Prose, described("Who read these words, and when.")] = ""


class SafetyWords(msgspec.Struct, frozen=True, dict=True):
    """The safety words of one language, by concept; empty where a language has none.

    `units` are names of units that CLDR does not have, by the CLDR name of the unit.
    """

    concepts: Mapping[str, Concept]
    spaceless: bool = False
    units: Mapping[str, tuple[str, ...]] = {}

    def said_in(self, text: str) -> Mapping[str, frozenset[str]]:
        """Map each concept that a text says to the phrases that say it.

        `text` is without placeholders and markup; phrases are in small letters.
        """
        plain = _without_vowel_marks(text)
        said = {
            name: frozenset(
                match[0].casefold()
                for match in words.finditer(idioms.sub(" ", plain) if idioms else plain)
            )
            for name, (words, idioms) in self._patterns.items()
        }
        return {name: phrases for name, phrases in said.items() if phrases}

    def has(self, concept: str) -> bool:
        """Tell whether the language says how it says a concept."""
        return concept in self._patterns

    def rivals(self, concept: str) -> frozenset[str]:
        """Return the other concepts of a group, of which one must not stand for another."""
        own = self.concepts.get(concept)
        if own is None or not own.group:
            return frozenset()
        return frozenset(
            name
            for name, other in self.concepts.items()
            if other.group == own.group and name != concept
        )

    @cached_property
    def _patterns(self) -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
        return {
            name: (
                self._compiled(concept.words),
                self._compiled(concept.idioms) if concept.idioms else None,
            )
            for name, concept in self.concepts.items()
            if concept.words
        }

    def _compiled(self, phrases: Sequence[str]) -> re.Pattern[str]:
        longest_first = sorted(phrases, key=len, reverse=True)
        joined = "|".join(
            re.escape(_without_vowel_marks(phrase)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
            for phrase in longest_first
        )
        edges = ("", "") if self.spaceless else (r"(?<!\w)", r"(?!\w)")
        return re.compile(f"{edges[0]}(?:{joined}){edges[1]}", re.IGNORECASE)


def _without_vowel_marks(text: str) -> str:
    """Leave out Arabic vowel marks, which may be written or not."""
    return "".join(char for char in text if char not in _ARABIC_MARKS)


def load(locales: Sequence[Path], tag: str, *, spaceless: bool = False) -> SafetyWords:
    """Read the safety words of a language from every locale root; the first root wins.

    Raises `InputError` naming file and key.
    """
    name = f"{tag.replace('-', '_')}/{FILE}"
    concepts = overlay.entries(locales, name, lambda path: toml.read(path, File).concept)
    units = overlay.entries(locales, name, lambda path: toml.read(path, File).unit)
    return SafetyWords(concepts, spaceless, units)


def of_english(locales: Sequence[Path]) -> SafetyWords:
    """Read the concepts, and how the English says each."""
    return load(locales, SOURCE)
