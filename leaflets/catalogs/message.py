"""A message: one paragraph, list item or heading, as extracted and as translated."""

import msgspec

#: The domain of messages that all leaflets share.
COMMON = "common"

#: The domain of the words of the desk, which stand on its page and on its cover sheet.
DESK = "desk"

#: The domain of sentences that a clinic has put in the place of ours.
OVERRIDES = "overrides"

#: The domains that belong to no leaflet.
SHARED = (COMMON, DESK, OVERRIDES)


#: What the notes to translators begin with where a text has only so much room.
ROOM = "Length: at most {room} characters"


class Message(msgspec.Struct, frozen=True):
    """A message of the source: its id (msgctxt), text, plural text, place and comments."""

    id: str
    text: str
    plural: str
    file: str
    comments: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Return what gettext looks up: context and text."""
        return self.id, self.text

    @property
    def source(self) -> tuple[str, ...]:
        """Return the text, and the plural text if there is one."""
        return (self.text, self.plural) if self.plural else (self.text,)


class Translation(msgspec.Struct, frozen=True):
    """What a catalog holds for a message: one form, or one per plural form; and its line.

    `previous` is the English that a fuzzy translation was made from, if the catalog tells; `room`
    is how many characters its notes allow, 0 if they state none.
    """

    forms: tuple[str, ...]
    fuzzy: bool
    line: int
    previous: str = ""
    room: int = 0

    @property
    def usable(self) -> bool:
        """Tell whether it may be printed: complete, and not fuzzy."""
        return not self.fuzzy and all(self.forms)
