"""Insides: what we replace and what we rely on of other packages without their promise.

Each module that does so states it as data: `PATCHES` and `TOUCHES`. `docs/upgrading.md` is made of
that data, and `tests/test_upgrading.py` compares it with what is installed.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class Patch(NamedTuple):
    """A function, property or class of theirs, and what stands in its place.

    `target` is its full name. `replacement` takes theirs and returns ours. `digest` is that of the
    source of theirs for which ours was written. `needless_when` says with which change of theirs
    ours could go; `test`, as pytest names it, shows that what ours is for still holds.
    """

    target: str
    replacement: Callable[[Any], Any]
    digest: str
    why: str
    needless_when: str
    test: str


class Touch(NamedTuple):
    """Names that we read, call or inherit from, though they are private or not documented.

    Each of `names` is a full name, with its parameters if we call or override it. The rest is as
    for `Patch`.
    """

    names: tuple[str, ...]
    why: str
    needless_when: str
    test: str
