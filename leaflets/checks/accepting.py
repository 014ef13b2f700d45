"""Accepting: leave out findings that somebody looked at and found right, as long as that holds."""

import datetime as dt
from collections.abc import Iterable, Iterator

from leaflets.library import accepted
from leaflets.library.accepted import Acceptance
from leaflets.library.load import Library
from leaflets.library.parts import Parts
from leaflets.problem import Problem


def holds(entry: Acceptance, parts: Parts, day: dt.date) -> bool:
    """Tell whether an acceptance holds on a day; in a warning or medicine, a clinician's alone."""
    by_right = entry.role == "clinician" or not parts.is_critical(entry.message)
    return by_right and day <= entry.until


def left(
    library: Library, tag: str, problems: Iterable[Problem], day: dt.date
) -> Iterator[Problem]:
    """Yield the problems of a language that nobody accepted for exactly this text."""
    settled = {
        (entry.code, entry.message, entry.text)
        for entry in accepted.load(library.roots.locales, tag)
        if holds(entry, library.parts, day)
    }
    for problem in problems:
        if (problem.code, problem.where, problem.digest) not in settled:
            yield problem
