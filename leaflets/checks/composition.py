"""Check what composing an edition asked for: translations, and the warning signs of its set."""

from collections.abc import Iterator

from leaflets.checks import catalog
from leaflets.compose.composition import Composition
from leaflets.compose.plan import Edition
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.problem import Problem, Severity


def check(library: Library, edition: Edition, composed: Composition) -> Iterator[Problem]:
    """Yield the problems of a composed edition; English in a release is an error."""
    yield from _translations(library, edition, edition.language, composed)
    if edition.beside and composed.beside:
        yield from _translations(library, edition, edition.beside, composed.beside)
    wanted = tuple(flag.id for flag in library.red_flags[edition.leaflet.red_flags])
    if composed.flags != wanted:
        missing = [one for one in wanted if one not in composed.flags]
        yield Problem(
            code="SAFE-02",
            message="the warning signs are not those of the set"
            + (f"; missing: {', '.join(missing)}." if missing else ", or not in its order."),
            hint="Let the box print every sign of the set, in order.",
        )


def _translations(
    library: Library, edition: Edition, language: Language, composed: Composition
) -> Iterator[Problem]:
    severity = Severity.WARNING if edition.status == "draft" else Severity.ERROR
    tag, slug = language.tag, edition.leaflet.slug
    for message_id, text in composed.missing:
        yield catalog.untranslated(library.parts, message_id, text, tag, slug, severity=severity)
    for (message_id, _), fault in composed.faults.items():
        yield catalog.faulty(library.parts, message_id, fault, tag, slug)
