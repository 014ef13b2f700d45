"""Begin languages, and pass catalogs to other programs and people and back."""

from collections.abc import Sequence
from pathlib import Path

import typer

from leaflets import shelf
from leaflets.catalogs import begin, binary, po
from leaflets.cli.translating import languages_asked_for
from leaflets.library import load


def add(tag: str, *, autonym: str, clinic: Path | None) -> None:
    """Begin a language in the library, or in a clinic folder."""
    library = load.load(clinic)
    root = clinic.resolve() / "locales" if clinic else library.roots.locales[-1]
    begun = begin.beginning(library, root, tag, autonym=autonym)
    shelf.shelve_together(root, begun.files)
    for file in begun.files:
        typer.echo(file)
    typer.echo(
        f"{begun.language.name} is begun in {root}. Translate the files in"
        f" {po.folder(tag)}/LC_MESSAGES, then print it with: leaflets build -l {tag}"
    )


def compiled(tags: Sequence[str], output: Path) -> None:
    """Write the MO files of some languages, or of all that have catalogs."""
    library = load.load(None)
    found = [
        one
        for language in languages_asked_for(library, tags)
        for one in binary.compiled(library, language)
    ]
    shelf.prepare(output)
    for one in found:
        shelf.shelve(output, one.file, one.data)
        left = f", {one.left_out} left out" if one.left_out else ""
        typer.echo(f"{one.file}: {one.messages} messages{left}")
