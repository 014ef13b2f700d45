"""Days: whether an entry can be of the day that it states."""

import datetime as dt
from collections.abc import Collection
from typing import Protocol

from leaflets.library.load import Library
from leaflets.library.seal import Entry
from leaflets.library.signoff import Verification
from leaflets.problem import Code, Problem

WRONG_DAY = Code(
    "GOV-12",
    title="Signed on a day that cannot be",
    why="An entry states a day that has not come, or one on which what it covers was not there: "
    "the source was looked up later, or the role before signed later, so that this person may have "
    "seen another text.",
    remedy="Look at the calendar of the computer. Then let the person named sign again, after the "
    "role before: translator, reviser, clinician.",
)


class Dated(Protocol):
    """Something that was signed on a day, in a role."""

    @property
    def name(self) -> str:
        """Return who signed it."""

    @property
    def role(self) -> str:
        """Return the role."""

    @property
    def on(self) -> dt.date | None:
        """Return the day; None if nobody signed."""


def problem(library: Library, entry: Entry, day: dt.date) -> Problem | None:
    """State why an entry cannot be of its day, looked at on another; None if it can."""
    if entry.on > day:
        return WRONG_DAY.problem(
            message=f"{entry.name} signed on {entry.on}, a day that has not come.",
            hint="Look at the calendar of the computer, and sign again.",
        )
    if isinstance(entry, Verification):
        for name in sorted(_sources(library, entry)):
            looked_up = library.sources[name].checked
            if entry.on < looked_up:
                return WRONG_DAY.problem(
                    message=f"{entry.name} verified it on {entry.on}, before the source {name} was"
                    f" last looked up, on {looked_up}.",
                    hint="Compare it with its source again.",
                )
    return None


def _sources(library: Library, entry: Verification) -> Collection[str]:
    """Name the sources of what was verified."""
    if entry.claim:
        return library.claims.entries[entry.claim].sources
    return library.facts.sources_of(entry.fact)


def out_of_order(before: Dated, after: Dated) -> Problem | None:
    """State that a role signed before the one whose work it approves; None if it did not."""
    if before.on is None or after.on is None or after.on >= before.on:
        return None
    return WRONG_DAY.problem(
        message=f"{after.name} signed as {after.role} on {after.on}, before {before.name} signed as"
        f" {before.role} on {before.on}.",
        hint=f"Let the {after.role} sign after the {before.role}.",
    )
