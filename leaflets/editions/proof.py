"""Proof: what became of an edition; every fault is a problem of it.

Nothing here composes or typesets, see `making`: most editions of a build did not change.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from leaflets.compose.inputs import Input
from leaflets.compose.plan import Edition
from leaflets.errors import LeafletsError
from leaflets.library.load import Library
from leaflets.problem import Problem, errors

#: How a proof was made: nothing it depends on changed; its page is the same; or anew.
Made = Literal["unchanged", "composed", "typeset"]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """An edition made: its file, its number of pages if it has any, and the problems found.

    `inputs` are what it depends on, with the digests of what they said; empty if it failed.
    `sha256` is that of the file, if it was read and compared with it.
    """

    edition: Edition
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    file: bytes | None = None
    sha256: str = ""
    fingerprint: str = ""
    inputs: Mapping[Input, str] = {}
    made: Made = "typeset"

    @property
    def is_good(self) -> bool:
        """Tell whether it may be put on the shelf."""
        return self.file is not None and not errors(self.problems)


def failed(edition: Edition, problem: Problem) -> Proof:
    """Return the proof of an edition that could not be made."""
    return Proof(edition=edition, problems=(problem,))


def located(edition: Edition, problem: Problem) -> Problem:
    """Say of a problem which edition it is of."""
    return msgspec.structs.replace(
        problem,
        leaflet=edition.leaflet.slug,
        language=problem.language or edition.language.tag,
        format=edition.format.id,
    )


def recalled(library: Library, edition: Edition, fingerprint: str) -> Problem | None:
    """Return why an edition was recalled, or None if it was not."""
    recall = library.recalls.get(fingerprint)
    if recall is None:
        return None
    problem = Problem(
        code="GOV-06",
        message=f"{recall.code} was recalled by {recall.name} on {recall.on}:",
        text=recall.reason,
        hint="Change what is wrong; then it prints, under a new code.",
    )
    return located(edition, problem)


def fault_of_a_file(edition: Edition, error: LeafletsError) -> Problem:
    """State that a file which an edition is made of cannot be used."""
    problem = Problem(code="FILE-01", message=str(error), hint="Then build again.")
    return located(edition, problem)


def fault_of_ours(edition: Edition, error: BaseException) -> Problem:
    """State that our own code failed over an edition."""
    problem = Problem(
        code="SOFT-01",
        message="Leaflets failed here:",
        text=f"{type(error).__name__}: {error}",
        hint="Please report it.",
    )
    return located(edition, problem)
