"""For a patient: one sheet with that patient's days and medicines, which is kept nowhere."""

import datetime as dt
from collections.abc import Sequence

from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition, Request, paper, plan
from leaflets.editions.build import families
from leaflets.editions.codes import CODES
from leaflets.editions.make import Making, make_edition
from leaflets.editions.proof import Proof
from leaflets.errors import RequestError
from leaflets.library import fonts
from leaflets.library.load import Library
from leaflets.problem import Problem
from leaflets.records.approval.rules import chosen
from leaflets.render.fontconfig import isolated


def editions_of(
    library: Library, leaflet: str, language: str, sheet: str, day: dt.date, *, release: bool
) -> tuple[Sequence[Edition], Sequence[Problem]]:
    """Plan a leaflet in a language and a format, which is the country's paper if it is empty.

    There is one edition. With `release` there is none unless it is signed off on that day, but the
    reasons why not. Raises `RequestError` for what does not exist, or is not printed on paper.
    """
    formats = (sheet or paper(library, language),)
    editions = plan(library, Request(leaflets=(leaflet,), languages=(language,), formats=formats))
    for edition in editions:
        if edition.format.medium != "print":
            raise RequestError(f"{edition.format.name} is not for one patient; choose a paper.")
    return chosen(library, editions, day) if release else (editions, ())


def sheet_of(library: Library, edition: Edition, details: Personal) -> Proof:
    """Make the sheet of one patient. Its problems may quote it: say only what `named` says."""
    with isolated(fonts.locate(families(library, [edition]))):
        return make_edition(Inputs(library), edition, Making(personal=details))


def named(problem: Problem) -> str:
    """Name the kind and the page of a problem and what to do; nothing of what is on the page."""
    where, code = f", page {problem.page}" if problem.page else "", CODES[problem.code]
    return f"{problem.severity.value}: {code.id}{where}: {code.title}. {code.remedy}"
