"""`leaflets list`: list leaflets, languages, formats and regions."""

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption

app = command_app()


@app.command(epilog=examples("leaflets list", "leaflets list --clinic our-clinic --json"))
def list_(clinic: ClinicOption = None, as_json: JsonOption = False) -> None:
    """List the leaflets, languages, formats and regions, by the names that `build` takes."""
    from leaflets.cli import showing

    showing.library(clinic, as_json=as_json)
