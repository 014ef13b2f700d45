"""Overrides: paragraphs that a clinic says in its own words, in `templates/overrides.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.library import toml

FILE = "overrides.toml"


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The English that a clinic prints in place of ours, and its plural if ours has one."""

    text: str
    plural: str = ""

    @property
    def source(self) -> tuple[str, ...]:
        """Return the text, and the plural text if there is one."""
        return (self.text, self.plural) if self.plural else (self.text,)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    message: dict[str, Override] = {}


def load(templates: Sequence[Path]) -> Mapping[str, Override]:
    """Read the overrides of the first template root that has any, by the id of their message."""
    path = path_of(templates)
    return toml.read(path, _File).message if path.is_file() else {}


def path_of(templates: Sequence[Path]) -> Path:
    """Return where the overrides of the first template root are."""
    return templates[0] / FILE
