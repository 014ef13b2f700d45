"""`leaflets translate export`: texts for a translator or a reviewer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, LanguageArgument, RegionOption

app = command_app()


class Interchange(StrEnum):
    """Formats that `translate export` writes."""

    XLIFF = "xliff"
    HTML = "html"
    CSV = "csv"


@app.command(
    epilog=examples(
        "leaflets translate export es recovery --format xliff",
        "leaflets translate export ar --format html --output review",
    )
)
def export(
    tag: LanguageArgument,
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; all if none is named."),
    ] = None,
    form: Annotated[
        Interchange, typer.Option("--format", "-f", help="What the other side can read.")
    ] = Interchange.XLIFF,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the file goes.")
    ] = Path("build/translate"),
    clinic: ClinicOption = None,
    region: RegionOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write the texts of leaflets, and those that all leaflets share, for somebody else to work on.

    xliff is XLIFF 2.1 for a translator's program. csv is a table, and html a page that shows each
    sentence beside its English, for a reviewer. The file that comes back goes into
    `leaflets translate import`.
    """
    from leaflets import files
    from leaflets.cli.report import write_json
    from leaflets.editions.exporting import export as exported
    from leaflets.library import load

    file = exported(load.load(clinic, region=region), tag, leaflets or [], form.value)
    files.prepare(output)
    files.write(output, file.name, file.data)
    if as_json:
        write_json({"file": str(output / file.name), "units": file.texts})
    else:
        typer.echo(f"{output / file.name}: {file.texts} texts")
