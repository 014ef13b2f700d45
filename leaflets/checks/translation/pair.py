"""A pair: what was said in English, and how it is said in a language."""

from collections.abc import Iterator, Mapping

import msgspec

from leaflets.library.glossary import Glossary
from leaflets.library.markup import bare
from leaflets.library.orthography import Orthography
from leaflets.library.safety import SafetyWords


class Pair(msgspec.Struct, frozen=True):
    """The source's one or two forms, the translation's forms, and what both languages need.

    `units` are the names of units in the language, by CLDR name; none for a layer of English.
    `unit_forms` are those names for each plural form, in the order of the catalog. `elsewhere` maps
    what other messages are translated with to their English, and `own_words` are words that the
    language has in its catalogs where the English has none such; both are empty where unknown.
    `letters` are those of the language; none are known for Chinese characters.
    `layer` is True for a variety of the source's language, such as British English.
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

    @property
    def english(self) -> str:
        """Return the source that speaks of many, without placeholders and markup."""
        return bare(self.source[-1])

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each form as written, and without placeholders and markup."""
        for form in dict.fromkeys(self.forms):
            yield form, bare(form)
