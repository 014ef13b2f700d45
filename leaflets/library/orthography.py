"""Orthography: the marks, quotes, spaces and small words of a language, in `orthography.toml`."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import icu
import msgspec
from msgspec import Meta

from leaflets.library import cldr, overlay, phrases, toml
from leaflets.library.values import SIGN, BySystem, Phrase, Tag, described

FILE = "orthography.toml"

#: Whose words say how English is read that is not ours: a variety, or a clinic's own sentence.
ANOTHER_ENGLISH = "en-GB"

_Marks = Annotated[str, Meta(title="marks without spaces", max_length=30, pattern=rf"\A{SIGN}*\Z")]
_Pair = Annotated[str, Meta(title="an opening and a closing mark", pattern=rf"\A{SIGN}{{2}}\Z")]
#: Joiners, and the marks and isolates of a direction: what a text may not hold without a reason.
_Invisible = Annotated[
    str,
    Meta(
        title="joiners and marks of direction",
        max_length=30,
        pattern=r"\A[\u00ad\u061c\u200b-\u200f\u2060\u2066-\u2069]*\Z",
    ),
]

#: Scripts whose words are not set apart by spaces.
_SPACELESS = frozenset({"Hans", "Hant", "Hani", "Jpan", "Thai", "Laoo", "Mymr", "Khmr"})


Kind = Literal["denying", "keeping", "unless", "unless_not", "only_if", "negated_for"]


class Orthography(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """How a language is written, as far as a check of a translation must know."""

    negation: Annotated[
        tuple[Phrase, ...],
        described("Its words for no and not; a star stands for any letters.", ["nie", "żadn*"]),
    ] = ()
    denying: Annotated[
        tuple[Phrase, ...],
        described("Words that deny by themselves, such as impossible and avoid.", ["evit*"]),
    ] = ()
    keeping: Annotated[
        tuple[Phrase, ...],
        described("Words for going on, which say what “not stop” says.", ["sigue*"]),
    ] = ()
    unless: Annotated[
        tuple[Phrase, ...], described("How it says unless and except.", ["a menos que"])
    ] = ()
    unless_not: Annotated[
        tuple[Phrase, ...],
        described("What says unless together with a negation.", ["जब तक"]),
    ] = ()
    only_if: Annotated[
        tuple[Phrase, ...],
        described("How it says only if, which is unless turned round.", ["solo si"]),
    ] = ()
    beside: Annotated[
        tuple[Phrase, ...],
        described("Negations that stand beside another and deny no more.", ["nikt", "żadn*"]),
    ] = ()
    affirming: Annotated[
        tuple[Phrase, ...],
        described("Phrases with a negation in them that deny nothing.", ["no obstante"]),
    ] = ()
    negated_for: Annotated[
        tuple[Phrase, ...],
        described("English that it says with a negation.", ["until", "too * to"]),
    ] = ()
    prefixes: Annotated[
        tuple[Phrase, ...],
        described("Short words that are written together with the next one.", ["و", "ال"]),
    ] = ()
    shared: Annotated[
        tuple[Phrase, ...],
        described("Words that English has too, so that they were not left in it.", ["hospital"]),
    ] = ()
    noted: Annotated[
        tuple[Phrase, ...],
        described("What notes to translators quote of a negation, the longer first.", ["do not"]),
    ] = ()
    stop: Annotated[_Marks, described("What ends a sentence.", "。.")] = "."
    question: Annotated[_Marks, described("What ends a question.", "؟")] = "?"
    exclamation: Annotated[_Marks, described("What ends an exclamation.", "！!")] = "!"
    colon: Annotated[_Marks, described("What stands before a list.", "：:")] = ":"
    unended: Annotated[bool, described("A sentence needs no stop.")] = False
    quotes: Annotated[
        tuple[_Pair, ...], described("Its pairs of quotation marks.", ["„”", "«»"])
    ] = ("“”", "‘’")
    opening: Annotated[bool, described("A question and an exclamation open with ¿ and ¡.")] = False
    spaced: Annotated[_Marks, described("Marks that a no-break space stands before.", "?!:;")] = ""
    invisible: Annotated[
        _Invisible,
        described("Characters that are not seen but have a use in it.", "\u200c\u200d"),
    ] = ""
    repeats: Annotated[bool, described("A word that is said twice is grammar.")] = False
    foreign: Annotated[
        _Marks, described("Letters of a sister language that look like its own.", "كي")
    ] = ""
    whole_first: Annotated[
        bool, described("It may say “of 5 pages, page 2”, the whole before the part.")
    ] = False
    script: BySystem = ""

    @property
    def spaceless(self) -> bool:
        """Tell whether its words are not set apart by spaces."""
        return self.script in _SPACELESS

    @cached_property
    def _negation(self) -> re.Pattern[str]:
        return self._any_of((*self.negation, *self.beside))

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        kinds = (
            *("denying", "keeping", "unless", "unless_not", "only_if"),
            *("beside", "affirming", "negated_for", "noted"),
        )
        return {kind: self._any_of(getattr(self, kind)) for kind in kinds if getattr(self, kind)}

    def _any_of(self, words: tuple[str, ...]) -> re.Pattern[str]:
        return phrases.compiled(words, spaceless=self.spaceless)

    def negation_in(self, text: str) -> str:
        """Return the first negation in a text, or nothing."""
        return next(iter(self.negations(text)), "")

    def negations(self, text: str) -> list[str]:
        """Return the negations in a text, in its order; unless is none of them."""
        if not self.negation:
            return []
        plain = phrases.plain(text)
        if affirming := self._patterns.get("affirming"):
            plain = affirming.sub(" ", plain)
        return self._negation.findall(plain)

    def stands_beside(self, negation: str) -> bool:
        """Tell whether a negation may stand beside another one and deny no more."""
        beside = self._patterns.get("beside")
        return bool(beside and beside.fullmatch(negation))

    def phrases_of(self, kind: Kind, text: str) -> list[str]:
        """Return the phrases of a kind that stand in a text, in its order.

        “Except if” holds no “only if”, though in some languages it has that in it.
        """
        pattern = self._patterns.get(kind)
        if pattern is None:
            return []
        plain = phrases.plain(text)
        if kind == "only_if" and self.unless:
            plain = self._patterns["unless"].sub(" ", plain)
        return pattern.findall(plain)

    def noted_in(self, text: str) -> str:
        """Return the first negation of a text as a note to translators quotes it, or nothing."""
        noted = self._patterns.get("noted")
        negation = noted.search(text) if noted else None
        return negation[0] if negation else ""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of orthography.toml; a language is named by its tag, or by what begins it."""

    language: dict[Tag, Orthography] = {}


def load(locales: Sequence[Path]) -> Mapping[str, Orthography]:
    """Read `orthography.toml` of every locale root; ours wins, language by language."""
    return overlay.added(locales, FILE, lambda path: toml.read(path, File).language)


def of(known: Mapping[str, Orthography], tag: str) -> Orthography:
    """Return the orthography of a tag, or of its language, or a plain one for its script.

    The quotation marks of CLDR are right in any language; where none are stated, they alone are.
    """
    stated = known.get(tag) or known.get(tag.partition("-")[0])
    own = stated.quotes if stated else ()
    quotes = tuple(dict.fromkeys((*own, *cldr.quotes(tag))))
    return msgspec.structs.replace(stated or Orthography(), script=script_of(tag), quotes=quotes)


def script_of(tag: str) -> str:
    """Return the likely script (ISO 15924) of a BCP 47 tag."""
    locale = icu.Locale.forLanguageTag(tag)
    return str(locale.addLikelySubtags().getScript())
