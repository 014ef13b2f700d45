"""The page of the catalogue: every leaflet in every language, found without a server."""

import base64
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from leaflets.errors import InputError
from leaflets.library import overlay
from leaflets.library.governance import Governance
from leaflets.library.load import Library
from leaflets.library.sandbox import Sandbox
from leaflets.output.site.catalogue import Catalogue, Record

FILE = "index.html"

#: Topics as people name them.
TOPICS: Mapping[str, str] = {
    "sacroplasty": "Sacroplasty",
    "recovery": "Getting better",
    "falls": "Falls",
    "osteoporosis": "Weak bones",
    "warning-signs": "Warning signs",
    "other": "Other",
}

_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


class Row(msgspec.Struct, frozen=True):
    """A leaflet in one language, or two, for one country; `picture` is of its first page."""

    first: Record
    editions: tuple[Record, ...]
    picture: str
    beside: str


class Group(msgspec.Struct, frozen=True):
    """A leaflet with its languages."""

    first: Record
    topic: str
    rows: tuple[Row, ...]
    picture: str
    governance: Governance


def page(library: Library, catalogue: Catalogue, pictures: Mapping[str, str]) -> bytes:
    """Write the page of a catalogue; `pictures` maps files to the pictures of their first page."""
    roots = [root for root in library.roots.templates if (root / "site").is_dir()]
    environment = Sandbox([root / "site" for root in roots])
    environment.filters["day"] = _day
    environment.filters["size"] = _size
    groups = tuple(_groups(library, catalogue.editions, pictures))
    languages = {row.first.language: row.first for group in groups for row in group.rows}
    html = environment.get_template("index.html").render(
        clinic=library.clinic,
        logo=_logo(library),
        groups=groups,
        languages=list(languages.values()),
        formats=list({record.format: record.format_name for record in catalogue.editions}.items()),
        topics=[
            (key, name)
            for key, name in TOPICS.items()
            if any(group.topic == name for group in groups)
        ],
        style=_text(roots, "site.css"),
        script=_text(roots, "site.js"),
    )
    return html.encode()


def _groups(
    library: Library, records: Sequence[Record], pictures: Mapping[str, str]
) -> Iterator[Group]:
    for _, own in groupby(records, key=lambda record: record.leaflet):
        rows = []
        for _, alike in groupby(
            own, key=lambda record: (record.language, record.beside, record.region)
        ):
            editions = tuple(alike)
            picture = next(
                (pictures[record.file] for record in editions if record.file in pictures), ""
            )
            beside = library.languages[editions[0].beside].name if editions[0].beside else ""
            rows.append(Row(editions[0], editions, picture, beside))
        first = rows[0].first
        picture = next((row.picture for row in rows if row.picture), "")
        governance = library.leaflets[first.leaflet].governance
        yield Group(first, TOPICS[first.topic], tuple(rows), picture, governance)


def _text(roots: Sequence[Path], name: str) -> str:
    path = overlay.find([root / "site" for root in roots], name)
    if path is None:
        raise InputError(f"templates/site/{name}", "the file does not exist; restore it.")
    return path.read_text("utf-8")


def _logo(library: Library) -> str:
    """Return the logo of the clinic as an address that needs no file."""
    if not library.clinic.logo:
        return ""
    path = Path(library.clinic.folder) / library.clinic.logo
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        return ""
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _size(size: int) -> str:
    return f"{max(1, round(size / 1000))} kB"
