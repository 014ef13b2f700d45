"""Look up messages while a page is composed, and keep account of what was asked for."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from markupsafe import escape

from leaflets.catalogs import integrity, marks, po
from leaflets.catalogs.message import DESK
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.library.overrides import Override
from leaflets.library.parts import Parts


class Translator:
    """The gettext functions of one leaflet in one language.

    A message without a usable translation comes back in English, marked as English, and is listed
    in `missing`; a translation that would damage the page is listed in `faults` and not printed.
    Each text carries the marks of `tracing`.
    """

    def __init__(
        self,
        language: Language,
        catalogs: Sequence[po.Catalog],
        parts: Parts,
        overrides: Mapping[str, Override] | None = None,
    ) -> None:
        """Take the catalogs in the order of lookup; English needs none, and a layer few entries."""
        self._source = language.tag == SOURCE
        self._layer = language.parent == SOURCE
        self.catalogs = catalogs
        self._is_status = parts.is_status
        self._overrides = overrides or {}
        self._index = po.plural_function(language.plural_forms)
        self.asked: dict[tuple[str, ...], None] = {}
        self.requested: dict[tuple[str, str], tuple[str, ...]] = {}
        self.missing: dict[tuple[str, str], None] = {}
        self.faults: dict[tuple[str, str], integrity.Fault] = {}

    def pgettext(self, context: str, text: str) -> str:
        """Translate a message by its id and text."""
        return self._form(context, (text,), 0, 0)

    def npgettext(self, context: str, text: str, plural: str, count: int) -> str:
        """Translate a message in the plural form for `count`."""
        return self._form(context, (text, plural), self._index(count), 0 if count == 1 else 1)

    def gettext(self, text: str) -> str:
        """Refuse: every message of ours has an id."""
        raise LookupError(f"the message “{text}” has no id; write pgettext or trans with an id.")

    def ngettext(self, text: str, plural: str, count: int) -> str:
        """Refuse: every message of ours has an id."""
        del plural, count
        return self.gettext(text)

    def _form(self, context: str, source: tuple[str, ...], index: int, english_index: int) -> str:
        self.asked[context, *source] = None
        if override := self._overrides.get(context):
            source = override.source
        english = source[english_index]
        self.requested[context, source[0]] = source
        return marks.marked(context, self._text((context, source[0]), source, index, english))

    def _text(self, key: tuple[str, str], source: tuple[str, ...], index: int, english: str) -> str:
        if self._source:
            return english
        translation = po.find(self.catalogs, key)
        if translation is None or index >= len(translation.forms):
            if self._layer:
                return english
            if not self._is_status(key[0]):
                self.missing[key] = None
            return _marked_english(english)
        if fault := _fault(source, translation.forms):
            self.faults[key] = fault
            return _marked_english(english)
        return translation.forms[index]


def of_desk(library: Library, language: Language) -> Translator:
    """Return what looks up the words of the desk, in a language or the one it is a layer over."""
    tags = filter(None, (language.tag, language.parent))
    return Translator(language, [po.load(library, tag, DESK) for tag in tags], library.parts)


@lru_cache(maxsize=20_000)
def _fault(source: tuple[str, ...], forms: tuple[str, ...]) -> integrity.Fault | None:
    """Return the first fault of a translation; it is asked for again in each format and clinic."""
    return next(integrity.faults(source, forms), None)


def _marked_english(text: str) -> str:
    """Mark a sentence as English, so that it is read and set as English on a foreign page."""
    return f'<span lang="{escape(SOURCE)}" dir="ltr">{text}</span>'
