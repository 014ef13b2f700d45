"""Look up messages while a page is composed, and keep account of what was asked for."""

from collections.abc import Sequence

from markupsafe import escape

from leaflets.catalogs import integrity, po
from leaflets.catalogs.message import Translation
from leaflets.library.languages import SOURCE, Language


class Translator:
    """The gettext functions of one leaflet in one language.

    A message without a usable translation comes back in English, marked as English, and is listed
    in `missing`; a translation that would damage the page is listed in `faults` and not printed.
    """

    def __init__(self, language: Language, catalogs: Sequence[po.Catalog]) -> None:
        """Take the catalogs in the order of lookup; English needs none."""
        self._source = language.tag == SOURCE
        self._catalogs = catalogs
        self._index = po.plural_function(language.plural_forms)
        self.requested: dict[tuple[str, str], tuple[str, ...]] = {}
        self.missing: dict[tuple[str, str], None] = {}
        self.faults: dict[tuple[str, str], integrity.Fault] = {}

    def pgettext(self, context: str, text: str) -> str:
        """Translate a message by its id and text."""
        return self._form(context, (text,), 0, text)

    def npgettext(self, context: str, text: str, plural: str, count: int) -> str:
        """Translate a message in the plural form for `count`."""
        english = text if count == 1 else plural
        return self._form(context, (text, plural), self._index(count), english)

    def gettext(self, text: str) -> str:
        """Refuse: every message of ours has an id."""
        raise LookupError(f"the message “{text}” has no id; write pgettext or trans with an id.")

    def ngettext(self, text: str, plural: str, count: int) -> str:
        """Refuse: every message of ours has an id."""
        del plural, count
        return self.gettext(text)

    def _form(self, context: str, source: tuple[str, ...], index: int, english: str) -> str:
        key = (context, source[0])
        self.requested[key] = source
        if self._source:
            return english
        translation = self._find(key)
        if translation is None or index >= len(translation.forms):
            self.missing[key] = None
            return _marked_english(english)
        if fault := next(integrity.faults(source, translation.forms), None):
            self.faults[key] = fault
            return _marked_english(english)
        return translation.forms[index]

    def _find(self, key: tuple[str, str]) -> Translation | None:
        for catalog in self._catalogs:
            found = catalog.entries.get(key)
            if found is not None and found.usable:
                return found
        return None


def _marked_english(text: str) -> str:
    """Mark a sentence as English, so that it is read and set as English on a foreign page."""
    return f'<span lang="{escape(SOURCE)}" dir="ltr">{text}</span>'
