"""Packet: what one patient is given, as one file behind a cover; one bad leaflet holds all back."""

from collections.abc import Sequence

import msgspec

from leaflets.compose import cover
from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition
from leaflets.editions.inspection import inspect_packet
from leaflets.editions.make import Making, make_edition
from leaflets.editions.proof import Proof, Workings
from leaflets.editions.setting import folders_of
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.problem import Problem, errors
from leaflets.records.entering import Printed
from leaflets.render.weasy.collate import Bound, Cover, Part, bound


class Packet(msgspec.Struct, frozen=True):
    """A packet made: its file, None if it is held back, and the problems of its leaflets."""

    given: tuple[Printed, ...]
    problems: tuple[Problem, ...]
    file: bytes | None


def packet(
    library: Library,
    editions: Sequence[Edition],
    staff: Language,
    personal: Personal | None = None,
) -> Packet:
    """Make a packet of editions in their order, with a cover in the language of the staff.

    With `personal` it is one patient's, and must not be put on a shelf. Problems may quote it.
    """
    inputs, making = Inputs(library), Making(purpose="bind", personal=personal)
    proofs = [make_edition(inputs, edition, making) for edition in editions]
    problems = tuple(problem for proof in proofs for problem in proof.problems)
    leaflets = [
        (proof, proof.workings) for proof in proofs if proof.is_good and proof.workings is not None
    ]
    if len(leaflets) < len(proofs):
        return Packet((), problems, None)
    made = _bound(library, leaflets, staff)
    languages = [staff, *(language for edition in editions for language in edition.languages)]
    problems += inspect_packet(made.pdf, made.cover, made.whole, languages)
    given = tuple(
        Printed(
            edition=proof.edition,
            fingerprint=proof.fingerprint,
            asked=workings.composition.inputs,
        )
        for proof, workings in leaflets
    )
    return Packet(given, problems, None if errors(problems) else made.sheets)


def _bound(library: Library, leaflets: Sequence[tuple[Proof, Workings]], staff: Language) -> Bound:
    given = [
        cover.Given(proof.edition, workings.composition.title, workings.composition.code)
        for proof, workings in leaflets
    ]
    page = cover.paper(library, leaflets[0][0].edition.format)
    return bound(
        Cover(cover.cover(library, staff, given, page), page, staff.direction == "rtl"),
        [
            Part(
                workings.document,
                proof.edition.format,
                proof.edition.language.direction == "rtl",
            )
            for proof, workings in leaflets
        ],
        folders_of(library),
    )
