"""Tell who wrote each leaflet, who reviewed it, and what has changed: `docs/governance.md`."""

from collections.abc import Iterator

from leaflets.library import load
from leaflets.library.leaflet import Leaflet

_HEAD = """# Who wrote each leaflet

Made by `make docs` from `[governance]` of each `leaflet.toml`, for a committee that asks before it
lets a leaflet be handed out. It names roles; who signed which text, and until when, is shown by
`leaflets status`, and where each number comes from by `templates/sources.toml`. What is printed
with each leaflet is what stands under “Written by”, and that no patient has tested it.
"""


def document() -> str:
    """Write the document."""
    leaflets = load.load(None).leaflets.values()
    return "\n".join([_HEAD, *(line for leaflet in leaflets for line in _lines(leaflet))])


def _lines(leaflet: Leaflet) -> Iterator[str]:
    yield f"## {leaflet.title}\n"
    yield f"`{leaflet.slug}`, for {leaflet.audience}\n"
    yield "| | |"
    yield "|---|---|"
    for heading, text in leaflet.governance.statements():
        yield f"| {heading} | {_cell(text)} |"
    for change in leaflet.governance.changes:
        yield f"| Changed on {change.day} | {_cell(change.what)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
