"""Making: an edition composed, typeset and inspected, or what the cache keeps of it."""

from pathlib import Path

import msgspec

from leaflets.checks import composition, page, text
from leaflets.compose.compose import Composition, compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition
from leaflets.editions.cache import Cache, Kept
from leaflets.editions.proof import Proof, failed, fault_of_a_file, fault_of_ours, located, recalled
from leaflets.errors import LeafletsError, MissingPartError
from leaflets.library.load import Library
from leaflets.problem import Problem
from leaflets.render import plain_text, web_page
from leaflets.render.weasy.standing import Standing
from leaflets.render.weasy.typeset import Typeset, typeset


def proof(
    inputs: Inputs,
    edition: Edition,
    personal: Personal | None = None,
    *,
    cache: Cache | None = None,
    standing: Standing | None = None,
) -> Proof:
    """Compose, typeset, inspect and bind one edition, or take it from the cache.

    With `personal` it is one patient's: nothing of it is cached or left standing, and it must not
    be put on a shelf.
    """
    try:
        composed = compose(inputs, edition, personal)
        if recall := recalled(inputs.library, edition, composed.fingerprint):
            return Proof(edition=edition, problems=(recall,), fingerprint=composed.fingerprint)
        if personal:
            return _made(inputs.library, edition, composed)
        asked = {one: inputs.digest(edition, one) for one in composed.inputs}
        known = cache and cache.find(composed.fingerprint)
        made = (known and _kept(edition, known)) or _made(
            inputs.library, edition, composed, standing
        )
        return msgspec.structs.replace(made, inputs=asked)
    except (MemoryError, MissingPartError):
        raise  # no fault of the edition: of the first, the worker says how much it may take
    except LeafletsError as error:
        return failed(edition, fault_of_a_file(edition, error))
    except Exception as error:  # noqa: BLE001 - one edition's fault must not stop the others
        return failed(edition, fault_of_ours(edition, error))


def _kept(edition: Edition, known: Kept) -> Proof | None:
    """Turn what the cache keeps into a proof; None if it is damaged."""
    file = known.file()
    if file is None:
        return None
    return Proof(
        edition=edition,
        pages=known.pages,
        problems=known.problems,
        file=file,
        fingerprint=known.fingerprint,
        made="composed",
    )


def _made(
    library: Library, edition: Edition, composed: Composition, standing: Standing | None = None
) -> Proof:
    if edition.format.medium == "print":
        rtl = edition.language.direction == "rtl"
        set_ = typeset(
            composed.html,
            folders_of(library),
            right_to_left=rtl,
            page=edition.format,
            assets=composed.assets,
            standing=standing,
        )
        pages, file = len(set_.layout.pages), set_.sheets
        problems = inspected(library, edition, composed, set_)
    else:
        pages = 0
        problems, file = _unpaged(library, edition, composed)
    return Proof(
        edition=edition,
        pages=pages,
        problems=problems,
        file=file,
        fingerprint=composed.fingerprint,
    )


def _unpaged(
    library: Library, edition: Edition, composed: Composition
) -> tuple[tuple[Problem, ...], bytes]:
    """Make a web page or plain text, which have no pages to inspect."""
    if edition.format.medium == "screen":
        file = web_page.standalone(composed.html, folders_of(library))
        words = "".join(one.words for one in text.texts_of(file.decode()))
    else:
        file = plain_text.written(composed.html)
        words = file.decode()
    found = (
        *composition.check(library, edition, composed),
        *text.check_written(composed.html, words),
    )
    return tuple(located(edition, one) for one in found), file


def folders_of(library: Library) -> list[Path]:
    """List the folders that a page may read figures and style from."""
    return [*library.roots.templates, *(Path(one) for one in [library.clinic.folder] if one)]


def inspected(
    library: Library, edition: Edition, composed: Composition, set_: Typeset
) -> tuple[Problem, ...]:
    """Run the checks of an edition over what was composed and typeset."""
    found = (
        *composition.check(library, edition, composed),
        *page.check(edition, set_.layout),
        *text.check_laid_out(composed.html, set_.layout),
        *(text.check_file(set_.pdf, set_.layout, edition.languages) if set_.pdf else ()),
    )
    return tuple(located(edition, one) for one in found)
