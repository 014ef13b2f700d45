"""The gate: what holds an edition back whatever its pages look like, such as a recall.

`make_edition` asks here before anything is set, and a build asks again for each edition that did
not change since it was made: a recall is no input of a page.
"""

from leaflets.compose.plan import Edition
from leaflets.editions.proof import located
from leaflets.library.load import Library
from leaflets.problem import Code, Problem

RECALLED = Code(
    "GOV-06",
    title="Recalled",
    why="Somebody of the clinic recalled exactly this edition, because something on it is wrong. "
    "It is not printed again, and its file is taken out of the output folder.",
    remedy="recalls.toml says why. Change what is wrong; the edition then has another code. If "
    "the recall itself was a mistake, delete its entry.",
)


def held_back(library: Library, edition: Edition, fingerprint: str) -> tuple[Problem, ...]:
    """Return why an edition may not be printed; nothing if it may."""
    recall = library.recalls.get(fingerprint)
    if recall is None:
        return ()
    problem = RECALLED.problem(
        message=f"{recall.code} was recalled by {recall.name} on {recall.on}:",
        text=recall.reason,
        hint="Change what is wrong; then it prints, under a new code.",
    )
    return (located(edition, problem),)
