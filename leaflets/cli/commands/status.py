"""`leaflets status`: show what stands between each leaflet and its release."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, SitesOption

app = command_app()


@app.command(
    epilog=examples(
        "leaflets status", "leaflets status recovery -l es", "leaflets status --due 90d"
    )
)
def status(
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; a summary of all if none is named."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", metavar="TAG", help="Language; repeat for more."),
    ] = None,
    due: Annotated[
        str,
        typer.Option("--due", metavar="PERIOD", help="List what must be renewed within 90d."),
    ] = "",
    clinic: ClinicOption = None,
    site: SitesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who has signed what, and word by word what has changed since."""
    from leaflets.cli import signing

    signing.status(
        leaflets or [], language or [], due=due, clinic=clinic, sites=site or [], as_json=as_json
    )
