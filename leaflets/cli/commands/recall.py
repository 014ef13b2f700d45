"""`leaflets recall`: take editions back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, KeyOption
from leaflets.errors import RequestError

if TYPE_CHECKING:
    from leaflets.library.recalls import Recall
    from leaflets.records.ledger import LedgerEntry

app = command_app()


@app.command(
    epilog=examples(
        'leaflets recall AQ6-R2YY --reason "Wrong telephone number" --name "Dr Lee" -c our-clinic',
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
    key: KeyOption = None,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recall editions: they are not printed again until something of them changes.

    A recall is kept in recalls.toml of the clinic folder. `leaflets trace` tells it to everybody
    who asks about a sheet; `leaflets build` takes the file out of the output folder.
    """
    if show:
        _list(clinic, as_json=as_json)
        return
    if not codes:
        raise RequestError("Name the code of what you recall, or --list.")
    if clinic is None:
        raise RequestError("Name the clinic folder, where recalls are kept: --clinic FOLDER.")

    from leaflets import clock
    from leaflets.cli.report import write_json
    from leaflets.library import edition_code, load, recalls
    from leaflets.records import recalling

    wanted = [edition_code.read(code) for code in codes]
    library, today = load.load(clinic), clock.today()
    done = recalling.recall(library, clinic, wanted, reason=reason, name=name, day=today, key=key)
    if as_json:
        write_json({"recalled": done.recalls, "alike": [entry.code for entry in done.alike]})
        return
    for recalled in done.recalls:
        typer.echo(f"{_named(recalled)}: recalled")
    if not done.recalls:
        typer.echo("Recalled already; nothing was changed.")
    for entry in done.alike:
        typer.echo(f"{_named(entry)}: has the same words and is not recalled")
    if done.recalls:
        typer.echo(f"Kept in {clinic / recalls.FILE}. Take the sheets back from where they lie.")


def _list(clinic: Path | None, *, as_json: bool) -> None:
    """List what a clinic has recalled, the newest first."""
    from leaflets.cli.report import recall_line, write_json
    from leaflets.library import load

    library = load.load(clinic)
    recalls = sorted(
        library.recalls.values(),
        key=lambda recall: (recall.on, recall.code),
        reverse=True,
    )
    if as_json:
        write_json(recalls)
        return
    for recall in recalls:
        typer.echo(f"{_named(recall)}: {recall_line(library, recall)}")
    if not recalls:
        typer.echo("Nothing is recalled.")


def _named(edition: "Recall | LedgerEntry") -> str:
    return f"{edition.code}  {edition.leaflet}, {edition.language}, {edition.format}"
