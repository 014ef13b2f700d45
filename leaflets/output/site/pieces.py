"""Pieces: the files that show an output folder, and a small picture of each leaflet in it."""

import io
from collections.abc import Mapping, Sequence

from PIL import Image

from leaflets.library.load import Library
from leaflets.output.shelf import Shelf
from leaflets.output.site import atom, catalogue, page
from leaflets.output.site.catalogue import Record
from leaflets.render import pictures

_PICTURES = "pictures"
_DPI = 26
_GREYS = 16


def made(library: Library, output: Shelf) -> tuple[Mapping[str, bytes], Sequence[str]]:
    """Make catalogue, feed and page; put pictures that are missing on the shelf, and name all."""
    found = catalogue.catalogue(library, output)
    drawn = _pictures(output, found.editions)
    title = f"Patient handouts of {found.clinic}" if found.clinic else "Patient handouts"
    files = {
        catalogue.FILE: catalogue.encoded(found),
        atom.FILE: atom.feed(found, title, found.editions),
        page.FILE: page.page(library, found, drawn),
    }
    return files, tuple(drawn.values())


def _pictures(output: Shelf, records: Sequence[Record]) -> Mapping[str, str]:
    """Draw the first page of one edition of each leaflet and language; return them by edition."""
    drawn: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    for one in records:
        key = (one.leaflet, one.language, one.beside)
        if one.media_type != "application/pdf" or key in seen:
            continue
        seen.add(key)
        name = f"{_PICTURES}/{one.leaflet}-{one.language}-{one.sha256[:12]}.png"
        if not output.has(name):
            output.put(name, _small(pictures.page(output.read(one.file), 1, _DPI)))
        drawn[one.file] = name
    return drawn


def _small(image: Image.Image) -> bytes:
    """Encode a picture in few colours: it is looked at from afar."""
    data = io.BytesIO()
    image.convert("RGB").quantize(_GREYS).save(data, "PNG", optimize=True)
    return data.getvalue()
