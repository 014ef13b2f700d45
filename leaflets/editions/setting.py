"""Set a composed edition: on pages with the typesetter, or as a web page or plain text."""

from pathlib import Path

import msgspec

from leaflets.compose.composition import Composition
from leaflets.compose.plan import Edition
from leaflets.library.load import Library
from leaflets.render import plain_text, web_page
from leaflets.render.layout import Layout
from leaflets.render.weasy.standing import Standing
from leaflets.render.weasy.typeset import typeset


class SetEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition as it was set; `file` is None if the typesetter could not finish.

    One on pages has a `layout`, its pages one by one as a `pdf` (in `file` they may stand on
    sheets), and the `document` of the typesetter, to be bound with others. A web page or plain text
    is a `file` alone.
    """

    file: bytes | None
    layout: Layout | None = None
    pdf: bytes | None = None
    document: object = None


def set_edition(
    library: Library,
    edition: Edition,
    composition: Composition,
    *,
    on_sheets: bool,
    standing: Standing | None,
) -> SetEdition:
    """Set an edition in its format; its pages stand on sheets if wanted and the format has them."""
    match edition.format.medium:
        case "screen":
            return SetEdition(file=web_page.standalone(composition.html, folders_of(library)))
        case "text":
            return SetEdition(file=plain_text.written(composition.html, library.parts))
        case "print":
            pages = typeset(
                composition.html,
                folders_of(library),
                right_to_left=edition.language.direction == "rtl",
                page=edition.format if on_sheets else None,
                assets=composition.assets,
                standing=standing,
            )
            return SetEdition(
                file=pages.sheets,
                layout=pages.layout,
                pdf=pages.pdf,
                document=pages.document,
            )


def folders_of(library: Library) -> list[Path]:
    """List the folders that a page may read figures, style and a logo from."""
    own = [Path(library.clinic.folder)] if library.clinic.folder else []
    return [*library.roots.templates, *own]
