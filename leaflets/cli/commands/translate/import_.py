"""`leaflets translate import`: import what a translator or a reviewer sent back."""

from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption

app = command_app()


@app.command(epilog=examples("leaflets translate import recovery-es.xlf"))
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An .xlf, .xliff or .csv file.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the translations out of a file into the catalogs, and nothing else; then check them.

    If one is refused, because it lost a placeholder or its English has changed since, nothing is
    written, and the command ends with exit code 3.
    """
    from leaflets.cli import interchange

    raise typer.Exit(interchange.imported(file, clinic=clinic, as_json=as_json))
