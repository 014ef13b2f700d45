"""`leaflets translate compile`: catalogs (MO) for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import LanguagesArgument

app = command_app()


@app.command(
    epilog=examples("leaflets translate compile", "leaflets translate compile es -o locale")
)
def compile_(
    language: LanguagesArgument = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the MO files go.")
    ] = Path("build/locale"),
) -> None:
    """Write MO files for other programs that use gettext; Leaflets itself does not need them.

    A translation that is fuzzy or damaged is left out, as it is never printed.
    """
    from leaflets import files
    from leaflets.catalogs import binary
    from leaflets.library import load
    from leaflets.library.languages import with_catalogs

    library = load.load(None)
    compiled = [
        catalog
        for named in with_catalogs(library.languages, language or [])
        for catalog in binary.compiled(library, named)
    ]
    files.prepare(output)
    for catalog in compiled:
        files.write(output, catalog.file, catalog.data)
        left = f", {catalog.left_out} left out" if catalog.left_out else ""
        typer.echo(f"{catalog.file}: {catalog.messages} messages{left}")
