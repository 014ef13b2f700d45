"""`leaflets trace`: tell what a printed sheet is, by its code."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption

app = command_app()


@app.command(epilog=examples("leaflets trace AQ6-R2YK --clinic our-clinic"))
def trace(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code at the foot of the page.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which leaflet, language and version a sheet is, who signed it, and if it still holds.

    If it was superseded, what changed is shown word by word. A code that nothing is known of ends
    the command with exit code 1.
    """
    from leaflets.cli import tracing

    raise typer.Exit(tracing.run(code, clinic, as_json=as_json))
