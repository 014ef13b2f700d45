"""Safety words: how a language says before and after, more and less, and names each medicine.

`locales/en/safety.toml` lists the concepts and how the English says each;
`locales/<lang>/safety.toml` says how that language does. What the English says, a translation must
say as well (issue 14).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from leaflets.library import cldr, overlay, phrases, toml
from leaflets.library.languages import SOURCE
from leaflets.library.values import Id, Line, Phrase, Prose, described

FILE = "safety.toml"


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a language says one thing on which safety hangs.

    A phrase that stands under two concepts of one group shows neither.
    """

    words: Annotated[
        tuple[Phrase, ...],
        described("Phrases that say it; a star stands for any letters.", ["antes", "previo*"]),
    ] = ()
    certain: Annotated[
        tuple[Phrase, ...],
        described(
            "Phrases that say it and nothing else: they may not stand where the English does not"
            " say it.",
            ["el doble"],
        ),
    ] = ()
    idioms: Annotated[
        tuple[Phrase, ...],
        described("Phrases in which these words mean something else.", ["más o menos"]),
    ] = ()
    implied_by: Annotated[
        tuple[Phrase, ...],
        described(
            "In English alone: phrases that a translation may say with it, and need not.",
            ["several times"],
        ),
    ] = ()
    reworded: Annotated[
        tuple[Phrase, ...],
        described(
            "In English alone: more phrases by which another English may say it.", ["week by week"]
        ),
    ] = ()
    number: Annotated[
        Annotated[int, Meta(ge=0, le=100)],
        described("In English alone: a number that says it, in the words that CLDR has.", 2),
    ] = 0
    contrary: Annotated[
        bool,
        described(
            "In English alone: a sentence may say the contrary with a negation, such as “stay” for"
            " “do not get up”."
        ),
    ] = False
    relative: Annotated[
        bool,
        described(
            "In English alone: its grammar may say it as well, so that a clinic's own sentence may"
            " lack it, unless it says a rival."
        ),
    ] = False
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


class _Finder(msgspec.Struct, frozen=True, dict=True):
    """Finds phrases in a text, except in idioms; a text without their letters is not searched."""

    phrases: tuple[str, ...]
    idioms: tuple[str, ...]
    spaceless: bool
    prefixes: tuple[str, ...]

    def found_in(self, plain: str) -> frozenset[str]:
        """Return the phrases in a text that is plain, and in small letters."""
        for letters in self._letters:
            if letters in plain:
                break
        else:
            return frozenset()
        if self.idioms:
            plain = self._idioms.sub(" ", plain)
        return frozenset(self._phrases.findall(plain))

    @cached_property
    def _letters(self) -> tuple[str, ...]:
        """Return of each phrase the longest part that stands in each text that it stands in."""
        parts = (re.split(r"[*\s]+", phrases.plain(phrase)) for phrase in self.phrases)
        return tuple(dict.fromkeys(max(each, key=len).casefold() for each in parts))

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        return phrases.compiled(self.phrases, spaceless=self.spaceless, prefixes=self.prefixes)

    @cached_property
    def _idioms(self) -> re.Pattern[str]:
        return phrases.compiled(self.idioms, spaceless=self.spaceless)


class SafetyWords(msgspec.Struct, frozen=True, dict=True):
    """The safety words of one language, by concept; empty where a language has none.

    `units` are names of units that CLDR does not have, by the CLDR name of the unit.
    """

    concepts: Mapping[str, Concept]
    spaceless: bool = False
    units: Mapping[str, tuple[str, ...]] = {}
    prefixes: tuple[str, ...] = ()

    @property
    def phrases(self) -> Iterator[str]:
        """Yield all the phrases of the language."""
        for concept in self.concepts.values():
            yield from (*concept.words, *concept.certain)

    def said_in(self, text: str) -> Mapping[str, frozenset[str]]:
        """Map each concept that a text says to the phrases that say it.

        `text` is without placeholders and markup; phrases are in small letters.
        """
        return _said(self._words, text)

    def certain_in(self, text: str, said: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Map each concept that a text says for certain, of those said, to what says it."""
        finders = {name: self._certain[name] for name in said if name in self._certain}
        return _said(finders, text)

    def implied_in(self, text: str) -> frozenset[str]:
        """Return the concepts that an English text says, or that its translation may say."""
        return frozenset((*self.said_in(text), *_said(self._implied, text)))

    def reworded_in(self, text: str) -> frozenset[str]:
        """Return the concepts that another English text may say, in whatever words."""
        return frozenset((*self.implied_in(text), *_said(self._reworded, text)))

    def has(self, concept: str) -> bool:
        """Tell whether the language says how it says a concept."""
        return concept in self._words

    def rivals(self, concept: str) -> frozenset[str]:
        """Return the other concepts of a group, of which one must not stand for another."""
        return self._rivals.get(concept, frozenset())

    @cached_property
    def _rivals(self) -> Mapping[str, frozenset[str]]:
        groups: dict[str, set[str]] = {}
        for name, concept in self.concepts.items():
            if concept.group:
                groups.setdefault(concept.group, set()).add(name)
        return {
            name: frozenset(groups[concept.group] - {name})
            for name, concept in self.concepts.items()
            if concept.group
        }

    @cached_property
    def _words(self) -> Mapping[str, _Finder]:
        return self._finders(lambda concept: concept.words)

    @cached_property
    def _certain(self) -> Mapping[str, _Finder]:
        return self._finders(lambda concept: concept.certain)

    @cached_property
    def _implied(self) -> Mapping[str, _Finder]:
        return self._finders(lambda concept: concept.implied_by)

    @cached_property
    def _reworded(self) -> Mapping[str, _Finder]:
        return self._finders(lambda concept: concept.reworded)

    def _finders(self, chosen: Callable[[Concept], tuple[str, ...]]) -> Mapping[str, _Finder]:
        return {
            name: _Finder(chosen(concept), concept.idioms, self.spaceless, self.prefixes)
            for name, concept in self.concepts.items()
            if chosen(concept)
        }


def _said(finders: Mapping[str, _Finder], text: str) -> Mapping[str, frozenset[str]]:
    plain = phrases.plain(text).casefold()
    said = {name: finder.found_in(plain) for name, finder in finders.items()}
    return {name: words for name, words in said.items() if words}


def file_of(tag: str) -> str:
    """Name the file of a language, relative to a locale root."""
    return f"{tag.replace('-', '_')}/{FILE}"


def load(
    locales: Sequence[Path], tag: str, *, spaceless: bool = False, prefixes: tuple[str, ...] = ()
) -> SafetyWords:
    """Read the safety words of a language from every locale root; ours win, concept by concept.

    Raises `InputError` naming file and key.
    """
    name = file_of(tag)
    concepts: Mapping[str, Concept]
    concepts = overlay.added(locales, name, lambda path: toml.read(path, File).concept)
    units = overlay.added(locales, name, lambda path: toml.read(path, File).unit)
    if tag != SOURCE:
        concepts = _with_numbers(concepts, of_english(locales).concepts, tag)
    return SafetyWords(concepts, spaceless, units, prefixes)


def _with_numbers(
    concepts: Mapping[str, Concept], english: Mapping[str, Concept], tag: str
) -> Mapping[str, Concept]:
    """Add to the words of each concept those of the number that says it, and what is certain.

    Both heels are two heels. What English says for certain is not asked of a translation.
    """
    numbers = {name: concept.number for name, concept in english.items() if concept.number}
    return {
        name: msgspec.structs.replace(
            concept,
            words=(
                *concept.words,
                *concept.certain,
                *(cldr.number_words(tag, numbers[name]) if name in numbers else ()),
            ),
        )
        for name, concept in concepts.items()
    }


def of_english(locales: Sequence[Path]) -> SafetyWords:
    """Read the concepts, and how the English says each."""
    return load(locales, SOURCE)
