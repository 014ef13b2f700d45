"""Hold the overrides of a clinic against the sentences that they take the place of."""

from collections.abc import Mapping

from leaflets.catalogs import extract, integrity
from leaflets.catalogs.message import COMMON, Message
from leaflets.errors import InputError
from leaflets.library import overrides
from leaflets.library.load import Library
from leaflets.library.overrides import Override


def check(library: Library) -> None:
    """Raise `InputError` for an override that would take something from a page that it needs.

    It keeps placeholders and markup of the sentence, and types no number. What all leaflets share,
    warning signs above all, and titles are never overridden. What it may turn round is looked at
    where an edition is made, in `checks/rewording.py`: there it can be accepted.
    """
    if not library.overrides:
        return
    path = overrides.path_of(library.roots.templates)
    known = _overridable(library)
    shared = {message.id for message in extract.original(library, COMMON)}
    titles = {leaflet.title_id for leaflet in library.leaflets.values()}
    for name, override in library.overrides.items():
        refusal = _refusal(name, known, shared=shared, titles=titles)
        reason = refusal or _fault(known[name], override)
        if reason:
            raise InputError(path, reason, at=f'message."{name}"')


def _overridable(library: Library) -> Mapping[str, Message]:
    found = (message for slug in library.leaflets for message in extract.original(library, slug))
    return {message.id: message for message in found}


def _refusal(name: str, known: Mapping[str, Message], *, shared: set[str], titles: set[str]) -> str:
    """Return why a message cannot be overridden at all, or nothing."""
    if name in shared:
        return (
            "every leaflet shares this sentence, so it cannot be overridden: a warning sign or a"
            " draft mark must say the same on each sheet. Take the entry out."
        )
    if name in titles:
        return (
            "a title names the leaflet everywhere, so it cannot be overridden; make a leaflet of"
            " your own in templates/leaflets."
        )
    if name not in known:
        return "there is no message of this id; the preview shows the id of a sentence you click."
    return ""


def _fault(message: Message, override: Override) -> str:
    """Return what the text lacks or adds that the page is built on, or nothing."""
    if not all(text.strip() for text in override.source):
        return "the text is empty; write what to print instead."
    if bool(override.plural) != bool(message.plural):
        return (
            "write `plural` too: the sentence has a form for one and a form for more."
            if message.plural
            else "take `plural` out: the sentence has one form only."
        )
    for ours, theirs in zip(message.source, override.source, strict=True):
        for fault in integrity.faults((ours,), (theirs,)):
            return f"{fault.code.id}, {fault.message} Ours is “{ours}”."
    return ""
