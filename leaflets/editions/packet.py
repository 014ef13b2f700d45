"""Packet: what one patient is given, as one file behind a cover; one bad leaflet holds all back."""

from collections.abc import Sequence

import msgspec

from leaflets.checks import text
from leaflets.compose.compose import Composition, compose
from leaflets.compose.cover import Given, cover, paper
from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition
from leaflets.editions.make import folders_of, inspected
from leaflets.editions.proof import fault_of_a_file, recalled
from leaflets.errors import LeafletsError
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.problem import Problem, errors
from leaflets.records.entering import Printed
from leaflets.render.weasy.collate import Bound, Part, bound
from leaflets.render.weasy.typeset import Typeset


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
    composed: list[Composition] = []
    problems: list[Problem] = []
    inputs = Inputs(library)
    for edition in editions:
        try:
            one = compose(inputs, edition, personal)
        except LeafletsError as error:
            problems.append(fault_of_a_file(edition, error))
            continue
        composed.append(one)
        if recall := recalled(library, edition, one.fingerprint):
            problems.append(recall)
    if problems:
        return Packet((), tuple(problems), None)
    made = bound(_parts(library, editions, staff, composed), folders_of(library))
    problems = list(_inspected(library, editions, staff, composed, made))
    file = None if errors(problems) else made.sheets
    given = (
        Printed(edition=edition, fingerprint=one.fingerprint, asked=one.inputs)
        for edition, one in zip(editions, composed, strict=True)
    )
    return Packet(tuple(given), tuple(problems), file)


def _parts(
    library: Library,
    editions: Sequence[Edition],
    staff: Language,
    composed: Sequence[Composition],
) -> list[Part]:
    pairs = zip(editions, composed, strict=True)
    given = [Given(edition, one.title, one.code) for edition, one in pairs]
    page = paper(library, editions[0].format)
    first = Part(cover(library, staff, given, page), page, staff.direction == "rtl")
    return [
        first,
        *(
            Part(one.html, edition.format, edition.language.direction == "rtl")
            for edition, one in zip(editions, composed, strict=True)
        ),
    ]


def _inspected(
    library: Library,
    editions: Sequence[Edition],
    staff: Language,
    composed: Sequence[Composition],
    made: Bound,
) -> Sequence[Problem]:
    """Run the checks of each edition over its part, and compare the file with all that was set.

    Parts share the fonts of the file: foreign to it is what no language of the packet lists.
    """
    languages = [staff, *(one for edition in editions for one in edition.languages)]
    listed = frozenset(family for one in languages for family in one.fonts)
    found: list[Problem] = []
    for edition, one, layout in zip(editions, composed, made.parts[1:], strict=True):
        part = msgspec.structs.replace(layout, fonts=layout.fonts - listed)
        found += inspected(library, edition, one, Typeset(part, None, None))
    return [*found, *text.check_file(made.pdf, made.whole, languages)]
