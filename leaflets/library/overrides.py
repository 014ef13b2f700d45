"""Overrides: paragraphs that a clinic says in its own words, in `templates/overrides.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from leaflets.library import toml
from leaflets.library.values import Paragraph, Prose, Words, described

FILE = "overrides.toml"


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The English that a clinic prints in place of ours, and its plural if ours has one."""

    text: Annotated[Paragraph, described("What is printed in place of ours.", "Bring your list.")]
    plural: Annotated[Prose, described("The same for many, if ours has a form for many.")] = ""

    @property
    def source(self) -> tuple[str, ...]:
        """Return the text, and the plural text if there is one."""
        return (self.text, self.plural) if self.plural else (self.text,)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of overrides.toml; the key is the id of the message."""

    message: dict[Words, Override] = {}


def load(templates: Sequence[Path]) -> Mapping[str, Override]:
    """Read the overrides of the first template root that has any, by the id of their message."""
    path = path_of(templates)
    return toml.read(path, File).message if path.is_file() else {}


def path_of(templates: Sequence[Path]) -> Path:
    """Return where the overrides of the first template root are."""
    return templates[0] / FILE
