"""Keep catalogs up to date, and show how far they are."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from leaflets import files
from leaflets.catalogs import merge, overriding
from leaflets.cli.report import write_json
from leaflets.compose.notes import Notebook
from leaflets.library import load
from leaflets.library.languages import SOURCE, with_catalogs


def extract() -> None:
    """Write the template catalog of each domain."""
    library = load.load(None)
    root = library.roots.locales[0]
    found = merge.templates(library, Notebook(library).notes)
    _write(root, ((file, _present(root / file), text) for file, text in found))


def update(tags: Sequence[str], *, clinic: Path | None) -> None:
    """Merge the templates into the catalogs of some languages, or of all that have any.

    With a clinic folder, into those that belong there, of the languages that the clinic prints.
    """
    merge.msgmerge()  # says if it is missing, before anything is read
    library = load.load(clinic)
    folder = clinic.resolve() if clinic else None
    if folder:
        overriding.check(library)
        library = load.with_locales(library, folder / "locales")
        tags = tags or [one for one in library.clinic.languages if one != SOURCE]
    languages = with_catalogs(library.languages, tags)
    notes = Notebook(library).notes
    for language in languages:
        domains = merge.domains_within(library, language, folder) if folder else None
        found = merge.merged(library, language, notes, domains)
        _write(library.roots.locales[0], ((one.file, one.before, one.after) for one in found))


def status(*, as_json: bool) -> None:
    """Show how many messages of each language are translated, fuzzy or missing."""
    library = load.load(None)
    languages = with_catalogs(library.languages, ())
    found = [count for one in languages for count in merge.counts(library, one)]
    if as_json:
        write_json(found)
        return
    table = Table("Language", box=None, pad_edge=False, header_style="bold")
    for heading in ("Translated", "Fuzzy", "Missing"):
        table.add_column(heading, justify="right")
    for language in languages:
        own = [one for one in found if one.language == language.tag]
        sums = (sum(one.translated for one in own), sum(one.fuzzy for one in own))
        table.add_row(language.name, *map(str, sums), str(sum(one.missing for one in own)))
    Console(highlight=False).print(table)


def _present(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _write(root: Path, catalogs: Iterable[tuple[str, bytes | None, bytes]]) -> None:
    """Write the files that changed, each whole, after all of them could be made."""
    changed = [(file, after) for file, before, after in list(catalogs) if after != before]
    for file, data in changed:
        files.write(root, file, data)
        typer.echo(file)
    if not changed:
        typer.echo("Nothing to change.")
