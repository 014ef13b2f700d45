"""Compile catalogs to MO files, which other programs read with gettext."""

from collections.abc import Iterator

import msgspec
import polib

from leaflets.catalogs import domains, extract, integrity, po
from leaflets.catalogs.message import Message, Translation
from leaflets.library.languages import Language
from leaflets.library.load import Library


class Compiled(msgspec.Struct, frozen=True):
    """An MO file: its name, how many messages it holds, how many were left out, and its bytes."""

    file: str
    messages: int
    left_out: int
    data: bytes


def compiled(library: Library, language: Language) -> Iterator[Compiled]:
    """Compile the catalogs of a language, one file for each domain that has a catalog.

    What Leaflets would not print is left out, so that other programs do not print it either: a
    translation that is missing, fuzzy, of the wrong number of forms, or damaged.
    """
    for domain in domains.names(library):
        catalog = po.load(library, language.tag, domain)
        if catalog.path is None:
            continue
        file = polib.POFile()
        file.metadata = {**catalog.header, "Plural-Forms": language.plural_forms}
        messages = extract.domain(library, domain)
        for message in messages:
            translation = catalog.entries.get(message.key)
            if translation is not None and _printable(message, translation, language):
                file.append(_entry(message, translation))
        yield Compiled(
            po.file_name(language.tag, domain).removesuffix("po") + "mo",
            len(file),
            len(messages) - len(file),
            file.to_binary(),
        )


def _printable(message: Message, translation: Translation, language: Language) -> bool:
    wanted = language.plural_count if message.plural else 1
    return (
        translation.usable
        and len(translation.forms) == wanted
        and not any(integrity.faults(message.source, translation.forms))
    )


def _entry(message: Message, translation: Translation) -> polib.POEntry:
    if message.plural:
        return polib.POEntry(
            msgctxt=message.id,
            msgid=message.text,
            msgid_plural=message.plural,
            msgstr_plural=dict(enumerate(translation.forms)),
        )
    return polib.POEntry(msgctxt=message.id, msgid=message.text, msgstr=translation.forms[0])
