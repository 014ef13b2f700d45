"""What a machine must have before any page can be set on it, looked for once, before all else."""

from collections.abc import Iterator, Sequence

from leaflets import machine
from leaflets.errors import MissingPartError
from leaflets.library.load import Library
from leaflets.machine import Part


def look(libraries: Sequence[Library], tags: Sequence[str] = ()) -> None:
    """Raise `MissingPartError` for all that this machine lacks to set pages in some languages.

    `libraries` are those of one clinic, a library for each site. Without `tags`, the languages are
    those that are printed for it; a tag that no language has is left to whoever plans. The
    sentences hold the commands that install what is missing.
    """
    families = {
        name: library.fonts[name]
        for library in libraries
        for tag in tags or library.clinic.languages or library.printed_languages
        if tag in library.languages
        for name in library.languages[tag].fonts
    }
    files = {file: family.package for family in families.values() for file in family.files}
    lacking = machine.sentences(
        libraries=machine.missing_libraries(),
        fonts=machine.missing_fonts(files.items()),
        packages=machine.other_packages(),
    )
    if lacking:
        raise MissingPartError(lacking)


def missing(library: Library) -> Iterator[Part]:
    """Yield all that this machine lacks for a library: libraries, tools, fonts of any language."""
    yield from machine.missing_libraries()
    yield from machine.missing_tools()
    yield from machine.missing_fonts(
        (file, family.package) for family in library.fonts.values() for file in family.files
    )
