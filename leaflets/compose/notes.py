"""Notes for translators: where a message stands, how long it may be, and what it must keep saying.

They are the extracted comments (`#.`) of the template catalogs, beside what the author wrote.
"""

import math
from collections.abc import Iterable, Iterator, Mapping

from leaflets.catalogs.message import ROOM, Message
from leaflets.compose.places import MessagePlace, places
from leaflets.compose.survey import Survey, survey
from leaflets.library import markup, orthography
from leaflets.library.languages import SOURCE
from leaflets.library.load import Library

#: Templates of the desk, which stand on no leaflet.
_DESK = "desk/"

#: How much longer than the English a text may be where it flows: German and Russian need a third.
_GROWTH = 1.35


class Notebook:
    """Writes the notes of any message of a library, or of those of some leaflets."""

    def __init__(self, library: Library, surveys: Iterable[Survey] | None = None) -> None:
        """Find where every message stands: in leaflets that were surveyed, else in all."""
        known = orthography.load(library.roots.locales)
        self._english = orthography.of(known, SOURCE)
        self._places: dict[str, MessagePlace] = {}
        if surveys is None:
            surveys = (survey(library, leaflet) for leaflet in library.leaflets.values())
        for surveyed in surveys:
            there = places(surveyed.pages, library.parts)
            self._places = {**there, **self._places}

    @property
    def places(self) -> Mapping[str, MessagePlace]:
        """Return the place of each message, by id."""
        return self._places

    def notes(self, message: Message) -> tuple[str, ...]:
        """Return the author's comments and ours, one line each."""
        return (*message.comments, *self._ours(message))

    def _ours(self, message: Message) -> Iterator[str]:
        place = self._places.get(message.id)
        longest = max(message.text, message.plural, key=len)
        if message.file.startswith(_DESK):
            yield "Place: the desk, a page and a cover sheet that staff see."
        if place:
            under = f", under “{place.section}”" if place.section else ""
            yield f"Place: {place.part.name}{under}."
            if markup.placeholders(longest) and place.printed:
                yield f"Printed, for example: {place.printed}"
        yield _length(longest, place)
        if negation := self._english.noted_in(markup.untagged(longest, " ")):
            yield f"Must stay negative: the English says “{negation.lower()}”."


def _length(text: str, place: MessagePlace | None) -> str:
    count = markup.printed_length(text)
    if place and place.part.room:
        stated = ROOM.format(room=max(place.part.room, count))
        return f"{stated}; the room is fixed. The English has {count}."
    room = math.ceil(count * _GROWTH / 10) * 10
    return f"Length: up to about {room} characters. The English has {count}."
