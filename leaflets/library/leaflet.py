"""A leaflet: one topic, described by `templates/leaflets/<slug>/leaflet.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.errors import InputError
from leaflets.library import toml

#: The longest title that fits on two lines of the page head (NHS service manual: 65 characters).
TITLE_LENGTH = 65


#: What leaflets are about, for whoever looks for one.
Topic = Literal["sacroplasty", "recovery", "falls", "osteoporosis", "warning-signs", "other"]


class Leaflet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a leaflet is, apart from its prose; the prose is `leaflet.html` beside it."""

    title: str
    audience: str = "patients"
    topic: Topic = "other"
    order: int
    pages: dict[str, int]
    red_flags: str
    emergency_box: Literal["first", "last", "none"] = "last"
    icd10cm: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    slug: str = ""

    @property
    def template(self) -> str:
        """Name the prose template, relative to a template root."""
        return f"leaflets/{self.slug}/leaflet.html"

    @property
    def title_id(self) -> str:
        """Name the message (msgctxt) that holds the title."""
        return f"{self.slug}.title"


def load(roots: Sequence[Path]) -> Mapping[str, Leaflet]:
    """Read every leaflet below the template roots, in reading order; the first root wins."""
    found: dict[str, Leaflet] = {}
    for root in roots:
        for path in sorted(root.glob("leaflets/*/leaflet.toml")):
            slug = path.parent.name
            if slug not in found:
                found[slug] = _read(path, slug)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def _read(path: Path, slug: str) -> Leaflet:
    leaflet = msgspec.structs.replace(toml.read(path, Leaflet), slug=slug)
    if len(leaflet.title) > TITLE_LENGTH:
        raise InputError(
            path, f"the title is longer than {TITLE_LENGTH} characters; shorten it.", at="title"
        )
    if not path.with_name("leaflet.html").is_file():
        raise InputError(path.with_name("leaflet.html"), "the leaflet has no prose; write it.")
    return leaflet
