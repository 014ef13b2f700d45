"""Persons: whether two who signed are one, by their keys, and by their names, however spelt.

ISO 17100, 5.3.3: a reviser is somebody else than the translator.
"""

import unicodedata
from typing import Protocol

from leaflets.problem import Code, Problem

ONE_PERSON = Code(
    "GOV-11",
    title="Translator and reviser are one person",
    why="Nobody sees the mistakes in their own translation. A reviser is somebody else (ISO 17100, "
    "5.3.3), also under another spelling of the name, and under another name with the same key.",
    remedy="Let somebody else revise the translation, and sign with their own name and key.",
)

#: Words that stand before or after a name and tell nobody apart.
_TITLES = frozenset(
    {
        *("dr", "dra", "doc", "prof", "profa", "med", "phd", "md", "msc", "bsc", "rn"),
        *("mr", "mrs", "ms", "mx", "miss", "sr", "sra", "herr", "frau", "mme", "mlle"),
    }
)

#: What is written in a name or left out: D’Arcy, DArcy.
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


class Person(Protocol):
    """Who signed: by name, and by the fingerprint of a key, which is empty without one."""

    @property
    def name(self) -> str:
        """Return the name as it was written."""

    @property
    def key(self) -> str:
        """Return the fingerprint of the key."""


def are_one(first: Person, second: Person) -> bool:
    """Tell whether two who signed must be taken for one person.

    They are if they have one key, whatever their names; and if they have one name, for a person may
    have two keys. Two people of one name must be told apart by how they write it.
    """
    if first.key and first.key == second.key:
        return True
    return spelling(first.name) == spelling(second.name)


def spelling(name: str) -> tuple[str, ...]:
    """Reduce a name to what tells people apart: its words in order, without marks and titles."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES)).casefold()
    plain = "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cf"})
    letters = (char if char.isalnum() else " " for char in plain)
    words = sorted("".join(letters).split())
    return tuple(word for word in words if word not in _TITLES) or tuple(words)


def problem(first: Person, second: Person) -> Problem:
    """State that two who must be two people are one."""
    how = "with the same key" if first.key and first.key == second.key else "which is the same name"
    return ONE_PERSON.problem(
        message=f"“{first.name}” translated and “{second.name}” revised, {how}: translator and"
        " reviser must be two people.",
        hint="Let somebody else revise it and sign.",
    )
