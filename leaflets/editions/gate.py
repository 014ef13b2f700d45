"""The gate: what holds an edition back whatever its pages look like, such as a recall.

`make_edition` asks here before anything is set, and a build asks again for each edition that did
not change since it was made: a recall is no input of a page.
"""

from leaflets.compose.plan import Edition
from leaflets.editions.proof import located
from leaflets.library.load import Library
from leaflets.problem import Problem


def held_back(library: Library, edition: Edition, fingerprint: str) -> tuple[Problem, ...]:
    """Return why an edition may not be printed; nothing if it may."""
    recall = library.recalls.get(fingerprint)
    if recall is None:
        return ()
    problem = Problem(
        code="GOV-06",
        message=f"{recall.code} was recalled by {recall.name} on {recall.on}:",
        text=recall.reason,
        hint="Change what is wrong; then it prints, under a new code.",
    )
    return (located(edition, problem),)
