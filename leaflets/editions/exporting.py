"""Exporting: texts in one file for who translates or reviews outside, with pictures on a page."""

from collections.abc import Mapping, Sequence

import msgspec

from leaflets.catalogs.exchange import handover
from leaflets.catalogs.exchange.handover import Form
from leaflets.compose.notes import Notebook
from leaflets.library.languages import Language, with_catalogs
from leaflets.library.load import Library
from leaflets.render import needs


class Export(msgspec.Struct, frozen=True):
    """A file to send, by its name, and how many texts it holds."""

    name: str
    data: bytes
    texts: int


def export(library: Library, tag: str, leaflets: Sequence[str], form: Form) -> Export:
    """Export the texts of some leaflets, or all, in a language, with those that they share.

    Raises `RequestError` for what does not exist; for a page with pictures, `MissingPartError` if
    none can be set on this machine, `InputError` if one cannot be drawn as it should.
    """
    (language,) = with_catalogs(library.languages, [tag])
    if form == "html":
        needs.look([library], [tag])
    units = handover.chosen(library, language, leaflets, Notebook(library).notes)
    pictures = _pictures(library, language, leaflets) if form == "html" else {}
    templates = library.roots.templates
    data = handover.written(language, units, form, templates=templates, pictures=pictures)
    return Export(handover.file_name(language, leaflets, form), data, len(units))


def _pictures(library: Library, language: Language, leaflets: Sequence[str]) -> Mapping[str, bytes]:
    from leaflets.editions.illustrating import pictures_of_messages  # noqa: PLC0415 - the typesetter; most need none

    return pictures_of_messages(library, language, leaflets)
