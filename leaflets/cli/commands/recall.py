"""`leaflets recall`: take editions back."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption
from leaflets.errors import RequestError

app = command_app()


@app.command(
    epilog=examples(
        'leaflets recall AQ6-R2YK --reason "Wrong telephone number" --name "Dr Lee" -c our-clinic',
        "leaflets recall --list --clinic our-clinic",
    )
)
def recall(
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="CODE", help="Codes of printed editions.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What is wrong.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who recalls them.")] = "",
    show: Annotated[bool, typer.Option("--list", help="List what was recalled.")] = False,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recall editions: they are not printed again until something of them changes.

    A recall is kept in recalls.toml of the clinic folder. `leaflets trace` tells it to everybody
    who asks about a sheet; `leaflets build` takes the file out of the output folder.
    """
    from leaflets.cli import tracing

    if show:
        tracing.recalled(clinic, as_json=as_json)
    elif codes:
        tracing.recall(codes, reason=reason, name=name, clinic=clinic, as_json=as_json)
    else:
        raise RequestError("Name the code of what you recall, or --list.")
