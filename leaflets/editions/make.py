"""Make an edition: the only way from a planned edition to its file and its problems.

    compose -> held back? -> cache -> set -> inspect -> Proof

Build, desk, packet, personal sheets, preview, exported pictures and `check` all come through here,
and nothing else composes, sets or inspects an edition (a contract in pyproject.toml holds that).
What differs between them is a value, `Making`. A rule about what may be printed belongs into
`gate.py` if it follows from what was composed, and into `inspection.py` if it needs the pages.
"""

from typing import Literal

import msgspec

from leaflets.compose.compose import compose
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition
from leaflets.editions.cache import Cache
from leaflets.editions.gate import held_back
from leaflets.editions.inspection import inspect
from leaflets.editions.proof import Proof, Workings, failed, fault_of_a_file, fault_of_ours
from leaflets.editions.setting import SetEdition, set_edition
from leaflets.errors import LeafletsError, MissingPartError
from leaflets.render.weasy.standing import Standing


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How to make an edition: all that differs between those who ask for one.

    `purpose` is to "print" a file; to "look" at the pages, which are made even if the edition is
    held back, and come back with their layout; or to "bind" them into a packet, for which they come
    back as the typesetter has them. `personal` fills in the details of one patient; such an edition
    is never cached nor left standing, and must not be put on a shelf. `cache` may hold the finished
    file, and `standing` type that need not be set again.
    """

    purpose: Literal["print", "look", "bind"] = "print"
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
    held = held_back(library, edition, composition.fingerprint)
    if held and making.purpose != "look":
        return Proof(edition=edition, problems=held, fingerprint=composition.fingerprint)
    keepable = shared and making.purpose == "print"
    digests = _digests(inputs, edition, composition) if keepable else {}
    if keepable and making.cache:
        kept = _kept(making.cache, edition, composition.fingerprint)
        if kept:
            return msgspec.structs.replace(kept, inputs=digests)
    set_ = set_edition(
        library,
        edition,
        composition,
        on_sheets=making.purpose == "print",
        standing=making.standing if shared else None,
    )
    return Proof(
        edition=edition,
        pages=len(set_.layout.pages) if set_.layout else 0,
        problems=(*held, *inspect(library, edition, composition, set_)),
        file=set_.file,
        fingerprint=composition.fingerprint,
        inputs=digests,
        workings=None if making.purpose == "print" else _workings(composition, set_),
    )


def _digests(inputs: Inputs, edition: Edition, composition: Composition) -> dict[Input, str]:
    return {asked: inputs.digest(edition, asked) for asked in composition.inputs}


def _kept(cache: Cache, edition: Edition, fingerprint: str) -> Proof | None:
    """Return what the cache keeps of an edition; None if it has none, or a damaged one."""
    kept = cache.find(fingerprint)
    file = kept.file() if kept else None
    if kept is None or file is None:
        return None
    return Proof(
        edition=edition,
        pages=kept.pages,
        problems=kept.problems,
        file=file,
        fingerprint=fingerprint,
        made="composed",
    )


def _workings(composition: Composition, set_: SetEdition) -> Workings:
    return Workings(
        composition=composition, layout=set_.layout, pdf=set_.pdf, document=set_.document
    )
