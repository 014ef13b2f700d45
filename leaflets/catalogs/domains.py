"""Domains: into which catalogs the messages go, and which files they come from."""

from collections.abc import Mapping, Sequence

from leaflets.catalogs.message import COMMON, DESK, OVERRIDES
from leaflets.library import overrides
from leaflets.library.load import Library

#: The templates of the domains that belong to no leaflet: what every leaflet uses, and the desk.
_TEMPLATES: Mapping[str, Sequence[str]] = {
    COMMON: ("base.html", "parts.html", "common/redflags.html", "common/medicines.html"),
    DESK: ("desk/page.html", "desk/cover.html"),
}


def names(library: Library) -> tuple[str, ...]:
    """List the domains of a library, those that belong to no leaflet first."""
    own = (OVERRIDES,) if library.overrides else ()
    return (COMMON, DESK, *own, *library.leaflets)


def files_of(library: Library, name: str) -> tuple[str, ...]:
    """Name the files that hold the messages of a domain, relative to a template root."""
    if name in library.leaflets:
        return f"leaflets/{name}/leaflet.toml", library.leaflets[name].template
    if name == OVERRIDES:
        each = (files_of(library, slug) for slug in library.leaflets)
        return (overrides.FILE, *(file for files in each for file in files))
    return tuple(_TEMPLATES[name])
