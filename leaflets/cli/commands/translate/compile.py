"""`leaflets translate compile`: compile the catalogs (MO) for other programs."""

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
    from leaflets.cli import interchange

    interchange.compiled(language or [], output)
