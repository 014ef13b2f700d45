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
    listed = catalogue.catalogue(library, output)
    drawn = _pictures(output, listed.editions)
    title = f"Patient handouts of {listed.clinic}" if listed.clinic else "Patient handouts"
    files = {
        catalogue.FILE: catalogue.encoded(listed),
        atom.FILE: atom.feed(listed, title, listed.editions),
        page.FILE: page.page(library, listed, drawn),
    }
    return files, tuple(drawn.values())


def _pictures(output: Shelf, records: Sequence[Record]) -> Mapping[str, str]:
    """Draw the first page of one edition of each leaflet and language; return them by edition."""
    drawn: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    for record in records:
        key = (record.leaflet, record.language, record.beside)
        if record.media_type != "application/pdf" or key in seen:
            continue
        seen.add(key)
        name = f"{_PICTURES}/{record.leaflet}-{record.language}-{record.sha256[:12]}.png"
        if not output.has(name):
            output.put(name, _small(pictures.page(output.read(record.file), 1, _DPI)))
        drawn[record.file] = name
    return drawn


def _small(image: Image.Image) -> bytes:
    """Encode a picture in few colours: it is looked at from afar."""
    data = io.BytesIO()
    image.convert("RGB").quantize(_GREYS).save(data, "PNG", optimize=True)
    return data.getvalue()
