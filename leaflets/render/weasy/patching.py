"""Patching: the only place where something of WeasyPrint or pydyf is replaced by ours.

Each module of this room states what it replaces as `PATCHES`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from inspect import getattr_static
from pkgutil import resolve_name
from typing import Any

import msgspec

from leaflets.insides import Patch
from leaflets.render.weasy import (
    embedding,
    lines,
    marking,
    pagination,
    reuse,
    streams,
    tagging,
)

PATCHES = (
    *marking.PATCHES,
    *tagging.PATCHES,
    *streams.PATCHES,
    *embedding.PATCHES,
    *reuse.PATCHES,
    *pagination.PATCHES,
    *lines.PATCHES,
)


class _Replaced(msgspec.Struct, frozen=True):
    """Where a patch belongs, what stood there, and what stands there now."""

    owner: Any
    name: str
    theirs: Any
    ours: Any


@cache
def install() -> None:
    """Put all patches in place, once in a process, before the first page is laid out."""
    for replaced in _replaced().values():
        setattr(replaced.owner, replaced.name, replaced.ours)


@contextmanager
def removed(*patches: Patch) -> Iterator[None]:
    """Do without some patches for a while, to compare what is printed."""
    install()
    without = [_replaced()[patch.target] for patch in patches]
    for replaced in without:
        setattr(replaced.owner, replaced.name, replaced.theirs)
    try:
        yield
    finally:
        for replaced in without:
            setattr(replaced.owner, replaced.name, replaced.ours)


def theirs(patch: Patch) -> Any:  # noqa: ANN401 - WeasyPrint has no type information
    """Return what a patch replaces; a property as such."""
    return _replaced()[patch.target].theirs


@cache
def _replaced() -> dict[str, _Replaced]:
    """Look up what each patch replaces; the result is kept, for later ours stands there."""
    known: dict[str, _Replaced] = {}
    for patch in PATCHES:
        owner_name, _, name = patch.target.rpartition(".")
        owner = resolve_name(owner_name)
        original = getattr_static(owner, name)
        known[patch.target] = _Replaced(owner, name, original, patch.replacement(original))
    return known
