"""`leaflets due`: list what must be renewed soon."""

import datetime as dt
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption

app = command_app()


@app.command(epilog=examples("leaflets due 90d", "leaflets due 1y --clinic our-clinic"))
def due(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="Such as 90d, 12w or 1y.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the approvals and verifications that end within a period, the first to end first."""
    from leaflets import clock
    from leaflets.cli.calendar import days
    from leaflets.cli.report import show_due
    from leaflets.compose.plan import Request
    from leaflets.library import load
    from leaflets.records.approval.dossier import dossiers
    from leaflets.records.approval.due import ending

    today = clock.today()
    by = today + dt.timedelta(days(period, "--due"))
    standing = dossiers(load.load_each(clinic), Request(), today)
    show_due(ending(standing, by), by, as_json=as_json)
