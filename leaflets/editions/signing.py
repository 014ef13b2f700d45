"""Signing: look at all that is signed as it would be released; refuse to sign over an error."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Released, Request, plan, released
from leaflets.compose.survey import Survey, survey
from leaflets.editions import wording
from leaflets.editions.build import families
from leaflets.editions.make import Making, make_edition
from leaflets.errors import RequestError
from leaflets.library import fonts
from leaflets.library.load import Library
from leaflets.library.signoff import Approval
from leaflets.problem import Problem, errors
from leaflets.records import signing
from leaflets.records.approval.pages import PAGE_NOT_SIGNED, signed_pages
from leaflets.records.signing import Signer
from leaflets.render.fontconfig import isolated
from leaflets.render.reading import Reading


def sign(
    libraries: Sequence[Library],
    clinic: Path | None,
    request: Request,
    signer: Signer,
) -> tuple[Path, Approval]:
    """Approve one leaflet in one language; return the file that the approval stands in.

    `libraries` are those of one clinic, a library for each site. A clinician approves the pages
    besides: those of every site, in the formats asked for or else the usual ones. Raises
    `RequestError` for what does not exist, if the rules do not allow it, and over an error in a
    text or on a page; then nothing is written.
    """
    edition = plan(libraries[0], request)[0]
    surveyed = survey(libraries[0], edition.leaflet)
    _refuse(_in_texts(libraries[0], edition, surveyed))
    readings = _readings(libraries, request, signer) if signer.role == "clinician" else ()
    seen = signed_pages(readings)
    return signing.sign(libraries[0], clinic, edition, surveyed, signer, seen=seen)


def _in_texts(library: Library, edition: Edition, surveyed: Survey) -> Iterator[Problem]:
    tag = edition.language.tag
    asked = [("message", tag, *key) for key in surveyed.messages]
    return wording.faults(Inputs(library), edition, asked, None)


def _readings(
    libraries: Sequence[Library], request: Request, signer: Signer
) -> Iterator[tuple[Edition, Library, Reading]]:
    """Make each edition as it would be released, and read it."""
    release = Released(reviewed=signer.on, due=signer.until)
    for library in libraries:
        editions, inputs = plan(library, request), Inputs(library)
        with isolated(fonts.locate(families(library, editions))):
            for edition in editions:
                yield edition, library, _reading(inputs, released(edition, release))


def _reading(inputs: Inputs, edition: Edition) -> Reading:
    proof = make_edition(inputs, edition, Making(purpose="look"))
    _refuse(problem for problem in errors(proof.problems) if problem.code != PAGE_NOT_SIGNED.id)
    if proof.workings is None or proof.workings.reading is None:
        raise RequestError(f"{edition.name} cannot be read, so it cannot be signed.")
    return proof.workings.reading


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise RequestError(f"It is not signed, because of an error. {problem.sentence()}")
