"""`leaflets explain`: explain the code of a problem."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption

app = command_app()


@app.command(epilog=examples("leaflets explain PAGE-01", "leaflets explain"))
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A code, such as PAGE-01; all if none.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what the code of a problem means, why it matters, and what to do."""
    from leaflets.cli import showing

    showing.explanation(code, as_json=as_json)
