"""Term base: how a language says each thing, in `locales/<lang>/glossary.toml`."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from leaflets.errors import InputError
from leaflets.library import toml
from leaflets.library.markup import bare

FILE = "glossary.toml"


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One thing and its words: the English `source`, and the `preferred` word of the language.

    `stems` are beginnings of its inflected forms, `allowed` other right words, `forbidden` words
    that are never used for it. With `do_not_translate` the name stays as it is.
    """

    source: str
    preferred: str = ""
    stems: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    do_not_translate: bool = False
    note: str = ""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\b{re.escape(self.source)}(?:s|es)?\b", re.IGNORECASE)

    def stands_in(self, english: str) -> bool:
        """Tell whether an English text, without its placeholders, has the term as a whole word."""
        return bool(self._pattern.search(bare(english)))

    def is_kept(self, translation: str) -> bool:
        """Tell whether a translation says the term in one of its words."""
        if self.do_not_translate:
            return self.source in translation
        folded = _folded(translation)
        return any(_folded(word) in folded for word in (self.preferred, *self.allowed, *self.stems))

    def misused(self, translation: str) -> str:
        """Return a forbidden word that a translation has, or nothing."""
        folded = _folded(translation)
        words = (word for word in self.forbidden if _starts_a_word(_folded(word), folded))
        return next(words, "")


class Glossary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The terms of a language; of those within one another, the longer stands first."""

    term: tuple[Term, ...] = ()

    def found_in(self, english: str) -> tuple[Term, ...]:
        """List the terms that an English text has; a term inside a longer one is not counted."""
        rest = bare(english)
        found = []
        for one in sorted(self.term, key=lambda term: -len(term.source)):
            if one._pattern.search(rest):
                found.append(one)
                rest = one._pattern.sub(" ", rest)
        return tuple(found)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", bare(text)).casefold()


def _starts_a_word(word: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}", text)) or (
        _is_spaceless(word) and word in text
    )


def _is_spaceless(word: str) -> bool:
    return any("\u0e00" <= char <= "\u0eff" or char >= "\u1000" for char in word)


def load(locales: Sequence[Path], tag: str) -> Glossary:
    """Read the term base of a language from every locale root; the first wins, term by term."""
    found: dict[str, Term] = {}
    for root in reversed(locales):
        path = root / tag.replace("-", "_") / FILE
        if path.is_file():
            found |= {
                one.source.casefold(): one for one in _read(path, path.stat().st_mtime_ns).term
            }
    return Glossary(tuple(found.values()))


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Glossary:
    found = toml.read(path, Glossary)
    for number, one in enumerate(found.term, 1):
        if not one.source.strip():
            raise InputError(
                path, "the term has no source; write the English.", at=f"term {number}"
            )
        if bool(one.preferred) == one.do_not_translate:
            raise InputError(
                path,
                f"“{one.source}” has {'both' if one.preferred else 'neither'} a preferred word"
                f" {'and' if one.preferred else 'nor'} do_not_translate; state one of the two.",
                at=f"term {number}",
            )
    return found
