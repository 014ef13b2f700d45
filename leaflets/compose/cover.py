"""The cover of a packet: what was given, with the codes for the notes; it names no patient."""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from leaflets.catalogs import marks
from leaflets.catalogs.translator import of_desk
from leaflets.compose.breaking import with_breaks
from leaflets.compose.plan import Edition
from leaflets.compose.templates import environment
from leaflets.library.formats import Format
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library

_TEMPLATE = "desk/cover.html"


class Given(msgspec.Struct, frozen=True):
    """A leaflet that is given: the edition, its title in its own language, and its code."""

    edition: Edition
    title: str
    code: str


class GivenView(msgspec.Struct, frozen=True):
    """A row of the cover as its template sees it."""

    english_title: str
    title: Markup
    language: Language
    draft: bool
    code: str


def cover(library: Library, language: Language, leaflets: Sequence[Given], page: Format) -> str:
    """Write the cover as HTML, in the language of whoever files it; titles are in English too."""
    template = environment(library.roots.templates, of_desk(library, language))
    languages = dict.fromkeys((library.languages[SOURCE].tag, language.tag))
    languages |= dict.fromkeys(leaflet.edition.language.tag for leaflet in leaflets)
    html = template.get_template(_TEMPLATE).render(
        language=language,
        languages=[library.languages[tag] for tag in languages],
        clinic=library.clinic.name,
        page=page,
        given=[_view(leaflet) for leaflet in leaflets],
    )
    plain = marks.unmarked(html)
    for tag in languages:
        if library.languages[tag].line_breaks == "icu":
            plain = with_breaks(plain, tag)
    return plain


def paper(library: Library, format_: Format) -> Format:
    """Return the page of a cover: the plain page of the paper that the leaflets are printed on."""
    return library.formats.get(format_.paper, format_)


def _view(leaflet: Given) -> GivenView:
    return GivenView(
        english_title=leaflet.edition.leaflet.title,
        title=Markup(leaflet.title),  # noqa: S704 - a message whose markup was checked
        language=leaflet.edition.language,
        draft=leaflet.edition.release is None,
        code=leaflet.code,
    )
