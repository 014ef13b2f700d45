"""`leaflets doctor`: tell what is missing on this machine."""

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption

app = command_app()


@app.command(epilog=examples("leaflets doctor", "leaflets doctor --json"))
def doctor(as_json: JsonOption = False) -> None:
    """Tell whether this machine has what Leaflets needs, and the command that installs the rest."""
    from leaflets.cli import examining

    raise typer.Exit(examining.run(as_json=as_json))
