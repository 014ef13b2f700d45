"""Check the catalogs of a language: complete, whole, and with the right plural forms."""

from collections.abc import Iterator

from leaflets.catalogs import extract, integrity, po
from leaflets.catalogs.message import COMMON, Message, Translation
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.problem import Problem, Severity

_RED_FLAG = "redflag."


def check(library: Library, language: Language) -> Iterator[Problem]:
    """Yield the problems of every catalog of a language, message by message in page order."""
    if language.tag == SOURCE:
        return
    for domain in (COMMON, *library.leaflets):
        catalog = po.load(library.roots.locales, language.tag, domain)
        leaflet = "" if domain == COMMON else domain
        yield from _header(catalog, language, leaflet)
        for message in extract.domain(library.roots.templates, library.leaflets, domain):
            translation = catalog.entries.get(message.key)
            yield from _message(message, translation, language, leaflet)


def _header(catalog: po.Catalog, language: Language, leaflet: str) -> Iterator[Problem]:
    stated = catalog.header.get("Plural-Forms", "")
    if catalog.path and _packed(stated) != _packed(language.plural_forms):
        yield Problem(
            code="TEXT-05",
            leaflet=leaflet,
            language=language.tag,
            where=catalog.path.name,
            message="the Plural-Forms header is",
            text=stated or "missing",
            hint=f"Write: {language.plural_forms}",
        )


def _packed(plural_forms: str) -> str:
    return "".join(plural_forms.split()).rstrip(";")


def _message(
    message: Message, translation: Translation | None, language: Language, leaflet: str
) -> Iterator[Problem]:
    if translation is None or not translation.usable:
        if language.parent != SOURCE:
            yield untranslated(message.id, message.text, language.tag, leaflet, Severity.WARNING)
        return
    wanted = language.plural_count if message.plural else 1
    if len(translation.forms) != wanted:
        yield Problem(
            code="TEXT-05",
            leaflet=leaflet,
            language=language.tag,
            where=message.id,
            message=f"there are {len(translation.forms)} forms, not {wanted}, for",
            text=message.text,
            hint="Translate each form.",
        )
    source = (message.text, message.plural) if message.plural else (message.text,)
    for fault in integrity.faults(source, translation.forms):
        yield faulty(message.id, fault, language.tag, leaflet)


def untranslated(
    message_id: str, text: str, language: str, leaflet: str, severity: Severity
) -> Problem:
    """State that a message has no translation; a warning sign without one is always an error."""
    if message_id.startswith(_RED_FLAG):
        return Problem(
            code="SAFE-01",
            leaflet=leaflet,
            language=language,
            where=message_id,
            message="this warning sign is not translated:",
            text=text,
            hint="Translate it in common.po.",
        )
    return Problem(
        code="TEXT-04",
        severity=severity,
        leaflet=leaflet,
        language=language,
        where=message_id,
        message="this is not translated:",
        text=text,
        hint="Translate it, and remove its fuzzy mark.",
    )


def faulty(message_id: str, fault: integrity.Fault, language: str, leaflet: str) -> Problem:
    """State that a translation would damage the page."""
    return Problem(
        code=fault.code,
        leaflet=leaflet,
        language=language,
        where=message_id,
        message=fault.message,
        text=fault.form,
        hint="Correct it in the catalog.",
    )
