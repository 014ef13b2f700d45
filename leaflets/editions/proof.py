"""Proof: what became of an edition; every fault is a problem of it.

Nothing here imports what composes or sets, which takes longer than to find that nothing changed.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Input
from leaflets.compose.plan import Edition
from leaflets.errors import LeafletsError
from leaflets.problem import Code, Problem, errors
from leaflets.render.layout import Layout
from leaflets.render.reading import Reading

FILE_UNUSABLE = Code(
    "FILE-01",
    title="A file cannot be used",
    why="A template, a catalog or a setting has a fault, so that this edition cannot be printed. "
    "Editions that do not need the file are printed all the same.",
    remedy="Correct the file at the line or key named.",
    grave=True,
)

LEAFLETS_FAILED = Code(
    "SOFT-01",
    title="Leaflets itself failed",
    why="Something happened that we did not foresee. The edition named was not printed; the file "
    "printed before, if any, is untouched.",
    remedy="Report it with the words shown, and the command that you typed.",
    grave=True,
)

EDITION_STOPPED = Code(
    "SOFT-02",
    title="An edition took too long, or too much memory",
    why="It was stopped, so that it does not hold up the others. It was not printed; the file "
    "printed before, if any, is untouched.",
    remedy="Look for a picture or a table that is huge; `leaflets build` can allow more, with "
    "--time-limit and --memory-limit.",
    grave=True,
)

#: What an edition is made for; see `Making`.
Purpose = Literal["print", "look", "check", "bind"]

#: How a proof was made: nothing it depends on changed; its page is the same; or anew.
Made = Literal["unchanged", "composed", "typeset"]


class Workings(msgspec.Struct, frozen=True, kw_only=True):
    """What an edition is made of, for whoever shows its pages or binds them into a packet.

    `pdf` has its pages one by one, and `document` is the typesetter's own, which cannot leave the
    process; what has no pages has no `layout` and neither of them. `reading` is what is read of a
    release.
    """

    composition: Composition
    layout: Layout | None
    pdf: bytes | None
    document: object
    reading: Reading | None = None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """An edition made: its file, its number of pages if it has any, and the problems found.

    `inputs` are what it depends on, with the digests of what they said; empty if it failed.
    `sha256` is that of the file, if it was read and compared with it, and `reading` names what is
    read of a release. `workings` come back if the edition was made to be looked at or to be bound,
    and was composed.
    """

    edition: Edition
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    file: bytes | None = None
    sha256: str = ""
    fingerprint: str = ""
    inputs: Mapping[Input, str] = {}
    made: Made = "typeset"
    workings: Workings | None = None
    reading: str = ""

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


def fault_of_a_file(edition: Edition, error: LeafletsError) -> Problem:
    """State that a file which an edition is made of cannot be used."""
    problem = FILE_UNUSABLE.problem(message=str(error), hint="Then build again.")
    return located(edition, problem)


def fault_of_ours(edition: Edition, error: BaseException) -> Problem:
    """State that our own code failed over an edition."""
    problem = LEAFLETS_FAILED.problem(
        message="Leaflets failed here:",
        text=f"{type(error).__name__}: {error}",
        hint="Please report it.",
    )
    return located(edition, problem)
