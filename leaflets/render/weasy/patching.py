"""Put functions of ours in place of WeasyPrint's, and take them away again to compare."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec


class Patch(msgspec.Struct, frozen=True):
    """One name of a module or class of WeasyPrint, and what shall stand there."""

    owner: Any
    name: str
    ours: Any


class Patches:
    """Patches that belong together; they are put in place once in a process."""

    def __init__(self, patches: Sequence[Patch]) -> None:
        """Take the patches, and note what they replace."""
        self._patches = tuple(patches)
        self._theirs = tuple(getattr(one.owner, one.name) for one in patches)
        self._in_place = False

    def install(self) -> None:
        """Put them in place."""
        if not self._in_place:
            self._in_place = True
            for one in self._patches:
                setattr(one.owner, one.name, one.ours)

    @contextmanager
    def removed(self) -> Iterator[None]:
        """Do without them for a while, to show that the same is printed."""
        for one, theirs in zip(self._patches, self._theirs, strict=True):
            setattr(one.owner, one.name, theirs)
        try:
            yield
        finally:
            for one in self._patches:
                setattr(one.owner, one.name, one.ours)
