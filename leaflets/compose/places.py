"""Find where each message stands on the page, for those who translate it, in composed HTML."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from leaflets.compose.composition import Composition
from leaflets.library.parts import Part, Parts, Role
from leaflets.render import html_tree


class MessagePlace(msgspec.Struct, frozen=True):
    """Where a message stands: in which part, below which section heading, and how it is printed."""

    part: Part
    section: str
    printed: str


def places(pages: Iterable[Composition], parts: Parts) -> Mapping[str, MessagePlace]:
    """Map the id of each message to the place where it is printed first.

    A message that stands in no text is the description of a picture.
    """
    first: dict[str, MessagePlace] = {}
    for page in pages:
        if all(message_id in first for message_id, _ in page.requested):
            continue  # most branches have a text or two of their own at most: they are not read
        for message_id, place in _on(page, parts):
            first.setdefault(message_id, place)
        for message_id, _ in page.requested:
            first.setdefault(message_id, MessagePlace(parts.only(Role.PICTURE), "", ""))
    return first


def _on(page: Composition, parts: Parts) -> Iterator[tuple[str, MessagePlace]]:
    """Yield each message of a page, and where it stands, in reading order."""
    section = ""
    for element, above in html_tree.elements(html_tree.parse(page.html)):
        if parts.have(Role.SECTION_HEADING, element.names):
            section = element.text()
        if not element.message:
            continue
        stands_in = [part for outer in above if (part := parts.place(outer.names))]
        if stands_in:
            firm = (part for part in reversed(stands_in) if not part.yields)
            in_heading = any(parts.have(Role.SECTION_HEADING, outer.names) for outer in above)
            place = next(firm, stands_in[-1])
            yield (
                element.message,
                MessagePlace(place, "" if in_heading else section, element.text()),
            )
