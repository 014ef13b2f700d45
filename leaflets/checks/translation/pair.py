"""A pair: what was said in English, and how it is said in a language."""

from collections.abc import Iterator, Mapping

import msgspec

from leaflets.checks.translation import sentences
from leaflets.library.glossary import Glossary
from leaflets.library.markup import bare
from leaflets.library.orthography import Orthography
from leaflets.library.safety import SafetyWords

#: Where what turns advice round is an error: where somebody could be harmed at once, and where a
#: clinic says with other words what we say.
WHERE_HARMFUL = (
    "in warning signs, in messages about medicines, and in a clinic's own words for a sentence of "
    "ours"
)


class Pair(msgspec.Struct, frozen=True):
    """The source's one or two forms, the translation's forms, and what both languages need.

    `units` are the names of units in the language, by CLDR name; none for a layer of English.
    `unit_forms` are those names for each plural form, in the order of the catalog. `elsewhere` maps
    what other messages are translated with to their English, and `own_words` are words that the
    language has in its catalogs where the English has none such; both are empty where unknown.
    `letters` are those of the language; none are known for Chinese characters.
    `layer` is True for a variety of the source's language, such as British English; `reworded` for
    what a clinic says in English in the place of what we say.
    """

    source: tuple[str, ...]
    forms: tuple[str, ...]
    english_orthography: Orthography
    orthography: Orthography
    glossary: Glossary
    layer: bool = False
    english_safety: SafetyWords = SafetyWords({})
    safety: SafetyWords = SafetyWords({})
    units: Mapping[str, tuple[str, ...]] = {}
    unit_forms: Mapping[str, tuple[frozenset[str], ...]] = {}
    elsewhere: Mapping[str, frozenset[str]] = {}
    own_words: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    scripts: frozenset[str] = frozenset()
    reworded: bool = False

    @property
    def english(self) -> str:
        """Return the source that speaks of many, without placeholders and markup."""
        return bare(self.source[-1])

    def sentences(self, english: str, text: str) -> Iterator[tuple[str, str]]:
        """Yield each sentence of an English text with what belongs to it in another text."""
        return (sentences.matched if self.reworded else sentences.paired)(english, text)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each form as written, and without placeholders and markup."""
        for form in dict.fromkeys(self.forms):
            yield form, bare(form)
