"""Signing: look at all that is signed as it would be released; refuse to sign over an error."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Released, Request, plan, released
from leaflets.compose.survey import Survey, survey
from leaflets.editions import wording
from leaflets.editions.build import families
from leaflets.editions.make import Making, make_edition
from leaflets.errors import RequestError
from leaflets.library import accepted, fonts, signoff
from leaflets.library.accepted import Acceptance
from leaflets.library.load import Library
from leaflets.library.signoff import Approval, Item, SignedPage
from leaflets.problem import Problem, errors
from leaflets.records import signing
from leaflets.records.approval.claims import claim_items, of_leaflet
from leaflets.records.approval.dossier import SignOffStatus, verification_status
from leaflets.records.approval.items import items_of
from leaflets.records.approval.pages import PAGE_NOT_SIGNED, signed_pages
from leaflets.records.approval.rules import chosen
from leaflets.records.signing import Signer
from leaflets.render.fontconfig import isolated
from leaflets.render.reading import Reading


class Proposal(msgspec.Struct, frozen=True):
    """All that somebody is about to approve: to be looked at, and then to be signed.

    `items` are sentences, facts and terms; `pages` what a clinician sees, with the items of it.
    `claims` are shown to a clinician, each with how its verification stands; `accepted` are the
    findings in these texts that somebody accepted, `doubts` the warnings that nobody did. None of
    them is covered by the approval.
    """

    library: Library
    edition: Edition
    surveyed: Survey
    signer: Signer
    items: tuple[Item, ...]
    pages: tuple[tuple[SignedPage, ...], tuple[Item, ...]]
    claims: tuple[tuple[Item, SignOffStatus], ...]
    accepted: tuple[Acceptance, ...]
    doubts: tuple[Problem, ...]


def propose(libraries: Sequence[Library], request: Request, signer: Signer) -> Proposal:
    """Collect all that an approval of one leaflet in one language covers, as it is now.

    `libraries` are those of one clinic, a library for each site. A clinician approves the pages
    besides: those of every site, in the formats asked for or else the usual ones. Raises
    `RequestError` for what does not exist, and over an error in a text or on a page.
    """
    library = libraries[0]
    edition = plan(library, request)[0]
    leaflet, language = edition.leaflet, edition.language
    role = signing.role_of(signer.role)
    surveyed = survey(library, leaflet)
    _refuse(_in_texts(library, edition, surveyed))
    readings = _readings(libraries, request, signer) if role == "clinician" else ()
    ids = {message_id for message_id, _ in surveyed.messages}
    settled = accepted.load(library.roots.locales, language.tag)
    return Proposal(
        library=library,
        edition=edition,
        surveyed=surveyed,
        signer=signer,
        items=items_of(library, surveyed, leaflet, language, role),
        pages=signed_pages(readings),
        claims=_claims(library, surveyed, signer) if role == "clinician" else (),
        accepted=tuple(entry for entry in settled if entry.message in ids),
        doubts=tuple(wording.doubts(library, edition, ids)),
    )


def changed_pages(
    libraries: Sequence[Library], request: Request, day: dt.date
) -> Iterator[Problem]:
    """Yield how the pages of what may be released on a day differ from those that were signed.

    `libraries` are those of one clinic. Each edition asked for is made and read back.
    """
    for library in libraries:
        releases, _ = chosen(library, plan(library, request), day)
        with isolated(fonts.locate(families(library, releases))):
            for edition in releases:
                proof = make_edition(Inputs(library), edition, Making(purpose="check"))
                for problem in proof.problems:
                    if problem.code == PAGE_NOT_SIGNED.id:
                        yield msgspec.structs.replace(problem, site=library.clinic.site)


def sign(proposal: Proposal, clinic: Path | None) -> tuple[Path, Approval]:
    """Approve what was proposed; return the file that the approval stands in.

    Raises `RequestError` if the rules do not allow it; then nothing is written.
    """
    return signing.sign(
        proposal.library,
        clinic,
        proposal.edition,
        proposal.surveyed,
        proposal.signer,
        seen=proposal.pages,
    )


def _claims(
    library: Library, surveyed: Survey, signer: Signer
) -> tuple[tuple[Item, SignOffStatus], ...]:
    verified = signoff.load(library.roots.templates, signoff.FILE)
    items = of_leaflet(library, surveyed, claim_items(library))
    return tuple(
        (item, verification_status(library, verified, item, signer.on)) for item in items.values()
    )


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
