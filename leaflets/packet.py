"""Packet: what one patient is given, as one file behind a cover; one bad leaflet holds all back."""

from collections.abc import Sequence

import msgspec

from leaflets.build import fault_of_a_file, folders_of, inspected, recalled
from leaflets.checks import text
from leaflets.errors import LeafletsError
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.personal import Personal
from leaflets.plan import Edition
from leaflets.problem import Problem, errors
from leaflets.typesetting.compose import Composition, compose
from leaflets.typesetting.cover import Given, cover, paper
from leaflets.typesetting.packet import Bound, Part, bound
from leaflets.typesetting.typeset import Typeset


class Packet(msgspec.Struct, frozen=True):
    """A packet made: its file, None if it is held back, and the problems of its leaflets."""

    editions: tuple[Edition, ...]
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
    for edition in editions:
        if recall := recalled(library, edition):
            problems.append(recall)
            continue
        try:
            composed.append(compose(library, edition, personal))
        except LeafletsError as error:
            problems.append(fault_of_a_file(edition, error))
    if problems:
        return Packet(tuple(editions), tuple(problems), None)
    made = bound(_parts(library, editions, staff, composed), folders_of(library))
    problems = list(_inspected(library, editions, staff, composed, made))
    file = None if errors(problems) else made.sheets
    return Packet(tuple(editions), tuple(problems), file)


def _parts(
    library: Library,
    editions: Sequence[Edition],
    staff: Language,
    composed: Sequence[Composition],
) -> list[Part]:
    given = [Given(*pair) for pair in zip(editions, (one.title for one in composed), strict=True)]
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
