"""Updating: catalogs of the library, or of a clinic folder, are merged with the templates."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from leaflets.catalogs import merge, overriding
from leaflets.library import load
from leaflets.library.languages import SOURCE, with_catalogs
from leaflets.library.load import Library


def update(
    library: Library,
    clinic: Path | None,
    tags: Sequence[str],
    notes_of: Callable[[Library], merge.Notes],
) -> Iterator[tuple[str, ...]]:
    """Merge and write the catalogs of one language after the other; yield the files that changed.

    Without `tags`, those of all languages that have any. In a clinic folder, only the catalogs that
    belong there, of the languages that the clinic prints. `notes_of` knows what translators are
    told of the messages of a library. Raises as `merge.merged` does, `InputError` for an override
    that cannot be.
    """
    folder = clinic.resolve() if clinic else None
    if folder:
        overriding.check(library)
        library = load.with_locales(library, folder / "locales")
        tags = tags or [tag for tag in library.clinic.languages if tag != SOURCE]
    languages = with_catalogs(library.languages, tags)
    notes = notes_of(library)
    for language in languages:
        domains = merge.domains_within(library, language, folder) if folder else None
        catalogs = merge.merged(library, language, notes, domains)
        yield merge.write(library.roots.locales[0], catalogs)
