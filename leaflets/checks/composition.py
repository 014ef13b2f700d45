"""Check what composing an edition asked for: translations, and the warning signs of its set."""

from collections.abc import Iterator

from leaflets.checks import catalog
from leaflets.compose.composition import Composition
from leaflets.compose.plan import Edition
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.problem import Code, Problem

WARNING_SIGNS_DIFFER = Code(
    "SAFE-02",
    title="Warning signs differ from the source",
    why="Every language must show the same warning signs in the same order.",
    remedy="Let redflags.html print every id of the set, and nothing else.",
    grave=True,
)


def check(library: Library, edition: Edition, composed: Composition) -> Iterator[Problem]:
    """Yield the problems of a composed edition; English in a release is an error."""
    yield from _translations(library, edition, edition.language, composed)
    if edition.beside and composed.beside:
        yield from _translations(library, edition, edition.beside, composed.beside)
    flags = library.red_flags[edition.leaflet.red_flags]
    wanted = tuple(flag.id for flag in flags)
    said = {message_id for message_id, _ in composed.requested}
    missing = [
        flag.id for flag in flags if flag.message_id not in said or flag.id not in composed.flags
    ]
    if missing or composed.flags != wanted:
        yield WARNING_SIGNS_DIFFER.problem(
            message="the warning signs are not those of the set"
            + (f"; missing: {', '.join(missing)}." if missing else ", or not in its order."),
            hint="Let the box print every sign of the set, in order.",
        )


def _translations(
    library: Library, edition: Edition, language: Language, composed: Composition
) -> Iterator[Problem]:
    is_release = edition.status == "release"
    tag, slug = language.tag, edition.leaflet.slug
    for message_id, text in composed.missing:
        yield catalog.untranslated(
            library.parts, message_id, text, tag, slug, is_release=is_release
        )
    for (message_id, _), fault in composed.faults.items():
        yield catalog.faulty(library.parts, message_id, fault, tag, slug)
