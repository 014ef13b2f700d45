"""Parts: what a page is made of, and what each part is to those who read a page, in `parts.toml`.

This is the only way from Python to the classes and message ids of templates: whoever looks for a
part asks for its role. The file belongs to the program, whose templates it describes; a clinic's
own templates are made of the same parts.
"""

import enum
import re
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import toml
from leaflets.library.values import Id, Line, MessagePattern

FILE = "parts.toml"

_NAME = r"[.#]?[a-z][a-z0-9-]*"


class Role(enum.Enum):
    """What the program looks for on a page, or among messages."""

    EMERGENCY_BOX = "emergency box"
    DRAFT_MARK = "draft mark"
    EVERY_PAGE = "every page"
    SECTION_HEADING = "section heading"
    OTHER_LANGUAGES = "other languages"
    PICTURE = "picture"
    TITLE = "title"
    EXPLANATION = "explanation"
    WARNING_SIGN = "warning sign"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A part of a page; the keys are explained in `parts.toml`."""

    at: Annotated[
        str, Meta(title="a tag, .class or #id, or several in a row", pattern=rf"\A(?:{_NAME})*\Z")
    ] = ""
    name: Line = ""
    room: Annotated[int, Meta(title="a number of characters", ge=0, le=1000)] = 0
    yields: bool = False
    before: Line = ""
    after: Line = ""
    items: Line = ""
    underline: Annotated[str, Meta(title="one character", max_length=1)] = ""
    role: Role | None = None
    messages: tuple[MessagePattern, ...] = ()
    once: bool = False
    critical: bool = False
    status: bool = False
    answer: bool = False
    label: bool = False

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the names that an element must have to be this part; none if it is no element."""
        return frozenset(re.findall(_NAME, self.at))

    def is_element(self, names: Collection[str]) -> bool:
        """Tell whether an element with these names is this part."""
        return bool(self.names) and self.names.issubset(names)

    def is_message(self, message_id: str) -> bool:
        """Tell whether a message stands in this part."""
        return any(fnmatchcase(message_id, pattern) for pattern in self.messages)


#: A part that is not told apart from others.
PLAIN = Part()


class Parts(msgspec.Struct, frozen=True, dict=True):
    """All parts, by their keys in the file."""

    part: Mapping[str, Part]

    def have(self, role: Role, names: Collection[str]) -> bool:
        """Tell whether a part of a role is among elements that have these names."""
        return any(part.is_element(names) for part in self._of(role))

    def is_message(self, role: Role, message_id: str) -> bool:
        """Tell whether a message stands in a part of a role."""
        return any(part.is_message(message_id) for part in self._of(role))

    def is_once(self, message_id: str) -> bool:
        """Tell whether a message stands in the first language alone, on a bilingual page."""
        return any(part.once and part.is_message(message_id) for part in self._with_messages)

    def is_critical(self, message_id: str) -> bool:
        """Tell whether somebody may come to harm if a message is translated wrongly."""
        return any(part.critical and part.is_message(message_id) for part in self._with_messages)

    def is_status(self, message_id: str) -> bool:
        """Tell whether a message says if a sheet may be handed out; nobody but us words it."""
        return any(part.status and part.is_message(message_id) for part in self._with_messages)

    def is_answer(self, message_id: str) -> bool:
        """Tell whether a message is one of several of which one patient's sheet shows one."""
        return any(part.answer and part.is_message(message_id) for part in self._with_messages)

    def place(self, names: Sequence[str]) -> Part | None:
        """Return the part that translators know an element by; its first name with one decides."""
        return next((part for name in names if (part := self._places.get(name))), None)

    def only(self, role: Role) -> Part:
        """Return the part of a role that one part has."""
        (part,) = self._of(role)
        return part

    def in_words(self, names: Collection[str]) -> Part:
        """Return the part that says how an element is written as plain text."""
        parts = (part for part in self._written if part.is_element(names))
        return max(parts, key=lambda part: len(part.names), default=PLAIN)

    def _of(self, role: Role) -> tuple[Part, ...]:
        return self._by_role.get(role, ())

    @cached_property
    def _by_role(self) -> Mapping[Role, tuple[Part, ...]]:
        return {
            role: tuple(part for part in self.part.values() if part.role is role) for role in Role
        }

    @cached_property
    def _places(self) -> Mapping[str, Part]:
        return {part.at: part for part in self.part.values() if part.name}

    @cached_property
    def _written(self) -> tuple[Part, ...]:
        return tuple(
            part
            for part in self.part.values()
            if part.before or part.after or part.items or part.underline
        )

    @cached_property
    def _with_messages(self) -> tuple[Part, ...]:
        return tuple(part for part in self.part.values() if part.messages)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, table by table."""

    part: dict[Id, Part] = {}


def load(templates: Sequence[Path]) -> Parts:
    """Read `parts.toml` of the library itself, the last folder.

    Raises `InputError` if no part has a role that the program looks for, and if a clinic has a file
    of its own, which would be read by nobody.
    """
    *of_clinic, own = templates
    for folder in of_clinic:
        if (folder / FILE).exists():
            raise InputError(
                folder / FILE,
                "what a page is made of belongs to the program; take this file out, and make your"
                " templates of the parts that there are.",
            )
    path = own / FILE
    parts = Parts(toml.read(path, File).part)
    for role in Role:
        if not any(part.role is role for part in parts.part.values()):
            raise InputError(path, f"no part has the role “{role.value}”; give it to one.")
    return parts
