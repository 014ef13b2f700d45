"""Accepting: leave out findings that somebody looked at and found right, as long as that holds."""

import datetime as dt
from collections.abc import Iterable, Iterator

from leaflets.library import accepted
from leaflets.library.accepted import Acceptance
from leaflets.library.load import Library
from leaflets.problem import Problem
from leaflets.records import keys


def holds(library: Library, entry: Acceptance, day: dt.date) -> bool:
    """Tell whether an acceptance holds on a day; in a warning or medicine, a clinician's alone."""
    by_right = entry.role == "clinician" or not library.parts.is_critical(entry.message)
    in_time = entry.on <= day <= entry.until
    return by_right and in_time and keys.judge(library, entry).problem is None


def left(
    library: Library, tag: str, problems: Iterable[Problem], day: dt.date
) -> Iterator[Problem]:
    """Yield the problems of a language that nobody accepted for exactly this text."""
    settled = {
        (entry.code, entry.message, entry.text)
        for entry in accepted.load(library.roots.locales, tag)
        if holds(library, entry, day)
    }
    for problem in problems:
        if (problem.code, problem.where, problem.digest) not in settled:
            yield problem
