"""Term base: how a language says each thing, in `locales/<lang>/glossary.toml`."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from leaflets.errors import InputError
from leaflets.library import overlay, phrases, toml
from leaflets.library.markup import bare
from leaflets.library.values import Line, Prose, Words, described

FILE = "glossary.toml"


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One thing and its words: it has a `preferred` word, or is not translated."""

    source: Annotated[Words, described("What it is called in English.", "needle")]
    preferred: Annotated[Line, described("The word of the language.", "aguja")] = ""
    stems: Annotated[
        tuple[Words, ...], described("How its inflected forms begin.", ["operación", "operar"])
    ] = ()
    allowed: Annotated[tuple[Words, ...], described("Other right words for it.", ["sal"])] = ()
    forbidden: Annotated[
        tuple[Words, ...], described("Words that are never used for it.", ["cirugía"])
    ] = ()
    do_not_translate: Annotated[bool, described("The name stays as it is in English.")] = False
    note: Annotated[Prose, described("Why, for whoever translates; not printed.")] = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Match the term as a whole word, or its English plural."""
        return re.compile(rf"\b{re.escape(self.source)}(?:s|es)?\b", re.IGNORECASE)

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

    def standing_in(self, english: str) -> tuple[Term, ...]:
        """List the terms that an English text, without its placeholders, has as whole words."""
        text = bare(english)
        folded = text.casefold()  # a pattern takes long to find nothing in a leaflet
        return tuple(
            term
            for term in self.term
            if term.source.casefold() in folded and term.pattern.search(text)
        )

    def found_in(self, english: str) -> tuple[Term, ...]:
        """List the terms that an English text has; a term inside a longer one is not counted."""
        rest = bare(english)
        terms = []
        for term in sorted(self.term, key=lambda term: -len(term.source)):
            if term.pattern.search(rest):
                terms.append(term)
                rest = term.pattern.sub(" ", rest)
        return tuple(terms)


def _folded(text: str) -> str:
    return phrases.plain(unicodedata.normalize("NFC", bare(text))).casefold()


def _starts_a_word(word: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}", text)) or (
        _is_spaceless(word) and word in text
    )


def _is_spaceless(word: str) -> bool:
    return any("\u0e00" <= char <= "\u0eff" or char >= "\u1000" for char in word)


def file_of(tag: str) -> str:
    """Name the file of a language, relative to a locale root."""
    return f"{tag.replace('-', '_')}/{FILE}"


def load(locales: Sequence[Path], tag: str) -> Glossary:
    """Read the term base of a language from every locale root; the first wins, term by term."""
    name = file_of(tag)
    terms = overlay.entries(locales, name, lambda path: _read(path, path.stat().st_mtime_ns))
    return Glossary(tuple(terms.values()))


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Mapping[str, Term]:
    terms = toml.read(path, Glossary).term
    for number, term in enumerate(terms, 1):
        if bool(term.preferred) == term.do_not_translate:
            raise InputError(
                path,
                f"“{term.source}” has {'both' if term.preferred else 'neither'} a preferred word"
                f" {'and' if term.preferred else 'nor'} do_not_translate; state one of the two.",
                at=f"term, entry {number}",
            )
    return {term.source.casefold(): term for term in terms}
