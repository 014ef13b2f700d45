"""`leaflets check`: check the English, the catalogs, the clinic and the pages."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, SitesOption

app = command_app()


@app.command(
    epilog=examples(
        "leaflets check", "leaflets check -l es --quick", "leaflets check --format sarif"
    )
)
def check(
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", "-l", metavar="TAG", help="Only this language; repeat for more."
        ),
    ] = None,
    clinic: ClinicOption = None,
    site: SitesOption = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Leave out what shows only on a laid-out page."),
    ] = False,
    shown_as: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json or sarif.")
    ] = "text",
    as_json: JsonOption = False,
) -> None:
    """Check the English source, every catalog, the clinic's settings and the pages; print nothing.

    Findings come in the order of the page, each with what to do; `leaflets explain CODE` says more.
    A sentence that is too long for its place is found by laying out every page.
    """
    from leaflets.cli import checking

    shown_as = "json" if as_json else shown_as
    raise typer.Exit(
        checking.run(language or [], clinic, site or [], shown_as=shown_as, quick=quick)
    )
