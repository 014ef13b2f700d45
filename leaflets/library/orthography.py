"""Orthography: the marks, quotes, spaces and small words of a language, in `orthography.toml`."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import icu
import msgspec

from leaflets.library import toml

#: Scripts whose words are not set apart by spaces.
_SPACELESS = frozenset({"Hans", "Hant", "Hani", "Jpan", "Thai", "Laoo", "Mymr", "Khmr"})


class Orthography(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """How a language is written, as far as a check of a translation must know.

    `negation` are its words for no and not; a star stands for any letters. `noted` are what the
    notes to translators quote of a negation, the longer before the shorter. `stop`, `question`,
    `exclamation` and `colon` end a sentence; with `unended` a sentence needs no stop. `quotes` are
    pairs. With `opening`, ¿ and ¡ open. Before `spaced` marks stands a no-break space. `invisible`
    characters are of use here. With `repeats`, a word said twice is grammar. `foreign` are letters
    of a sister language that look alike.
    """

    negation: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    stop: str = "."
    question: str = "?"
    exclamation: str = "!"
    colon: str = ":"
    unended: bool = False
    quotes: tuple[str, ...] = ("“”", "‘’")
    opening: bool = False
    spaced: str = ""
    invisible: str = ""
    repeats: bool = False
    foreign: str = ""
    script: str = ""

    @property
    def spaceless(self) -> bool:
        """Tell whether its words are not set apart by spaces."""
        return self.script in _SPACELESS

    @cached_property
    def _negation(self) -> re.Pattern[str]:
        return self._any_of(self.negation)

    @cached_property
    def _noted(self) -> re.Pattern[str]:
        return self._any_of(self.noted)

    def _any_of(self, phrases: tuple[str, ...]) -> re.Pattern[str]:
        words = (re.escape(word).replace(r"\*", r"\w*") for word in phrases)
        joined = "|".join(words)
        edge = "" if self.spaceless else r"(?<!\w)"
        end = "" if self.spaceless else r"(?!\w)"
        return re.compile(f"{edge}(?:{joined}){end}", re.IGNORECASE)

    def negation_in(self, text: str) -> str:
        """Return the first negation in a text, or nothing."""
        return next(iter(self.negations(text)), "")

    def negations(self, text: str) -> list[str]:
        """Return the negations in a text, in its order."""
        return self._negation.findall(text) if self.negation else []

    def noted_in(self, text: str) -> str:
        """Return the first negation of a text as a note to translators quotes it, or nothing."""
        found = self._noted.search(text) if self.noted else None
        return found[0] if found else ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    language: dict[str, Orthography] = {}


def load(locales: Sequence[Path]) -> Mapping[str, Orthography]:
    """Read `orthography.toml` of every locale root; the first root wins, language by language."""
    found: dict[str, Orthography] = {}
    for root in reversed(locales):
        if (root / "orthography.toml").is_file():
            found |= toml.read(root / "orthography.toml", _File).language
    return found


def of(known: Mapping[str, Orthography], tag: str) -> Orthography:
    """Return the orthography of a tag, or of its language, or a plain one for its script."""
    stated = known.get(tag) or known.get(tag.partition("-")[0]) or Orthography()
    return msgspec.structs.replace(stated, script=script_of(tag))


def script_of(tag: str) -> str:
    """Return the likely script (ISO 15924) of a BCP 47 tag."""
    locale = icu.Locale.forLanguageTag(tag)
    return str(locale.addLikelySubtags().getScript())
