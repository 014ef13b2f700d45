"""Publish: bring the catalogue of an output folder up to date with the editions in it."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from leaflets import shelf
from leaflets.library.load import Library
from leaflets.site import atom, catalogue, page
from leaflets.site.catalogue import Record
from leaflets.typesetting import pictures

_PICTURES = "pictures"
_DPI = 26
_GREYS = 16


def publish(library: Library, folder: Path) -> None:
    """Write catalogue, feed, pictures and page; the page comes last, and names only what is there.

    A picture is drawn when its edition is new, and goes when no edition needs it.
    """
    found = catalogue.catalogue(library, folder)
    drawn = _pictures(folder, found.editions)
    shelf.shelve(folder, catalogue.FILE, catalogue.encoded(found))
    title = f"Patient handouts of {found.clinic}" if found.clinic else "Patient handouts"
    shelf.shelve(folder, atom.FILE, atom.feed(found, title, found.editions))
    shelf.shelve(folder, page.FILE, page.page(library, found, drawn))
    needed = {Path(name).name for name in drawn.values()}
    for path in (folder / _PICTURES).glob("*.png"):
        if path.name not in needed:
            path.unlink(missing_ok=True)


def _pictures(folder: Path, records: Sequence[Record]) -> Mapping[str, str]:
    """Draw the first page of one edition of each leaflet and language; return them by edition."""
    drawn: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    for one in records:
        key = (one.leaflet, one.language, one.beside)
        if one.media_type != "application/pdf" or key in seen:
            continue
        seen.add(key)
        name = f"{_PICTURES}/{one.leaflet}-{one.language}-{one.sha256[:12]}.png"
        if not (folder / name).is_file():
            first = pictures.page((folder / one.file).read_bytes(), 1, _DPI)
            shelf.shelve(folder, name, _small(first))
        drawn[one.file] = name
    return drawn


def _small(image: Image.Image) -> bytes:
    """Encode a picture in few colours: it is looked at from afar."""
    data = io.BytesIO()
    image.convert("RGB").quantize(_GREYS).save(data, "PNG", optimize=True)
    return data.getvalue()
