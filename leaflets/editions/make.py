"""Make an edition: the only way from a planned edition to its file and its problems.

    compose -> held back? -> cache -> set -> inspect -> Proof

Build, desk, packet, personal sheets, preview, exported pictures and `check` all come through here,
and nothing else composes, sets or inspects an edition (a contract in pyproject.toml holds that).
What differs between them is a value, `Making`. A rule about what may be printed belongs into
`gate.py` if it follows from what was composed, and into `inspection.py` if it needs the pages.
"""

from collections.abc import Sequence

import msgspec

from leaflets.compose.compose import compose
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition
from leaflets.editions.cache import Cache
from leaflets.editions.gate import held_back, passed_over
from leaflets.editions.inspection import compare_with_plain, compare_with_signed, inspect, read
from leaflets.editions.proof import Proof, Purpose, Workings, failed, fault_of_a_file, fault_of_ours
from leaflets.editions.setting import SetEdition, set_edition
from leaflets.errors import LeafletsError, MissingPartError
from leaflets.library.load import Library
from leaflets.problem import Problem, errors
from leaflets.records.approval.pages import digest_of, is_signed
from leaflets.render.reading import Reading
from leaflets.render.weasy.standing import Standing


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How to make an edition: all that differs between those who ask for one.

    `purpose` is to "print" a file; to "look" at the pages, which are made even if the edition is
    held back, and come back with their layout; to "check" them, which is the same without the
    layout; or to "bind" them into a packet, for which they come back as the typesetter has them.
    `personal` fills in the details of one patient; such an edition is never cached nor left
    standing, and must not be put on a shelf. `cache` may hold the finished file, and `standing`
    type that need not be set again.
    """

    purpose: Purpose = "print"
    personal: Personal | None = None
    cache: Cache | None = None
    standing: Standing | None = None


#: An edition to print, made from scratch.
ANEW = Making()


def make_edition(inputs: Inputs, edition: Edition, making: Making = ANEW) -> Proof:
    """Make one edition, or say in the problems of its proof why there is no file.

    Raises `MissingPartError` and `MemoryError` only: those are faults of the machine.
    """
    try:
        return _made(inputs, edition, making)
    except (MissingPartError, MemoryError):
        raise
    except LeafletsError as error:
        return failed(edition, fault_of_a_file(edition, error))
    except Exception as error:  # noqa: BLE001 - one edition's fault must not stop the others
        return failed(edition, fault_of_ours(edition, error))


def _made(inputs: Inputs, edition: Edition, making: Making) -> Proof:
    library, shared = inputs.library, making.personal is None
    composition = compose(inputs, edition, making.personal)
    plain = None if shared or edition.status == "draft" else _plain(inputs, edition)
    held = tuple(errors(plain.problems)) if plain else ()
    held += held_back(inputs, edition, composition.fingerprint, composition.inputs, making.cache)
    if errors(held) and making.purpose in {"print", "bind"}:
        return Proof(edition=edition, problems=held, fingerprint=composition.fingerprint)
    keepable = shared and making.purpose == "print"
    digests = _digests(inputs, edition, composition) if keepable else {}
    if keepable and making.cache:
        kept = _kept(library, making.cache, edition, composition.fingerprint)
        if kept:
            problems = _once((*held, *kept.problems))
            return msgspec.structs.replace(kept, inputs=digests, problems=problems)
    set_ = set_edition(
        library,
        edition,
        composition,
        on_sheets=making.purpose == "print",
        standing=making.standing if shared else None,
    )
    inspected = inspect(library, edition, composition, set_)
    reading = None
    if edition.status == "release":
        reading = read(library, edition, composition, set_)
        inspected += (
            compare_with_plain(
                library, edition, composition.details, reading, plain.workings.reading
            )
            if plain and plain.workings and plain.workings.reading
            else compare_with_signed(library, edition, reading)
        )
    return Proof(
        edition=edition,
        pages=len(set_.layout.pages) if set_.layout else 0,
        problems=_once((*held, *passed_over(library, edition, inspected))),
        file=set_.file,
        fingerprint=composition.fingerprint,
        inputs=digests,
        reading=digest_of(reading) if reading else "",
        workings=None
        if making.purpose in {"print", "check"}
        else _workings(composition, set_, reading),
    )


def _plain(inputs: Inputs, edition: Edition) -> Proof:
    """Make the sheet without its patient, which is the one that was signed."""
    return make_edition(inputs, edition, Making(purpose="look"))


def _once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Leave out what was found twice: a damaged translation is found when it is asked for, too."""
    return tuple(
        {
            (problem.code, problem.where, problem.language, problem.page, problem.text): problem
            for problem in problems
        }.values()
    )


def _digests(inputs: Inputs, edition: Edition, composition: Composition) -> dict[Input, str]:
    return {asked: inputs.digest(edition, asked) for asked in composition.inputs}


def _kept(library: Library, cache: Cache, edition: Edition, fingerprint: str) -> Proof | None:
    """Return what the cache keeps of an edition; None if it has none, or a damaged one.

    A release that was signed otherwise since is made again, to be compared.
    """
    kept = cache.find(fingerprint)
    file = kept.file() if kept else None
    if kept is None or file is None:
        return None
    if edition.status == "release" and not is_signed(library, edition, kept.reading):
        return None
    return Proof(
        edition=edition,
        pages=kept.pages,
        problems=kept.problems,
        file=file,
        fingerprint=fingerprint,
        made="composed",
    )


def _workings(composition: Composition, set_: SetEdition, reading: Reading | None) -> Workings:
    return Workings(
        composition=composition,
        layout=set_.layout,
        pdf=set_.pdf,
        document=set_.document,
        reading=reading,
    )
